// The 1,797 digits beside this file, as simdense takes them.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Matrix } from 'simdense';

/** 8×8 images with values from 0 to 16, one a row, and the digit that each shows. */
export function readDigits(): { x: Matrix; y: Int32Array } {
  const text = gunzipSync(readFileSync(new URL('./data/digits.csv.gz', import.meta.url))).toString();
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  return {
    x: Matrix.from(lines.map((numbers) => numbers.slice(0, -1))),
    y: Int32Array.from(lines, (numbers) => numbers.at(-1) as number),
  };
}
