// Activations and their derivatives against float64, between guard bytes.
import { afterEach, describe, expect, test } from 'vitest';
import type { Activation } from '../../src/index.js';
import { activationKernel, activationKinds, activationNames } from '../../src/nn/activations.js';
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
import { activate } from '../oracle/activation.js';

afterEach(releaseAll);

/** Each activation with a kernel, with its default parameter, and two with other parameters. */
const elementwise: Activation[] = [
  ...activationNames.filter((name) => activationKinds[name].kernel !== undefined),
  { type: 'leakyRelu', slope: 0.3 },
  { type: 'elu', alpha: 1.7 },
];

/** The derivative by central differences in float64. */
const slope = (a: Activation, x: number): number =>
  ((activate(a, [x + 1e-6])[0] as number) - (activate(a, [x - 1e-6])[0] as number)) / 2e-6;

describe.each(elementwise)('%j', (a) => {
  const { kind, alpha, needsInput } = activationKernel(a);

  test.each([16, 32, 48, 640])('forward and backward over %i floats', (count) => {
    const next = numbers(count);
    const x = Array.from({ length: count }, () => next() * 8);
    const dy = Array.from({ length: count }, next);
    const [px, pdy, y, dx] = [place(x), place(dy), place(new Array(count).fill(9)), place(new Array(count).fill(9))];
    calls.activationForward(kind, count, px, y, alpha);
    expect(distance(read(y, count), activate(a, x))).toBeLessThan(1e-6);
    calls.activationBackward(kind, count, needsInput ? px : y, pdy, dx, alpha);
    const expected = x.map((value, i) => dy[i]! * slope(a, value));
    expect(distance(read(dx, count), expected)).toBeLessThan(2e-6);
  });

  test('in place gives the same bits', () => {
    const next = numbers(3);
    const x = Array.from({ length: 32 }, () => next() * 4);
    const [apart, inPlace, y] = [place(x), place(x), place(x)];
    calls.activationForward(kind, 32, apart, y, alpha);
    calls.activationForward(kind, 32, inPlace, inPlace, alpha);
    expect(read(inPlace, 32)).toEqual(read(y, 32));
  });

  test('is finite, or infinite as it should be, for extreme inputs, and lets NaN through', () => {
    const extreme = [3e38, -3e38, 100, -100, 1e-40, -1e-40, 0, -0, Infinity, 88, -88, 20, -20, 1, -1, 0.25];
    const [x, y] = [place(extreme), place(extreme)];
    calls.activationForward(kind, 16, x, y, alpha);
    const expected = extreme.map((value) => Math.fround(activate(a, [value])[0] as number));
    expect(distance(read(y, 16).filter(Number.isFinite), expected.filter(Number.isFinite))).toBeLessThan(1e-6);
    const nan = place(new Array(16).fill(Number.NaN));
    calls.activationForward(kind, 16, nan, nan, alpha);
    expect(read(nan, 16).every(Number.isNaN)).toBe(true);
  });
});

test('mish has the values of the documentation of tf.keras.activations.mish (TensorFlow 2.15)', () => {
  const { kind, alpha } = activationKernel('mish');
  const y = place([-3, -1, 0, 1, ...new Array(12).fill(0)]);
  calls.activationForward(kind, 16, y, y, alpha);
  expect(distance(read(y, 4), [-0.14564745, -0.30340144, 0, 0.86509836])).toBeLessThan(1e-7);
});

test('softmax and its derivative, row by row', () => {
  for (const [rows, columns] of sizes) {
    const next = numbers(rows * 100 + columns);
    const x = matrix(rows, columns, () => next() * 10);
    const dy = matrix(rows, columns, next);
    const [px, pdy] = [placePanels(x, odd(rows)), placePanels(dy, odd(rows))];
    const [y, dx] = [roomForPanels(odd(rows), columns), roomForPanels(odd(rows), columns)];
    calls.softmaxForward(rows, columns, px, y, false);
    const expected = x.map((row) => activate('softmax', row));
    expect(distance(readPanels(y, odd(rows), rows, columns), expected.flat())).toBeLessThan(1e-6);
    expect(readPadding(y, odd(rows), rows, columns).every((value) => value === 0)).toBe(true);
    calls.softmaxBackward(rows, columns, y, pdy, dx, false);
    const gradient = expected.map((s, i) => {
      const dot = s.reduce((sum, value, j) => sum + value * dy[i]![j]!, 0);
      return s.map((value, j) => value * (dy[i]![j]! - dot));
    });
    expect(distance(readPanels(dx, odd(rows), rows, columns), gradient.flat())).toBeLessThan(1e-6);
    expect(readPadding(dx, odd(rows), rows, columns).every((value) => Math.abs(value) === 0)).toBe(true);
    releaseAll();
  }
});

test('the logarithm of softmax and its derivative, row by row', () => {
  for (const [rows, columns] of sizes) {
    const next = numbers(rows * 101 + columns);
    const x = matrix(rows, columns, () => next() * 10);
    const dy = matrix(rows, columns, next);
    const [px, pdy] = [placePanels(x, odd(rows)), placePanels(dy, odd(rows))];
    const [y, dx] = [roomForPanels(odd(rows), columns), roomForPanels(odd(rows), columns)];
    calls.softmaxForward(rows, columns, px, y, true);
    const found = readPanels(y, odd(rows), rows, columns);
    expect(
      distance(
        found,
        x.flatMap((row) => activate('logSoftmax', row)),
      ),
    ).toBeLessThan(1e-6);
    expect(found.every((value) => value <= 0)).toBe(true);
    expect(readPadding(y, odd(rows), rows, columns).every((value) => Math.abs(value) === 0)).toBe(true);
    calls.softmaxBackward(rows, columns, y, pdy, dx, true);
    const gradient = x.flatMap((row, i) => {
      const sum = dy[i]!.reduce((a, b) => a + b, 0);
      return activate('softmax', row).map((p, j) => dy[i]![j]! - p * sum);
    });
    expect(distance(readPanels(dx, odd(rows), rows, columns), gradient)).toBeLessThan(2e-6);
    expect(readPadding(dx, odd(rows), rows, columns).every((value) => Math.abs(value) === 0)).toBe(true);
    const inPlace = placePanels(x, odd(rows));
    calls.softmaxForward(rows, columns, inPlace, inPlace, true);
    expect(readPanels(inPlace, odd(rows), rows, columns)).toEqual(found);
    releaseAll();
  }
});

test('the logarithm of softmax of extreme logits is finite and at most 0, where softmax itself is 0', () => {
  const x = [
    [1e30, -1e30, 0],
    [88, -88, -500],
    [-1e38, -1e38, -1e38],
  ];
  const y = placePanels(x, 3);
  calls.softmaxForward(3, 3, y, y, true);
  const values = readPanels(y, 3, 3, 3);
  expect(
    distance(
      values,
      x.flatMap((row) => activate('logSoftmax', row)),
    ),
  ).toBeLessThan(1e-6);
});

test('softmax of extreme logits is finite', () => {
  const y = placePanels(
    [
      [1e30, -1e30, 0],
      [88, 89, 90],
      [-3e38, -3e38, -3e38],
    ],
    3,
  );
  calls.softmaxForward(3, 3, y, y, false);
  const values = readPanels(y, 3, 3, 3);
  expect(distance(values, [1, 0, 0, ...activate('softmax', [88, 89, 90]), 1 / 3, 1 / 3, 1 / 3])).toBeLessThan(1e-6);
});

test('affine is scale·x + offset', () => {
  const x = Array.from({ length: 48 }, (_, i) => i);
  const y = place(new Array(48).fill(0));
  calls.affine(48, place(x), y, 0.5, -3);
  expect(Array.from(read(y, 48))).toEqual(x.map((value) => value / 2 - 3));
});

test('a number that no activation has traps', () => {
  const block = place(new Array(16).fill(1));
  for (const kind of [-1, 8 + elementwise.length]) {
    expect(() => calls.activationForward(kind, 16, block, block, 0)).toThrow(WebAssembly.RuntimeError);
    expect(() => calls.activationBackward(kind, 16, block, block, block, 0)).toThrow(WebAssembly.RuntimeError);
  }
});
