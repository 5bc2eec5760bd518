// The data sets of the pages: in Node from the files of the examples, in a page by fetch.
import { Matrix } from 'simdense';
import { parseCsv } from 'simdense/data';

async function digitsText(): Promise<string> {
  if (typeof document === 'undefined') {
    const [{ readFileSync }, { gunzipSync }] = await Promise.all([import('node:fs'), import('node:zlib')]);
    return gunzipSync(readFileSync('examples/data/digits.csv.gz')).toString();
  }
  const response = await fetch(new URL('./digits.csv.gz', import.meta.url));
  return new Response(response.body?.pipeThrough(new DecompressionStream('gzip'))).text();
}

/** 1,797 handwritten digits of 8×8 pixels from 0 to 1, and what they are. */
export async function digits(): Promise<{ x: Matrix; y: Int32Array }> {
  const { x, target } = parseCsv(await digitsText(), { header: false, target: 64 });
  return {
    x: new Matrix(
      (x.data as Float32Array).map((value) => value / 16),
      64,
    ),
    y: Int32Array.from(target as number[]),
  };
}
