// The networks of other libraries in test/golden/convert, made by the scripts there.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Layer } from '../../src/index.js';

const read = (name: string) =>
  JSON.parse(gunzipSync(readFileSync(new URL(`../golden/convert/${name}.json.gz`, import.meta.url))).toString());

export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

interface Case {
  readonly x: number[][];
  readonly y: number[][];
}

export const tfjs: (Case & { modelJson: Record<string, unknown>; shards: Record<string, Uint8Array> })[] = read(
  'tfjs',
).map((each: Case & { shards: Record<string, string> }) => ({
  ...each,
  shards: Object.fromEntries(Object.entries(each.shards).map(([path, text]) => [path, bytesOf(text)])),
}));

export const keras: (Case & { files: Record<string, Uint8Array> })[] = read('keras').map(
  (each: Case & { files: Record<string, string> }) => ({
    ...each,
    files: Object.fromEntries(Object.entries(each.files).map(([ending, text]) => [ending, bytesOf(text)])),
  }),
);

type Row = number[] | Record<string, number>;
export const brain: {
  cases: { json: Record<string, unknown>; x: Row[]; y: Row[] }[];
  recurrent: Record<string, unknown>[];
} = read('brain');

export const torch: (Case & { file: Uint8Array; layers: Layer[] })[] = read('torch').map(
  (each: Case & { file: string }) => ({ ...each, file: bytesOf(each.file) }),
);

/** The largest difference between two tables of the same size, in shares of the largest number, from 1 on. */
export function distance(a: number[][], b: number[][]): number {
  const [one, other] = [a.flat(), b.flat()];
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  const most = Math.max(1, ...other.map(Math.abs));
  return Math.max(...one.map((value, i) => Math.abs(value - (other[i] as number)) / most));
}
