// How long each waiting function takes to respond to an abort: the worst of several, in milliseconds; it should be at most 50. Also how much CPU is used afterwards.
//   npx tsx bench/signals.ts     after npm run build; also measures the queue if redis-server is on the path
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dense, Matrix, sequential } from 'simdense';
import { bullmq, startBullmqWorker } from 'simdense/bullmq';
import { kFold } from 'simdense/data';
import {
  bagging,
  bootstrapScore,
  crossValidate,
  type Executor,
  fitPipeline,
  inline,
  learningCurve,
  type Pipeline,
  type RunOptions,
  search,
} from 'simdense/evaluate';
import { resumable, workers } from 'simdense/node';

const ASKED = 50;
const rows = 2000;
const x = { data: new Float32Array(rows * 20).map((_, i) => ((i * 37) % 101) / 101), columns: 20, rows };
const matrix = Array.from({ length: rows }, (_, i) => x.data.subarray(i * 20, i * 20 + 20)).map((row) => [...row]);
const y = Int32Array.from({ length: rows }, (_, i) => i % 3);
const splits = [...kFold(rows, { folds: 3 })];
const pipeline: Pipeline = { layers: [dense({ units: 64, activation: 'relu' })], fit: { epochs: 100_000 } };
/** A short run, so that the rounds of halving follow each other quickly. */
const short: Pipeline = { layers: [dense({ units: 4, activation: 'relu' })], fit: { epochs: 9 } };

const evaluations: [string, (o: RunOptions) => Promise<unknown>][] = [
  ['crossValidate', (o) => crossValidate(pipeline, matrix, y, splits, o)],
  ['bagging', (o) => bagging(pipeline, matrix, y, { members: 4, ...o })],
  ['bootstrapScore', (o) => bootstrapScore(pipeline, matrix, y, { repeats: 4, ...o })],
  [
    'search by halving',
    (o) =>
      search({
        space: { units: { min: 1, max: 64, integer: true } },
        pipeline: ({ units }: { units: number }) => ({ ...short, layers: [dense({ units, activation: 'relu' })] }),
        x: matrix,
        y,
        splits,
        strategy: 'halving',
        trials: 200,
        ...o,
      }),
  ],
];

/** Milliseconds from the time when the abort is due (after `after` milliseconds) to the rejection. A blocked event loop aborts late, which counts too. */
async function latency(run: (signal: AbortSignal) => Promise<unknown>, after: number): Promise<number> {
  const controller = new AbortController();
  const at = performance.now() + after;
  setTimeout(() => controller.abort(new Error('aborted')), after);
  await run(controller.signal).then(
    () => console.log('ended before its signal'),
    (error: Error) => {
      if (error.message !== 'aborted') console.log(`another error: ${error.message}`);
    },
  );
  return performance.now() - at;
}

async function measure(
  name: string,
  run: (signal: AbortSignal) => Promise<unknown>,
  times = [60, 150, 300, 450, 700],
): Promise<void> {
  let worst = 0;
  for (const after of times) worst = Math.max(worst, await latency(run, after));
  console.log(`${name.padEnd(48)} ${worst.toFixed(1).padStart(7)} ms ${worst > ASKED ? '  above what is asked' : ''}`);
}

async function measureAll(name: string, executor: Executor | (() => Executor)): Promise<void> {
  for (const [what, run] of evaluations) {
    await measure(`${what} on ${name}`, async (signal) => {
      if (typeof executor !== 'function') return run({ executor, signal });
      const own = executor();
      return run({ executor: own, signal }).finally(() => void own.close());
    });
  }
}

const model = sequential({
  inputs: 20,
  layers: [dense({ units: 64, activation: 'relu' }), dense({ units: 3, activation: 'softmax' })],
});
model.compile({ loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const never = new Promise<void>(() => {});
const many = 400_000;
const large = [new Matrix(new Float32Array(many * 20), 20), new Int32Array(many)] as const;
const fits: [string, (signal: AbortSignal) => Promise<unknown>][] = [
  ['training', (signal) => model.fit(matrix, y, { epochs: 1e6, signal })],
  ['validation', (signal) => model.fit(matrix, y, { epochs: 1e6, validationData: large, signal })],
  [
    'a callback that never resolves',
    (signal) => model.fit(matrix, y, { signal, callbacks: [{ onEpochEnd: () => never }] }),
  ],
  [
    'a stream that never gives anything',
    (signal) =>
      model.fit(
        async function* () {
          await never;
          yield [[], []] as never;
        },
        undefined,
        { signal },
      ),
  ],
  [
    'a stream of empty batches',
    (signal) =>
      model.fit(
        async function* () {
          for (;;) yield [[], []] as never;
        },
        undefined,
        { signal },
      ),
  ],
];
for (const [name, run] of fits) await measure(`fit: ${name}`, run);
/** The time before the first training run, when many rows are checked, split and scaled, or many trials drawn. */
const [manyRows, manyLabels] = [large[0], large[1].map((_, i) => i % 3)];
const manyTargets = Float64Array.from(manyLabels, Math.sqrt);
const beginnings: [string, (signal: AbortSignal) => Promise<unknown>][] = [
  [
    'fit with validationSplit',
    (signal) => model.fit(manyRows, manyLabels, { epochs: 1e6, validationSplit: 0.2, signal }),
  ],
  [
    'fitPipeline with validationSplit',
    (signal) =>
      fitPipeline({ ...pipeline, fit: { epochs: 1e6, validationSplit: 0.2 } }, manyRows, manyLabels, { signal }),
  ],
  [
    'crossValidate, stratified',
    (signal) => crossValidate(pipeline, manyRows, manyLabels, kFold(many, { stratify: manyLabels }), { signal }),
  ],
  [
    'crossValidate of a regression',
    (signal) => crossValidate(pipeline, manyRows, manyTargets, kFold(many), { signal }),
  ],
  ['learningCurve', (signal) => learningCurve(pipeline, manyRows, manyLabels, kFold(many), { signal })],
  ['bagging', (signal) => bagging(pipeline, manyRows, manyLabels, { signal })],
  [
    'search of 100,000 trials',
    (signal) =>
      search({
        space: { units: { min: 1, max: 64, integer: true } },
        pipeline: ({ units }: { units: number }) => ({ layers: [dense({ units, activation: 'relu' })] }),
        x: matrix,
        y,
        trials: 100_000,
        signal,
      }),
  ],
];
for (const [name, run] of beginnings) await measure(`begin: ${name}`, run, [1, 10, 30, 60, 100, 150, 200, 300, 500]);
await measureAll('inline', inline());
const threads = workers({ count: 2 });
await measureAll('workers', threads);
await new Promise((resolve) => setTimeout(resolve, 200));
const before = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, 1000));
const { user, system } = process.cpuUsage(before);
console.log(
  `${'CPU in the second after the last abort'.padEnd(48)} ${((user + system) / 1000).toFixed(1).padStart(7)} ms`,
);
await threads.close();
const folder = mkdtempSync(join(tmpdir(), 'simdense-signals-'));
await measureAll('resumable', resumable({ folder, executor: inline() }));
rmSync(folder, { recursive: true });

const server = createServer(() => {});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const connection = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
await measureAll('a Redis that says nothing', () => bullmq({ connection }));
server.close();

if (spawnSync('redis-server', ['--version']).status === 0) {
  const port = 7380;
  const redis: ChildProcess = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve) =>
    redis.stdout?.on('data', (text: Buffer) => /Ready to accept/.test(String(text)) && resolve()),
  );
  const connection = `redis://127.0.0.1:${port}`;
  const executor = bullmq({ connection });
  await measureAll('the queue, without a worker', executor);
  const worker = await startBullmqWorker({ connection, queue: 'other' });
  redis.kill('SIGSTOP');
  await measureAll('the queue, Redis standing still', executor);
  redis.kill('SIGKILL');
  await Promise.race([worker.close(), new Promise((resolve) => setTimeout(resolve, 3000))]);
  await executor.close();
}
process.exit(0);
