// Columns that alone tell the answer: mostly they were written down together with it, and are not known when it is asked for.
import { largest } from '../base/extremes.js';
import { range } from '../data/random.js';
import { type Dataset, rowsOf } from './dataset.js';
import { isTable } from './inputs.js';
import type { Giveaway } from './suspicions.js';

/** What may be left untold: of the rows that the most frequent class does not tell, and of a number's variance. A measurement is seldom so good. */
const [UNTOLD_ROWS, UNTOLD_VARIANCE] = [0.02, 0.001];
/** Rows that the most frequent class does not tell, and rows of numbers, at least. */
const [LEAST_OTHERS, LEAST_ROWS] = [10, 50];
/** The share of successive differences that wrong cells may make: a wrong cell makes two. */
const WRONG = 0.04;
/** Rows of a value or a category, at least on average: else each row would tell its own answer. */
const OFTEN = 10;
/** Rows that are looked at first: mostly they tell that a column gives nothing away. */
const FIRST = 2000;

type Cells = (row: number) => number;
interface Told {
  readonly name: string | number;
  readonly cell: Cells;
  /** Whether the numbers are amounts, which have an order, rather than codes. */
  readonly ordered: boolean;
}
/** The share of the answers in some rows that a column tells; undefined if it does not give them away. */
type Measure = (told: Told, rows: Int32Array) => number | undefined;

/** Columns that alone tell a class or a number in `rows`, by default all. In slices, a column each; the event loop may turn between them. */
export function* findingGiveaways(set: Dataset, rows?: Int32Array): Generator<undefined, Giveaway[]> {
  const measure = measureOf(set);
  if (!measure) return [];
  const all = rows ?? range(rowsOf(set));
  const step = all.length / Math.min(FIRST, all.length);
  const some = Int32Array.from({ length: all.length / step }, (_, i) => all[Math.floor(i * step)] as number);
  const found: Giveaway[] = [];
  for (const column of columnsOf(set)) {
    yield;
    if (measure(column, some) === undefined) continue;
    const told = measure(column, all);
    if (told !== undefined) found.push({ column: column.name, told, of: set.indices ? 'rows' : 'variance' });
  }
  return found;
}

function columnsOf({ x }: Dataset): Told[] {
  if (!isTable(x)) {
    const { data, columns } = x;
    return Array.from({ length: columns }, (_, c) => ({
      name: c,
      cell: (row) => data[row * columns + c] as number,
      ordered: true,
    }));
  }
  return x.columns.flatMap(({ name, kind, cells }): Told[] => {
    // A day is no measurement of what happens on it, though what changes slowly follows it.
    if (kind === 'ignore' || kind === 'text' || kind === 'date') return [];
    const values = 'values' in cells ? cells.values : cells.codes;
    return [{ name, cell: (row) => values[row] as number, ordered: 'values' in cells }];
  });
}

function measureOf({ task, indices, y, classes }: Dataset): Measure | undefined {
  if (indices) return (told, rows) => rowsTold(told, rows, indices, (classes as readonly unknown[]).length);
  if (y?.columns !== 1 || task !== 'regression') return undefined;
  const known = new Map<Int32Array, Float64Array>();
  return (told, rows) => {
    const ranks = known.get(rows) ?? ranksOf(rows, y.data);
    known.set(rows, ranks);
    return varianceTold(told, rows, ranks);
  };
}

/** The rows of each value, in the order of the values; missing cells, which are NaN, last. */
function byValue({ cell }: Told, rows: Int32Array): number[][] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const value = cell(row);
    const group = groups.get(value);
    if (group) group.push(row);
    else groups.set(value, [row]);
  }
  return [...groups].sort(([a], [b]) => (Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b)).map(([, group]) => group);
}

/** Each category, or each range of numbers, tells its most frequent class: as many ranges as there are classes. A range more is a row that is not told. */
function rowsTold(told: Told, rows: Int32Array, indices: Int32Array, classes: number): number | undefined {
  const total = countsOf(rows, indices, classes);
  const others = rows.length - largest(total);
  const groups = byValue(told, rows);
  if (others < LEAST_OTHERS || (!told.ordered && groups.length * OFTEN > rows.length)) return undefined;
  let wrong = 0;
  let ranges = 0;
  let last = -1;
  for (const group of groups) {
    const counts = countsOf(group, indices, classes);
    const most = largest(counts);
    wrong += group.length - most;
    const own = counts.indexOf(most);
    if (own !== last) ranges++;
    last = own;
  }
  if (told.ordered) wrong += Math.max(0, ranges - classes);
  return wrong <= UNTOLD_ROWS * others ? 1 - wrong / rows.length : undefined;
}

function countsOf(rows: Iterable<number>, indices: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const row of rows) counts[indices[row] as number] = (counts[indices[row] as number] as number) + 1;
  return counts;
}

/**
 * By ranks, so that a few large numbers do not outweigh all others. Where values repeat, their means are what they tell; else neighbours in the order of the values tell each other: half of the mean square
 * of successive differences is the variance that is left (von Neumann 1941, Annals of Mathematical Statistics 12:367), without the largest few, which wrong cells make.
 */
function varianceTold(told: Told, rows: Int32Array, ranks: Float64Array): number | undefined {
  if (rows.length < LEAST_ROWS) return undefined;
  const groups = byValue(told, rows);
  const repeats = groups.length * OFTEN <= rows.length;
  if (!repeats && !told.ordered) return undefined;
  const all = squares(rows, ranks);
  const left = repeats
    ? groups.reduce((sum, group) => sum + squares(group, ranks), 0)
    : successive(groups.flat().map((row) => ranks[row] as number));
  return all > 0 && left <= UNTOLD_VARIANCE * all ? 1 - left / all : undefined;
}

/** By rows: the place of each row's number among all, the mean of its places where it comes more than once. */
function ranksOf(rows: Int32Array, y: ArrayLike<number>): Float64Array {
  const sorted = rows.slice().sort((a, b) => (y[a] as number) - (y[b] as number));
  const ranks = new Float64Array(y.length);
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && y[sorted[to] as number] === y[sorted[from] as number]) to++;
    for (let i = from; i < to; i++) ranks[sorted[i] as number] = (from + to - 1) / 2;
  }
  return ranks;
}

/** Half of the sum of the squares of successive differences, without the largest: a few of as many as there are rows beside the commonest number. */
function successive(ranks: readonly number[]): number {
  const found = ranks.slice(1).map((rank, i) => (rank - (ranks[i] as number)) ** 2);
  found.sort((a, b) => a - b);
  const counts = new Map<number, number>();
  for (const rank of ranks) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  const others = ranks.length - largest([...counts.values()], 0);
  const kept = found.slice(0, found.length - Math.floor(WRONG * others));
  return kept.reduce((sum, square) => sum + square, 0) / 2;
}

/** The sum of the squares of the distances from the mean. */
function squares(rows: ArrayLike<number> & Iterable<number>, ranks: Float64Array): number {
  let mean = 0;
  for (const row of rows) mean += (ranks[row] as number) / rows.length;
  let sum = 0;
  for (const row of rows) sum += ((ranks[row] as number) - mean) ** 2;
  return sum;
}
