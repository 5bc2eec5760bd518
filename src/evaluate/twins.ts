// Rows that are equal to another row, answer included: if they are copies, one is learnt from and the other judges.
import { type Dataset, rowsOf } from './dataset.js';
import { arraysOf } from './inputs.js';

/** Below this share of the rows nothing is said. */
const SHARE = 0.05;
/** So many times as many twins as there would be of independent columns are more than chance. */
const MORE = 5;
/** Cells in one slice: a few milliseconds. */
const SLICE = 2 ** 17;

/**
 * The share of rows that are equal to a row of another group, or to any other row where there are no groups, in every cell and in the target; 0 where that is below 5 %, or not more than chance lets
 * expect, by the values of each column and by how often rows come: few columns of few categories have equal rows that are no copies. In linear time, by hashes. In slices; the event loop may turn
 * between them.
 */
export function* countingTwins(set: Dataset): Generator<undefined, number> {
  const rows = rowsOf(set);
  const columns = columnsOf(set);
  const [first, second] = [new Int32Array(rows).fill(1), new Int32Array(rows).fill(2)];
  const float = new Float64Array(1);
  const words = new Int32Array(float.buffer);
  const slice = Math.ceil(SLICE / Math.max(1, columns.length));
  for (let from = 0; from < rows; from += slice) {
    for (const cell of columns)
      for (let row = from; row < Math.min(rows, from + slice); row++) {
        // −0 is 0.
        float[0] = cell(row) + 0;
        const [low, high] = words as unknown as [number, number];
        first[row] = mixed(mixed(first[row] as number, low), high);
        second[row] = mixed(mixed(second[row] as number, high), low);
      }
    yield;
  }
  /** The first group with such a row, and whether there are others; the row where there are no groups. */
  const seen = new Map<number, number>();
  const SEVERAL = -1;
  const times = new Map<number, number>();
  const keyOf = (row: number): number => ((first[row] as number) >>> 0) * 2 ** 21 + ((second[row] as number) >>> 11);
  const groupOf = (row: number): number => set.groups?.[row] ?? row;
  for (let row = 0; row < rows; row++) {
    const [key, group] = [keyOf(row), groupOf(row)];
    const known = seen.get(key);
    times.set(key, (times.get(key) ?? 0) + 1);
    if (known === undefined) seen.set(key, group);
    else if (known !== group) seen.set(key, SEVERAL);
    if (row % SLICE === 0) yield;
  }
  let twins = 0;
  for (let row = 0; row < rows; row++) twins += Number(seen.get(keyOf(row)) === SEVERAL);
  const share = twins / rows;
  if (share <= SHARE) return 0;
  if (isCopied(times.values())) return share;
  // The expected number of other rows that are equal to a row, if columns were independent of each other.
  let expected = rows - 1;
  for (const cell of columns) {
    const counts = new Map<number, number>();
    for (let row = 0; row < rows; row++) {
      const value = cell(row);
      counts.set(value, (counts.get(value) ?? 0) + 1);
      if (row % SLICE === SLICE - 1) yield;
    }
    let same = 0;
    for (const count of counts.values()) same += (count / rows) ** 2;
    // That a row is equal to itself is no chance.
    expected *= Math.max(0, (same * rows - 1) / Math.max(1, rows - 1));
    yield;
  }
  return share > MORE * Math.min(1, expected) ? share : 0;
}

/** So many different rows must come equally often before that tells anything. */
const LEAST_ROWS = 10;
/** By how much the inequality must be broken, and what is added for chance to counts that may be 0. */
const [BROKEN, SLACK] = [4, 3];

/**
 * Whether rows come as often as only copies do. f(k) is the number of different rows that come k times: rows that are drawn, however likely each is, have k · f(k)² ≤ (k + 1) · f(k − 1) · f(k + 1) on
 * average, since k! · f(k) are the moments of a mixture of Poisson distributions (Cauchy and Schwarz; Chao 1984, Scandinavian Journal of Statistics 11:265, takes it for k = 2). A table that stands
 * twice in a file has no row that comes once.
 */
function isCopied(times: Iterable<number>): boolean {
  const f = new Map<number, number>();
  for (const k of times) f.set(k, (f.get(k) ?? 0) + 1);
  const of = (k: number): number => (f.get(k) ?? 0) + SLACK;
  return [...f].some(
    ([k, count]) => k > 1 && count >= LEAST_ROWS && k * count ** 2 > BROKEN * (k + 1) * of(k - 1) * of(k + 1),
  );
}

/** A step of MurmurHash3's mixing of 32 bits (Appleby). */
function mixed(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** The cells of each column by row, with the targets. */
function columnsOf({ x, y, indices }: Dataset): ((row: number) => number)[] {
  const grid = ({ data, columns }: { readonly data: ArrayLike<number>; readonly columns: number }) =>
    Array.from({ length: columns }, (_, c) => (row: number) => data[row * columns + c] as number);
  const arrays = arraysOf(x);
  const inputs =
    'rows' in x
      ? // What is not learnt from, such as a number for each row, does not tell rows apart.
        arrays.filter((_, c) => x.columns[c]?.kind !== 'ignore').map((cells) => (row: number) => cells[row] as number)
      : grid({ data: x.data, columns: x.columns });
  return [...inputs, ...(indices ? [(row: number) => indices[row] as number] : []), ...(y ? grid(y) : [])];
}
