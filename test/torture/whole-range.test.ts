// Softmax, sigmoids, batch normalization and the crossentropies over the whole range of float32, against float64: results that float32 can hold are right, and others are
// infinite or NaN instead of wrong.
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { activationKernel, activationNames } from '../../src/nn/activations.js';
import { lossKernel } from '../../src/nn/losses.js';
import { calls, guarded, odd, placePanels, readPanels, releaseAll, roomForPanels } from '../helpers/memory.js';
import { activate } from '../oracle/activation.js';
import { moments } from '../oracle/normalise.js';
import { binaryOfLogits, categoricalOfLogits } from '../oracle/stable.js';
import { rounds } from './rounds.js';

afterEach(releaseAll);
const numRuns = rounds(2000, 300, 100_000);

/** Any finite float32, with all exponents equally likely, including subnormal numbers, zeros and the largest numbers. */
const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const bits = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((word) => new Float32Array(Uint32Array.of(word).buffer)[0]!);
const any = fc.oneof(
  bits.map((value) => (Number.isFinite(value) ? value : 0)),
  float,
  fc.integer({ min: -300, max: 300 }).map((n) => Math.fround(n / 3)),
  fc.constantFrom(3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -1e-45, 1.1754943508222875e-38, 88.8, -103.9),
);
const row = (length: number) => fc.array(any, { minLength: length, maxLength: length });
const share = fc.float({ min: 0, max: 1, noNaN: true });

/** Above this, sums in float32 are infinite, which training refuses. */
const LARGEST = 3.4e38;

/** Whether a float32 differs from this number by at most `parts` of it, or of `beside` if that is larger. Numbers beyond float32 must be infinite or near its limit. */
function near(actual: number, expected: number, parts: number, beside = 0): boolean {
  if (Math.abs(expected) > 3.4028235e38) return actual === Math.sign(expected) * Infinity || Math.abs(actual) > 3.3e38;
  // Subnormal numbers have fewer digits.
  return Math.abs(actual - expected) <= parts * Math.max(Math.abs(expected), beside) + 1e-44;
}

describe('activations', () => {
  const softmax = (values: number[]): number[] => {
    const x = placePanels([values], 1);
    const y = roomForPanels(1, values.length);
    calls.softmaxForward(1, values.length, x, y, false);
    return readPanels(y, 1, 1, values.length);
  };

  test('softmax: sums to 1, each within 1e-6 of float64', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }).chain(row), (values) => {
        const actual = softmax(values);
        const expected = activate('softmax', values);
        releaseAll();
        return (
          Math.abs(actual.reduce((a, b) => a + b, 0) - 1) < 1e-6 &&
          actual.every((value, i) => Math.abs(value - expected[i]!) < 1e-6)
        );
      }),
      { numRuns },
    );
  });

  test('a thousand classes, all alike or one far ahead', () => {
    expect(softmax(new Array(1000).fill(-3e38)).every((p) => near(p, 1e-3, 1e-5))).toBe(true);
    const ahead = softmax([...new Array(999).fill(-3e38), 3e38]);
    expect(ahead.at(-1)).toBe(1);
    expect(ahead.slice(0, -1).every((p) => p === 0)).toBe(true);
  });

  const elementwise = activationNames.filter((name) => activationKernel(name).kind >= 0);
  test.each(elementwise)('%s', (name) => {
    const { kind, alpha } = activationKernel(name);
    fc.assert(
      fc.property(row(16), (values) => {
        const x = placePanels([values], 1);
        const y = roomForPanels(1, 16);
        calls.activationForward(kind, 16, x, y, alpha);
        const actual = readPanels(y, 1, 1, 16);
        const expected = activate(name, values);
        releaseAll();
        // If large parts cancel, as in gelu below −5, float32 keeps only the digits that remain.
        return actual.every((value, i) => near(value, expected[i]!, 1e-5, Math.min(1, Math.abs(values[i]!)) * 0.1));
      }),
      { numRuns },
    );
  });
});

describe('crossentropies', () => {
  const run = (kind: number, target: number[], predicted: number[]) => {
    const outputs = target.length;
    const p = placePanels([predicted], 1);
    const gradient = roomForPanels(1, outputs);
    const loss = calls.loss(kind, 1, outputs, p, placePanels([target], 1), 0, gradient, guarded(4));
    return { loss, gradient: readPanels(gradient, 1, 1, outputs) };
  };
  const pairs = fc
    .integer({ min: 2, max: 20 })
    .chain((n) => fc.tuple(row(n), fc.array(share, { minLength: n, maxLength: n }), fc.nat(n - 1), fc.boolean()));

  test('categorical, from logits', () => {
    const { kind } = lossKernel('categoricalCrossentropy', 'softmax');
    fc.assert(
      fc.property(pairs, ([logits, shares, hot, hard]) => {
        const target = hard ? shares.map((_, i) => Number(i === hot)) : shares;
        const { loss, gradient } = run(kind, target, logits);
        releaseAll();
        const largest = Math.max(...logits.map(Math.abs));
        const probabilities = activate('softmax', logits);
        const mass = target.reduce((a, b) => a + b, 0);
        const apart = Math.max(...logits) - Math.min(...logits) > LARGEST && loss === Number.POSITIVE_INFINITY;
        return (
          (apart || near(loss, categoricalOfLogits(target, logits), 1e-5, Math.min(largest, 1) + 1e-2)) &&
          gradient.every((g, i) => Math.abs(g - (probabilities[i]! * mass - target[i]!)) < 1e-5)
        );
      }),
      { numRuns },
    );
  });

  test('binary, from logits', () => {
    const { kind } = lossKernel('binaryCrossentropy', 'sigmoid');
    fc.assert(
      fc.property(pairs, ([logits, shares, , hard]) => {
        const target = hard ? shares.map(Math.round) : shares;
        const { loss, gradient } = run(kind, target, logits);
        releaseAll();
        const probabilities = activate('sigmoid', logits);
        const largest = Math.max(...logits.map(Math.abs));
        const expected = binaryOfLogits(target, logits);
        const apart = expected * target.length > LARGEST && loss === Number.POSITIVE_INFINITY;
        return (
          (apart || near(loss, expected, 1e-5, Math.min(largest, 1) + 1e-2)) &&
          gradient.every((g, i) => Math.abs(g - (probabilities[i]! - target[i]!) / target.length) < 1e-6)
        );
      }),
      { numRuns },
    );
  });

  test('from probabilities: kept 1e-7 from 0 and 1, within 1e-5', () => {
    const clip = (p: number): number => Math.min(Math.max(p, 1e-7), 1 - 2 ** -23);
    fc.assert(
      fc.property(fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 20 }), (cells) => {
        const [target, predicted] = [cells.map(([t]) => t), cells.map(([, p]) => p)];
        const binary = run(lossKernel('binaryCrossentropy', undefined).kind, target, predicted).loss;
        const categorical = run(lossKernel('categoricalCrossentropy', undefined).kind, target, predicted).loss;
        releaseAll();
        const sum = (f: (t: number, p: number) => number): number =>
          cells.reduce((all, [t, p]) => all + f(t, clip(p)), 0);
        return (
          near(binary, sum((t, p) => -t * Math.log(p) - (1 - t) * Math.log(1 - p)) / cells.length, 1e-2, 1) &&
          near(
            categorical,
            sum((t, p) => -t * Math.log(p)),
            1e-5,
            1,
          )
        );
      }),
      { numRuns },
    );
  });
});

describe('batch normalization', () => {
  const EPSILON = 1e-5;
  const forward = (column: number[]) => {
    const rows = column.length;
    const x = placePanels(
      column.map((value) => [value]),
      odd(rows),
    );
    const [y, gamma, beta] = [roomForPanels(odd(rows), 1), placePanels([[1]], 1), placePanels([[0]], 1)];
    const [mean, inverse, variance] = [0, 0, 0].map(() => roomForPanels(1, 1)) as [number, number, number];
    calls.batchNormForward(rows, 1, x, y, gamma, beta, mean, inverse, variance, EPSILON);
    const [m, v] = [mean, variance].map((at) => readPanels(at, 1, 1, 1)[0] as number);
    return { y: readPanels(y, odd(rows), rows, 1), mean: m as number, variance: v as number };
  };

  test('is right, or NaN where float32 cannot hold the variance', () => {
    const column = fc.tuple(any, fc.integer({ min: 2, max: 30 })).chain(([scale, rows]) =>
      // Numbers of one size; and of any.
      fc.oneof(
        row(rows),
        fc
          .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: rows, maxLength: rows })
          .map((list) => list.map((v) => Math.fround(v * scale))),
      ),
    );
    fc.assert(
      fc.property(column, (values) => {
        const { y, mean, variance } = forward(values);
        releaseAll();
        const expected = moments(values);
        const spread = Math.max(...values.map(Math.abs));
        // Sums of float32 are held up to its largest number, squares up to its root.
        if (expected.variance * values.length > 3.4e38 || spread * values.length > 3.4e38)
          return (
            y.every((v) => Number.isNaN(v) || Math.abs(v) < 100) &&
            (Number.isNaN(y[0]) || near(variance, expected.variance, 1e-4))
          );
        const deviation = Math.sqrt(expected.variance + EPSILON);
        return (
          near(mean, expected.mean, 1e-6, spread) &&
          y.every((v, i) => Math.abs(v - (values[i]! - expected.mean) / deviation) < 1e-4 + (2e-6 * spread) / deviation)
        );
      }),
      { numRuns },
    );
  });

  test('beyond it all of the column is NaN, never the same number for each row', () => {
    for (const size of [1e20, 1e30, 1e38, 3.4e38]) {
      expect(forward([size, -size, size / 2, 0]).y.every(Number.isNaN)).toBe(true);
      releaseAll();
    }
  });
});
