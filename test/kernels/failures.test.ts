// A call that throws leaves nothing behind: no memory, and no copies that a later call would write.
import { describe, expect, test } from 'vitest';
import { kernels } from '../../src/kernels/index.js';

const coded = (code: string) => expect.objectContaining({ code });
const f = (...values: number[]) => Float32Array.from(values);

/** Kernels, an array that they have freed, and one of a wrong length. */
function setUp() {
  const k = kernels({ memory: 2 ** 20 });
  const freed = k.float32(4);
  k.free(freed);
  return { k, freed };
}

describe('what a failed call has made is freed', () => {
  const x = f(1, 2, 3, 4);
  const calls: Readonly<Record<string, (k: ReturnType<typeof kernels>, freed: Float32Array) => unknown>> = {
    exp: (k, freed) => k.exp(freed),
    relu: (k, freed) => k.relu(freed),
    add: (k, freed) => k.add(x, freed),
    affine: (k, freed) => k.affine(freed, 1, 1),
    softmax: (k, freed) => k.softmax(freed),
    softmaxGradient: (k, freed) => k.softmaxGradient(x, freed),
    sum: (k, freed) => k.sum(freed, { shape: [2, 2] }),
    argmax: (k, freed) => k.argmax(freed, { shape: [2, 2] }),
    argsort: (k, freed) => k.argsort(freed),
    topK: (k, freed) => k.topK(freed, 2),
    'topK with wrong values': (k) => k.topK(x, 2, { values: f(1) }),
    normalize: (k, freed) => k.normalize(freed),
    cosine: (k, freed) => k.cosine(x, freed, 2),
    nearest: (k, freed) => k.nearest(x, freed, 2),
    'nearest with wrong values': (k) => k.nearest(x, x, 2, { values: f(1, 2, 3) }),
    activationGradient: (k, freed) => k.activationGradient('tanh', x, freed),
    'float32 of bigints': (k) => k.float32(new BigInt64Array(3) as never),
    'float32 of a list that throws': (k) =>
      k.float32(new Proxy([1, 2], { get: (list, key) => (key === '1' ? Symbol() : Reflect.get(list, key)) })),
    'more than there is': (k) => k.exp(new Float32Array(200_000)),
  };
  test.each(Object.keys(calls))('%s', (name) => {
    const { k, freed } = setUp();
    const { bytesFree } = k;
    for (let i = 0; i < 3; i++)
      expect(() => calls[name]!(k, freed)).toThrow(
        coded(/wrong|bigints|throws/.test(name) ? expect.stringMatching(/SHAPE|ARGUMENT/) : expect.any(String)),
      );
    expect([k.bytesInUse, k.bytesFree]).toEqual([0, bytesFree]);
    k.dispose();
  });
});

test('a call that ends with any exception, such as a trap, writes nothing later', () => {
  const { k } = setUp();
  const calls = (k as unknown as { calls: Record<string, unknown> }).calls;
  const out = f(7, 7, 7);
  const trap = () => {
    throw new RuntimeError('divide by zero');
  };
  class RuntimeError extends Error {}
  Object.defineProperty(k, 'calls', { value: { ...calls, map: trap }, configurable: true });
  expect(() => k.exp(f(1, 2, 3), out)).toThrow(RuntimeError);
  expect(() => k.exp(new Float32Array(1000), new Float32Array(1000))).toThrow(RuntimeError);
  expect(k.bytesInUse).toBe(0);
  Object.defineProperty(k, 'calls', { value: calls });
  expect(k.dot(new Float32Array(50).fill(1), new Float32Array(50).fill(2))).toBe(100);
  expect([...out]).toEqual([7, 7, 7]);
  k.dispose();
});

test('calls on empty arrays leak nothing', () => {
  const { k } = setUp();
  const none = f();
  const { bytesFree } = k;
  for (let i = 0; i < 5; i++) {
    k.argsort(none, { out: new Int32Array(0) });
    k.cosine(none, f(1, 2), 2, none);
    k.cosine(none, none, 0, none);
    k.topK(none, 1, { columns: 2, values: none, indices: new Int32Array(0) });
    k.softmax(none, 0, none);
    k.gemv(0, 5, none, f(1, 2, 3, 4, 5), none);
  }
  expect(k.bytesFree).toBe(bytesFree);
  k.dispose();
});

test('OUT_OF_MEMORY tells what was free when it happened', () => {
  const { k } = setUp();
  const half = new Float32Array(k.bytesFree / 8 + 1000);
  expect(() => k.dot(half, half)).toThrow(coded('OUT_OF_MEMORY'));
  try {
    k.dot(half, half);
  } catch (error) {
    const [, wanted, free] = /cannot allocate (\d+) bytes: (\d+) of/.exec((error as Error).message) ?? [];
    expect(Number(free)).toBeLessThan(Number(wanted));
  }
  k.dispose();
});
