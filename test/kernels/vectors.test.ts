// Vectors and matrix times vector, against plain loops in float64.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { floats, k, placed, random, UNIT } from './helpers.js';

type Floats = Float32Array | Float64Array;

describe.each(['float32', 'float64'] as const)('%s', (type) => {
  const of = (x: Float32Array): Floats => (type === 'float32' ? x : Float64Array.from(x));
  const round = type === 'float32' ? Math.fround : (x: number) => x;
  const pair = fc.integer({ min: 0, max: 2500 }).chain((n) => fc.tuple(floats(n), floats(n), fc.nat(2)));

  test('dot is within n · u · Σ|x · y|', () => {
    fc.assert(
      fc.property(pair, ([p, q, where]) => {
        using _ = k.scope();
        const [x, y] = [placed(of(p), where), placed(of(q), where + 1)];
        let [sum, size] = [0, 0];
        for (let i = 0; i < x.length; i++) {
          sum += x[i]! * y[i]!;
          size += Math.abs(x[i]! * y[i]!);
        }
        const actual = k.dot(x, y);
        // A product of float32 may overflow, in the plain loop in float64 it does not.
        if (size > 1e38 && type === 'float32') return;
        expect(Math.abs(actual - sum)).toBeLessThanOrEqual(x.length * UNIT[type] * size + x.length * 2 ** -149);
      }),
      { numRuns: 100 },
    );
  });

  test('axpy and scal round as a loop does', () => {
    fc.assert(
      fc.property(pair, fc.constantFrom(0, 1, -0.3, 2.5), ([p, q, where], alpha) => {
        using _ = k.scope();
        const [x, y] = [placed(of(p), where), placed(of(q), where + 1)];
        const sums = Array.from(x, (value, i) => (alpha === 0 ? y[i] : round(round(round(alpha) * value) + y[i]!)));
        expect(Array.from(k.axpy(alpha, x, y))).toEqual(sums);
        const products = Array.from(x, (value) => (alpha === 0 ? 0 : round(round(alpha) * value)));
        expect(Array.from(k.scal(alpha, x))).toEqual(products);
      }),
      { numRuns: 100 },
    );
  });

  test('asum and nrm2 in float64, iamax the first largest', () => {
    fc.assert(
      fc.property(pair, ([p, , where]) => {
        using _ = k.scope();
        const x = placed(of(p), where);
        const sizes = Array.from(x, Math.abs);
        const sum = sizes.reduce((a, b) => a + b, 0);
        expect(Math.abs(k.asum(x) - sum)).toBeLessThanOrEqual(1e-12 * sum);
        const norm = Math.hypot(...sizes);
        expect(Math.abs(k.nrm2(x) - norm)).toBeLessThanOrEqual(1e-12 * norm);
        expect(k.iamax(x)).toBe(sizes.length === 0 ? -1 : sizes.indexOf(sizes.reduce((a, b) => Math.max(a, b))));
      }),
      { numRuns: 100 },
    );
  });

  test('gemv and ger, plain and transposed', () => {
    const size = fc.integer({ min: 1, max: 70 });
    const property = fc.property(
      size,
      fc.oneof(size, fc.constantFrom(1030, 2050)),
      fc.constantFrom(1, -0.7, 0),
      fc.constantFrom(0, 1, 0.3),
      fc.nat(3),
      fc.nat(1000),
      (m, n, alpha, beta, gap, seed) => {
        using _ = k.scope();
        const lda = n + gap;
        const [a, x, y] = [of(random(m * lda, seed)), of(random(n, seed + 1)), of(random(m, seed + 2))];
        const wrong: string[] = [];
        const near = (actual: Floats, i: number, exact: number, size: number, terms: number) =>
          expect(Math.abs(actual[i]! - exact)).toBeLessThanOrEqual((terms + 3) * UNIT[type] * size);
        const product = k.gemv(m, n, placed(a, seed), placed(x, seed + 1), placed(y.slice(), seed + 2), {
          alpha,
          beta,
          lda,
        });
        for (let i = 0; i < m; i++) {
          let [sum, size] = [beta * y[i]!, Math.abs(beta * y[i]!)];
          for (let j = 0; j < n; j++) {
            sum += alpha * a[i * lda + j]! * x[j]!;
            size += Math.abs(alpha * a[i * lda + j]! * x[j]!);
          }
          near(product, i, sum, size, n);
        }
        const transposed = k.gemv(m, n, a, y, x.slice(), { alpha, beta, lda, transpose: true });
        const outer = k.ger(m, n, y, x, placed(a.slice(), seed), { alpha, lda });
        for (let j = 0; j < n; j++) {
          let sum = round(round(beta) * x[j]!);
          if (beta === 0) sum = 0;
          for (let i = 0; i < m; i++) sum = round(sum + round(round(round(alpha) * y[i]!) * a[i * lda + j]!));
          if (transposed[j] !== sum) wrong.push(`transposed ${j}`);
        }
        for (let i = 0; i < m; i++)
          for (let j = 0; j < lda; j++) {
            const old = a[i * lda + j]!;
            if (outer[i * lda + j] !== (j < n ? round(old + round(round(round(alpha) * y[i]!) * x[j]!)) : old))
              wrong.push(`outer ${i}, ${j}`);
          }
        expect(wrong).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 60 });
  });
});

test('a row of gemv has the same bits whatever rows are beside it', () => {
  const [a, x] = [random(7 * 1100, 1), random(1100, 2)];
  const all = k.gemv(7, 1100, a, x, new Float32Array(7));
  for (let i = 0; i < 7; i++)
    expect(k.gemv(1, 1100, a.subarray(i * 1100, (i + 1) * 1100), x, new Float32Array(1))[0]).toBe(all[i]);
});

test('a short dot is the loop', () => {
  for (const n of [0, 1, 16, 31, 32, 33]) {
    const [x, y] = [random(n, 1), random(n, 2)];
    let sum = 0;
    for (let i = 0; i < n; i++) sum += x[i]! * y[i]!;
    if (n < 32) expect(k.dot(x, y)).toBe(sum);
    else expect(k.dot(x, y)).toBeCloseTo(sum, 5);
    expect(k.dot(k.float32(x), k.float32(y))).toBe(k.dot(x, y));
  }
});

test('norms neither overflow nor vanish', () => {
  expect(k.nrm2(Float64Array.of(3e300, 4e300))).toBeCloseTo(5e300, -290);
  expect(k.nrm2(Float64Array.of(3e-300, 4e-300)) / 5e-300).toBeCloseTo(1, 12);
  expect(k.nrm2(Float64Array.of(5e-324))).toBe(5e-324);
  expect(k.nrm2(Float64Array.of(-Infinity, 1))).toBe(Infinity);
  expect(k.nrm2(Float64Array.of(NaN, 1))).toBeNaN();
  expect(k.nrm2(Float64Array.of())).toBe(0);
  expect(k.iamax(Float32Array.of(1, NaN, Infinity))).toBe(1);
  expect(k.asum(Float32Array.of(NaN))).toBeNaN();
});

test('lengths that differ are refused', () => {
  const shape = expect.objectContaining({ code: 'SHAPE' });
  const f = (n: number) => new Float32Array(n);
  expect(() => k.dot(f(2), f(3))).toThrow(shape);
  expect(() => k.axpy(1, f(40), f(41))).toThrow(shape);
  expect(() => k.gemv(2, 3, f(6), f(2), f(2))).toThrow(shape);
  expect(() => k.gemv(2, 3, f(5), f(3), f(2))).toThrow(shape);
  expect(() => k.ger(2, 3, f(2), f(3), f(5))).toThrow(shape);
  expect(() => k.dot(f(2), new Float64Array(2) as never)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }));
});

test('where alpha is 0, nothing is read, as in BLAS', () => {
  const nan = new Float32Array(4).fill(NaN);
  const y = Float32Array.of(1, 2);
  expect([...k.axpy(0, nan.subarray(0, 2), y)]).toEqual([1, 2]);
  expect([...k.gemv(2, 2, nan, nan.subarray(0, 2), y, { alpha: 0, beta: 3 })]).toEqual([3, 6]);
  expect([...k.gemv(2, 2, nan, nan.subarray(0, 2), y, { alpha: 0, beta: 1, transpose: true })]).toEqual([3, 6]);
  expect([...k.gemv(2, 2, nan, nan.subarray(0, 2), nan.slice(0, 2), { alpha: 0 })]).toEqual([0, 0]);
  expect([...k.ger(1, 2, nan.subarray(0, 1), nan.subarray(0, 2), y, { alpha: 0 })]).toEqual([3, 6]);
  expect([...k.gemm(1, 2, 2, nan.subarray(0, 2), nan, y, { alpha: 0, beta: 2 })]).toEqual([6, 12]);
  expect([...k.gemv(2, 0, y.subarray(0, 0), y.subarray(0, 0), y, { beta: 0.5 })]).toEqual([3, 6]);
});
