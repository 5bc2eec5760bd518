import { options, positiveInteger, refuse, wholeNumber } from '../base/checks.js';
import { Purpose } from '../base/draws.js';
import { SimdenseError } from '../base/errors.js';
import { isNumbers, type Numbers } from './numbers.js';
import { range, shuffle, words } from './random.js';

/** Row numbers to train on and to test with. */
export type Split = { readonly train: Int32Array; readonly test: Int32Array };

export interface HoldOutOptions {
  /** Share of the rows that are held out; 0.25. */
  testSize?: number;
  /** A class for each row: each class keeps its share in both parts, within one row. */
  stratify?: Numbers;
  /** Splits to draw; 1. */
  repeats?: number;
  /** 0. */
  seed?: number;
}

/**
 * Draws a random part of the rows to test with, `repeats` times. Both parts have at least one row, and hold their rows in random
 * order. Throws SimdenseError 'ARGUMENT' or 'SHAPE'.
 */
export function holdOut(rows: number, o?: HoldOutOptions): Iterable<Split> {
  const given = options('holdOut', o, ['testSize', 'stratify', 'repeats', 'seed']);
  positiveInteger('holdOut(rows)', rows);
  if (rows < 2) throw new SimdenseError('ARGUMENT', 'holdOut(rows): needs 2 rows or more, got 1');
  const testSize = given.testSize ?? 0.25;
  if (typeof testSize !== 'number' || !(testSize > 0 && testSize < 1))
    refuse('holdOut(testSize)', 'a share between 0 and 1', testSize);
  const repeats = positiveInteger('holdOut(repeats)', given.repeats ?? 1);
  const seed = wholeNumber('holdOut(seed)', given.seed ?? 0);
  const groups = given.stratify === undefined ? [range(rows)] : groupByClass('holdOut(stratify)', given.stratify, rows);
  const tests = shares(groups, Math.min(rows - 1, Math.max(1, Math.round(rows * testSize))), rows);
  return {
    *[Symbol.iterator]() {
      for (let repeat = 0; repeat < repeats; repeat++) yield draw(groups, tests, words(seed, Purpose.split, repeat));
    },
  };
}

function draw(groups: readonly Int32Array[], tests: readonly number[], next: () => number): Split {
  const train: number[] = [];
  const test: number[] = [];
  for (const [g, group] of groups.entries()) {
    const drawn = group.slice();
    shuffle(drawn, next);
    const count = tests[g] as number;
    test.push(...drawn.subarray(0, count));
    train.push(...drawn.subarray(count));
  }
  const split = { train: Int32Array.from(train), test: Int32Array.from(test) };
  shuffle(split.train, next);
  shuffle(split.test, next);
  return split;
}

/** Row numbers of each class, classes in order of their number. */
function groupByClass(where: string, classes: Numbers, rows: number): Int32Array[] {
  if (!isNumbers(classes)) refuse(where, 'a class for each row', classes);
  if (classes.length !== rows)
    throw new SimdenseError('SHAPE', `${where} has ${classes.length} classes for ${rows} rows`);
  const groups = new Map<number, number[]>();
  for (const [row, label] of classes.entries()) {
    const group = groups.get(label);
    if (group) group.push(row);
    else groups.set(label, [row]);
  }
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, group]) => Int32Array.from(group));
}

/** How many of each group's rows make up `total`: rounded down, the rest to the largest remainders, first ones first. */
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
