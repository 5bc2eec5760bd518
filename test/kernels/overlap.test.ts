// Arrays that share memory: results in the place of an input, and what is refused.
import { describe, expect, test } from 'vitest';
import { type Kernels, kernels } from '../../src/kernels/index.js';

const refused = expect.objectContaining({ code: 'ARGUMENT', message: expect.stringMatching(/shares memory/) });
const f = (n: number) => new Float32Array(n);

const calls: Readonly<Record<string, (k: Kernels, own: Float32Array) => unknown>> = {
  'multiply by a row at the start of a whole out': (k) => {
    const out = k.float32(6);
    return k.multiply(f(6), out.subarray(0, 2), out);
  },
  'maximum, y within out': (k) => {
    const out = k.float32(6);
    return k.maximum(f(6), out.subarray(2, 4), out);
  },
  'gemm, a in c': (k, o) => k.gemm(4, 4, 1, o.subarray(0, 4), f(4), o.subarray(0, 16)),
  'gemm, c is b': (k, o) => k.gemm(2, 2, 2, f(4), o, o),
  'gemv, x in y': (k, o) => k.gemv(4, 2, f(8), o.subarray(0, 2), o.subarray(0, 4)),
  'ger, x in a': (k, o) => k.ger(2, 2, o.subarray(0, 2), f(2), o.subarray(0, 4)),
  'logSumExp, out at the start of x': (k, o) => k.logSumExp(o.subarray(0, 4), 2, o.subarray(0, 2)),
  'sum, out at the start of x': (k, o) => k.sum(o.subarray(0, 4), { shape: [2, 2], out: o.subarray(0, 2) }),
  'argmax, out is the memory of x': (k, o) =>
    k.argmax(o.subarray(0, 4), { shape: [2, 2], out: new Int32Array(o.buffer, o.byteOffset, 2) }),
  'cosine, out at the start of rows': (k, o) => k.cosine(f(2), o.subarray(0, 8), 2, o.subarray(0, 4)),
  'cosine, out has the memory of queries': (k, o) => k.cosine(o.subarray(0, 4), f(4), 2, o.subarray(0, 4)),
  'argsort, indices on x': (k, o) =>
    k.argsort(o.subarray(0, 4), { out: new Int32Array(o.buffer, o.byteOffset + 4, 4) }),
  'topK, indices on values': (k, o) =>
    k.topK(f(4), 2, { values: o.subarray(0, 2), indices: new Int32Array(o.buffer, o.byteOffset, 2) }),
  'topK, indices on values, outside': (k) => {
    const values = f(2);
    return k.topK(f(4), 2, { values, indices: new Int32Array(values.buffer) });
  },
  'nearest, values at the start of rows': (k, o) =>
    k.nearest(f(2), o.subarray(0, 8), 2, { k: 2, values: o.subarray(0, 2) }),
  'crossEntropy, gradient on labels': (k) => {
    const labels = k.int32(4);
    return k.crossEntropy(f(4), labels.subarray(0, 2), new Float32Array(labels.buffer, labels.byteOffset, 4));
  },
  'squaredError, gradient overlaps': (k, o) => k.squaredError(o.subarray(0, 4), f(4), o.subarray(2, 6)),
  'sgd, g is a view of p': (k) => {
    const p = k.float32(2);
    return k.sgd(p, p.subarray(0, 2));
  },
  'sgd, g is a view of p, outside': (k) => {
    const p = f(2);
    return k.sgd(p, p.subarray(0, 2));
  },
  'adam, m is a view of p': (k) => {
    const p = k.float32(2);
    return k.adam(p, f(2), { m: p.subarray(0, 2), v: f(2), step: 1 });
  },
  'adam, m overlaps v': (k, o) => k.adam(f(4), f(4), { m: o.subarray(0, 4), v: o.subarray(3, 7), step: 1 }),
};

describe('what shares memory is refused', () => {
  const k = kernels({ memory: 2 ** 20 });
  const own = k.float32(20);
  test.each(Object.keys(calls))('%s', (name) => {
    own.set(Array.from({ length: 20 }, (_, i) => i));
    expect(() => calls[name]!(k, own)).toThrow(refused);
    expect([...own]).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });
});

test('the start of an output may be a shorter input, if the output is a part, which is copied', () => {
  using k = kernels({ memory: 2 ** 20 });
  const own = k.float32([1, 2, 0, 0, 0, 0, 0]);
  const out = own.subarray(0, 6);
  expect([...k.add(Float32Array.of(10, 20, 30, 40, 50, 60), own.subarray(0, 2), out)]).toEqual([
    11, 22, 31, 42, 51, 62,
  ]);
});

test('a view of the same memory may be the output, as the array itself', () => {
  const k = kernels({ memory: 2 ** 20 });
  const x = k.float32([1, 2, 3, 4]);
  const view = x.subarray(0, 4);
  expect([...k.add(x, view, x)]).toEqual([2, 4, 6, 8]);
  expect([...k.negate(view, x)]).toEqual([-2, -4, -6, -8]);
  expect(k.softmax(view, 2, x)).toEqual(k.softmax(Float32Array.of(-2, -4, -6, -8), 2));
  expect([...k.axpy(1, view, x)].every(Number.isFinite)).toBe(true);
});
