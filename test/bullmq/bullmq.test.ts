// The built package with a real Redis: worker processes that are killed, and coordinators that are started again.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis as Client } from 'ioredis';
import { adam, dense } from 'simdense';
import { bullmq, dataFile, startBullmqWorker } from 'simdense/bullmq';
import { kFold } from 'simdense/data';
import { crossValidate, type Executor, fitPipeline, inline, type Pipeline, search } from 'simdense/evaluate';
import { workers } from 'simdense/node';
import { readTable } from 'simdense/table';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobs } from '../helpers/models.js';
import { freePort, hasRedis, type Redis, says, startRedis } from './redis.js';

const { x, y } = blobs(90);
const splits = [...kFold(90, { folds: 3, stratify: y })];
const pipeline: Pipeline = { layers: [dense({ units: 6, activation: 'tanh' })], fit: { epochs: 5, batchSize: 16 } };
/** Training runs of about 0.2 s each, so that one is in progress when its worker is killed. */
const searched = async (executor: Executor, epochs = 400) => {
  const result = await search({
    space: { units: { min: 2, max: 12, integer: true }, rate: { min: 0.001, max: 0.1, scale: 'log' as const } },
    pipeline: ({ units, rate }: { units: number; rate: number }) => ({
      ...pipeline,
      layers: [dense({ units, activation: 'tanh' })],
      optimizer: adam({ learningRate: rate }),
      fit: { epochs, batchSize: 8 },
    }),
    x,
    y,
    splits,
    trials: 4,
    seed: 2,
    executor,
  });
  return { best: result.best, trials: result.trials.map(({ seconds: _, ...trial }) => trial) };
};

describe.runIf(hasRedis)('with a Redis', () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.stop());

  /** `npx simdense worker` as a process of its own; jobs whose worker dies are given away after a second. */
  async function worker(queue: string): Promise<ChildProcess> {
    const program = `
      import { startBullmqWorker } from 'simdense/bullmq';
      await startBullmqWorker({ connection: '${redis.url}', queue: '${queue}', lockDuration: 1000 });
      console.log('ready');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await says(child, /ready/);
    return child;
  }

  test("the networks of 'tabular' have the bits of inline and of two threads, with a callback too", async () => {
    const table = await readTable(
      Array.from({ length: 90 }, (_, i) => ({ a: x.row(i)[0], b: i % 7 === 0 ? null : x.row(i)[1], y: `c${y[i]}` })),
    );
    const queue = 'tabular';
    const child = await worker(queue);
    const executor = bullmq({ connection: redis.url, queue });
    const threads = workers({ count: 2 });
    const predicted = async (o: { executor?: Executor; callbacks?: [] }): Promise<number[]> => {
      using fitted = await fitPipeline('tabular', table, 'y', { seed: 3, members: 3, ...o });
      return [fitted.temperature, ...fitted.predictProbabilities(table).data];
    };
    const near = await predicted({});
    expect(await predicted({ executor })).toEqual(near);
    expect(await predicted({ executor, callbacks: [] })).toEqual(near);
    expect(await predicted({ executor: threads, callbacks: [] })).toEqual(near);
    child.kill('SIGKILL');
    await threads.close();
    await executor.close();
  });

  test('a search gives the bits of inline and of two threads, while one of two workers is killed half-way', async () => {
    const queue = 'killed';
    const [doomed, other] = await Promise.all([worker(queue), worker(queue)]);
    const executor = bullmq({ connection: redis.url, queue });
    const watch = new Queue(queue, { connection: { url: redis.url } });
    const running = searched(executor);
    // Some are done, one is in its hands.
    while ((await watch.getCompletedCount()) < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    doomed.kill('SIGKILL');
    const far = await running;
    const counts = await watch.getJobCounts('completed', 'failed', 'waiting', 'active');
    other.kill('SIGKILL');
    const threads = workers({ count: 2 });
    expect(far).toEqual(await searched(threads));
    expect(far).toEqual(await searched(inline()));
    expect(counts).toEqual({ completed: 12, failed: 0, waiting: 0, active: 0 });
    await threads.close();
    await executor.close();
    await watch.close();
  });

  test('a coordinator that was killed is started again and goes on from what is finished', async () => {
    const queue = 'resumed';
    const program = `
      import { dense } from 'simdense';
      import { crossValidate } from 'simdense/evaluate';
      import { bullmq } from 'simdense/bullmq';
      import { kFold } from 'simdense/data';
      const x = Array.from({ length: 60 }, (_, i) => [i % 7, i % 3, i % 5]);
      const y = x.map(([a]) => (a > 3 ? 'high' : 'low'));
      const executor = bullmq({ connection: '${redis.url}', queue: '${queue}' });
      const { loss } = await crossValidate({ layers: [dense({ units: 8, activation: 'tanh' })], fit: { epochs: 150, batchSize: 4 } }, x, y,
        kFold(60, { folds: 12 }), { executor, onProgress: (done) => console.log('done', done) });
      console.log(JSON.stringify(loss.values));
      await executor.close();`;
    const run = () =>
      spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const busy = await worker(queue);
    const first = run();
    await says(first, /done 3/);
    first.kill('SIGKILL');
    const watch = new Queue(queue, { connection: { url: redis.url } });
    const before = await watch.getCompletedCount();
    const finished = await watch.getCompleted();
    const begun = new Map(finished.map(({ id, processedOn }) => [id, processedOn]));
    const second = run();
    await says(second, /done 12\n\[/);
    busy.kill('SIGKILL');
    expect(before).toBeGreaterThanOrEqual(3);
    const after = await watch.getCompleted();
    expect(after.length).toBe(12);
    // What was finished has not run again.
    for (const { id, processedOn } of after) if (begun.has(id)) expect(processedOn).toBe(begun.get(id));
    await watch.close();
  });

  test('while Redis itself is killed and comes back, all wait and go on', async () => {
    const own = await startRedis();
    const hosted = await startBullmqWorker({ connection: own.url, lockDuration: 1000 });
    const executor = bullmq({ connection: own.url });
    const long = { ...pipeline, fit: { epochs: 300, batchSize: 8 } };
    const folds = [...kFold(90, { folds: 6 })];
    let crashed: Promise<void> | undefined;
    const scores = await crossValidate(long, x, y, folds, {
      executor,
      onProgress(done) {
        if (done === 2) crashed = own.crash();
      },
    });
    await crashed;
    expect(scores).toEqual(await crossValidate(long, x, y, folds));
    await hosted.close();
    await executor.close();
    own.stop();
  }, 60_000);

  test('data are sent once by their hash, and jobs are small', async () => {
    const queue = 'small';
    const hosted = await startBullmqWorker({ connection: redis.url, queue });
    const executor = bullmq({ connection: redis.url, queue });
    const watch = new Queue(queue, { connection: { url: redis.url } });
    const scores = await crossValidate(pipeline, x, y, splits, { executor, seed: 1 });
    expect(await crossValidate(pipeline, x, y, splits, { executor, seed: 1 })).toEqual(scores);
    expect(scores).toEqual(await crossValidate(pipeline, x, y, splits, { seed: 1 }));
    const jobs = await watch.getCompleted();
    expect(jobs.length).toBe(3);
    for (const { data, progress } of jobs) {
      expect(JSON.stringify(data).length).toBeLessThan(1500);
      expect(data).toMatchObject({ task: 'fit', data: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
      expect(progress).toBeGreaterThan(0);
    }
    const client = new Client(redis.url);
    expect((await client.keys(`simdense:${queue}:data:*`)).length).toBe(1);
    client.disconnect();
    await hosted.close();
    await executor.close();
    await watch.close();
  });

  test('a set can lie in a folder that the workers read, checked by its hash', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simdense-data-'));
    const queue = 'folder';
    const hosted = await startBullmqWorker({ connection: redis.url, queue, data: folder });
    const executor = bullmq({ connection: redis.url, queue, data: folder, attempts: 1 });
    expect(await crossValidate(pipeline, x, y, splits, { executor })).toEqual(
      await crossValidate(pipeline, x, y, splits),
    );
    expect(readdirSync(folder)).toEqual([dataFile(x, y).name]);
    await hosted.close();
    // Another worker, which has not read it yet, finds other bytes under the name.
    writeFileSync(join(folder, dataFile(x, y).name), 'other bytes');
    const suspicious = await startBullmqWorker({ connection: redis.url, queue, data: folder });
    await expect(crossValidate(pipeline, x, y, splits, { executor, seed: 9 })).rejects.toThrow(
      'the data do not have the hash',
    );
    await suspicious.close();
    await executor.close();
    rmSync(folder, { recursive: true });
  });

  test('or under a URL, where the file of dataFile lies', async () => {
    const { name, bytes } = dataFile(x, y);
    const server = createServer(({ url }, response) => {
      response.writeHead(url === `/sets/${name}` ? 200 : 404);
      response.end(url === `/sets/${name}` ? bytes : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const place = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const hosted = await startBullmqWorker({ connection: redis.url, queue: 'url', data: `${place}/sets` });
    const executor = bullmq({ connection: redis.url, queue: 'url', data: `${place}/sets/`, attempts: 1 });
    expect(await crossValidate(pipeline, x, y, splits, { executor })).toEqual(
      await crossValidate(pipeline, x, y, splits),
    );
    const other = Array.from(y, (label) => label + 5);
    await expect(crossValidate(pipeline, x, other, splits, { executor })).rejects.toThrow(
      /answers 404; put the file of dataFile\(\) there/,
    );
    await hosted.close();
    await executor.close();
    server.close();
  });

  test('a job of another version is refused by name', async () => {
    const queue = 'versions';
    const hosted = await startBullmqWorker({ connection: redis.url, queue });
    const watch = new Queue(queue, { connection: { url: redis.url } });
    const job = await watch.add('fit', { version: '0.0.9', task: 'fit', job: {} }, { attempts: 3 });
    while (!(await job.isFailed())) await new Promise((resolve) => setTimeout(resolve, 20));
    const { failedReason, attemptsMade } = (await watch.getJob(job.id as string)) ?? {};
    expect(failedReason).toMatch(/^this worker is simdense \d+\.\d+\.\d+, the job is of 0\.0\.9; install one version/);
    expect(attemptsMade).toBe(1);
    await hosted.close();
    await watch.close();
  });

  test('errors of a training come back with their code, and are not tried again', async () => {
    const queue = 'errors';
    const hosted = await startBullmqWorker({ connection: redis.url, queue });
    const executor = bullmq({ connection: redis.url, queue });
    await expect(crossValidate({ ...pipeline, fit: { batchSize: -1 } }, x, y, splits, { executor })).rejects.toThrow(
      expect.objectContaining({ code: 'ARGUMENT', message: expect.stringContaining('fit(batchSize)') }),
    );
    await hosted.close();
    await executor.close();
  });

  test('a signal ends a run that nobody works on, and takes its jobs back', async () => {
    const executor = bullmq({ connection: redis.url, queue: 'nobody' });
    const signal = AbortSignal.timeout(300);
    await expect(crossValidate(pipeline, x, y, splits, { executor, signal })).rejects.toThrow(
      expect.objectContaining({ name: 'TimeoutError' }),
    );
    const watch = new Queue('nobody', { connection: { url: redis.url } });
    expect(await watch.getWaitingCount()).toBe(0);
    await watch.close();
    await executor.close();
    await expect(crossValidate(pipeline, x, y, splits, { executor })).rejects.toThrow('bullmq: used after close');
  });

  test('npx simdense worker', async () => {
    const child = spawn(process.execPath, ['dist/cli.js', 'worker', '--redis', redis.url, '--queue', 'cli'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await says(child, /takes trainings from "cli"; Ctrl-C ends it/);
    const executor = bullmq({ connection: redis.url, queue: 'cli' });
    expect((await crossValidate(pipeline, x, y, splits, { executor }))['loss']?.values.length).toBe(3);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    await executor.close();
  });
});

describe.runIf(hasRedis)('with a password', () => {
  test('who has none is told what Redis says', async () => {
    const own = await startRedis();
    const { port } = new URL(own.url);
    const client = new Client(own.url);
    await client.config('SET', 'requirepass', 'secret');
    await expect(startBullmqWorker({ connection: own.url })).rejects.toThrow(/NOAUTH/);
    await expect(startBullmqWorker({ connection: `redis://:wrong@127.0.0.1:${port}` })).rejects.toThrow(/WRONGPASS/);
    const worker = await startBullmqWorker({ connection: `redis://:secret@127.0.0.1:${port}` });
    await worker.close();
    client.disconnect();
    own.stop();
  });
});

describe('without one', () => {
  test('a run and a worker are told so within five seconds', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    const executor = bullmq({ connection: url });
    const begin = performance.now();
    const refused = expect.objectContaining({
      code: 'UNREACHABLE',
      message: expect.stringMatching(/no Redis answers at 127\.0\.0\.1:\d+ \(.*ECONNREFUSED/),
    });
    await Promise.all([
      expect(crossValidate(pipeline, x, y, splits, { executor })).rejects.toThrow(refused),
      expect(startBullmqWorker({ connection: url })).rejects.toThrow(refused),
    ]);
    expect(performance.now() - begin).toBeLessThan(5000);
    await executor.close();
    const out = () =>
      execFileSync(process.execPath, ['dist/cli.js', 'worker', '--redis', url], { encoding: 'utf8', stdio: 'pipe' });
    expect(out).toThrow(/simdense: startBullmqWorker: no Redis answers/);
  });

  test.each([
    [
      () => bullmq({ connection: 'redis://x', queue: 'a:b' }),
      'bullmq(queue): expected the name of a queue, without colons',
    ],
    [() => bullmq({ connection: 'redis://x', attempts: 0 }), 'bullmq(attempts): expected a positive integer'],
    [() => bullmq({ connection: 'redis://x', retries: 2 } as never), 'bullmq: unknown option "retries"'],
  ])('bad input %#', (call, message) => {
    expect(call).toThrow(message);
  });

  test('a connection that is none', async () => {
    await expect(startBullmqWorker({ connection: 7 })).rejects.toThrow(
      'startBullmqWorker(connection): expected a URL such as redis://localhost:6379',
    );
  });
});
