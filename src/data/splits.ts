import { boolean, noMore, options, positiveInteger, positiveUpTo, refuse, wholeNumber } from '../base/checks.js';
import { Purpose } from '../base/draws.js';
import { SimdenseError } from '../base/errors.js';
import { isNumbers, keepFinite, type Numbers } from './numbers.js';
import { range, shuffled, words } from './random.js';

/** The indices of the rows to train on and to test on. */
export type Split = { readonly train: Int32Array; readonly test: Int32Array };

export interface HoldOutOptions {
  /** The share of the rows that are held out for testing, between 0 and 1. Default: 0.25. */
  testSize?: number;
  /** A class for each row, as a number: each class has the same share in both parts, to within one row. */
  stratify?: Numbers;
  /** The number of splits. Default: 1. */
  repeats?: number;
  /** The seed of the random draws. Default: 0. */
  seed?: number;
}

/**
 * Splits the rows at random into a training and a test part, `repeats` times.
 *
 * @param rows The number of rows; at least 2.
 * @param o Options; see HoldOutOptions.
 * @returns The splits, which may be iterated more than once. Both parts have at least one row, and their rows are in random order.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, and fewer than 2 rows.
 * @throws SimdenseError 'SHAPE' if `stratify` does not have a class for each row, 'DATA' if one of them is not a finite number.
 * @example
 * const [split] = holdOut(8, { testSize: 0.25, seed: 1 });
 * split?.train.length; // 6
 * split?.test.length; // 2
 */
export function holdOut(rows: number, o?: HoldOutOptions): Iterable<Split> {
  noMore('holdOut', arguments, 2);
  const given = options('holdOut', o, ['testSize', 'stratify', 'repeats', 'seed']);
  checkRows('holdOut', rows);
  const testSize = given.testSize ?? 0.25;
  if (typeof testSize !== 'number' || !(testSize > 0 && testSize < 1))
    refuse('holdOut(testSize)', 'a share between 0 and 1', testSize);
  const { groups, tests } = groupsOf('holdOut(stratify)', rows, testSize, given.stratify);
  return repeated('holdOut', given, 1, function* (seed, repeat) {
    const next = words(seed, Purpose.split, repeat);
    const drawn = yield* shuffledCopies(groups, () => next);
    const train = joined(drawn.map((group, g) => group.subarray(tests[g])));
    const test = joined(drawn.map((group, g) => group.subarray(0, tests[g])));
    yield* shuffled(train, next);
    yield* shuffled(test, next);
    yield { train, test };
  });
}

/** The rows of holdOut's first split, each part in the order of the data set. Runs in slices; the event loop may turn between them. */
export function* setAside(
  rows: number,
  testSize: number,
  seed: number,
  stratify: Numbers | undefined,
): Generator<undefined, Split> {
  const { groups, tests } = groupsOf('stratify', rows, testSize, stratify);
  const next = words(seed, Purpose.split, 0);
  const isTest = new Uint8Array(rows);
  const drawn = yield* shuffledCopies(groups, () => next);
  for (const [g, group] of drawn.entries()) for (const row of group.subarray(0, tests[g])) isTest[row] = 1;
  return parted(range(rows), (row) => isTest[row] === 1);
}

/** The rows of each class (one group without `stratify`), and how many of each are held out. */
function groupsOf(
  where: string,
  rows: number,
  testSize: number,
  stratify: Numbers | undefined,
): { groups: readonly Int32Array[]; tests: readonly number[] } {
  const groups = stratify === undefined ? [range(rows)] : groupByClass(where, stratify, rows);
  return { groups, tests: shares(groups, testRows(rows, testSize), rows) };
}

/** How many rows are held out: at least one, and not all. */
export function testRows(rows: number, testSize: number): number {
  return Math.min(rows - 1, Math.max(1, Math.round(rows * testSize)));
}

export interface KFoldOptions {
  /** The number of folds, 2 or more. Default: 10. */
  folds?: number;
  /** A class for each row, as a number: each fold has the same share of each class, to within one row. */
  stratify?: Numbers;
  /** How many times all rows are divided into folds. Default: 1. */
  repeats?: number;
  /** Whether to shuffle the rows first. Default: true. Without it folds are consecutive rows, or with `stratify` every folds-th row of each class. */
  shuffle?: boolean;
  /** The seed of the random draws. Default: 0. */
  seed?: number;
}

/**
 * Splits the rows into folds for cross-validation: each fold is the test part once, and the others together train.
 *
 * @param rows The number of rows; at least as many as folds.
 * @param o Options; see KFoldOptions.
 * @returns folds × repeats splits, which may be iterated more than once. Folds have equal sizes, to within one row; in each repeat each
 * row is tested once.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, and more folds than rows.
 * @throws SimdenseError 'SHAPE' if `stratify` does not have a class for each row.
 * @throws SimdenseError 'DATA' if a class has fewer rows than there are folds, or is not a finite number.
 * @example
 * const splits = [...kFold(6, { folds: 3, shuffle: false })];
 * splits.map(({ test }) => [...test]); // [[0, 1], [2, 3], [4, 5]]
 * splits.map(({ train }) => [...train]); // [[2, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 3]]
 */
export function kFold(rows: number, o?: KFoldOptions): Iterable<Split> {
  noMore('kFold', arguments, 2);
  const given = options('kFold', o, ['folds', 'stratify', 'repeats', 'shuffle', 'seed']);
  checkRows('kFold', rows);
  const folds = positiveInteger('kFold(folds)', given.folds ?? 10);
  if (folds < 2) refuse('kFold(folds)', '2 or more', folds);
  if (rows < folds)
    throw new SimdenseError(
      'ARGUMENT',
      `kFold(folds): ${rows} rows cannot be split into ${folds} folds; use at most ${rows}`,
    );
  const mixed = boolean('kFold(shuffle)', given.shuffle ?? true);
  const { stratify } = given;
  const groups = stratify === undefined ? [range(rows)] : groupByClass('kFold(stratify)', stratify, rows);
  const smallest = groups.reduce((least, group) => (group.length < least.length ? group : least));
  if (smallest.length < folds) {
    const label = stratify?.[smallest[0] as number];
    const message = `class ${label} has ${smallest.length} rows, fewer than the ${folds} folds; use fewer folds, or leave stratify out`;
    throw new SimdenseError('DATA', `kFold(stratify): ${message}`);
  }
  const inRuns = !mixed && stratify === undefined;
  return repeated('kFold', given, 1, function* (seed, repeat) {
    const drawn = mixed
      ? yield* shuffledCopies(groups, (g) => words(seed, Purpose.folds, repeat * groups.length + g))
      : groups;
    const order = joined(drawn);
    const foldOf = (place: number): number => (inRuns ? Math.floor((place * folds) / rows) : place % folds);
    for (let fold = 0; fold < folds; fold++) yield parted(order, (place) => foldOf(place) === fold);
  });
}

export interface BootstrapOptions {
  /** The number of samples. Default: 100. */
  repeats?: number;
  /** The seed of the random draws. Default: 0. */
  seed?: number;
}

/**
 * Draws bootstrap samples: as many rows as there are, with replacement, to train on; the rows that were not drawn, about 37 %, are the
 * test part. Source: Efron 1979, Annals of Statistics 7:1.
 *
 * @param rows The number of rows; at least 2.
 * @param o Options; see BootstrapOptions.
 * @returns The splits, which may be iterated more than once. A sample that contains every row is drawn again, so no test part is empty.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, and fewer than 2 rows.
 * @example
 * const [first] = bootstrap(100, { repeats: 1 });
 * first?.train.length; // 100
 * first?.test.length; // 35
 */
export function bootstrap(rows: number, o?: BootstrapOptions): Iterable<Split> {
  noMore('bootstrap', arguments, 2);
  const given = options('bootstrap', o, ['repeats', 'seed']);
  checkRows('bootstrap', rows);
  return repeated('bootstrap', given, 100, function* (seed, repeat) {
    const next = words(seed, Purpose.bootstrap, repeat);
    for (;;) {
      const train = new Int32Array(rows);
      const drawn = new Uint8Array(rows);
      for (let i = 0; i < rows; i++) {
        const row = Math.floor((next() * rows) / 2 ** 32);
        train[i] = row;
        drawn[row] = 1;
        if (i % DRAWN === DRAWN - 1) yield;
      }
      const { test } = parted(range(rows), (row) => drawn[row] === 0);
      if (test.length === 0) continue;
      yield { train, test };
      return;
    }
  });
}

/** Rows that bootstrap draws in one slice. */
const DRAWN = 2 ** 16;

/** The most splits of one evaluation; each one is a training run. */
export const MOST_SPLITS = 100_000;
/** Row indices are int32. */
const MOST_ROWS = 2 ** 31 - 1;

function checkRows(where: string, rows: number): void {
  positiveUpTo(`${where}(rows)`, MOST_ROWS, rows);
  if (rows < 2) throw new SimdenseError('ARGUMENT', `${where}(rows): needs 2 rows or more, got 1`);
}

/** Splits that are drawn in slices: undefined means that the event loop may turn. */
export type Slices = Generator<Split | undefined, void>;

/** The property that holds the slices. A registered symbol, since several entries may each contain a copy of this file. */
const SLICES = Symbol.for('simdense.slices');

/** The slices of splits that were made here, for callers that let the event loop turn; undefined for other splits. */
export function slicesOf(splits: Iterable<Split>): Slices | undefined {
  return (splits as { [SLICES]?: () => Slices })[SLICES]?.();
}

/** An iterable of what `splits` yields for each repeat. Iterating it again gives the same splits. */
function repeated(
  where: string,
  given: { repeats?: number; seed?: number },
  repeatsByDefault: number,
  splits: (seed: number, repeat: number) => Slices,
): Iterable<Split> {
  const repeats = positiveUpTo(`${where}(repeats)`, MOST_SPLITS, given.repeats ?? repeatsByDefault);
  const seed = wholeNumber(`${where}(seed)`, given.seed ?? 0);
  const slices = function* (): Slices {
    for (let repeat = 0; repeat < repeats; repeat++) yield* splits(seed, repeat);
  };
  const drawn = {
    *[Symbol.iterator]() {
      for (const split of slices()) if (split) yield split;
    },
  };
  return Object.defineProperty(drawn, SLICES, { value: slices });
}

/** A shuffled copy of each group; `wordsOf` gives the random words for the group's index. */
function* shuffledCopies(
  groups: readonly Int32Array[],
  wordsOf: (g: number) => () => number,
): Generator<undefined, Int32Array[]> {
  const copies: Int32Array[] = [];
  for (const [g, group] of groups.entries()) {
    const copy = group.slice();
    yield* shuffled(copy, wordsOf(g));
    copies.push(copy);
  }
  return copies;
}

/** Splits `order` into the rows at tested places and the others; both keep their order. */
function parted(order: Int32Array, isTested: (place: number) => boolean): Split {
  const train = new Int32Array(order.length);
  const test = new Int32Array(order.length);
  let tested = 0;
  for (let place = 0; place < order.length; place++) {
    const row = order[place] as number;
    if (isTested(place)) test[tested++] = row;
    else train[place - tested] = row;
  }
  return { train: train.slice(0, order.length - tested), test: test.slice(0, tested) };
}

/** The parts, concatenated. */
function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The row indices of each class, in the order of the classes' numbers. */
function groupByClass(where: string, classes: Numbers, rows: number): Int32Array[] {
  if (!isNumbers(classes)) refuse(where, 'a class for each row', classes);
  if (classes.length !== rows)
    throw new SimdenseError('SHAPE', `${where} has ${classes.length} classes for ${rows} rows`);
  const labels = keepFinite(where, classes, Float64Array);
  const groups = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const label = labels[row] as number;
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  }
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, group]) => Int32Array.from(group));
}

/** Divides `total` among the groups in proportion to their sizes: rounded down, with the rest given to the largest remainders. */
function shares(groups: readonly Int32Array[], total: number, rows: number): number[] {
  const ideal = groups.map((group) => (group.length * total) / rows);
  const counts = ideal.map(Math.floor);
  const order = ideal
    .map((share, g) => ({ g, rest: share - Math.floor(share) }))
    .sort((a, b) => b.rest - a.rest || a.g - b.g);
  let missing = total - counts.reduce((sum, count) => sum + count, 0);
  for (const { g } of order) {
    if (missing === 0) break;
    counts[g] = (counts[g] as number) + 1;
    missing--;
  }
  return counts;
}
