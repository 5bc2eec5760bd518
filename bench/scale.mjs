// The capacity of one Redis and one coordinator: jobs a second through BullMQ, bytes a job, and a job's cost beside its training.
//   node bench/scale.mjs [JOBS]     after npm run build; needs redis-server; writes bench/results/scale.json
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { bullmq } from 'simdense/bullmq';
import { kFold } from 'simdense/data';

const port = 7379;
const url = `redis://127.0.0.1:${port}`;
const count = Number(process.argv[2] ?? 2000);

/** Starts a process and waits until it prints a line. */
function start(command, args, what) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => what.test(line) && resolve(child));
  });
}

const redis = await start('redis-server', ['--port', String(port), '--save', ''], /Ready to accept/);
const work = [
  '--input-type=module',
  '-e',
  `
  import { startBullmqWorker } from 'simdense/bullmq';
  await startBullmqWorker({ connection: '${url}' });
  console.log('ready');`,
];
const client = new Redis(url);
const memory = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))[1]);

// Jobs like those of a search: each contains the row numbers of its fold; the data set is in Redis once.
const rows = 1000;
const x = { data: new Float32Array(rows * 10).map((_, i) => ((i * 37) % 101) / 101), columns: 10 };
const indices = new Int32Array(rows).map((_, i) => i % 3);
const data = { task: 'classification', x, classes: ['a', 'b', 'c'], indices };
const [split] = kFold(rows, { folds: 10 });
const jobsOf = (seed) =>
  Array.from({ length: count }, (_, i) => ({
    pipeline: { layers: [], fit: { epochs: 1, batchSize: 'full' } },
    ...split,
    seed: seed * count + i,
  }));

async function run(executor, jobs) {
  const begin = performance.now();
  let training = 0;
  for await (const { result, error } of executor.run('fit', jobs, { data })) {
    if (error) throw error;
    training += result.seconds;
  }
  return { seconds: (performance.now() - begin) / 1000, training };
}

const results = [];
for (const processes of [1, 2]) {
  const children = await Promise.all(Array.from({ length: processes }, () => start(process.execPath, work, /ready/)));
  const executor = bullmq({ connection: url });
  await run(executor, jobsOf(100 + processes).slice(0, 100));
  const before = await memory();
  const jobs = jobsOf(processes);
  const { seconds, training } = await run(executor, jobs);
  const bytes = ((await memory()) - before) / count;
  const figures = {
    processes,
    jobs: count,
    jobsPerSecond: count / seconds,
    bytesPerJob: bytes,
    // A worker's time for a job beside its training.
    overheadMilliseconds: ((seconds * processes - training) * 1000) / count,
  };
  results.push(figures);
  console.log(
    `${processes} worker(s): ${figures.jobsPerSecond.toFixed(0)} jobs/s, ${bytes.toFixed(0)} bytes a job in Redis, ${figures.overheadMilliseconds.toFixed(2)} ms a job beside its training`,
  );
  await executor.close();
  for (const child of children) child.kill('SIGKILL');
}
client.disconnect();
redis.kill();
mkdirSync('bench/results', { recursive: true });
writeFileSync(
  'bench/results/scale.json',
  `${JSON.stringify({ node: process.versions.node, date: new Date().toISOString().slice(0, 10), rows, results }, null, 1)}\n`,
);
process.exit();
