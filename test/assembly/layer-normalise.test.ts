// Layer normalization against float64, between guard bytes.
import { afterEach, expect, test } from 'vitest';
import {
  calls,
  odd,
  place,
  placePanels,
  read,
  readPadding,
  readPanels,
  releaseAll,
  roomForPanels,
} from '../helpers/memory.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';
import { sizes } from '../helpers/sizes.js';
import { numericGradient } from '../oracle/network.js';
import { moments, normaliseRow } from '../oracle/normalise.js';

afterEach(releaseAll);

const EPSILON = 1e-5;
test('forward, inference and backward at all sizes', () => {
  for (const [rows, columns] of sizes) {
    const next = numbers(rows * 50 + columns);
    // Columns around 0, 8, 16, 24 and 32, so that no row has a variance near 0.
    const x = matrix(rows, columns, () => next() * 3 + 1).map((row) => row.map((v, j) => Math.fround(v + (j % 5) * 8)));
    const dy = matrix(rows, columns, next);
    const [gamma, beta] = [matrix(1, columns, next), matrix(1, columns, next)] as [[number[]], [number[]]];
    const [px, pdy] = [placePanels(x, odd(rows)), placePanels(dy, odd(rows))];
    const [g, b] = [placePanels(gamma, 1), placePanels(beta, 1)];
    const zeros = new Array<number>(rows).fill(0);
    const [mean, inverse] = [place(zeros), place(zeros)];
    const [dgamma, dbeta] = [roomForPanels(1, columns), roomForPanels(1, columns)];
    const [y, dx] = [roomForPanels(odd(rows), columns), roomForPanels(odd(rows), columns)];

    calls.layerNormForward(rows, columns, px, y, g, b, mean, inverse, EPSILON);
    const found = readPanels(y, odd(rows), rows, columns);
    const expected = x.flatMap((row) => normaliseRow(row, gamma[0], beta[0], EPSILON));
    expect(distance(found, expected)).toBeLessThan(1e-5);
    expect(readPadding(y, odd(rows), rows, columns).every((v) => v === 0)).toBe(true);
    const figures = x.map(moments);
    const inverses = figures.map(({ variance }) => 1 / Math.sqrt(variance + EPSILON));
    expect(
      distance(
        read(mean, rows),
        figures.map((f) => f.mean),
      ),
    ).toBeLessThan(1e-6);
    expect(distance(read(inverse, rows), inverses)).toBeLessThan(1e-6);
    const inferred = roomForPanels(odd(rows), columns);
    calls.layerNormForward(rows, columns, px, inferred, g, b, 0, 0, EPSILON);
    expect(readPanels(inferred, odd(rows), rows, columns)).toEqual(found);

    calls.layerNormGradients(rows, columns, px, pdy, mean, inverse, dgamma, dbeta);
    calls.layerNormBackward(rows, columns, px, pdy, dx, g, mean, inverse);
    const sumOf = (i: number): number =>
      normaliseRow(x[i]!, gamma[0], beta[0], EPSILON).reduce((sum, v, j) => sum + v * dy[i]![j]!, 0);
    // A single column is beta, whatever x is.
    for (const i of columns > 1 ? [0, rows >> 1, rows - 1] : []) {
      const slopes = readPanels(dx, odd(rows), rows, columns).slice(i * columns, (i + 1) * columns);
      expect(
        distance(
          slopes,
          numericGradient(x[i]!, () => sumOf(i)),
        ),
      ).toBeLessThan(3e-5);
    }
    expect(readPadding(dx, odd(rows), rows, columns).every((v) => v === 0)).toBe(true);
    const normal = x.map((row) =>
      normaliseRow(
        row,
        row.map(() => 1),
        row.map(() => 0),
        EPSILON,
      ),
    );
    const sumOver = (values: number[][]): number[] =>
      gamma[0].map((_, j) => values.reduce((sum, row) => sum + row[j]!, 0));
    const slopes = sumOver(dy.map((row, i) => row.map((v, j) => v * normal[i]![j]!)));
    expect(distance(readPanels(dgamma, 1, 1, columns), slopes)).toBeLessThan(1e-5);
    expect(distance(readPanels(dbeta, 1, 1, columns), sumOver(dy))).toBeLessThan(1e-5);
    for (const vector of [dgamma, dbeta]) expect(readPadding(vector, 1, 1, columns).every((v) => v === 0)).toBe(true);

    const apart = readPanels(dx, odd(rows), rows, columns);
    calls.layerNormBackward(rows, columns, px, pdy, pdy, g, mean, inverse);
    expect(readPanels(pdy, odd(rows), rows, columns)).toEqual(apart);
    releaseAll();
  }
});

/** The outputs of one row, with gamma 5 and beta −1. */
function outputs(row: readonly number[]): number[] {
  const [five, minusOne] = [row.map(() => 5), row.map(() => -1)];
  const y = roomForPanels(1, row.length);
  const [x, g, b] = [placePanels([row], 1), placePanels([five], 1), placePanels([minusOne], 1)];
  calls.layerNormForward(1, row.length, x, y, g, b, 0, 0, EPSILON);
  return readPanels(y, 1, 1, row.length);
}

test('a row that does not vary gives beta, and nothing infinite', () => {
  expect(outputs([2, 2, 2])).toEqual([-1, -1, -1]);
  expect(outputs([7])).toEqual([-1]);
});

test('a row whose variance float32 cannot hold gives NaN, and not beta', () => {
  expect(outputs([1e30, -1e30])).toEqual([Number.NaN, Number.NaN]);
});

test('a known answer: arithmetic progressions of five are ±√2, ±√½ and 0', () => {
  const expected = [-Math.SQRT2, -Math.SQRT1_2, 0, Math.SQRT1_2, Math.SQRT2].map((v) => 5 * v - 1);
  expect(distance(outputs([1000, 2000, 3000, 4000, 5000]), expected)).toBeLessThan(1e-6);
});

test('rows of 100,001 columns around 2005 keep their mean and variance', () => {
  const next = numbers(3);
  const row = Array.from({ length: 100_001 }, () => Math.fround(2005 + 15 * next()));
  const expected = normaliseRow(
    row,
    row.map(() => 5),
    row.map(() => -1),
    EPSILON,
  );
  expect(distance(outputs(row), expected)).toBeLessThan(1e-4);
});
