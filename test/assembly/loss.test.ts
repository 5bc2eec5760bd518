// Losses and their gradients against float64, between guard bytes.
import { afterEach, describe, expect, test } from 'vitest';
import { type LossName, lossKernel, lossNames } from '../../src/nn/losses.js';
import {
  calls,
  guarded,
  odd,
  place,
  placePanels,
  readPadding,
  readPanels,
  releaseAll,
  roomForPanels,
} from '../helpers/memory.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';
import { sizes } from '../helpers/sizes.js';
import { activate } from '../oracle/activation.js';
import { lossOf } from '../oracle/loss.js';
import { numericGradient } from '../oracle/network.js';

afterEach(releaseAll);

const logistic = { softmax: 'categoricalCrossentropy', sigmoid: 'binaryCrossentropy' } as const;
const variants: [string, LossName, 'softmax' | 'sigmoid' | undefined][] = [
  ...lossNames.map((loss): [string, LossName, undefined] => [loss, loss, undefined]),
  ['binaryCrossentropy from logits', 'binaryCrossentropy', 'sigmoid'],
  ['categoricalCrossentropy from logits', 'categoricalCrossentropy', 'softmax'],
];

function run(kind: number, target: number[][], predicted: number[][], weights?: number[]) {
  const [rows, outputs] = [target.length, target[0]!.length];
  const p = placePanels(predicted, odd(rows));
  const gradient = roomForPanels(odd(rows), outputs);
  const w = weights ? place(weights) : 0;
  const sum = calls.loss(kind, rows, outputs, p, placePanels(target, odd(rows)), w, gradient, guarded(rows * 4));
  return {
    loss: sum / rows,
    gradient: readPanels(gradient, odd(rows), rows, outputs),
    padding: readPadding(gradient, odd(rows), rows, outputs),
    predicted: readPanels(p, odd(rows), rows, outputs),
  };
}

describe.each(variants)('%s', (_, loss, fused) => {
  const { kind } = lossKernel(loss, fused);
  const value = (target: number[][], predicted: number[][]): number =>
    lossOf(loss, target, fused ? predicted.map((row) => activate(fused, row)) : predicted);
  const crossentropy = loss.endsWith('Crossentropy');

  test('value and gradient at all sizes', () => {
    for (const [rows, outputs] of sizes) {
      const next = numbers(rows * 41 + outputs);
      const share = (): number => Math.abs(next()) * 0.9 + 0.05;
      const target = matrix(rows, outputs, crossentropy ? share : () => next() * 2);
      const predicted = matrix(rows, outputs, crossentropy && !fused ? share : () => next() * 3);
      const result = run(kind, target, predicted);
      expect(distance([result.loss], [value(target, predicted)])).toBeLessThan(2e-6);
      // A row's gradient follows from its own loss, a share of the mean.
      const expected = predicted.flatMap((row, i) =>
        numericGradient(row, () => value([target[i] as number[]], [row]) / rows, 1e-6),
      );
      expect(distance(result.gradient, expected)).toBeLessThan(2e-6);
      expect(result.padding.every((v) => v === 0)).toBe(true);
      if (fused)
        expect(
          distance(
            result.predicted,
            predicted.flatMap((row) => activate(fused, row)),
          ),
        ).toBeLessThan(1e-6);
      releaseAll();
    }
  });

  test('a row weighs what its weight says', () => {
    const next = numbers(77);
    const share = (): number => Math.abs(next()) * 0.9 + 0.05;
    const [target, predicted] = [matrix(3, 4, share), matrix(3, 4, share)];
    const one = target.map((row, i) => run(kind, [row], [predicted[i]!]));
    const weights = [0, 2, 0.5];
    const all = run(kind, target, predicted, weights);
    expect(all.loss).toBeCloseTo(one.reduce((sum, r, i) => sum + r.loss * weights[i]!, 0) / 3, 6);
    expect(
      distance(
        all.gradient,
        one.flatMap((r, i) => r.gradient.map((g) => (g * weights[i]!) / 3)),
      ),
    ).toBeLessThan(1e-6);
  });
});

test.each(Object.entries(logistic))('%s: extreme logits give a finite loss', (activation, loss) => {
  const { kind } = lossKernel(loss, activation as 'softmax' | 'sigmoid');
  for (const [logits, target] of [
    [
      [1e4, -1e4],
      [1, 0],
    ],
    [
      [1e4, -1e4],
      [0, 1],
    ],
    [
      [3e38, 0],
      [1, 0],
    ],
    [
      [-80, 80],
      [0.5, 0.5],
    ],
  ] as const) {
    const result = run(kind, [[...target]], [[...logits]]);
    expect(Number.isFinite(result.loss)).toBe(true);
    expect(result.gradient.every(Number.isFinite)).toBe(true);
  }
  // A logit of −∞ for a class that is not the target adds nothing to the loss.
  expect(run(kind, [[1, 0]], [[1e3, -Infinity]]).loss).toBe(0);
});

test('a crossentropy of probabilities 0 and 1 is finite: they are kept 1e-7 away', () => {
  for (const loss of ['binaryCrossentropy', 'categoricalCrossentropy'] as const) {
    const { loss: value, gradient } = run(lossKernel(loss, undefined).kind, [[1, 0]], [[0, 1]]);
    expect(value).toBeGreaterThan(10);
    expect(gradient.every(Number.isFinite)).toBe(true);
  }
});

test('NaN among the predictions makes the loss NaN', () => {
  for (const [, loss, fused] of variants) {
    expect(run(lossKernel(loss, fused).kind, [[1, 0]], [[Number.NaN, 0]]).loss, loss).toBeNaN();
  }
});

describe('log cosh', () => {
  const { kind } = lossKernel('logCosh', undefined);

  test('the values in the documentation of tf.keras.losses.LogCosh', () => {
    const [target, predicted] = [
      [
        [0, 1],
        [0, 0],
      ],
      [
        [1, 1],
        [0, 0],
      ],
    ];
    expect(run(kind, target, predicted).loss).toBeCloseTo(0.108, 3);
    expect(run(kind, target, predicted, [0.8, 0.2]).loss).toBeCloseTo(0.087, 3);
  });

  test('precise for every size of an error, and never below 0', () => {
    for (let power = -60; power <= 120; power += 0.125) {
      const error = Math.fround(2 ** power);
      // The Taylor series if float64 would cancel; |e| − log 2 if cosh would overflow.
      const small = error ** 2 / 2 - error ** 4 / 12 + error ** 6 / 45;
      const large = error + Math.log1p(Math.exp(-2 * error)) - Math.LN2;
      const exact = error < 0.01 ? small : large;
      for (const sign of [-1, 1]) {
        const { loss, gradient } = run(kind, [[0]], [[sign * error]]);
        expect(Math.abs(loss / exact - 1), `e = ${error}`).toBeLessThan(2e-6);
        expect(Math.abs(gradient[0]! / (sign * Math.tanh(error)) - 1), `e = ${error}`).toBeLessThan(3e-7);
      }
      releaseAll();
    }
    expect(run(kind, [[0, 3]], [[0, 3]])).toMatchObject({ loss: 0, gradient: [0, 0] });
    expect(run(kind, [[0]], [[-3e38]])).toMatchObject({ loss: Math.fround(3e38), gradient: [-1] });
    expect(run(kind, [[0]], [[Number.NEGATIVE_INFINITY]])).toMatchObject({ loss: Infinity, gradient: [-1] });
  });
});
