// The table of speeds: steps compared with plain JavaScript and with the tile's own speed, the overhead of fit, prediction, and the
// time from import to the first prediction. Prints the table and writes bench/results/steps.json.   npm run bench
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { interleaved, median, repeated, stepsFor } from '../src/bench/measure.js';
import { blocked, plain } from '../src/bench/products.js';
import { tileSpeed, tileTasks } from '../src/bench/tile.js';
import { makeTwin } from '../src/bench/twin.js';
import { flops, makeData, title, type Workload, workloads } from '../src/bench/workloads.js';
import { createEngine, Matrix, sequential } from '../src/index.js';
import { measureAdam, measureRegularised } from './regularised.js';
import { layersOf, makeStep } from './step.js';

/** Rounds of a measurement; fewer for the largest workloads. */
const rounds = (workload: Workload): number => (flops(workload) > 1e9 ? 7 : 25);
const bars: Record<string, { share?: number; ratio: number }> = {
  W1: { share: 0.4, ratio: 0.08 },
  W2: { share: 0.62, ratio: 0.05 },
  W3: { share: 0.8, ratio: 0.045 },
  W4: { share: 0.85, ratio: 0.05 },
  W5: { ratio: 0.35 },
};

async function measureStep(workload: Workload) {
  const { engine, step, layers } = makeStep(workload);
  const rows = workload.batch;
  const { x, labels } = makeData(workload, rows);
  const twins = { plain: makeTwin(layers, rows, plain), blocked: makeTwin(layers, rows, blocked) };
  while (!engine.tuner.done) engine.tuner.slice();
  const tiles = tileTasks(engine);
  const times = await interleaved(
    [
      repeated('simdense', step),
      repeated('plain', () => void twins.plain.step(x, labels)),
      repeated('blocked', () => void twins.blocked.step(x, labels)),
      ...tiles,
    ],
    rounds(workload),
  );
  const time = times.get('simdense')!;
  const tile = tileSpeed(tiles, times);
  const speed = flops(workload) / time / 1000;
  return {
    workload: workload.name,
    network: title(workload),
    microseconds: time,
    gigaflops: speed,
    tileGigaflops: tile,
    share: speed / tile,
    toPlain: time / times.get('plain')!,
    toBlocked: time / times.get('blocked')!,
    bar: bars[workload.name]!,
  };
}

/** The overhead of fit over its steps, on sets of 60 batches: alternates a fit with as many bare steps. */
async function measureFit(workload: Workload) {
  const { step, fit: train } = makeStep(workload);
  const batches = 60;
  const { x, labels } = makeData(workload, workload.batch * batches);
  const matrix = new Matrix(x, workload.inputs);
  // Fits of about half a second.
  const epochs = Math.max(2, Math.round(stepsFor(step, 500) / batches));
  await train(matrix, labels, epochs);
  const ratios: number[] = [];
  for (let round = 0; round < 15; round++) {
    const begin = performance.now();
    await train(matrix, labels, epochs);
    const between = performance.now();
    for (let i = 0; i < epochs * batches; i++) step();
    const end = performance.now();
    ratios.push((between - begin) / (end - between) - 1);
  }
  return { workload: workload.name, epochs, overhead: median(ratios), bar: workload.name === 'W1' ? 0.25 : 0.05 };
}

async function measurePredict(workload: Workload) {
  const { layers } = makeStep(workload);
  const { x } = makeData(workload, 1);
  const model = sequential({ inputs: workload.inputs, layers: layersOf(workload), seed: 1 });
  const out = new Float32Array(workload.units.at(-1)!);
  const [naive, fast] = [makeTwin(layers, 1, plain), makeTwin(layers, 1, blocked)];
  const times = await interleaved(
    [
      repeated('simdense', () => void model.predictInto(out, x)),
      repeated('plain', () => void naive.predict(x)),
      repeated('blocked', () => void fast.predict(x)),
    ],
    rounds(workload),
  );
  const time = times.get('simdense')!;
  return {
    microseconds: time,
    toPlain: time / times.get('plain')!,
    toBlocked: time / times.get('blocked')!,
    bar: 0.15,
  };
}

/** Bytes that a step allocates on JavaScript's heap, from its growth over many steps without a collection. */
function measureAllocation(workload: Workload): number {
  const { step } = makeStep(workload);
  for (let i = 0; i < 50_000; i++) step();
  const growth: number[] = [];
  for (let round = 0; round < 9; round++) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 20_000; i++) step();
    growth.push((process.memoryUsage().heapUsed - before) / 20_000);
  }
  return Math.max(0, median(growth));
}

/** Milliseconds from import to the first prediction: the median over fresh processes. */
function measureStart(): number {
  const once = () => Number(execFileSync(process.execPath, ['bench/start.mjs'], { encoding: 'utf8' }));
  return median(Array.from({ length: 15 }, once));
}

const number = (value: number, digits: number) => value.toFixed(digits).padStart(8);
const mark = (good: boolean) => (good ? '✓' : '✗');

const engine = await createEngine();
console.log(
  `${cpus()[0]?.model.trim()}, Node ${process.versions.node}, V8 ${process.versions.v8}, ${engine.kernels}\n`,
);
console.log(
  'step                              µs  GFLOP/s     tile    share     bar | ÷ plain JS    bar | ÷ blocked JS',
);
const steps = [];
for (const workload of workloads) {
  const r = await measureStep(workload);
  steps.push(r);
  const share =
    r.bar.share === undefined ? '        ' : `${mark(r.share >= r.bar.share)} ≥${r.bar.share.toFixed(2)}`.padStart(8);
  console.log(
    `${r.workload} ${r.network.padEnd(24)}${number(r.microseconds, 1)} ${number(r.gigaflops, 1)} ${number(r.tileGigaflops, 1)} ${number(r.share, 2)} ${share} |  ${number(r.toPlain, 3)} ${mark(r.toPlain <= r.bar.ratio)} ≤${r.bar.ratio} |  ${number(r.toBlocked, 3)}`,
  );
}
const fits = [];
for (const name of ['W1', 'W2', 'W3']) {
  const r = await measureFit(workloads.find((w) => w.name === name)!);
  fits.push(r);
  console.log(
    `fit's own cost on ${name}: ${(r.overhead * 100).toFixed(1)} % of its steps ${mark(r.overhead <= r.bar)} ≤ ${r.bar * 100} %`,
  );
}
const predict = await measurePredict(workloads[1]!);
console.log(
  `predict one row of W2: ${predict.microseconds.toFixed(1)} µs, ${predict.toPlain.toFixed(3)} of plain JS ${mark(predict.toPlain <= 0.15)} ≤ 0.15, ${predict.toBlocked.toFixed(3)} of blocked`,
);
const allocation = measureAllocation(workloads[4]!);
console.log(`a step of W5 leaves ${allocation.toFixed(1)} bytes on the heap`);
const regularised = await measureRegularised(workloads[2]!, layersOf(workloads[2]!));
console.log(
  `batch norm, dropout and penalties add ${(regularised.added * 100).toFixed(1)} % to a step of W3 ${mark(regularised.added <= 0.2)} ≤ 20 %`,
);
const optimizerPass = await measureAdam(workloads[1]!);
console.log(
  `Adam over W2's parameters: ${optimizerPass.nanoseconds.toFixed(2)} ns each ${mark(optimizerPass.nanoseconds <= 0.8)} ≤ 0.8 ns`,
);
const start = measureStart();
console.log(`import to first prediction: ${start.toFixed(1)} ms ${mark(start <= 10)} ≤ 10 ms`);

const machine = { cpu: cpus()[0]?.model.trim(), node: process.versions.node, v8: process.versions.v8 };
const results = {
  date: new Date().toISOString().slice(0, 10),
  machine,
  kernels: engine.kernels,
  steps,
  fits,
  predict,
  allocation,
  regularised,
  optimizerPass,
  start,
};
mkdirSync('bench/results', { recursive: true });
writeFileSync('bench/results/steps.json', `${JSON.stringify(results, null, 2)}\n`);
