import { boolean, noMore, options, positiveInteger, positiveUpTo, refuse, wholeNumber } from '../base/checks.js';
import { Purpose } from '../base/draws.js';
import { SimdenseError } from '../base/errors.js';
import {
  byTime,
  checkOneOf,
  groupByClass,
  groupedFolds,
  groupedHoldOut,
  groupsOf,
  type Moments,
  newMoment,
  type RowLabels,
  type RowsBy,
} from './grouping.js';
import { joined, parted, type Split, shuffledCopies } from './parts.js';
import { range, shuffled, words } from './random.js';
import { inOrder, stratified } from './set-aside.js';
import { testRows } from './test-rows.js';

export type { Split } from './parts.js';

export interface HoldOutOptions {
  /** The share of the rows that are held out for testing, between 0 and 1. Default: 0.25. */
  testSize?: number;
  /** A class for each row: each class has the same share in both parts, to within one row. */
  stratify?: RowLabels;
  /** A label for each row, such as the patient: rows of one group are never divided, so the shares are only approximate. */
  groups?: RowLabels;
  /** A moment for each row: the latest rows are for testing, all of one moment together. */
  time?: Moments;
  /** The number of splits. Default: 1. */
  repeats?: number;
  /** The seed of the random draws. Default: 0. */
  seed?: number;
}

/**
 * Splits the rows into a training and a test part, `repeats` times: at random, or by `time`.
 *
 * @param rows The number of rows; at least 2.
 * @param o Options; see HoldOutOptions.
 * @returns The splits, which may be iterated more than once. Both parts have at least one row, and their rows are in random order.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, and fewer than 2 rows.
 * @throws SimdenseError 'SHAPE' if `stratify`, `groups` or `time` does not have a value for each row.
 * @throws SimdenseError 'DATA' for a value that is no label or no moment, and for a single group or moment.
 * @example
 * const [split] = holdOut(8, { testSize: 0.25, seed: 1 });
 * split?.train.length; // 6
 * split?.test.length; // 2
 */
export function holdOut(rows: number, o?: HoldOutOptions): Iterable<Split> {
  noMore('holdOut', arguments, 2);
  const given = options('holdOut', o, ['testSize', 'stratify', 'groups', 'time', 'repeats', 'seed']);
  checkRows('holdOut', rows);
  const testSize = given.testSize ?? 0.25;
  if (typeof testSize !== 'number' || !(testSize > 0 && testSize < 1))
    refuse('holdOut(testSize)', 'a share between 0 and 1', testSize);
  if (given.time !== undefined && (given.repeats ?? 1) !== 1)
    refuse('holdOut(repeats)', 'one split by time, since every other would be the same', given.repeats);
  const draw = holdingOut('holdOut', rows, testSize, given);
  return repeated('holdOut', given, 1, function* (seed, repeat) {
    yield yield* draw(words(seed, Purpose.split, repeat));
  });
}

/** Draws a training and a test part. Runs in slices; the event loop may turn between them. */
function holdingOut(
  where: string,
  rows: number,
  testSize: number,
  given: RowsBy,
): (next: () => number) => Generator<undefined, Split> {
  checkOneOf(where, given);
  const { stratify, groups: labels, time } = given;
  const wanted = testRows(rows, testSize);
  if (time !== undefined) {
    const { order, moments } = byTime(`${where}(time)`, time, rows);
    const from = newMoment(moments, rows - wanted);
    if (from === undefined)
      throw new SimdenseError('DATA', `${where}(time): all rows are of one moment, so none is later than another`);
    // biome-ignore lint/correctness/useYield: nothing is drawn.
    return function* () {
      return { train: order.slice(0, from), test: order.slice(from) };
    };
  }
  if (labels !== undefined) {
    const groups = groupsOf(`${where}(groups)`, labels, rows, 2);
    return function* (next) {
      const { train, test } = yield* groupedHoldOut(groups, wanted, next);
      yield* shuffled(train, next);
      yield* shuffled(test, next);
      return { train, test };
    };
  }
  const classes = stratify === undefined ? [range(rows)] : groupByClass(`${where}(stratify)`, stratify, rows);
  return (next) => stratified(classes, wanted, rows, next);
}

/** The rows of holdOut's first split, each part in the order of the data set. Runs in slices; the event loop may turn between them. */
export function* setAsideBy(rows: number, testSize: number, seed: number, given: RowsBy): Generator<undefined, Split> {
  return inOrder(rows, yield* holdingOut('validationSplit', rows, testSize, given)(words(seed, Purpose.split, 0)));
}

export interface KFoldOptions {
  /** The number of folds, 2 or more. Default: 10. */
  folds?: number;
  /** A class for each row: each fold has the same share of each class, to within one row. */
  stratify?: RowLabels;
  /** A label for each row, such as the patient: rows of one group are in one fold, and folds are as equal as that allows. */
  groups?: RowLabels;
  /**
   * A moment for each row: the rows are divided into folds + 1 parts by time, and each part after the first is tested once, after training
   * on all parts before it, as in scikit-learn's TimeSeriesSplit. Rows of one moment stay together.
   */
  time?: Moments;
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
 * row is tested once. With `groups` they are as equal as groups allow; with `time` the first rows are not tested.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, and more folds than rows.
 * @throws SimdenseError 'SHAPE' if `stratify`, `groups` or `time` does not have a value for each row.
 * @throws SimdenseError 'DATA' if a class has fewer rows than there are folds, if there are fewer groups or moments, and for a value that
 * is no label or no moment.
 * @example
 * const splits = [...kFold(6, { folds: 3, shuffle: false })];
 * splits.map(({ test }) => [...test]); // [[0, 1], [2, 3], [4, 5]]
 * splits.map(({ train }) => [...train]); // [[2, 3, 4, 5], [0, 1, 4, 5], [0, 1, 2, 3]]
 */
export function kFold(rows: number, o?: KFoldOptions): Iterable<Split> {
  noMore('kFold', arguments, 2);
  const given = options('kFold', o, ['folds', 'stratify', 'groups', 'time', 'repeats', 'shuffle', 'seed']);
  checkRows('kFold', rows);
  const folds = positiveInteger('kFold(folds)', given.folds ?? 10);
  if (folds < 2) refuse('kFold(folds)', '2 or more', folds);
  if (rows < folds)
    throw new SimdenseError(
      'ARGUMENT',
      `kFold(folds): ${rows} rows cannot be split into ${folds} folds; use at most ${rows}`,
    );
  const mixed = boolean('kFold(shuffle)', given.shuffle ?? true);
  checkOneOf('kFold', given);
  const { stratify, groups: labels, time } = given;
  if (time !== undefined) return foldsByTime(rows, folds, time, given);
  if (labels !== undefined) {
    const groups = groupsOf('kFold(groups)', labels, rows, folds);
    return repeated('kFold', given, 1, function* (seed, repeat) {
      const order = range(groups.length);
      if (mixed) yield* shuffled(order, words(seed, Purpose.folds, repeat));
      const foldOf = groupedFolds(
        Array.from(order, (g) => groups[g] as Int32Array),
        folds,
        rows,
      );
      for (let fold = 0; fold < folds; fold++) yield parted(range(rows), (row) => foldOf[row] === fold);
    });
  }
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

/** Each part of the rows by time after the first, tested after training on all before it. */
function foldsByTime(
  rows: number,
  folds: number,
  time: Moments,
  { shuffle, repeats = 1, seed }: KFoldOptions,
): Iterable<Split> {
  if (shuffle !== undefined) refuse('kFold(shuffle)', 'nothing with time, which is never shuffled', shuffle);
  if (repeats !== 1) refuse('kFold(repeats)', 'one round by time, since every other would be the same', repeats);
  const { order, moments } = byTime('kFold(time)', time, rows);
  const size = Math.floor(rows / (folds + 1));
  const starts = Array.from({ length: folds }, (_, i) => newMoment(moments, rows - (folds - i) * size) ?? rows);
  const ends = [...starts.slice(1), rows];
  if (size === 0 || starts.some((start, i) => start >= (ends[i] as number)))
    throw new SimdenseError(
      'DATA',
      `kFold(time): the rows have too few different moments for ${folds} folds; use fewer folds`,
    );
  return repeated('kFold', { ...(seed !== undefined && { seed }) }, 1, function* () {
    for (const [i, start] of starts.entries())
      yield { train: order.slice(0, start), test: order.slice(start, ends[i]) };
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
