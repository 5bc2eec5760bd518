// Arrays that are no more: their buffer is transferred or has shrunk, they are freed, or the kernels are disposed of.
import { describe, expect, test } from 'vitest';
import { type Kernels, kernels } from '../../src/kernels/index.js';

const coded = (code: string) => expect.objectContaining({ code });

/** Calls with an array of float32 as each of their arrays. */
const calls: Readonly<Record<string, (k: Kernels, x: Float32Array) => unknown>> = {
  'gemm a': (k, x) => k.gemm(1, 1, 1, x, f(), f()),
  'gemm c': (k, x) => k.gemm(1, 1, 1, f(), f(), x),
  'gemm of nothing': (k, x) => k.gemm(0, 1, 1, x, f(), f()),
  'gemm of nothing, c': (k, x) => k.gemm(0, 1, 1, f(), f(), x),
  'gemm with alpha 0': (k, x) => k.gemm(1, 1, 1, x, f(), f(), { alpha: 0 }),
  'gemv a': (k, x) => k.gemv(1, 1, x, f(), f()),
  'gemv with alpha 0': (k, x) => k.gemv(1, 1, x, f(), f(), { alpha: 0 }),
  ger: (k, x) => k.ger(1, 1, x, f(), f()),
  'ger with alpha 0': (k, x) => k.ger(1, 1, x, f(), f(), { alpha: 0 }),
  dot: (k, x) => k.dot(x, x),
  axpy: (k, x) => k.axpy(1, x, x),
  'axpy with alpha 0': (k, x) => k.axpy(0, x, x),
  scal: (k, x) => k.scal(1, x),
  nrm2: (k, x) => k.nrm2(x),
  asum: (k, x) => k.asum(x),
  iamax: (k, x) => k.iamax(x),
  exp: (k, x) => k.exp(x),
  relu: (k, x) => k.relu(x),
  'exp out': (k, x) => k.exp(f(), x),
  add: (k, x) => k.add(x, 1),
  affine: (k, x) => k.affine(x, 1, 1),
  activationGradient: (k, x) => k.activationGradient('relu', x, x),
  softmax: (k, x) => k.softmax(x),
  softmaxGradient: (k, x) => k.softmaxGradient(x, x),
  sum: (k, x) => k.sum(x),
  max: (k, x) => k.max(x),
  'argmax of an axis': (k, x) => k.argmax(x, { shape: [1] }),
  argsort: (k, x) => k.argsort(x),
  topK: (k, x) => k.topK(x, 1),
  normalize: (k, x) => k.normalize(x),
  cosine: (k, x) => k.cosine(x, f(), 1),
  nearest: (k, x) => k.nearest(f(), x, 1),
  squaredError: (k, x) => k.squaredError(x, f()),
  crossEntropy: (k, x) => k.crossEntropy(f(), x, undefined, 1),
  sgd: (k, x) => k.sgd(f(), x),
  'adam m': (k, x) => k.adam(f(), f(), { m: x, v: f(), step: 1 }),
  uniform: (k, x) => k.uniform(x),
};
const f = () => new Float32Array(1);
const names = Object.keys(calls);

function transferred<T extends Float32Array | Float64Array | Int32Array>(x: T): T {
  structuredClone(x.buffer, { transfer: [x.buffer as ArrayBuffer] });
  return x;
}

describe('an array whose buffer has been transferred is refused', () => {
  const k = kernels({ memory: 2 ** 20 });
  test.each(names)('%s', (name) => {
    expect(() => calls[name]!(k, transferred(f()))).toThrow(coded('ARGUMENT'));
    // The next call is not disturbed.
    expect(k.sum(new Float32Array(1000).fill(1))).toBe(1000);
  });

  test('of float64 and int32, and as a list', () => {
    const double = () => transferred(new Float64Array(2));
    for (const call of [
      () => k.dot(double(), double()),
      () => k.nrm2(double()),
      () => k.iamax(double()),
      () => k.scal(2, double()),
      () => k.permutation(transferred(new Int32Array(3))),
      () => k.argsort(f(), { out: transferred(new Int32Array(1)) }),
      () => k.crossEntropy(f(), transferred(new Int32Array(1))),
      () => k.float32(transferred(f())),
    ])
      expect(call).toThrow(coded('ARGUMENT'));
    expect(k.bytesInUse).toBe(0);
  });
});

test('a view that its buffer no longer holds is refused', () => {
  const k = kernels({ memory: 2 ** 20 });
  type Resizable = ArrayBuffer & { resize(bytes: number): void };
  const buffer = new (ArrayBuffer as unknown as new (bytes: number, o: object) => Resizable)(64, { maxByteLength: 64 });
  const part = new Float32Array(buffer, 32, 4);
  expect(k.sum(part)).toBe(0);
  buffer.resize(16);
  for (const call of Object.values(calls)) expect(() => call(k, part)).toThrow(coded('ARGUMENT'));
});

describe('freed arrays and their parts are refused', () => {
  const k = kernels({ memory: 2 ** 20 });
  test.each(names)('%s', (name) => {
    const x = k.float32(1);
    const whole = k.float32(3);
    const part = whole.subarray(1, 2);
    k.free(x);
    k.free(whole);
    expect(() => calls[name]!(k, x)).toThrow(coded('DISPOSED'));
    expect(() => calls[name]!(k, part)).toThrow(coded('DISPOSED'));
  });

  test('also between arrays that live', () => {
    using _ = k.scope();
    const [, second] = [k.float32(100), k.float32(100), k.float32(100)];
    const part = second.subarray(10, 90);
    expect(k.sum(part)).toBe(0);
    k.free(second);
    expect(() => k.sum(part)).toThrow(coded('DISPOSED'));
    expect(() => k.exp(part.subarray(3))).toThrow(coded('DISPOSED'));
    // The result would lie where it was.
    const first = k.float32(4);
    const start = first.subarray(0, 4);
    k.free(first);
    expect(() => k.exp(start)).toThrow(coded('DISPOSED'));
  });
});

describe('after dispose everything is refused', () => {
  const k = kernels({ memory: 2 ** 20 });
  const whole = k.float32(10);
  const part = whole.subarray(0, 1);
  k.dispose();
  test.each(names)('%s', (name) => {
    for (const x of [whole, part, f()]) expect(() => calls[name]!(k, x)).toThrow(coded('DISPOSED'));
  });

  test('and the rest', () => {
    const none = new Float32Array(0);
    for (const call of [
      () => k.max(none),
      () => k.dot(none, none),
      () => k.float32(1),
      () => k.int32([1]),
      () => k.scope(),
      () => k.permutation(3),
      () => k.normal(2),
    ])
      expect(call).toThrow(coded('DISPOSED'));
    expect(k.bytesInUse).toBe(0);
    k.dispose();
    expect(() => k.max(none)).toThrow(coded('DISPOSED'));
  });
});
