// Greedy selection: what it chooses, beside a plain search of the same in float64 with Math.log.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { Matrix } from '../../src/data/index.js';
import { classLoss, labelLoss, numberLoss, type SumLoss, selecting } from '../../src/evaluate/search/selection.js';

/** The same in words: of all predictions the one whose addition makes the mean best, again and again. */
function plainly(
  predictions: readonly Matrix[],
  lossOf: (mean: readonly number[]) => number,
  picks: number,
): { counts: number[]; loss: number } {
  const chosen: number[] = [];
  const countsOf = (): number[] => predictions.map((_, i) => chosen.filter((c) => c === i).length);
  const meanOf = (indices: readonly number[]): number[] =>
    Array.from(
      (predictions[0] as Matrix).data,
      (_, at) => indices.reduce((sum, i) => sum + ((predictions[i] as Matrix).data[at] as number), 0) / indices.length,
    );
  let best = { counts: countsOf(), loss: Number.POSITIVE_INFINITY };
  for (let pick = 0; pick < picks; pick++) {
    const losses = predictions.map((_, i) => lossOf(meanOf([...chosen, i])));
    chosen.push(losses.indexOf(Math.min(...losses)));
    const loss = Math.min(...losses);
    if (loss < best.loss) best = { counts: countsOf(), loss };
  }
  return best;
}

const logLoss = (p: number): number => -Math.log2(Math.max(1e-7, p));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Rows of positive numbers that add up to 1. */
const probabilities = (rows: number, columns: number): fc.Arbitrary<Matrix> =>
  fc
    .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns })
    .map(
      (values) =>
        new Matrix(
          Float32Array.from(values, (value, i) => {
            const row = Math.floor(i / columns);
            return value / sum(values.slice(row * columns, (row + 1) * columns));
          }),
          columns,
        ),
    );

/** Ties within rounding may be broken otherwise, so the loss of what is chosen is compared, and that it is the mean of as many. */
function compare(predictions: readonly Matrix[], loss: SumLoss, lossOf: (mean: readonly number[]) => number): void {
  const counts = atOnce(selecting(predictions, loss, 8));
  const total = sum([...counts]);
  const mean = Array.from(
    (predictions[0] as Matrix).data,
    (_, at) => sum(predictions.map(({ data }, i) => (counts[i] as number) * (data[at] as number))) / total,
  );
  const expected = plainly(predictions, lossOf, 8);
  expect(lossOf(mean)).toBeCloseTo(expected.loss, 6);
  // Never worse than the best alone.
  for (const { data } of predictions) expect(lossOf(mean)).toBeLessThanOrEqual(lossOf([...data]) + 1e-6);
}

test('classes', () => {
  const rows = 7;
  const given = fc.tuple(
    fc.array(probabilities(rows, 3), { minLength: 1, maxLength: 5 }),
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: rows, maxLength: rows }),
  );
  fc.assert(
    fc.property(given, ([predictions, classes]) => {
      const lossOf = (mean: readonly number[]) => sum(classes.map((c, row) => logLoss(mean[row * 3 + c] as number)));
      compare(predictions, classLoss(Int32Array.from(classes), 3), lossOf);
    }),
    { numRuns: 50 },
  );
});

test('labels', () => {
  const given = fc.tuple(
    fc.array(probabilities(4, 3), { minLength: 1, maxLength: 4 }),
    fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 12 }),
  );
  fc.assert(
    fc.property(given, ([predictions, labels]) => {
      const lossOf = (mean: readonly number[]) => sum(mean.map((p, i) => logLoss(labels[i] === 1 ? p : 1 - p)));
      compare(predictions, labelLoss(labels), lossOf);
    }),
    { numRuns: 50 },
  );
});

test('numbers: each target by its own spread', () => {
  const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 12, maxLength: 12 });
  const given = fc.tuple(fc.array(numbers, { minLength: 1, maxLength: 5 }), numbers);
  fc.assert(
    fc.property(given, ([predictions, targets]) => {
      const spreads = [0, 1].map((c) => {
        const own = targets.filter((_, i) => i % 2 === c);
        return sum(own.map((value) => (value - sum(own) / own.length) ** 2)) || 1;
      });
      fc.pre(spreads.every((spread) => spread > 0.01));
      const lossOf = (mean: readonly number[]) =>
        sum(mean.map((value, i) => (value - (targets[i] as number)) ** 2 / (spreads[i % 2] as number)));
      compare(
        predictions.map((values) => new Matrix(Float32Array.from(values), 2)),
        numberLoss(targets, 2),
        lossOf,
      );
    }),
    { numRuns: 50 },
  );
});

test('one that errs the other way is chosen though it is worse alone, and how often', () => {
  const of = (...values: number[]): Matrix => new Matrix(Float32Array.from(values), 1);
  // 2 · 1 + 1 · −2 = 0: the mean of three is exact.
  const counts = atOnce(selecting([of(1, 11), of(-2, 8), of(5, 5)], numberLoss([0, 10], 1), 9));
  expect([...counts]).toEqual([2, 1, 0]);
});

test('thousands of small probabilities leave no number below the smallest', () => {
  const rows = 5000;
  const loss = classLoss(new Int32Array(rows), 1);
  expect(loss(new Float64Array(rows).fill(1e-9), 1)).toBeCloseTo(rows * -Math.log2(1e-7), 3);
  expect(loss(new Float64Array(rows).fill(0.5), 2)).toBeCloseTo(rows * 2, 6);
});
