// The memory: fixed, scoped, freed, refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FloatArray, Kernels, kernels } from '../../src/kernels/index.js';

const coded = (code: string) => expect.objectContaining({ code });

test('views are never detached, however much is allocated', () => {
  using k = kernels({ memory: 2 ** 20 });
  const x = k.float32([1, 2, 3]);
  for (let i = 0; i < 100; i++) {
    using _ = k.scope();
    k.float64(100_000);
  }
  expect(x.buffer.byteLength).toBeGreaterThan(2 ** 20);
  expect([...x]).toEqual([1, 2, 3]);
  expect(() => k.float64(2 ** 20)).toThrow(coded('OUT_OF_MEMORY'));
  expect([...x]).toEqual([1, 2, 3]);
});

test('arrays are zeroed, lie apart, and what is freed comes back', () => {
  using k = kernels({ memory: 2 ** 20 });
  const all = k.bytesFree;
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3000), fc.boolean()), { maxLength: 60 }), (steps) => {
      const live: FloatArray[] = [];
      for (const [i, [length, frees]] of steps.entries()) {
        if (frees && live.length > 0) k.free(live.splice(length % live.length, 1)[0]!);
        else {
          const x = i % 2 ? k.float32(length) : k.float64(length);
          expect(x.every((value) => value === 0)).toBe(true);
          x.fill(i + 1);
          live.push(x);
        }
      }
      const ranges = live.map((x) => [x.byteOffset, x.byteOffset + x.byteLength] as const).sort((a, b) => a[0] - b[0]);
      for (const [i, [begin]] of ranges.entries()) expect(begin).toBeGreaterThanOrEqual(ranges[i - 1]?.[1] ?? 0);
      for (const x of live) expect(new Set(x).size).toBeLessThanOrEqual(1);
      for (const x of live) k.free(x);
      expect([k.bytesInUse, k.bytesFree]).toEqual([0, all]);
    }),
  );
});

test('scopes nest, and may end in any order', () => {
  using k = kernels();
  const outer = k.scope();
  const a = k.float32(1);
  const inner = k.scope();
  const b = k.float32(1);
  outer.free();
  expect(() => k.scal(1, a)).toThrow(coded('DISPOSED'));
  expect(k.scal(1, b)).toBe(b);
  inner.free();
  inner.free();
  expect(() => k.nrm2(b)).toThrow(coded('DISPOSED'));
  expect(k.bytesInUse).toBe(0);
});

test('what a kernel makes belongs to the scope', () => {
  using k = kernels();
  {
    using _ = k.scope();
    k.exp(k.add(k.float32([1, 2]), 1));
  }
  expect(k.bytesInUse).toBe(0);
});

test('free refuses what is not an array of these kernels', () => {
  using k = kernels();
  using other = kernels();
  const x = k.float32(4);
  for (const wrong of [new Float32Array(1), x.subarray(1), other.float32(1), undefined as never, 5 as never])
    expect(() => k.free(wrong)).toThrow(coded('ARGUMENT'));
  k.free(x);
  k.free(x);
  expect(k.bytesInUse).toBe(0);
});

test("another instance's arrays are outside arrays", () => {
  using k = kernels();
  using other = kernels();
  expect(k.scal(2, other.float32([1, 2]))).toEqual(Float32Array.of(2, 4));
});

test('after dispose everything is refused', () => {
  const k = kernels();
  const x = k.float32(40);
  k.dispose();
  k.dispose();
  expect(() => k.float32(1)).toThrow(coded('DISPOSED'));
  expect(() => k.dot(x, x)).toThrow(coded('DISPOSED'));
  expect(() => k.exp(new Float32Array(3))).toThrow(coded('DISPOSED'));
});

test('a parameter block may be used in parts', () => {
  using k = kernels();
  const block = k.float32(100).fill(1);
  k.exp(block.subarray(10, 20), block.subarray(30, 40));
  k.adam(block.subarray(50, 57), new Float32Array(7).fill(1), {
    m: new Float32Array(7),
    v: new Float32Array(7),
    step: 1,
    learningRate: 0.5,
  });
  const changed = [...block.entries()].filter(([, value]) => value !== 1).map(([i]) => i);
  expect(changed).toEqual([
    ...Array.from({ length: 10 }, (_, i) => 30 + i),
    ...Array.from({ length: 7 }, (_, i) => 50 + i),
  ]);
});

test('an input may be the output, but may not overlap it otherwise', () => {
  using k = kernels();
  const x = k.float32([1, 2, 3, 4]);
  expect(k.negate(x, x)).toEqual(Float32Array.of(-1, -2, -3, -4));
  const part = x.subarray(1);
  expect(() => k.sum(part, { shape: [3, 1], out: x.subarray(0, 3) })).toThrow(coded('ARGUMENT'));
});

test('a call that is refused touches no array, and neither does the next call', () => {
  using k = kernels({ memory: 2 ** 20 });
  const freed = k.float32(4);
  k.free(freed);
  const calls: Readonly<Record<string, (x: Float32Array, y: Float32Array, z: Float32Array) => unknown>> = {
    gemm: (x, y, z) => k.gemm(2, 2, 2, x, y, z),
    'gemm with beta': (x, y, z) => k.gemm(2, 2, 2, x, y, z, { beta: 1 }),
    gemv: (x, y, z) => k.gemv(1, 4, x, y, z.subarray(0, 1)),
    ger: (x, y, z) => k.ger(2, 2, x.subarray(0, 2), y.subarray(0, 2), z),
    axpy: (x, _, z) => k.axpy(2, x, z),
    exp: (x, _, z) => k.exp(x, z),
    add: (x, y, z) => k.add(x, y, z),
    activationGradient: (x, y, z) => k.activationGradient('tanh', x, y, z),
    softmaxGradient: (x, y, z) => k.softmaxGradient(x, y, 4, z),
    squaredError: (x, y, z) => k.squaredError(x, y, z),
    sgd: (x, y) => k.sgd(x, y, { learningRate: 1 }),
    normalize: (x, _, z) => k.normalize(x, 4, z),
    cosine: (x, y, z) => k.cosine(x, y, 4, z.subarray(0, 1)),
    sum: (x, _, z) => k.sum(x, { shape: [4, 1], out: z }),
  };
  const { bytesInUse } = k;
  for (const [name, call] of Object.entries(calls))
    for (const place of [0, 1, 2]) {
      const outside = [1, 2, 3].map((value) => new Float32Array(4).fill(value));
      const given = outside.map((array, i) => (i === place ? freed : array)) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const before = outside.map((array) => [...array]);
      let refused = false;
      try {
        call(...given);
      } catch (error) {
        refused = true;
        expect(error, name).toMatchObject({ code: 'DISPOSED' });
      }
      if (refused) {
        k.dot(new Float32Array(50).fill(5), new Float32Array(50).fill(6));
        expect(
          outside.map((array) => [...array]),
          `${name}, ${place}`,
        ).toEqual(before);
      }
      expect(k.bytesInUse, name).toBe(bytesInUse);
    }
  // Shared memory is refused in the middle of a call, too.
  const own = k.float32(16);
  const out = new Float32Array(4).fill(9);
  expect(() => k.gemm(2, 2, 2, out, own.subarray(0, 4), own.subarray(2, 6))).toThrow(coded('ARGUMENT'));
  k.dot(new Float32Array(50).fill(5), new Float32Array(50).fill(6));
  expect([...out]).toEqual([9, 9, 9, 9]);
});

test('lists that are not of numbers are refused, and leak nothing', () => {
  using k = kernels({ memory: 2 ** 20 });
  const wrong = [
    { length: 3, 0: 'a' },
    { length: 2 ** 40 },
    [1, '2'],
    new Array(3) as number[],
    new BigInt64Array(3),
    new DataView(new ArrayBuffer(8)),
    null,
    1.5,
    -1,
  ];
  for (const list of wrong)
    for (const type of ['float32', 'float64', 'int32'] as const)
      expect(() => k[type](list as never), String(list)).toThrow(coded('ARGUMENT'));
  expect(k.bytesInUse).toBe(0);
  expect([...k.float32({ length: 2, 0: 1, 1: 2 })]).toEqual([1, 2]);
  expect([...k.float32(new Uint8Array(0))]).toEqual([]);
});

test('JSON has no memory in it', () => {
  using k = kernels();
  k.float32(10);
  expect(JSON.parse(JSON.stringify({ k }))).toEqual({ k: { threads: 1, relaxed: false, wide: false } });
});

test('messages say what is expected', () => {
  using k = kernels({ memory: 2 ** 20 });
  const x = new Float32Array(4);
  const says = (call: () => unknown, message: RegExp) =>
    expect(call).toThrow(expect.objectContaining({ message: expect.stringMatching(message) }));
  says(() => k.gemm(2, 2, 2, x, x, x, { lda: 2 ** 28 }), /from 2 to 268435455, got 268435456/);
  says(() => k.argsort(x, { out: new Int32Array(3) }), /argsort\(out\): has 3 numbers, expected 4, by x$/);
  says(() => k.int32([1.5]), /int32\(length\): expected whole numbers from −2³¹ to 2³¹ − 1, got 1.5$/);
  says(() => k.int32(Uint32Array.of(4e9)), /got 4000000000$/);
  says(
    () => k.sum(x, { shape: Object.assign(Array(2), { 0: x.length }) }),
    /sum\(shape\): expected an array of whole numbers/,
  );
  says(() => new Kernels(undefined as never), /Kernels: expected kernels\(\) or createKernels\(\)/);
  const freed = k.float32(4);
  k.free(freed);
  says(() => k.float32(freed), /float32\(length\): the array has been freed$/);
  says(() => k.nearest(x, x, 2, { indices: new Int32Array(3) }), /expected 2, by queries and k$/);
  says(() => k.argsort(x, { out: [] as never }), /expected an Int32Array or a Uint32Array/);
  says(() => k.gemm(2, 2, 2, x, x, x, null as never), /expected a plain object with options, got null$/);
});
