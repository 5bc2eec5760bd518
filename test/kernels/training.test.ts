// Losses, optimizer steps and draws.
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { kernels } from '../../src/kernels/index.js';
import { testKernels } from '../helpers/kernels.js';
import { k, placed, random } from './helpers.js';

const coded = (code: string) => expect.objectContaining({ code });

describe('losses', () => {
  const formulas = {
    squaredError: (p: number, t: number) => (p - t) ** 2,
    absoluteError: (p: number, t: number) => Math.abs(p - t),
    huber: (p: number, t: number) => (Math.abs(p - t) <= 1 ? (p - t) ** 2 / 2 : Math.abs(p - t) - 0.5),
    binaryCrossEntropy: (z: number, t: number) => Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - z * t,
  } as const;

  test.each(Object.keys(formulas) as (keyof typeof formulas)[])(
    '%s, and its gradient by difference quotients in float64',
    (name) => {
      const f = formulas[name];
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(1000), fc.nat(2), (n, seed, where) => {
          using _ = k.scope();
          const p = random(n, seed).map((v) => 4 * v);
          const t = random(n, seed + 1).map((v) => (name === 'binaryCrossEntropy' ? (v + 1) / 2 : v));
          const exact = p.reduce((sum, v, i) => sum + f(v, t[i]!), 0) / n;
          const gradient = placed(new Float32Array(n), where);
          expect(k[name](placed(p, where), placed(t, where + 1), gradient)).toBeCloseTo(exact, 5);
          expect(k[name](p, t)).toBe(k[name](placed(p, where + 1), t));
          const h = 1e-6;
          for (let i = 0; i < n; i++)
            expect(gradient[i]).toBeCloseTo((f(p[i]! + h, t[i]!) - f(p[i]! - h, t[i]!)) / (2 * h * n), 3);
          expect(k[name](p, t, p)).toBeCloseTo(exact, 5);
          expect(p).toEqual(gradient.slice());
        }),
        { numRuns: 60 },
      );
    },
  );

  test('crossEntropy of labels and of probabilities', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 21 }),
        fc.nat(1000),
        fc.nat(2),
        (rows, columns, seed, where) => {
          using _ = k.scope();
          const z = random(rows * columns, seed).map((v) => 8 * v);
          const labels = Int32Array.from({ length: rows }, (_, i) => (seed + i) % columns);
          const hot = new Float32Array(rows * columns);
          for (const [i, label] of labels.entries()) hot[i * columns + label] = 1;
          const log = k.logSoftmax(z, columns);
          const exact = labels.reduce((sum, label, i) => sum - log[i * columns + label]!, 0) / rows;
          const [a, b] = [placed(new Float32Array(z.length), where), new Float32Array(z.length)];
          expect(k.crossEntropy(placed(z, where), labels, a)).toBeCloseTo(exact, 4);
          expect(k.crossEntropy(z, hot, b, columns)).toBeCloseTo(exact, 4);
          const p = k.softmax(z, columns);
          for (let i = 0; i < z.length; i++) {
            expect(a[i]).toBeCloseTo((p[i]! - hot[i]!) / rows, 5);
            expect(b[i]).toBe(a[i]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('huge logits, and what is refused', () => {
    expect(k.crossEntropy(Float32Array.of(1e30, 0), Int32Array.of(0))).toBe(0);
    expect(k.binaryCrossEntropy(Float32Array.of(-1e30, 1e30), Float32Array.of(0, 1))).toBe(0);
    expect(() => k.crossEntropy(new Float32Array(4), Int32Array.of(0, 2))).toThrow(coded('DATA'));
    expect(() => k.crossEntropy(new Float32Array(4), Int32Array.of(-1, 1))).toThrow(coded('DATA'));
    expect(() => k.crossEntropy(new Float32Array(5), Int32Array.of(0, 1))).toThrow(coded('SHAPE'));
    expect(() => k.squaredError(new Float32Array(2), new Float32Array(3))).toThrow(coded('SHAPE'));
  });
});

describe('steps of optimizers are those of the rules in float64', () => {
  const n = 21;
  const [start, g] = [random(n, 1), random(n, 2)];
  const rules: [
    string,
    (p: Float32Array, step: number, state: Float32Array[]) => unknown,
    (p: number, g: number, s: number[], t: number) => number,
  ][] = [
    ['sgd', (p) => k.sgd(p, g, { learningRate: 0.1 }), (p, g) => p - 0.1 * g],
    [
      'sgd with Nesterov momentum',
      (p, _, [velocity]) => k.sgd(p, g, { learningRate: 0.1, momentum: 0.9, nesterov: true, velocity: velocity! }),
      (p, g, s) => {
        s[0] = 0.9 * s[0]! + g;
        return p - 0.1 * (g + 0.9 * s[0]);
      },
    ],
    [
      'adamw',
      (p, step, [m, v]) => k.adam(p, g, { m: m!, v: v!, step, learningRate: 0.01, weightDecay: 0.1 }),
      (p, g, s, t) => {
        s[0] = 0.9 * s[0]! + 0.1 * g;
        s[1] = 0.999 * s[1]! + 0.001 * g * g;
        return p * (1 - 0.001) - (0.01 * (s[0] / (1 - 0.9 ** t))) / (Math.sqrt(s[1] / (1 - 0.999 ** t)) + 1e-8);
      },
    ],
    [
      'rmsprop with momentum',
      (p, _, [v, velocity]) => k.rmsprop(p, g, { v: v!, velocity: velocity!, momentum: 0.5, learningRate: 0.01 }),
      (p, g, s) => {
        s[0] = 0.99 * s[0]! + 0.01 * g * g;
        s[1] = 0.5 * s[1]! + g / (Math.sqrt(s[0]) + 1e-8);
        return p - 0.01 * s[1];
      },
    ],
    [
      'adagrad',
      (p, _, [v]) => k.adagrad(p, g, { v: v!, learningRate: 0.1 }),
      (p, g, s) => {
        s[0] = s[0]! + g * g;
        return p - (0.1 * g) / (Math.sqrt(s[0]) + 1e-10);
      },
    ],
    [
      'lion',
      (p, _, [m]) => k.lion(p, g, { m: m!, learningRate: 0.01, weightDecay: 0.1 }),
      (p, g, s) => {
        const u = Math.sign(0.9 * s[0]! + 0.1 * g);
        s[0] = 0.99 * s[0]! + 0.01 * g;
        return p - 0.01 * (u + 0.1 * p);
      },
    ],
  ];
  test.each(rules)('%s', (_, step, rule) => {
    for (const where of [0, 1, 2]) {
      using _ = k.scope();
      const p = placed(start.slice(), where);
      const state = [placed(new Float32Array(n), where), placed(new Float32Array(n), where + 1)];
      const [exact, exactState] = [Array.from(start), Array.from(start, () => [0, 0])];
      for (let t = 1; t <= 5; t++) {
        expect(step(p, t, state)).toBe(p);
        for (let i = 0; i < n; i++) exact[i] = rule(exact[i]!, g[i]!, exactState[i]!, t);
      }
      for (let i = 0; i < n; i++) expect(p[i]).toBeCloseTo(exact[i]!, 4);
    }
  });

  test('arrays that are used twice, or lack, are refused', () => {
    const f = () => new Float32Array(3);
    const p = f();
    expect(() => k.sgd(p, p)).toThrow(coded('ARGUMENT'));
    expect(() => k.adam(p, f(), { m: p, v: f(), step: 1 })).toThrow(coded('ARGUMENT'));
    expect(() => k.adam(f(), f(), { m: f(), v: f(), step: 0 })).toThrow(coded('ARGUMENT'));
    expect(() => k.sgd(f(), f(), { momentum: 0.9 })).toThrow(coded('ARGUMENT'));
    expect(() => k.adagrad(f(), f(), { v: new Float32Array(2) })).toThrow(coded('SHAPE'));
  });
});

test('a velocity, or nesterov, without a momentum is refused', () => {
  const f = () => new Float32Array(3);
  expect(() => k.sgd(f(), f(), { nesterov: true })).toThrow(coded('ARGUMENT'));
  expect(() => k.sgd(f(), f(), { velocity: f() })).toThrow(coded('ARGUMENT'));
  expect(() => k.rmsprop(f(), f(), { v: f(), velocity: f() })).toThrow(coded('ARGUMENT'));
  expect(() => k.sgd(f(), f(), 0.1 as never)).toThrow(/did you mean \{ learningRate: 0.1 \}/);
});

test('labels and probabilities of another realm are taken', () => {
  const [floats, labels] = runInNewContext('[Float32Array.of(0, 1), Int32Array.of(1)]') as [Float32Array, Int32Array];
  const logits = Float32Array.of(0, 0);
  expect(k.crossEntropy(logits, labels)).toBeCloseTo(Math.LN2, 6);
  expect(k.crossEntropy(logits, floats, undefined, 2)).toBeCloseTo(Math.LN2, 6);
  expect(() => k.crossEntropy(logits, floats)).toThrow(/crossEntropy\(columns\): expected the number of classes/);
});

describe('draws', () => {
  test('what may be no float32 is refused', () => {
    for (const o of [{ deviation: 1e38 }, { mean: 3.4028e38 }, { mean: -3e38, deviation: 1e37 }])
      expect(() => k.normal(3, o)).toThrow(coded('ARGUMENT'));
    expect(() => k.uniform(3, { high: 3.4028e38 })).toThrow(coded('ARGUMENT'));
    expect(() => k.uniform(3, { low: -3.4028e38 })).toThrow(coded('ARGUMENT'));
    using _ = k.scope();
    expect(k.normal(100_000, { deviation: 5.6e37 }).every(Number.isFinite)).toBe(true);
    expect(k.uniform(100_000, { low: -3.4e38, high: 3.4e38 }).every(Number.isFinite)).toBe(true);
  });

  test('new arrays of whole numbers are of int32, others of their own type', () => {
    expectTypeOf(k.permutation(3)).toEqualTypeOf<Int32Array>();
    expectTypeOf(k.permutation(new Uint32Array(3))).toExtend<Uint32Array>();
    expectTypeOf(k.argsort(Float32Array.of(1))).toEqualTypeOf<Int32Array>();
    expectTypeOf(k.argsort(Float32Array.of(1), { out: new Uint32Array(1) })).toExtend<Uint32Array>();
    expectTypeOf(k.topK(Float32Array.of(1), 1).indices).toEqualTypeOf<Int32Array>();
    expect([...k.permutation(new Uint32Array(3))].sort()).toEqual([0, 1, 2]);
  });

  test('uniform numbers are the words of Philox, whose known answers are tested, at their places', () => {
    const out = testKernels.allocate(64);
    const words = new Uint32Array(testKernels.memory.buffer, out, 16);
    testKernels.philox(7, 2, 0, 5, 28, 0, out);
    const seed = 7 + 2 * 2 ** 32;
    const expected = Array.from(words, (word) => Math.fround((2 * (word >>> 8) + 1) / 2 ** 24 - 1));
    expect([...k.uniform(16, { seed, stream: 5, low: -1, high: 1 })]).toEqual(expected);
    expect([...k.uniform(5, { seed, stream: 5, low: -1, high: 1 })]).toEqual(expected.slice(0, 5));
    testKernels.release(out);
  });

  test('normal numbers have the moments of the distribution', () => {
    const n = 200_000;
    const x = k.normal(n, { seed: 3, mean: 2, deviation: 0.5 });
    // Five standard errors.
    expect(Math.abs(k.mean(x) - 2)).toBeLessThan((5 * 0.5) / Math.sqrt(n));
    expect(Math.abs(k.variance(x) - 0.25)).toBeLessThan(5 * 0.25 * Math.sqrt(2 / n));
    k.free(x);
  });

  test('a permutation has each number once, and depends on seed and stream', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), fc.nat(10), (n, seed, stream) => {
        using _ = k.scope();
        const order = k.permutation(n, { seed, stream });
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        expect(k.permutation(new Int32Array(n), { seed, stream })).toEqual(order.slice());
      }),
    );
    expect(k.permutation(100, { seed: 1 })).not.toEqual(k.permutation(100, { seed: 2 }));
    expect(k.uniform(10, { stream: 1 })).not.toEqual(k.uniform(10, { stream: 2 }));
  });

  test('another instance draws the same', () => {
    using other = kernels({ memory: 2 ** 16 });
    expect(other.normal(100, { seed: 9 })).toEqual(k.normal(100, { seed: 9 }));
  });
});
