// Rows that are equal to another row, answer included: if they are copies, one is learnt from and the other judges.
import { type Dataset, rowsOf } from './dataset.js';
import { arraysOf } from './inputs.js';

/** Below this share of the rows nothing is said. */
const SHARE = 0.05;
/** So many times as many twins as there would be of independent columns are more than chance. */
const MORE = 5;
/** Rows in one slice: a few milliseconds. */
const SLICE = 2 ** 16;

/** Rows that are equal to others. */
export interface Twins {
  /** Their share of the rows; 0 where that is below 5 %, or not more than chance lets expect. */
  readonly share: number;
  /** For each row a number, the same for equal rows; undefined where the share is 0. */
  readonly of?: Int32Array;
}

/**
 * Rows that are equal to a row of another group, or to any other row where there are no groups, in every cell and in the target. Chance is told by the values of each column and by how often rows
 * come: few columns of few categories have equal rows that are no copies. In linear time, by hashes. In slices; the event loop may turn between them.
 */
export function* findingTwins(set: Dataset): Generator<undefined, Twins> {
  const rows = rowsOf(set);
  const columns = columnsOf(set);
  const hashes = new Hashes(rows);
  let times = new Map<number, number>();
  for (let done = 0, until = 1; done < columns.length; until = Math.min(2 * until, columns.length)) {
    for (; done < until; done++) yield* hashes.adding(columns[done] as Cells);
    times = yield* hashes.counting();
    // Rows that differ in some columns differ in all: mostly a few columns tell that there are no copies.
    if (repeated(times) <= SHARE * rows) return NONE;
  }
  const share = (set.groups ? yield* acrossGroups(hashes, set.groups) : repeated(times)) / rows;
  if (share <= SHARE) return NONE;
  const beyondChance = isCopied(times.values()) || share > MORE * Math.min(1, yield* expectedBy(columns, rows));
  return beyondChance ? { share, of: yield* hashes.numbering() } : NONE;
}

const NONE: Twins = { share: 0 };

type Cells = (row: number) => number;

/** Two hashes of the cells of each row, of which 53 bits tell rows apart. */
class Hashes {
  readonly #first: Int32Array;
  readonly #second: Int32Array;

  constructor(readonly rows: number) {
    this.#first = new Int32Array(rows).fill(1);
    this.#second = new Int32Array(rows).fill(2);
  }

  /** Adds a column. */
  *adding(cell: Cells): Generator<undefined, void> {
    const [first, second] = [this.#first, this.#second];
    const float = new Float64Array(1);
    const words = new Int32Array(float.buffer);
    for (let row = 0; row < this.rows; row++) {
      // −0 is 0.
      float[0] = cell(row) + 0;
      const [low, high] = [words[0] as number, words[1] as number];
      first[row] = mixed(mixed(first[row] as number, low), high);
      second[row] = mixed(mixed(second[row] as number, high), low);
      if (row % SLICE === SLICE - 1) yield;
    }
    yield;
  }

  of(row: number): number {
    return ((this.#first[row] as number) >>> 0) * 2 ** 21 + ((this.#second[row] as number) >>> 11);
  }

  /** How often each row comes, by its hash. */
  *counting(): Generator<undefined, Map<number, number>> {
    const times = new Map<number, number>();
    for (let row = 0; row < this.rows; row++) {
      const key = this.of(row);
      times.set(key, (times.get(key) ?? 0) + 1);
      if (row % SLICE === SLICE - 1) yield;
    }
    return times;
  }

  /** A number for each row, the same for rows of one hash. */
  *numbering(): Generator<undefined, Int32Array> {
    const numbers = new Map<number, number>();
    const of = new Int32Array(this.rows);
    for (let row = 0; row < this.rows; row++) {
      const key = this.of(row);
      if (!numbers.has(key)) numbers.set(key, numbers.size);
      of[row] = numbers.get(key) as number;
      if (row % SLICE === SLICE - 1) yield;
    }
    return of;
  }
}

/** The number of rows that come more than once. */
function repeated(times: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const count of times.values()) if (count > 1) sum += count;
  return sum;
}

/** The number of rows that are equal to a row of another group. */
function* acrossGroups(hashes: Hashes, groups: ArrayLike<number>): Generator<undefined, number> {
  /** The group of the rows of a hash; undefined where there are several. */
  const only = new Map<number, number | undefined>();
  for (let row = 0; row < hashes.rows; row++) {
    const key = hashes.of(row);
    only.set(key, !only.has(key) || only.get(key) === groups[row] ? groups[row] : undefined);
    if (row % SLICE === SLICE - 1) yield;
  }
  let sum = 0;
  for (let row = 0; row < hashes.rows; row++) sum += Number(only.get(hashes.of(row)) === undefined);
  return sum;
}

/** The expected number of other rows that are equal to a row, if columns were independent of each other. */
function* expectedBy(columns: readonly Cells[], rows: number): Generator<undefined, number> {
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
  return expected;
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

/** Whether all numbers are whole and different, as those of orders and customers are: copies may be numbered anew. */
function areNumbered(cells: ArrayLike<number>): boolean {
  const seen = new Set<number>();
  for (let row = 0; row < cells.length; row++) {
    const value = cells[row] as number;
    if (!Number.isInteger(value) || seen.has(value)) return false;
    seen.add(value);
  }
  return true;
}

/** The cells of each column by row, with the targets. */
function columnsOf({ x, y, indices }: Dataset): Cells[] {
  const grid = ({ data, columns }: { readonly data: ArrayLike<number>; readonly columns: number }) =>
    Array.from({ length: columns }, (_, c) => (row: number) => data[row * columns + c] as number);
  const arrays = arraysOf(x);
  const inputs =
    'rows' in x
      ? // What is not learnt from, such as a number for each row, does not tell rows apart.
        arrays
          .filter((cells, c) => x.columns[c]?.kind !== 'ignore' && !areNumbered(cells))
          .map((cells) => (row: number) => cells[row] as number)
      : grid({ data: x.data, columns: x.columns });
  return [...inputs, ...(indices ? [(row: number) => indices[row] as number] : []), ...(y ? grid(y) : [])];
}
