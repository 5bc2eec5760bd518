// PReLU against float64, between guard bytes; sums over rows as of all kernels.
import { afterEach, expect, test } from 'vitest';
import { calls, odd, placePanels, readPadding, readPanels, releaseAll, roomForPanels } from '../helpers/memory.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';
import { sizes } from '../helpers/sizes.js';

afterEach(releaseAll);

test('forward and backward at all sizes', () => {
  for (const [rows, columns] of sizes) {
    const next = numbers(rows * 53 + columns);
    const x = matrix(rows, columns, () => next() * 3);
    const dy = matrix(rows, columns, next);
    const [alpha] = matrix(1, columns, next) as [number[]];
    const [px, pdy, pa] = [placePanels(x, odd(rows)), placePanels(dy, odd(rows)), placePanels([alpha], 1)];
    const [y, dx, dalpha] = [
      roomForPanels(odd(rows), columns),
      roomForPanels(odd(rows), columns),
      roomForPanels(1, columns),
    ];
    calls.preluForward(rows, columns, px, y, pa);
    const expected = x.flatMap((row) => row.map((v, c) => Math.max(v, 0) + alpha[c]! * Math.min(v, 0)));
    expect(distance(readPanels(y, odd(rows), rows, columns), expected)).toBeLessThan(1e-6);
    expect(readPadding(y, odd(rows), rows, columns).every((v) => Math.abs(v) === 0)).toBe(true);

    calls.preluBackward(rows, columns, px, pdy, dx, pa, dalpha);
    const slopes = dy.flatMap((row, i) => row.map((g, c) => (x[i]![c]! < 0 ? g * alpha[c]! : g)));
    expect(distance(readPanels(dx, odd(rows), rows, columns), slopes)).toBeLessThan(1e-6);
    expect(readPadding(dx, odd(rows), rows, columns).every((v) => Math.abs(v) === 0)).toBe(true);
    const sums = alpha.map((_, c) => dy.reduce((sum, row, i) => sum + row[c]! * Math.min(x[i]![c]!, 0), 0));
    const found = readPanels(dalpha, 1, 1, columns);
    expect(distance(found, sums)).toBeLessThan(1e-5);
    expect(readPadding(dalpha, 1, 1, columns).every((v) => Math.abs(v) === 0)).toBe(true);

    // Without dx the sums are the same, and in place dx is.
    const again = roomForPanels(1, columns);
    calls.preluBackward(rows, columns, px, pdy, 0, pa, again);
    expect(readPanels(again, 1, 1, columns)).toEqual(found);
    calls.preluBackward(rows, columns, px, pdy, pdy, pa, again);
    expect(readPanels(pdy, odd(rows), rows, columns)).toEqual(readPanels(dx, odd(rows), rows, columns));
    releaseAll();
  }
});

test('sums over rows are those of the gradient of a bias, to the bit', () => {
  for (const rows of [1, 255, 256, 257, 700, 5000]) {
    const next = numbers(rows);
    const x = matrix(rows, 20, () => Math.fround(-Math.abs(next()) - 0.5));
    const dy = matrix(rows, 20, next);
    const terms = dy.map((row, i) => row.map((g, c) => Math.fround(g * x[i]![c]!)));
    const [sums, dalpha] = [roomForPanels(1, 20), roomForPanels(1, 20)];
    calls.denseBiasGradient(rows, 20, placePanels(terms, odd(rows)), sums);
    const alpha = placePanels(matrix(1, 20, next), 1);
    calls.preluBackward(rows, 20, placePanels(x, odd(rows)), placePanels(dy, odd(rows)), 0, alpha, dalpha);
    expect(readPanels(dalpha, 1, 1, 20)).toEqual(readPanels(sums, 1, 1, 20));
    releaseAll();
  }
});

test('NaN stays, and 0 is 0 with either sign', () => {
  const y = roomForPanels(1, 3);
  calls.preluForward(1, 3, placePanels([[Number.NaN, -0, 0]], 1), y, placePanels([[2, 2, 2]], 1));
  expect(readPanels(y, 1, 1, 3)).toEqual([Number.NaN, -0, 0]);
});
