// simdense/kernels beside other libraries, by size: microseconds a call, medians of interleaved rounds of one run, one thread. Libraries that are not installed are left out.
//   node kernels.mjs [--only sgemm,dgemm,vectors,functions] [--sizes 4,…,1024] [--limit 0.5] [--rounds 15] [--milliseconds 20] [--clock cpu]
// A product that would take a library longer than --limit seconds, by its time for a smaller size, is left out: --only sgemm --sizes 2048 --limit 2 measures the fast ones.
// --clock cpu counts computing alone, for a machine that is busy otherwise; with one thread only.
// NumPy with OpenBLAS is measured by kernels.py, which takes the same sizes.
import { parseArgs } from 'node:util';
import { createKernels, kernels } from 'simdense/kernels';
import { optional } from './optional.mjs';

const { values: given } = parseArgs({
  options: {
    only: { type: 'string', default: 'sgemm,dgemm,vectors,functions' },
    sizes: { type: 'string', default: '4,8,16,32,64,128,256,512,1024' },
    limit: { type: 'string', default: '0.5' },
    rounds: { type: 'string', default: '15' },
    clock: { type: 'string', default: 'wall' },
    milliseconds: { type: 'string', default: '20' },
    options: { type: 'string', default: '{}' },
    threads: { type: 'string', default: '1' },
  },
});
const rounds = Number(given.rounds);
const memory = 512 * 1024 * 1024;
const options = { memory, ...JSON.parse(given.options) };
const k = Object.keys(options).length > 1 ? await createKernels(options) : kernels({ memory });

/** Milliseconds, since some time ago. */
function now() {
  if (given.clock !== 'cpu') return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Microseconds of each task, the median and the least, in interleaved rounds. */
async function measure(tasks) {
  const found = tasks.filter(({ call }) => call);
  for (const task of found) {
    task.times = [];
    task.calls = 1;
    // Warm up until optimised, and find how many calls fill a round.
    for (let spent = 0; spent < 200; ) {
      const begin = now();
      for (let i = 0; i < task.calls; i++) {
        const made = task.call();
        task.isAsync = made instanceof Promise;
        await made;
      }
      const took = now() - begin;
      spent += Math.max(took, 1);
      if (took < Number(given.milliseconds))
        task.calls = Math.ceil(task.calls * Math.min(10, Number(given.milliseconds) / Math.max(took, 0.01)));
    }
  }
  for (let round = 0; round < rounds; round++)
    for (const task of found) {
      const begin = now();
      if (task.isAsync) for (let i = 0; i < task.calls; i++) await task.call();
      else for (let i = 0; i < task.calls; i++) task.call();
      task.times.push(((now() - begin) * 1000) / task.calls);
    }
  return found.map(({ name, times }) => [name, times.sort((a, b) => a - b)[times.length >> 1], times[0]]);
}

function show(title, results, work, unit = '/ns') {
  const [[, ours]] = results;
  console.log(
    `${title}: ${results.map(([name, us]) => `${name} ${us < 10 ? us.toFixed(3) : us.toFixed(1)} µs${work ? ` (${(work / us / 1000).toFixed(1)}${unit})` : ''}${us === ours ? '' : ` ×${(us / ours).toFixed(2)}`}`).join(', ')}`,
  );
}

const filled = (array) => array.map((_, i) => Math.sin(i));

/** The plain loop that people write. */
function loop(n, a, b, c) {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < n; p++) sum += a[i * n + p] * b[p * n + j];
      c[i * n + j] = sum;
    }
}

/** The fastest loop that we know: four sums at a time. */
function blocked(n, a, b, c) {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j += 4) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let p = 0, at = j; p < n; p++, at += n) {
        const value = a[i * n + p];
        s0 += value * b[at];
        s1 += value * b[at + 1];
        s2 += value * b[at + 2];
        s3 += value * b[at + 3];
      }
      c[i * n + j] = s0;
      c[i * n + j + 1] = s1;
      c[i * n + j + 2] = s2;
      c[i * n + j + 3] = s3;
    }
}

const sizes = given.sizes.split(',').map(Number);
/** The size whose time tells how long the first one takes. */
const SMALL = 256;
const limit = Number(given.limit) * 1e6;
const stdlib = {
  sgemm: (await optional('@stdlib/blas-base-sgemm'))?.default,
  dgemm: (await optional('@stdlib/blas-base-dgemm'))?.default,
};
const { Matrix } = (await optional('ml-matrix')) ?? {};
const numpyTs = await optional('numpy-ts');
const tf = await optional('@tensorflow/tfjs-core');
if (tf) {
  await import('@tensorflow/tfjs-backend-wasm').then(
    (backend) => backend.setThreadsCount?.(1),
    () => import('@tensorflow/tfjs-backend-cpu'),
  );
  await tf.setBackend('wasm').catch(() => tf.setBackend('cpu'));
  await tf.ready();
}
const jax = await optional('@jax-js/jax');
if (jax) jax.defaultDevice?.('wasm');

/** Products of growing size. */
async function products(type) {
  /** Microseconds of each library for one multiplication and addition, at the size before. */
  const costs = new Map();
  const remember = (n, results) => {
    for (const [name, , least] of results) costs.set(name, least / n ** 3);
  };
  const isShort = (n) => (name) => name.startsWith('simdense') || !costs.has(name) || costs.get(name) * n ** 3 <= limit;
  for (const [i, n] of sizes.entries()) {
    if (i === 0 && n > SMALL) remember(SMALL, await product(type, SMALL, () => true));
    const slow = [...costs.keys()].filter((name) => !isShort(n)(name));
    const results = await product(type, n, isShort(n));
    remember(n, results);
    show(`${type} ${n}`, results, 2 * n ** 3);
    if (slow.length > 0) console.log(`  longer than ${given.limit} s, and left out: ${slow.join(', ')}`);
  }
}

/** Microseconds of each library that may take part. */
async function product(type, n, mayTakePart) {
  const Type = type === 'sgemm' ? Float32Array : Float64Array;
  using _ = k.scope();
  const make = () => (type === 'sgemm' ? k.float32(n * n) : k.float64(n * n));
  const [a, b, c] = [make(), make(), make()];
  const [x, y, z] = [filled(new Type(n * n)), filled(new Type(n * n)), new Type(n * n)];
  a.set(x);
  b.set(y);
  const mm = Matrix && [new Matrix(n, n), new Matrix(n, n)];
  if (mm)
    for (let i = 0; i < n * n; i++) {
      mm[0].set(Math.floor(i / n), i % n, x[i]);
      mm[1].set(Math.floor(i / n), i % n, y[i]);
    }
  const np =
    numpyTs &&
    [x, y].map((values) => numpyTs.array(Array.from(values), type === 'sgemm' ? 'float32' : 'float64').reshape(n, n));
  const tensors = tf && type === 'sgemm' ? [tf.tensor2d(x, [n, n]), tf.tensor2d(y, [n, n])] : undefined;
  const arrays = jax && type === 'sgemm' ? [x, y].map((values) => jax.numpy.array(values).reshape([n, n])) : undefined;
  const results = await measure(
    [
      { name: 'simdense', call: () => k.gemm(n, n, n, a, b, c) },
      { name: 'simdense, outside arrays', call: () => k.gemm(n, n, n, x, y, z) },
      { name: 'loop', call: () => loop(n, x, y, z) },
      { name: 'blocked loop', call: () => blocked(n, x, y, z) },
      { name: 'ml-matrix', call: mm ? () => mm[0].mmul(mm[1]) : undefined },
      {
        name: '@stdlib',
        call: stdlib[type]
          ? () => stdlib[type]('row-major', 'no-transpose', 'no-transpose', n, n, n, 1, x, n, y, n, 0, z, n)
          : undefined,
      },
      { name: 'numpy-ts', call: np ? () => numpyTs.matmul(np[0], np[1]) : undefined },
      {
        name: 'TensorFlow.js',
        call: tensors
          ? () => {
              const r = tf.matMul(tensors[0], tensors[1]);
              r.dataSync();
              r.dispose();
            }
          : undefined,
      },
      { name: 'jax-js', call: arrays ? () => jax.numpy.matmul(arrays[0].ref, arrays[1].ref).js?.() : undefined },
    ]
      .filter(({ name }) => mayTakePart(name))
      .map((task) => guarded(task)),
  );
  tensors?.forEach((t) => {
    t.dispose();
  });
  return results;
}

/** Leaves out a library that cannot do it. */
function guarded(task) {
  try {
    task.call?.();
    return task;
  } catch (error) {
    console.error(`${task.name}: ${error.message}`);
    return { name: task.name };
  }
}

async function vectors() {
  // In the first-level cache, in the second one, and in memory.
  for (const n of [16, 100, 1000, 2000, 30_000, 4_000_000]) {
    using _ = k.scope();
    const [x, y] = [k.float32(n), k.float32(n)];
    x.fill(0.5);
    y.fill(0.25);
    const loopDot = (p, q) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += p[i] * q[i];
      return sum;
    };
    const bytes = n * 4;
    const results = await measure([
      { name: 'dot', call: () => k.dot(x, y) },
      { name: 'loop', call: () => loopDot(x, y) },
    ]);
    show(`dot ${n}`, results, 2 * bytes, ' GB/s');
    show(`axpy ${n}`, await measure([{ name: 'axpy', call: () => k.axpy(0.001, x, y) }]), 3 * bytes, ' GB/s');
    show(
      `copy ${n}`,
      await measure([
        { name: 'y.set(x)', call: () => y.set(x) },
        { name: 'affine, a copy kernel', call: () => k.affine(x, 1, 0, y) },
      ]),
      2 * bytes,
      ' GB/s',
    );
  }
  for (const n of [64, 256, 1024, 4096]) {
    using _ = k.scope();
    const [a, x, y] = [k.float32(n * n), k.float32(n), k.float32(n)];
    show(
      `gemv ${n}`,
      await measure([
        { name: 'gemv', call: () => k.gemv(n, n, a, x, y) },
        { name: 'transposed', call: () => k.gemv(n, n, a, x, y, { transpose: true }) },
      ]),
      4 * n * n,
      ' GB/s',
    );
  }
}

async function functions() {
  const n = 10_000;
  const [x, y, p, q] = [k.float32(n), k.float32(n), new Float32Array(n), new Float32Array(n)];
  for (let i = 0; i < n; i++) x[i] = p[i] = ((i * 37) % 1000) / 100 + 0.001;
  const loops = {
    exp: () => {
      for (let i = 0; i < n; i++) q[i] = Math.exp(p[i]);
    },
    log: () => {
      for (let i = 0; i < n; i++) q[i] = Math.log(p[i]);
    },
    tanh: () => {
      for (let i = 0; i < n; i++) q[i] = Math.tanh(p[i]);
    },
    sigmoid: () => {
      for (let i = 0; i < n; i++) q[i] = 1 / (1 + Math.exp(-p[i]));
    },
    softmax: () => {
      let [top, sum] = [-Infinity, 0];
      for (let i = 0; i < n; i++) if (p[i] > top) top = p[i];
      for (let i = 0; i < n; i++) sum += q[i] = Math.exp(p[i] - top);
      for (let i = 0; i < n; i++) q[i] /= sum;
    },
  };
  for (const [name, call] of Object.entries(loops)) {
    const ours = name === 'softmax' ? () => k.softmax(x, n, y) : () => k[name](x, y);
    show(
      `${name} ${n}`,
      await measure([
        { name: 'simdense', call: ours },
        { name: 'loop', call },
      ]),
    );
  }
  for (const columns of [2, 3, 16]) {
    const rows = Math.floor(n / columns);
    const call = () => {
      for (let row = 0; row < rows; row++) {
        const from = row * columns;
        let [top, sum] = [-Infinity, 0];
        for (let i = from; i < from + columns; i++) if (p[i] > top) top = p[i];
        for (let i = from; i < from + columns; i++) sum += q[i] = Math.exp(p[i] - top);
        for (let i = from; i < from + columns; i++) q[i] /= sum;
      }
    };
    const [part, out] = [x.subarray(0, rows * columns), y.subarray(0, rows * columns)];
    show(
      `softmax of ${rows} rows of ${columns}`,
      await measure([
        { name: 'simdense', call: () => k.softmax(part, columns, out) },
        { name: 'loop', call },
      ]),
    );
  }
  show(
    `argsort ${n}`,
    await measure([
      {
        name: 'simdense',
        call: () => {
          using _ = k.scope();
          return k.argsort(x);
        },
      },
      { name: 'sort', call: () => Uint32Array.from(p.keys()).sort((i, j) => p[i] - p[j]) },
    ]),
  );
}

const wanted = given.only.split(',');
console.log(`Node ${process.version}, tile ${k.tile} at first`);
for (const one of wanted) {
  if (one === 'sgemm' || one === 'dgemm') await products(one);
  if (one === 'vectors') await vectors();
  if (one === 'functions') await functions();
}
console.log(`tile ${k.tile}${k.wide ? ', wide' : ''}${k.relaxed ? ', relaxed' : ''}`);
k.dispose();
process.exit();
