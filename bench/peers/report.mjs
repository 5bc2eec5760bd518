// Writes ../RESULTS.md and the charts from ../results/*.json.   node report.mjs
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { drawSizes, drawSteps } from './charts.mjs';
import { best, median } from './processes.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(`../results/${name}.json`, import.meta.url), 'utf8'));
const peers = read('peers');
const sizes = read('sizes');
const cold = read('cold');
const { shares: threads } = read('threads');
const { machine, measured } = peers;

/** The names of the libraries, in the order of the tables. */
const labels = {
  default: 'simdense',
  relaxed: 'simdense relaxed',
  wide: 'simdense wide',
  wideRelaxed: 'simdense wide + relaxed',
  threads: 'simdense, 2 threads',
  wideRelaxedThreads: 'simdense wide + relaxed, 2 threads',
  torch: 'PyTorch, 1 thread',
  torch2: 'PyTorch, 2 threads',
  torchAvx2: 'PyTorch kept to AVX2, 1 thread',
  torchAvx2Threads: 'PyTorch kept to AVX2, 2 threads',
  jax: 'jax-js, wasm',
  tfjsWasm: 'TensorFlow.js, wasm',
  tfjsCpu: 'TensorFlow.js, cpu',
  convnet: 'convnetjs',
  mlFnn: 'ml-fnn',
  brain: 'brain.js',
  blocked: 'JavaScript by hand, blocked',
  plain: 'JavaScript by hand, plain',
};
const keys = Object.keys(labels).filter((key) => key in machine.names);

function time(microseconds) {
  if (microseconds < 1000) return `${microseconds.toPrecision(3)} µs`;
  if (microseconds < 1_000_000) return `${(microseconds / 1000).toPrecision(3)} ms`;
  return `${(microseconds / 1_000_000).toPrecision(3)} s`;
}
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const step = (workload) => measured.find((task) => task.kind === 'step' && task.workload === workload);
const cell = ({ times, errors }, key) => (times[key]?.length ? time(median(times[key])) : (errors[key] ?? '–'));
const ratio = (task, key, to) =>
  task.times[key]?.length && task.times[to]?.length ? best(task.times[key]) / best(task.times[to]) : undefined;
const verdict = (value, bar, atMost = true) =>
  value === undefined
    ? '–'
    : `${value.toFixed(2)} ${(atMost ? value <= bar : value >= bar) ? '✓' : '✗'} ${atMost ? '≤' : '≥'} ${bar}`;

const names = ['W1', 'W2', 'W3', 'W4', 'W5'];
const steps = names.map(step);
const bars = {
  default: [0.1, 0.9, 1.8, 2.1, 0.1],
  wide: [0.1, 0.65, 1.1, 1.25, 0.1],
  wideRelaxed: [0.1, 0.55, 0.9, 0.95, 0.1],
};
const toTorch = (torch) =>
  table(
    ['', ...steps.map(({ workload, network }) => `${workload} ${network}`)],
    Object.entries(bars).map(([key, limits]) => [
      labels[key],
      ...steps.map((task, i) => verdict(ratio(task, key, torch), limits[i])),
    ]),
  );
const libraries = ['jax', 'tfjsWasm', 'tfjsCpu', 'convnet', 'mlFnn', 'brain', 'blocked', 'plain'].filter((key) =>
  keys.includes(key),
);
const slower = table(
  ['', ...steps.map(({ workload }) => workload), 'predict 1 row', 'predict 256', 'epoch'],
  libraries.map((key) => [
    labels[key],
    ...measured.map((task) => {
      const value = ratio(task, key, 'default');
      return value === undefined ? '–' : value.toFixed(value < 10 ? 1 : 0);
    }),
  ]),
);
/** The faster of one and of two threads. */
const bestTorch = (task, torches) =>
  Math.min(...torches.filter((key) => task.times[key]?.length).map((key) => best(task.times[key])));
const against = (torches) =>
  ['W3', 'W4'].map((name) => verdict(best(step(name).times.wideRelaxedThreads) / bestTorch(step(name), torches), 0.6));

/** Slowest and fastest GFLOP/s over all widths from 256 on, for batches of 128 rows and more. */
function linearity() {
  const large = sizes.points.filter(({ width, batch }) => width >= 256 && batch >= 128);
  const rates = (key) => large.map(({ work, microseconds }) => work / microseconds[key] / 1000);
  return Object.keys(sizes.machine.names).map((key) => [key, Math.min(...rates(key)), Math.max(...rates(key))]);
}
const at = (width, batch) => sizes.points.find((point) => point.width === width && point.batch === batch);
const aliases = table(
  ['batch', '1000', '1024', '1040', '2000', '2048'],
  [1, 16, 128, 1024].map((batch) => [
    batch,
    ...[1000, 1024, 1040, 2000, 2048].map((width) => {
      const { work, microseconds } = at(width, batch);
      return (work / microseconds.default / 1000).toFixed(1);
    }),
  ]),
);

const text = `# Results

Written by \`node report.mjs\` in bench/peers from the figures in bench/results; \`npm ci && npm run steps && npm run threads && npm run sizes && npm run report\` there
measures anew. Node ${machine.node} (V8 ${machine.v8}), ${machine.cpu}, ${machine.date}. Each library is a process of its own on one core
(\`taskset -c 1\`; what has two threads on both) and all take turns, a round each: the tables show medians, the ratios best rounds against best
rounds. A step is forward, loss, backward and Adam; simdense's is one of a \`fit\`, with drawing the order and gathering the rows.
${machine.names.torch ?? ''}: eager, the faster of plain and foreach Adam; its products are OpenBLAS's${/AVX-512/.test(machine.cpu) ? ', which takes AVX-512 on this processor. V8 goes to 256 bits at the most, so it is shown as well with what a processor without AVX-512 would get (OPENBLAS_CORETYPE=Haswell, DNNL_MAX_CPU_ISA=AVX2)' : ''}.

![Time of a step](charts/steps.svg)

## Time of a step

${table(
  ['', ...steps.map(({ workload, network }) => `${workload} ${network}`)],
  keys.map((key) => [labels[key], ...steps.map((task) => cell(task, key))]),
)}

brain.js updates after each row, ml-fnn has gradient descent only: a step of theirs is as many rows. TensorFlow.js goes through trainOnBatch, jax-js through one jit
for the whole step, whose loss is read each time (without reading it what is pending piles up, and a step takes longer).

## Predictions of 784-128-10, and an epoch of MNIST

${table(
  ['', '1 row', '256 rows', 'epoch, batch 32'],
  keys.map((key) => [labels[key], ...measured.filter(({ kind }) => kind !== 'step').map((task) => cell(task, key))]),
)}

## simdense's step ÷ PyTorch's, one core

${toTorch('torch')}
${keys.includes('torchAvx2') ? `\nThe same against PyTorch kept to AVX2:\n\n${toTorch('torchAvx2')}\n` : ''}
## How many times slower than simdense's default engine

${slower}

## Two threads

Of what two processes of one thread reach together in the same rounds, each on its own core:

${table(Object.keys(threads), [Object.entries(threads).map(([name, value]) => ({ W1: verdict(value, 0.7, false), W5: value.toFixed(2) })[name] ?? verdict(value, 0.9, false))])}

Two threads, wide + relaxed, ÷ PyTorch's best with one or two threads: W3 ${against(['torch', 'torch2'])[0]}, W4 ${against(['torch', 'torch2'])[1]}${keys.includes('torchAvx2') ? `; kept to AVX2: W3 ${against(['torchAvx2', 'torchAvx2Threads'])[0]}, W4 ${against(['torchAvx2', 'torchAvx2Threads'])[1]}` : ''}.

Jobs below 16 µs stay on one thread, and so do W1 and W5. Their data would have to cross between the cores several times a step: on this machine a word takes
0.15 µs each way, a fork and join 0.4 µs, and a line that the other core has written 6 ns when read in a row and up to 50 ns in the middle of other work.

## Cost by size

Networks w-w-w-10, batches of 1 to 1,024 rows.

![Time of a step by width and batch](charts/sizes.svg)

GFLOP/s of the default engine around the multiples of 1,024, whose rows would fall into the same sets of a cache:

${aliases}

Up to 20,000 weights a step costs what its work does; with one row it reads each weight once, and from a few million of them on (2,000 wide: 128 MB with their moments) waits for memory, as
PyTorch and jax-js do. From 256 wide and 128 rows on the cost is linear in the work: slowest and fastest GFLOP/s ${linearity()
  .map(([key, low, high]) => `${labels[key]} ${low.toFixed(0)}–${high.toFixed(0)}`)
  .join(', ')}.

## Cold start

From before the import to the first prediction of 784-128-10, milliseconds, in a fresh process or page, one core, ${cold.date}: a new model by simdense, and a saved one by
simdense/predict. Measured anew by \`RUNTIMES=FOLDER npx tsx bench/cold.ts\`, where FOLDER holds the runtimes as .ci/run installs them.

${table(
  ['', 'builds it', 'loads it'],
  Object.entries(cold.milliseconds).map(([runtime, { builds, loads }]) => [
    runtime,
    builds.toFixed(1),
    loads.toFixed(1),
  ]),
)}

In workerd, whose clock stands still while it computes, CPU beside a Worker that only answers, milliseconds: of the thread that runs the Worker, of
all threads, and of each prediction, with its request, after that.

${table(
  ['', 'first thread', 'all threads', 'a prediction'],
  Object.entries({ loads64: 'loads 64-32-10', loads784: 'loads 784-128-10', builds784: 'builds 784-128-10' }).map(
    ([key, name]) => {
      const { first, all, prediction } = cold.workerd[key];
      return [name, first.toFixed(1), all.toFixed(1), prediction.toFixed(2)];
    },
  ),
)}
`;
mkdirSync(new URL('../charts/', import.meta.url), { recursive: true });
writeFileSync(new URL('../RESULTS.md', import.meta.url), text);
writeFileSync(
  new URL('../charts/steps.svg', import.meta.url),
  drawSteps(
    steps,
    keys.filter((key) => !/2|relaxed$|Threads|threads|plain/.test(key)),
    labels,
  ),
);
writeFileSync(new URL('../charts/sizes.svg', import.meta.url), drawSizes(sizes, labels));
