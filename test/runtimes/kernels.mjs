// What every runtime is asked to compute with simdense/kernels: one hash of the bits of many results.

/** Each kernel once, on drawn numbers; the hash of all results. */
export async function arithmetic({ kernels, createKernels }, options) {
  const k = options ? await createKernels(options) : kernels();
  const [m, n, depth] = [70, 90, 300];
  const a = k.normal(m * depth, { seed: 1 });
  const b = k.uniform(depth * n, { seed: 2, low: -1 });
  const c = k.gemm(m, n, depth, a, b, k.float32(m * n));
  const double = k.gemm(m, n, depth, k.float64(a), k.float64(b), k.float64(m * n), { alpha: 0.3 });
  const moments = { m: k.float32(m * n), v: k.float32(m * n) };
  const names = 'exp log tanh sigmoid erf relu gelu mish softplus silu elu leakyRelu'.split(' ');
  const results = [
    c,
    double,
    k.gemv(m, depth, a, b.subarray(0, depth), k.float32(m)),
    k.gemv(m, depth, a, b.subarray(0, m), k.float32(depth), { transpose: true }),
    ...names.map((name) => k[name](a)),
    k.softmax(c, n),
    k.logSumExp(c, n),
    k.variance(c, { shape: [m, n], axis: 0 }),
    k.argsort(c),
    k.nearest(a, b.subarray(0, 50 * depth), depth, { k: 3 }).values,
    k.permutation(1000, { seed: 3 }),
    Float64Array.of(k.dot(a, b.subarray(0, a.length)), k.nrm2(a), k.asum(double), k.sum(c)),
    Float64Array.of(k.crossEntropy(c, new Int32Array(m), k.float32(m * n))),
    k.adam(c, k.negate(c), { ...moments, step: 7, learningRate: 0.1 }),
    moments.v,
  ];
  const bytes = results.map((x) => new Uint8Array(x.slice().buffer));
  const all = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of bytes) {
    all.set(each, at);
    at += each.length;
  }
  k.dispose();
  const hash = await crypto.subtle.digest('SHA-256', all);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
