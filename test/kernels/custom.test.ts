// Threads, fused multiply-add and 256-bit registers: the same bits, or nearly, and what is refused.
import { afterAll, describe, expect, test } from 'vitest';
import { mayBeWide } from '../../src/engine/wide.js';
import { supports } from '../../src/index.js';
import { FUSED_BITS, KNOWN_BITS } from '../../src/kernels/custom.js';
import { createKernels, type Kernels, kernels } from '../../src/kernels/index.js';
import { k, random } from './helpers.js';

const [m, n, depth] = [150, 170, 600];
const [a, b] = [random(m * depth, 1), random(depth * n, 2)];

/** Results of every kernel that threads share, large enough to be shared. */
function results(of: Kernels): Float32Array[] {
  using _ = of.scope();
  const [x, y] = [of.float32(a), of.float32(b)];
  const many = of.normal(50_000, { seed: 3 });
  const doubles = of.gemm(m, n, depth, of.float64(a), of.float64(b), of.float64(m * n), { alpha: 0.5 });
  return [
    of.gemm(m, n, depth, x, y, of.float32(m * n)),
    of.gemm(m, n, depth, x, y, of.float32(m * n).fill(1), { beta: 0.3, alpha: -2 }),
    of.gemm(depth, depth, m, x, x, of.float32(depth * depth), { transposeA: true }),
    of.gemm(m, m, depth, x, x, of.float32(m * m), { transposeB: true }),
    of.gemv(m, depth, x, y.subarray(0, depth), of.float32(m)),
    many,
    of.uniform(50_000, { seed: 4, stream: 1 }),
    of.exp(many),
    of.gelu(many),
    of.activationGradient('mish', many, many),
    of.softmax(many, 500),
    of.logSumExp(many, 100),
    of.nearest(x, y.subarray(0, 40 * depth), depth, { k: 3 }).values,
    Float32Array.from(doubles),
  ].map((array) => array.slice());
}

const plain = results(k);
const same = (actual: readonly Float32Array[]) =>
  actual.map((array, i) => Buffer.from(array.buffer).equals(Buffer.from(plain[i]!.buffer)));
const made: Kernels[] = [];
const make = async (o: Parameters<typeof createKernels>[0]) => {
  const one = await createKernels(o);
  made.push(one);
  return one;
};
afterAll(() => {
  for (const one of made) one.dispose();
});

test.each([2, 3, 5])('%i threads give the same bits', async (threads) => {
  const crew = await make({ threads });
  expect([crew.threads, crew.relaxed, crew.wide]).toEqual([threads, false, false]);
  for (let i = 0; i < 3; i++) expect(same(results(crew))).toEqual(plain.map(() => true));
});

test('calls on empty arrays are as on one thread', async () => {
  const crew = await make({ threads: 2 });
  const none = new Float32Array(0);
  const results = (of: Kernels) =>
    [
      of.gemv(5, 0, none, none, new Float32Array(5).fill(1)),
      of.gemv(5, 0, none, none, new Float32Array(5).fill(1), { beta: 2 }),
      of.gemv(0, 0, none, none, none),
      of.gemv(0, 5, none, none, new Float32Array(5).fill(1), { transpose: true }),
      of.gemm(0, 3, 2, none, new Float32Array(6), none),
      of.gemm(2, 2, 0, none, none, new Float32Array(4).fill(1), { beta: 3 }),
      of.ger(0, 3, none, new Float32Array(3), none),
      of.softmax(none),
      of.softmax(none, 5),
      of.logSoftmax(none),
      of.logSumExp(none),
      of.softmaxGradient(none, none),
      of.exp(none),
      of.gelu(none),
      of.add(none, none),
      of.activationGradient('mish', none, none),
      of.normalize(none),
      of.cosine(none, new Float32Array(6), 3),
      of.nearest(none, new Float32Array(6), 3).values,
      of.uniform(0),
      of.normal(0),
      of.argsort(none),
      of.permutation(0),
    ].map((array) => Array.from(array));
  expect(results(crew)).toEqual(results(k));
  expect([crew.sum(none), crew.max(none), crew.min(none), crew.argmin(none), crew.dot(none, none)]).toEqual([
    0,
    -Infinity,
    Infinity,
    -1,
    0,
  ]);
});

test('wide kernels give the same bits, whether they are wide here or not', async () => {
  const wide = await make({ wide: true });
  expect(same(results(wide))).toEqual(plain.map(() => true));
  // V8 has it from version 12 on; Bun and Deno have no flag for it.
  if (!mayBeWide()) expect(wide.wide).toBe(false);
});

describe.skipIf(!supports().relaxed)('relaxed kernels', () => {
  const bound = 1e-5;
  const near = (actual: readonly Float32Array[]) => {
    for (const [i, array] of actual.entries()) {
      // Random rows may have neighbours that are equally near.
      let worst = 0;
      for (let j = 0; j < array.length; j++)
        worst = Math.max(worst, Math.abs(array[j]! - plain[i]![j]!) / (1 + Math.abs(plain[i]![j]!)));
      expect(worst, `result ${i}`).toBeLessThan(bound);
    }
  };
  test('are near', async () => {
    const relaxed = await make({ relaxed: true });
    expect(relaxed.relaxed).toBe(true);
    near(results(relaxed));
  });

  test('with threads have the bits of relaxed ones', async () => {
    const [alone, crew] = [await make({ relaxed: true }), await make({ relaxed: true, threads: 2 })];
    const both = [results(alone), results(crew)] as const;
    expect(both[0].map((array, i) => Buffer.from(array.buffer).equals(Buffer.from(both[1][i]!.buffer)))).toEqual(
      plain.map(() => true),
    );
  });
});

test('the fingerprint that decides whether wide kernels are right is that of these', async () => {
  const { fingerprintOf } = await import('../../src/kernels/custom.js');
  expect([KNOWN_BITS, FUSED_BITS]).toContain(await fingerprintOf({}));
  expect(await fingerprintOf({})).toBe(KNOWN_BITS);
  if (supports().relaxed) expect([KNOWN_BITS, FUSED_BITS]).toContain(await fingerprintOf({ relaxed: true }));
});

test('options out of range are refused', async () => {
  const wrong = [
    { threads: 0 },
    { threads: 65 },
    { memory: -1 },
    { memory: 2 ** 33 },
    { wide: 1 },
    { relaxed: 'yes' },
    { thread: 2 },
  ];
  for (const o of wrong) await expect(createKernels(o as never)).rejects.toMatchObject({ code: 'ARGUMENT' });
  expect(() => kernels({ memory: 0 })).toThrow(expect.objectContaining({ code: 'ARGUMENT' }));
  expect(() => kernels({ threads: 2 } as never)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }));
});

test('arrays of shared memory work as others do', async () => {
  const crew = made.find((one) => one.threads === 2) as Kernels;
  using _ = crew.scope();
  const x = crew.float32([1, 2, 3]);
  expect(x.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(crew.sum(x)).toBe(6);
  expect(Array.from(crew.exp(new Float32Array(2)))).toEqual([1, 1]);
});
