// Passes over blocks against float64, between guard bytes.
import { afterEach, expect, test } from 'vitest';
import { calls, place, read, releaseAll } from '../helpers/memory.js';
import { distance, numbers } from '../helpers/numbers.js';

afterEach(releaseAll);

const draw = (count: number, seed: number): number[] => Array.from({ length: count }, numbers(seed));

test.each([16, 48, 1024, 4112, 100_000])('penalty, sum of squares, clamp and mix of %i floats', (count) => {
  const w = draw(count, 1);
  w[3] = 0;
  const g = draw(count, 2);
  const [pw, pg] = [place(w), place(g)];
  const value = w.reduce((sum, v) => sum + 0.3 * Math.abs(v) + 0.7 * v * v, 0);
  expect(Math.abs(calls.penalty(count, pw, 0, 0.3, 0.7) / value - 1)).toBeLessThan(1e-6);
  expect(calls.penalty(count, pw, pg, 0.3, 0.7)).toBe(calls.penalty(count, pw, 0, 0.3, 0.7));
  const slopes = w.map((v, i) => g[i]! + 0.3 * Math.sign(v) + 1.4 * v);
  expect(distance(read(pg, count), slopes)).toBeLessThan(1e-6);
  const squares = w.reduce((sum, v) => sum + v * v, 0);
  expect(Math.abs(calls.sumOfSquares(count, pw) / squares - 1)).toBeLessThan(1e-6);
  calls.clamp(count, pw, 0.25);
  expect(Array.from(read(pw, count))).toEqual(w.map((v) => Math.min(Math.max(v, -0.25), 0.25)));
  const [x, y] = [place(w), place(g)];
  calls.mix(count, x, y, 0.75);
  expect(
    distance(
      read(y, count),
      w.map((v, i) => 0.25 * v + 0.75 * g[i]!),
    ),
  ).toBeLessThan(1e-6);
});

test('allFinite sees a NaN and an infinity anywhere', () => {
  for (const bad of [Number.NaN, Infinity, -Infinity]) {
    for (const at of [0, 5, 15, 16, 31]) {
      const values = draw(32, 3);
      expect(calls.allFinite(32, place(values))).toBeTruthy();
      values[at] = bad;
      expect(calls.allFinite(32, place(values))).toBeFalsy();
    }
  }
});
