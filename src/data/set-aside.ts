// Validation rows that are set aside at random, and by class. fit loads this file when it is to set some aside.
import { Purpose } from '../base/draws.js';
import { joined, parted, type Split, shares, shuffledCopies } from './parts.js';
import { range, shuffled, words } from './random.js';
import { testRows } from './test-rows.js';

/** Draws `wanted` test rows, of each class its share, and shuffles both parts. Runs in slices; the event loop may turn between them. */
export function* stratified(
  classes: readonly Int32Array[],
  wanted: number,
  rows: number,
  next: () => number,
): Generator<undefined, Split> {
  const tests = shares(classes, wanted, rows);
  const drawn = yield* shuffledCopies(classes, () => next);
  const train = joined(drawn.map((group, g) => group.subarray(tests[g])));
  const test = joined(drawn.map((group, g) => group.subarray(0, tests[g])));
  yield* shuffled(train, next);
  yield* shuffled(test, next);
  return { train, test };
}

/** The same parts, each in the order of the data set. */
export function inOrder(rows: number, { test }: Split): Split {
  const isTest = new Uint8Array(rows);
  for (const row of test) isTest[row] = 1;
  return parted(range(rows), (row) => isTest[row] === 1);
}

/** The rows of holdOut's first split, each part in the order of the data set; `classes` has the class index of each row. Runs in slices; the event loop may turn between them. */
export function* setAside(
  rows: number,
  testSize: number,
  seed: number,
  classes: ArrayLike<number> | undefined,
): Generator<undefined, Split> {
  const next = words(seed, Purpose.split, 0);
  return inOrder(
    rows,
    yield* stratified(classes ? byIndex(classes) : [range(rows)], testRows(rows, testSize), rows, next),
  );
}

/** The rows of each class that has some, in the order of the indices. */
function byIndex(classes: ArrayLike<number>): Int32Array[] {
  const found: number[][] = [];
  for (let row = 0; row < classes.length; row++) {
    const index = classes[row] as number;
    found[index] ??= [];
    found[index].push(row);
  }
  return found.filter(Boolean).map((group) => Int32Array.from(group));
}
