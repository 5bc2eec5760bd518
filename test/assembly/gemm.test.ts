// The matrix products against float64: at all small and some odd large sizes, with every tile, between guard bytes.
import { afterEach, describe, expect, test } from 'vitest';
import { tilesOf } from '../../src/engine/tiles.js';
import {
  calls,
  odd,
  place,
  placePanels,
  readPadding,
  readPanels,
  releaseAll,
  roomForPanels,
} from '../helpers/memory.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';
import { multiply, transpose } from '../oracle/matrix.js';

const { rows: tileNames } = tilesOf({ relaxed: false });

afterEach(releaseAll);

/** All sizes from 1 to 40 in each dimension, the other dimensions by strides coprime to 40. */
const small = Array.from({ length: 40 }, (_, i) => i + 1).flatMap((n) => [
  [n, ((n * 7) % 40) + 1, ((n * 11) % 40) + 1] as const,
  [((n * 13) % 40) + 1, n, ((n * 3) % 40) + 1] as const,
  [((n * 17) % 40) + 1, ((n * 9) % 40) + 1, n] as const,
]);
const cube = [1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 40].flatMap((a) =>
  [1, 4, 5, 16, 17, 40].flatMap((b) => [1, 7, 16, 17, 33].map((c) => [a, b, c] as const)),
);
/** Sizes above the blocks of 256 rows and 256 k, and no multiples of tile sizes. */
const large = [
  [257, 61, 47],
  [33, 515, 19],
  [541, 29, 37],
  [7, 1031, 131],
  [300, 333, 77],
] as const;

/** The rounding error of a sum of `k` products of numbers up to 1: at worst k·2⁻²⁴, in practice about √k·2⁻²⁴. */
const bound = (k: number): number => 4 * Math.sqrt(k) * 2 ** -24 + 2 ** -22;

function checkProducts(rows: number, inputs: number, units: number): void {
  const next = numbers(rows * 1000003 + inputs * 1009 + units);
  const x = matrix(rows, inputs, next);
  const w = matrix(inputs, units, next);
  const b = matrix(1, units, next);
  const dy = matrix(rows, units, next);
  const [px, pw, pb, pdy] = [
    placePanels(x, odd(rows)),
    placePanels(w, inputs),
    placePanels(b, 1),
    placePanels(dy, odd(rows)),
  ];

  const y = roomForPanels(odd(rows), units);
  calls.denseForward(rows, inputs, units, px, pw, pb, y);
  const forward = multiply(x, w).map((row) => row.map((value, j) => value + b[0]![j]!));
  expect(distance(readPanels(y, odd(rows), rows, units), forward.flat())).toBeLessThan(bound(inputs) * 2);
  expect(readPadding(y, odd(rows), rows, units).every((value) => value === 0)).toBe(true);

  const dw = roomForPanels(inputs, units);
  calls.denseKernelGradient(rows, inputs, units, px, pdy, dw);
  expect(distance(readPanels(dw, inputs, inputs, units), multiply(transpose(x), dy).flat())).toBeLessThan(
    bound(rows) * 2,
  );
  expect(readPadding(dw, inputs, inputs, units).every((value) => value === 0)).toBe(true);

  const db = roomForPanels(1, units);
  calls.denseBiasGradient(rows, units, pdy, db);
  const sums = transpose(dy).map((column) => column.reduce((sum, value) => sum + value, 0));
  expect(distance(readPanels(db, 1, 1, units), sums)).toBeLessThan(bound(rows) * 2);

  const dx = roomForPanels(odd(rows), inputs);
  calls.denseInputGradient(rows, inputs, units, pdy, pw, roomForPanels(units, inputs), dx);
  expect(distance(readPanels(dx, odd(rows), rows, inputs), multiply(dy, transpose(w)).flat())).toBeLessThan(
    bound(units) * 2,
  );
  expect(readPadding(dx, odd(rows), rows, inputs).every((value) => value === 0)).toBe(true);
  releaseAll();
}

describe.each(tileNames.map((name, number) => ({ name, number })))('by tile $name', ({ number }) => {
  test.each([
    ['each dimension from 1 to 40', small],
    ['a grid of sizes around the tiles', cube],
    ['large odd sizes, past the blocks', large],
  ])('forward, kernel, bias and input gradients: %s', (_, sizes) => {
    calls.setTiles(number, number % 2);
    try {
      for (const [rows, inputs, units] of sizes) checkProducts(rows, inputs, units);
    } finally {
      calls.setTiles(0, 0);
    }
  });
});

test('without a bias the product starts at zero', () => {
  const next = numbers(5);
  const [x, w] = [matrix(3, 4, next), matrix(4, 5, next)];
  const y = roomForPanels(3, 5);
  calls.denseForward(3, 4, 5, placePanels(x, 3), placePanels(w, 4), 0, y);
  expect(distance(readPanels(y, 3, 3, 5), multiply(x, w).flat())).toBeLessThan(1e-6);
});

test('every element is the sum over k in order, in one float32 accumulator: all tiles give its bits', () => {
  const next = numbers(9);
  const [rows, inputs, units] = [23, 700, 35];
  const x = matrix(rows, inputs, next);
  const w = matrix(inputs, units, next);
  const b = matrix(1, units, next);
  const expected = x.flatMap((row) =>
    b[0]!.map((start, j) => row.reduce((sum, value, k) => Math.fround(sum + Math.fround(value * w[k]![j]!)), start)),
  );
  for (let tile = 0; tile < tileNames.length; tile++) {
    calls.setTiles(tile, tile % 2);
    const y = roomForPanels(odd(rows), units);
    calls.denseForward(rows, inputs, units, placePanels(x, odd(rows)), placePanels(w, inputs), placePanels(b, 1), y);
    expect(readPanels(y, odd(rows), rows, units)).toEqual(expected);
  }
  calls.setTiles(0, 0);
});

test('the guard bytes do catch a write out of bounds', () => {
  const block = place([1, 2, 3]);
  calls.affine(16, block, block, 2, 0);
  expect(releaseAll).toThrow('written out of bounds around 1 blocks');
});
