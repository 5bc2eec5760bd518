// What training on shards costs in accuracy, bytes and time: MNIST dealt to 8 shards, at random and sorted by class, 20 rounds of one local epoch, beside one machine's 20 epochs.
//   npx tsx bench/shards.ts FOLDER [accuracy] [ways] [bits] [bytes] [time]     after npm run build; FOLDER has the four .gz files of MNIST; bytes needs redis-server
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { adam, dense, type Matrix, type Optimizer, sgd } from 'simdense';
import { bullmq } from 'simdense/bullmq';
import { parseIdx } from 'simdense/data';
import { type Executor, type FittedPipeline, fitPipeline, fitShards, type Pipeline } from 'simdense/evaluate';
import { readTable, workers } from 'simdense/node';
import type { Table } from 'simdense/table';

const [source, ...given] = process.argv.slice(2);
if (source === undefined) throw new Error('name the folder with the files of MNIST');
const parts = given.length > 0 ? given : ['accuracy', 'bits', 'bytes', 'time'];
const SHARDS = 8;
/** Of `accuracy`, whose figures are means. */
const SEEDS: readonly number[] = [1, 2, 3];
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const ROUNDS = 20;
const folder = mkdtempSync(join(tmpdir(), 'simdense-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const read = (name: string): Matrix => parseIdx(gunzipSync(readFileSync(join(source, `${name}.gz`)))) as Matrix;
const set = (name: string) => ({ x: read(`${name}-images-idx3-ubyte`), y: read(`${name}-labels-idx1-ubyte`).data });

/** Rows as CSV, with their digits. */
function csv({ x, y }: { x: Matrix; y: ArrayLike<number> }, rows: readonly number[]): string {
  const header = [...Array.from({ length: x.columns }, (_, c) => `p${c}`), 'digit'].join();
  return `${[header, ...rows.map((row) => `${x.row(row).join()},${y[row]}`)].join('\n')}\n`;
}

const train = set('train');
const everyRow = Array.from(train.y, (_, row) => row);
// Fisher–Yates by a linear congruential generator.
let state = 7;
for (let i = everyRow.length - 1; i > 0; i--) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  const j = Math.floor((state / 2 ** 32) * (i + 1));
  [everyRow[i], everyRow[j]] = [everyRow[j] as number, everyRow[i] as number];
}
const sorted = [...everyRow].sort((a, b) => (train.y[a] as number) - (train.y[b] as number));
const each = everyRow.length / SHARDS;
const dealt = { random: everyRow, sorted };
for (const [kind, rows] of Object.entries(dealt)) {
  mkdirSync(join(folder, kind));
  for (let k = 0; k < SHARDS; k++)
    writeFileSync(join(folder, kind, `${k}.csv`), csv(train, rows.slice(k * each, (k + 1) * each)));
}
/** Shards of few rows: bytes and bits do not depend on their number. */
const FEW = 200;
mkdirSync(join(folder, 'few'));
for (let k = 0; k < SHARDS; k++)
  writeFileSync(join(folder, 'few', `${k}.csv`), csv(train, everyRow.slice(k * FEW, (k + 1) * FEW)));
const namesOf = (kind: string): string[] => Array.from({ length: SHARDS }, (_, k) => `${kind}/${k}.csv`);
const pathsOf = (kind: string): string[] => namesOf(kind).map((name) => join(folder, name));
const test = set('t10k');
writeFileSync(
  join(folder, 'test.csv'),
  csv(
    test,
    Array.from(test.y, (_, row) => row),
  ),
);
// A digit that no pixel column is: so that shards agree what the columns are.
const kinds = { digit: 'number' as const };
const testing = await readTable(join(folder, 'test.csv'), { kinds });

/** The share of digits that are right, in percent. */
function accuracy(fitted: FittedPipeline): number {
  const found = fitted.predict(testing);
  return (100 * found.filter((label, row) => label === test.y[row]).length) / found.length;
}

const layers = [dense({ units: 128, activation: 'relu' })];
const encode = { number: { scale: 'standard' as const } };
const common = { layers, encode, task: 'classification' as const };
/** What each way of dealing is trained with. */
interface Way {
  readonly optimizer: Optimizer;
  readonly batchSize: number;
  readonly outer?: { readonly learningRate?: number; readonly momentum?: number };
  readonly controlVariates?: boolean;
}
type Kind = 'random' | 'sorted';
const ways: Readonly<Record<Kind, readonly [Way, ...Way[]]>> = {
  random: [
    { optimizer: adam(), batchSize: 32, outer: { learningRate: 0.7, momentum: 0.6 } },
    { optimizer: adam(), batchSize: 32 },
    { optimizer: sgd({ learningRate: 0.1 }), batchSize: 32 },
  ],
  sorted: [
    { optimizer: sgd({ learningRate: 0.15 }), batchSize: 500, outer: { momentum: 0.8 }, controlVariates: true },
    { optimizer: sgd({ learningRate: 0.3 }), batchSize: 500, outer: { momentum: 0.8 } },
    { optimizer: sgd({ learningRate: 0.1 }), batchSize: 500, outer: { momentum: 0.8 } },
    { optimizer: sgd({ learningRate: 0.1 }), batchSize: 500 },
    { optimizer: adam(), batchSize: 32, outer: { learningRate: 0.7, momentum: 0.6 } },
  ],
};
const told = ({ optimizer, batchSize, outer = {}, controlVariates = false }: Way): string =>
  `${optimizer.type} ${optimizer.learningRate}, batches of ${batchSize}, outer rate ${outer.learningRate ?? 1}, momentum ${outer.momentum ?? 0}${controlVariates ? ', control variates' : ''}`;
const fitted = (kind: Kind, way: number, executor: Executor, shards = pathsOf(kind), more: object = {}) => {
  const { optimizer, batchSize, ...o } = ways[kind][way] as Way;
  const pipeline: Pipeline = { ...common, optimizer, fit: { batchSize } };
  const given = { target: 'digit', read: { kinds }, rounds: ROUNDS, seed: 1, executor };
  return fitShards(pipeline, shards, { ...o, ...given, ...more });
};
const hash = (each: FittedPipeline): string => createHash('sha256').update(each.save()).digest('hex').slice(0, 16);
/** Rows of all shards as one table, in their order. */
const whole = (): Promise<Table> => {
  writeFileSync(join(folder, 'train.csv'), csv(train, everyRow));
  return readTable(join(folder, 'train.csv'), { kinds });
};

if (parts.includes('accuracy') || parts.includes('ways')) {
  const table = await whole();
  const one: Pipeline = { ...common, optimizer: adam(), fit: { batchSize: 32, epochs: ROUNDS } };
  const seeds = parts.includes('ways') ? [1] : SEEDS;
  const executor = workers({ count: 2 });
  const machine: number[] = [];
  for (const seed of seeds) {
    using alone = await fitPipeline(one, table, 'digit', { seed });
    machine.push(accuracy(alone));
  }
  const best = mean(machine);
  console.log(`one machine, ${ROUNDS} epochs: ${best.toFixed(2)} %, mean of ${seeds.length}`);
  const most = parts.includes('ways') ? Math.max(ways.random.length, ways.sorted.length) : 1;
  for (let way = 0; way < most; way++)
    for (const kind of ['random', 'sorted'] as const) {
      const trained = ways[kind][way];
      if (!trained) continue;
      const each: number[] = [];
      for (const seed of seeds) {
        using network = await fitted(kind, way, executor, pathsOf(kind), { seed });
        each.push(accuracy(network));
      }
      const found = mean(each);
      console.log(`${kind} shards, ${told(trained)}: ${found.toFixed(2)} %, ${(best - found).toFixed(2)} points less`);
    }
  await executor.close();
}

if (parts.includes('bits')) {
  const found = new Set<string>();
  for (const count of [1, 2, 4, 8]) {
    const executor = workers({ count });
    using network = await fitted('random', 0, executor, pathsOf('few'));
    found.add(hash(network));
    await executor.close();
  }
  console.log(`on 1, 2, 4 and 8 threads: ${found.size === 1 ? 'the same bits' : 'other bits'} (${[...found].join()})`);
}

/** Starts a process and waits until it prints a line. */
function start(command: string, args: readonly string[], what: RegExp): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve) => {
    child.stdout?.on('data', (text: Buffer) => what.test(text.toString()) && resolve(child));
  });
}

const PORT = 7479;
/** A way to Redis that counts the bytes of workers. */
function counting() {
  const bytes = { down: 0, up: 0 };
  const count = (way: keyof typeof bytes, { length }: Buffer): void => {
    bytes[way] += length;
  };
  const server = createServer((worker: Socket) => {
    const redis = connect(PORT, '127.0.0.1');
    worker.on('data', (part) => count('up', part)).pipe(redis);
    redis.on('data', (part) => count('down', part)).pipe(worker);
    for (const socket of [worker, redis]) socket.on('error', () => {});
  });
  server.listen(PORT + 1, '127.0.0.1');
  return { bytes, close: () => server.close() };
}

const onRedis = parts.includes('bytes') || parts.includes('time');
const redis = onRedis && (await start('redis-server', ['--port', `${PORT}`, '--save', ''], /Ready to accept/));
const work = (queue: string, port: number) => `
  import { startBullmqWorker } from 'simdense/bullmq';
  await startBullmqWorker({ connection: 'redis://127.0.0.1:${port}', queue: '${queue}', shards: ${JSON.stringify(folder)} });
  console.log('ready');`;
async function onWorkers<T>(count: number, port: number, run: (executor: Executor) => Promise<T>): Promise<T> {
  const queue = `bench-${count}-${port}-${Math.random()}`;
  const args = ['--input-type=module', '-e', work(queue, port)];
  const children = await Promise.all(Array.from({ length: count }, () => start(process.execPath, args, /ready/)));
  const executor = bullmq({ connection: `redis://127.0.0.1:${PORT}`, queue });
  try {
    return await run(executor);
  } finally {
    await executor.close();
    for (const child of children) child.kill('SIGKILL');
  }
}

if (parts.includes('bytes')) {
  for (const kind of ['random', 'sorted'] as const)
    for (const count of [2, 8]) {
      const { bytes, close } = counting();
      const parameters = await onWorkers(count, PORT + 1, async (executor) => {
        using network = await fitted(kind, 0, executor, namesOf('few'));
        return network.model.parameterCount;
      });
      close();
      const [down, up] = [bytes.down, bytes.up].map((sum) => sum / ROUNDS / SHARDS) as [number, number];
      const most = 2 * 4 * parameters;
      console.log(
        `${told(ways[kind][0])}: ${count} workers: ${(down + up).toFixed(0)} bytes a shard a round (${down.toFixed(0)} down, ${up.toFixed(0)} up), ` +
          `${((down + up) / most).toFixed(3)} of 2 × 4 × ${parameters}, with all that BullMQ says and the encoder`,
      );
    }
}

if (parts.includes('time')) {
  const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] as number;
  const timed = async (executor: Executor, shards: string[]): Promise<number> => {
    const ends: number[] = [];
    // The first round reads the shards.
    using _ = await fitted('random', 0, executor, shards, { rounds: 5, onRound: () => ends.push(performance.now()) });
    return median(ends.slice(1).map((end, i) => (end - (ends[i] as number)) / 1000));
  };
  const found = new Map<string, number[]>();
  const add = (name: string, seconds: number): void => {
    found.set(name, [...(found.get(name) ?? []), seconds]);
    console.log(`  ${name}: ${seconds.toFixed(2)} s`);
  };
  for (let repeat = 0; repeat < 2; repeat++) {
    for (const count of [1, 2]) {
      const executor = workers({ count });
      add(`${count} thread(s)`, await timed(executor, pathsOf('random')));
      await executor.close();
      const far = await onWorkers(count, PORT, (on) => timed(on, namesOf('random')));
      add(`${count} worker(s) on Redis`, far);
    }
  }
  for (const [name, list] of found) console.log(`${name}: ${median(list).toFixed(2)} s a round`);
}
if (redis) redis.kill();
process.exit();
