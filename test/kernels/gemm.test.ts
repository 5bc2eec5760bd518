// Matrix products against plain loops: the same bits in the order that the docs state, and the error bound against float64.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GemmOptions, kernels } from '../../src/kernels/index.js';
import { k, placed, random, UNIT } from './helpers.js';

type Floats = Float32Array | Float64Array;

/** c as the docs state it: beta · c, and then (alpha · a) · b added over k in order, rounding each operation to the type. */
function reference(
  m: number,
  n: number,
  depth: number,
  a: Floats,
  b: Floats,
  c: Floats,
  o: Required<GemmOptions>,
): Floats {
  const round = c instanceof Float32Array ? Math.fround : (x: number) => x;
  const result = c.slice() as Floats;
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) {
      let sum = o.beta === 0 ? 0 : round(round(o.beta) * c[i * o.ldc + j]!);
      for (let p = 0; p < depth && o.alpha !== 0; p++) {
        const left = round(round(o.alpha) * (o.transposeA ? a[p * o.lda + i]! : a[i * o.lda + p]!));
        sum = round(sum + round(left * (o.transposeB ? b[j * o.ldb + p]! : b[p * o.ldb + j]!)));
      }
      result[i * o.ldc + j] = sum;
    }
  return result;
}

describe.each(['float32', 'float64'] as const)('gemm in %s', (type) => {
  const fill = (length: number, seed: number): Floats => {
    const values = random(length, seed);
    return type === 'float32' ? values : Float64Array.from(values, (x, i) => x + 1e-10 * i);
  };

  test('gives the bits of the stated order, for all shapes, transposes, factors, distances between rows and places of arrays', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const factors = fc.constantFrom(0, 1, -1, 0.7, -2.5);
    const property = fc.property(
      size,
      size,
      fc.oneof(size, fc.integer({ min: 250, max: 600 })),
      fc.boolean(),
      fc.boolean(),
      factors,
      factors,
      fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
      fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
      fc.nat(1000),
      (m, n, depth, transposeA, transposeB, alpha, beta, gaps, places, seed) => {
        using _ = k.scope();
        const lda = (transposeA ? m : depth) + gaps[0];
        const ldb = (transposeB ? depth : n) + gaps[1];
        const ldc = n + gaps[2];
        const o = { alpha, beta, transposeA, transposeB, lda, ldb, ldc };
        const a = fill((transposeA ? depth : m) * lda, seed);
        const b = fill((transposeB ? n : depth) * ldb, seed + 1);
        const c = fill(m * ldc, seed + 2);
        const expected = reference(m, n, depth, a, b, c, o);
        const result = placed(c, places[2]);
        const used = k.bytesInUse;
        expect(k.gemm(m, n, depth, placed(a, places[0]), placed(b, places[1]), result, o)).toBe(result);
        expect(result).toEqual(expected);
        expect(k.bytesInUse - used).toBeLessThan(1e6);
      },
    );
    fc.assert(property, { numRuns: 150 });
  });

  test.each([1, 2, 3, 4, 5, 8, 16, 17])('%i × itself without options, where small products take another way', (n) => {
    const [a, b] = [fill(n * n, 1), fill(n * n, 2)];
    const c = fill(n * n, 3);
    const o = { alpha: 1, beta: 0, transposeA: false, transposeB: false, lda: n, ldb: n, ldc: n };
    const expected = reference(n, n, n, a, b, c, o);
    expect(k.gemm(n, n, n, a, b, c)).toEqual(expected);
    expect(k.gemm(n, n, n, a, b, c, {})).toEqual(expected);
  });

  test('errors are at most (k + 2) · u · |a| · |b|', () => {
    const [m, n, depth] = [20, 30, 700];
    const [a, b] = [fill(m * depth, 5), fill(depth * n, 6)];
    // Numbers of very different sizes, which cancel.
    for (let i = 0; i < a.length; i += 3) a[i] = a[i]! * 2 ** ((i % 60) - 30);
    const c = type === 'float32' ? new Float32Array(m * n) : new Float64Array(m * n);
    k.gemm(m, n, depth, a, b, c);
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        // Summed by Neumaier, so that the reference of float64 is exact enough.
        let [sum, lost, size] = [0, 0, 0];
        for (let p = 0; p < depth; p++) {
          const term = a[i * depth + p]! * b[p * n + j]!;
          const next = sum + term;
          lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
          sum = next;
          size += Math.abs(term);
        }
        expect(Math.abs(c[i * n + j]! - (sum + lost))).toBeLessThanOrEqual((depth + 2) * UNIT[type] * size);
      }
  });
});

test('subnormal numbers, NaN and infinities are those of IEEE 754', () => {
  const tiny = 2 ** -149;
  const one = (a: number[], b: number[]) =>
    k.gemm(1, 1, a.length, Float32Array.from(a), Float32Array.from(b), new Float32Array(1), { alpha: 1 })[0];
  expect(one([tiny], [1])).toBe(tiny);
  expect(one([tiny, tiny], [1, 1])).toBe(2 * tiny);
  expect(one([Infinity], [1])).toBe(Infinity);
  expect(one([Infinity], [0])).toBeNaN();
  expect(one([Infinity, 1], [1, -Infinity])).toBeNaN();
  expect(one([3e38], [10])).toBe(Infinity);
  expect(one([NaN], [1])).toBeNaN();
});

test('c is not read where beta is 0, a and b are not where alpha is 0', () => {
  const nan = () => new Float32Array(4).fill(NaN);
  const ones = new Float32Array(4).fill(1);
  expect(k.gemm(2, 2, 2, ones, ones, nan())).toEqual(Float32Array.of(2, 2, 2, 2));
  expect(k.gemm(2, 2, 2, ones, ones, nan(), { beta: 0 })).toEqual(Float32Array.of(2, 2, 2, 2));
  expect(k.gemm(2, 2, 2, nan(), nan(), ones.slice(), { alpha: 0, beta: 3 })).toEqual(Float32Array.of(3, 3, 3, 3));
  expect(k.gemm(2, 2, 0, nan(), nan(), nan())).toEqual(new Float32Array(4));
});

test('numbers between the rows of an outside c stay', () => {
  const c = Float32Array.of(0, 0, 7, 0, 0, 8);
  k.gemm(2, 2, 1, Float32Array.of(1, 2), Float32Array.of(3, 4), c, { ldc: 3 });
  expect(c).toEqual(Float32Array.of(3, 4, 7, 6, 8, 8));
});

test('all tiles give the same bits', () => {
  // The choice is made while these run.
  const [a, b] = [k.float32(random(200 * 200, 1)), k.float32(random(200 * 200, 2))];
  const c = k.float32(200 * 200);
  const bytes = () => Buffer.from(c.buffer, c.byteOffset, c.byteLength);
  k.gemm(200, 200, 200, a, b, c);
  const first = Buffer.from(bytes());
  for (let i = 0; i < 100; i++) {
    k.gemm(200, 200, 200, a, b, c);
    expect(bytes().equals(first)).toBe(true);
  }
  for (const x of [a, b, c]) k.free(x);
});

test('what does not fit together is refused before anything is touched', () => {
  const f = (n: number) => new Float32Array(n);
  const c = Float32Array.of(1, 2, 3, 4);
  const refused = (code: string, message: RegExp, call: () => unknown) =>
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  refused('SHAPE', /gemm: a: has 3 numbers, needs 4/, () => k.gemm(2, 2, 2, f(3), f(4), c));
  refused('SHAPE', /gemm: b: has 3/, () => k.gemm(2, 2, 2, f(4), f(3), c));
  refused('SHAPE', /gemm: c: has 3/, () => k.gemm(2, 2, 2, f(4), f(4), f(3)));
  refused('ARGUMENT', /the same type/, () => k.gemm(2, 2, 2, f(4), new Float64Array(4) as never, c));
  refused('ARGUMENT', /gemm\(m\)/, () => k.gemm(-1, 2, 2, f(4), f(4), c));
  refused('ARGUMENT', /gemm\(k\)/, () => k.gemm(1, 2, 1.5, f(4), f(4), c));
  refused('ARGUMENT', /gemm\(lda\).*from 2 to 268435455/, () => k.gemm(2, 2, 2, f(4), f(4), c, { lda: 1 }));
  refused('ARGUMENT', /alfa/, () => k.gemm(2, 2, 2, f(4), f(4), c, { alfa: 1 } as never));
  refused('ARGUMENT', /gemm\(a\).*for results/, () => k.gemm(2, 2, 2, c, f(4), c));
  refused('ARGUMENT', /shares memory/, () => {
    const whole = k.float32(20);
    k.gemm(4, 4, 1, whole.subarray(0, 4), f(4), whole.subarray(2, 18));
  });
  expect(c).toEqual(Float32Array.of(1, 2, 3, 4));
});

test('outside arrays that do not fit are refused, and the memory is as before', () => {
  using small = kernels({ memory: 70_000 });
  const big = new Float32Array(200 * 200);
  expect(() => small.gemm(200, 200, 200, big, big.slice(), big.slice())).toThrow(
    expect.objectContaining({
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(/gemm\(\w\): cannot allocate 160000 bytes: \d+ of \d+ are free/),
    }),
  );
  expect(small.bytesInUse).toBe(0);
  expect(small.nrm2(big.subarray(0, 100))).toBe(0);
});
