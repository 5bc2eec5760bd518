// Batch normalization against float64, between guard bytes.
import { afterEach, expect, test } from 'vitest';
import { calls, odd, placePanels, readPadding, readPanels, releaseAll, roomForPanels } from '../helpers/memory.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';
import { sizes } from '../helpers/sizes.js';
import { transpose } from '../oracle/matrix.js';
import { numericGradient } from '../oracle/network.js';
import { moments, normalise } from '../oracle/normalise.js';

afterEach(releaseAll);

const EPSILON = 1e-5;
test('forward, moving figures, inference and backward at all sizes', () => {
  // The variance of one row is none.
  for (const [rows, columns] of sizes.filter(([n]) => n > 1)) {
    const next = numbers(rows * 50 + columns);
    const x = matrix(rows, columns, () => next() * 3 + 1).map((row, i) => row.map((v) => Math.fround(v + i)));
    const dy = matrix(rows, columns, next);
    const [gamma, beta] = [matrix(1, columns, next), matrix(1, columns, next)];
    const [px, pdy] = [placePanels(x, odd(rows)), placePanels(dy, odd(rows))];
    const [g, b] = [placePanels(gamma, 1), placePanels(beta, 1)];
    const moving = matrix(1, columns, () => Math.abs(next()));
    const [movingMean, movingVariance] = [placePanels(moving, 1), placePanels(moving, 1)];
    const [mean, inverse, variance, dgamma, dbeta] = [0, 0, 0, 0, 0].map(() => roomForPanels(1, columns)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const [y, dx] = [roomForPanels(odd(rows), columns), roomForPanels(odd(rows), columns)];

    calls.batchNormForward(rows, columns, px, y, g, b, mean, inverse, variance, EPSILON);
    calls.batchNormMove(rows, columns, mean, variance, movingMean, movingVariance, 0.9);
    const perColumn = transpose(x);
    const expected = transpose(perColumn.map((column, j) => normalise(column, gamma[0]![j]!, beta[0]![j]!, EPSILON)));
    expect(distance(readPanels(y, odd(rows), rows, columns), expected.flat())).toBeLessThan(1e-5);
    expect(readPadding(y, odd(rows), rows, columns).every((v) => v === 0)).toBe(true);
    const figures = perColumn.map(moments);
    const movedMean = figures.map((f, j) => 0.9 * moving[0]![j]! + 0.1 * f.mean);
    expect(distance(readPanels(movingMean, 1, 1, columns), movedMean)).toBeLessThan(1e-6);
    const movedVariance = figures.map((f, j) => 0.9 * moving[0]![j]! + (0.1 * f.variance * rows) / (rows - 1));
    expect(distance(readPanels(movingVariance, 1, 1, columns), movedVariance)).toBeLessThan(2e-6);

    calls.batchNormBackward(rows, columns, px, pdy, dx, g, mean, inverse, dgamma, dbeta);
    for (const [j, column] of perColumn.entries()) {
      const [scale, shift] = [[gamma[0]![j]!], [beta[0]![j]!]];
      const sum = (): number =>
        normalise(column, scale[0]!, shift[0]!, EPSILON).reduce((total, v, i) => total + v * dy[i]![j]!, 0);
      const slopes = readPanels(dx, odd(rows), rows, columns).filter((_, i) => i % columns === j);
      expect(distance(slopes, numericGradient(column, sum))).toBeLessThan(3e-5);
      expect(distance([readPanels(dgamma, 1, 1, columns)[j]!], numericGradient(scale, sum))).toBeLessThan(1e-5);
      expect(distance([readPanels(dbeta, 1, 1, columns)[j]!], numericGradient(shift, sum))).toBeLessThan(1e-5);
    }
    const inPlace = readPanels(dx, odd(rows), rows, columns);
    calls.batchNormBackward(rows, columns, px, pdy, pdy, g, mean, inverse, dgamma, dbeta);
    expect(readPanels(pdy, odd(rows), rows, columns)).toEqual(inPlace);

    calls.batchNormInference(rows, columns, px, y, g, b, movingMean, movingVariance, EPSILON);
    const inferred = x.map((row) =>
      row.map((v, j) => (gamma[0]![j]! * (v - movedMean[j]!)) / Math.sqrt(movedVariance[j]! + EPSILON) + beta[0]![j]!),
    );
    expect(distance(readPanels(y, odd(rows), rows, columns), inferred.flat())).toBeLessThan(1e-5);
    releaseAll();
  }
});

test('a column that does not vary gives beta, and nothing infinite', () => {
  const x = placePanels([[2], [2], [2]], 3);
  const [y, g, b] = [roomForPanels(3, 1), placePanels([[5]], 1), placePanels([[-1]], 1)];
  const figures = [0, 0, 0].map(() => placePanels([[0]], 1)) as [number, number, number];
  calls.batchNormForward(3, 1, x, y, g, b, ...figures, EPSILON);
  expect(readPanels(y, 3, 3, 1)).toEqual([-1, -1, -1]);
});
