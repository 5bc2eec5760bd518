// Many small networks: cross-validation and bagging whose steps are replayed (src/train/replay.ts) beside the same with each step by itself, in interleaved rounds of one
// process, in its processor time, with a look whether the figures are the same to the bit; or the same folds in two threads beside one, by the clock and in processor time.
//   taskset -c 1 npx tsx bench/together.ts [ROUNDS]; npx tsx bench/together.ts ROUNDS threads     after npm run build
import { performance } from 'node:perf_hooks';
import { crossValidate as published } from 'simdense/evaluate';
import { workers } from 'simdense/node';
import { median } from '../src/bench/measure.js';
import { makeData, title, type Workload, workloads } from '../src/bench/workloads.js';
import { kFold } from '../src/data/index.js';
import { bagging, crossValidate } from '../src/evaluate/index.js';
import { dense, Matrix, sequential } from '../src/index.js';
import { Replay } from '../src/train/replay.js';

const rounds = Number(process.argv[2] ?? 15);
const [BATCHES, EPOCHS, NETWORKS] = [50, 30, 10];
const { train } = Replay.prototype;

/** Runs with each step by itself. */
async function oneByOne<T>(run: () => Promise<T>): Promise<T> {
  Replay.prototype.train = () => 0;
  try {
    return await run();
  } finally {
    Replay.prototype.train = train;
  }
}

/** Milliseconds of the processor, and what the run gave. */
async function timed(run: () => Promise<unknown>): Promise<[number, string]> {
  const begin = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(begin);
  return [(user + system) / 1000, JSON.stringify(result)];
}

async function compare(name: string, run: () => Promise<unknown>): Promise<void> {
  const [alone, replayed, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = -1; round < rounds; round++) {
    const [before, one] = await timed(() => oneByOne(run));
    const [after, other] = await timed(run);
    if (one !== other) throw new Error(`${name}: other bits`);
    // The first round warms up.
    if (round < 0) continue;
    alone.push(before);
    replayed.push(after);
    ratios.push(before / after);
  }
  const [before, after, ratio] = [alone, replayed, ratios].map(median) as [number, number, number];
  console.log(
    `  ${name.padEnd(34)} ${before.toFixed(0).padStart(5)} ms ${after.toFixed(0).padStart(5)} ms  ${ratio.toFixed(2)} ×`,
  );
}

/** Milliseconds by the clock, and of the processor, of each run, in turn. */
async function clocked(runs: readonly (() => Promise<unknown>)[]): Promise<{ clock: number[]; cpu: number[] }[]> {
  const times = runs.map(() => ({ clock: [] as number[], cpu: [] as number[] }));
  for (let round = -1; round < rounds; round++)
    for (const [i, run] of runs.entries()) {
      const begin = performance.now();
      const [cpu] = await timed(run);
      if (round < 0) continue;
      times[i]?.clock.push(performance.now() - begin);
      times[i]?.cpu.push(cpu);
    }
  return times;
}

/** Data and folds of a workload, and a pipeline of its shape. */
function taskOf(workload: Workload) {
  const { inputs, units, batch } = workload;
  const rows = batch * BATCHES;
  const { x: data, labels } = makeData(workload, rows);
  const x = new Matrix(data, inputs);
  const y = [...labels];
  const folds = [...kFold(rows, { folds: NETWORKS, seed: 1 })];
  const hidden = units.slice(0, -1).map((n) => dense({ units: n, activation: 'relu' }));
  const pipeline = { layers: hidden, fit: { epochs: EPOCHS, batchSize: batch } };
  return { inputs, units, x, y, labels, folds, hidden, pipeline };
}

async function inOneThread(workload: Workload): Promise<void> {
  const { inputs, units, x, y, labels, folds, hidden, pipeline } = taskOf(workload);
  console.log(`${workload.name}, ${title(workload)}: ${NETWORKS} networks, ${EPOCHS} epochs of ${BATCHES} batches`);
  console.log(`  ${''.padEnd(34)} each step  replayed`);
  for (const metrics of [['accuracy'], []] as const) {
    const figures = metrics.length > 0 ? 'accuracy' : 'no metric';
    await compare(`fit, ${figures}`, async () => {
      const layers = [...hidden, dense({ units: units.at(-1) as number, activation: 'softmax' })];
      const trained: unknown[] = [];
      for (let seed = 0; seed < NETWORKS; seed++) {
        using model = sequential({ inputs, layers, seed }).compile({ loss: 'categoricalCrossentropy', metrics });
        trained.push(await model.fit(x, labels, pipeline.fit));
        trained.push(Array.from(model.getWeights().values(), ({ data: weights }) => [...weights]));
      }
      return trained;
    });
    await compare(`crossValidate, ${figures}`, () => crossValidate({ ...pipeline, metrics }, x, y, folds));
  }
  await compare('bagging, accuracy', async () => {
    const ensemble = await bagging(pipeline, x, y, { members: NETWORKS });
    const { outOfBag } = ensemble;
    ensemble.dispose();
    return outOfBag;
  });
}

/** The folds in two threads beside one. */
async function inTwoThreads(workload: Workload): Promise<void> {
  const { x, y, folds, pipeline } = taskOf(workload);
  const executors = [workers({ count: 1 }), workers({ count: 2 })] as const;
  const [one, two] = await clocked(executors.map((executor) => () => published(pipeline, x, y, folds, { executor })));
  if (!one || !two) throw new Error('not measured');
  const ratios = one.clock.map((time, i) => time / (two.clock[i] as number));
  const show = ({ clock, cpu }: typeof one) =>
    `${median(clock).toFixed(0)} ms (processor ${median(cpu).toFixed(0)} ms)`;
  console.log(`${workload.name}: one thread ${show(one)}, two ${show(two)}, ${median(ratios).toFixed(2)} ×`);
  for (const executor of executors) await executor.close();
}

const measure = process.argv[3] === 'threads' ? inTwoThreads : inOneThread;
for (const workload of workloads) if (['W1', 'W5'].includes(workload.name)) await measure(workload);
