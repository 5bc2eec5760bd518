// A run whose jobs, data or results are lost from Redis: they are added again, and the run ends with the same bits as inline.
import { Queue } from 'bullmq';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bullmq, startBullmqWorker } from '../../src/bullmq/index.js';
import { kFold } from '../../src/data/index.js';
import { crossValidate, type Executor, type Pipeline, type Scores } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { blobs } from '../helpers/models.js';
import { hasRedis, redisOfTests } from './redis.js';

const { x, y } = blobs(60);
const splits = [...kFold(60, { folds: 4, stratify: y })];
const pipeline: Pipeline = { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 3, batchSize: 16 } };
/** About 0.3 s for each fold. */
const long: Pipeline = { ...pipeline, fit: { epochs: 1500, batchSize: 16 } };

describe.runIf(hasRedis)('first-contact row 78', () => {
  const own = redisOfTests();
  let expected: Scores;
  beforeAll(async () => {
    expected = await crossValidate(pipeline, x, y, splits);
  });

  let n = 0;
  let queue = '';
  let watch: Queue;
  let executor: Executor;
  const close: (() => Promise<void>)[] = [];
  beforeEach(() => {
    queue = `lost${n++}`;
    watch = new Queue(queue, { connection: { url: own.redis.url } });
    executor = bullmq({ connection: own.redis.url, queue });
    close.push(
      () => watch.close(),
      () => executor.close(),
    );
  });
  afterEach(async () => {
    for (const one of close.splice(0)) await one();
  });

  const work = async (lockDuration = 30_000): Promise<void> => {
    const worker = await startBullmqWorker({ connection: own.redis.url, queue, lockDuration });
    close.push(() => worker.close());
  };
  const run = (p = pipeline, signal?: AbortSignal, on = executor): Promise<Scores> =>
    crossValidate(p, x, y, splits, { executor: on, ...(signal && { signal }) });
  const until = async (what: () => Promise<boolean>): Promise<void> => {
    while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const waiting = (count: number) => until(async () => (await watch.getWaitingCount()) === count);

  test.each([
    ['two coordinators', true],
    ['one executor', false],
  ])('%s with the same run twice: one is aborted, the other ends', async (_, two) => {
    const other = two ? bullmq({ connection: own.redis.url, queue }) : executor;
    const controller = new AbortController();
    const aborted = run(pipeline, controller.signal);
    const staying = run(pipeline, undefined, other);
    await waiting(4);
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await work();
    expect(await staying).toEqual(expected);
    if (two) await other.close();
  });

  test('FLUSHALL before a worker comes, and in mid-run', async () => {
    const before = run();
    await waiting(4);
    await own.client.flushall();
    await work();
    expect(await before).toEqual(expected);
    const within = run(long);
    await until(async () => (await watch.getActiveCount()) > 0);
    await own.client.flushall();
    expect(await within).toEqual(await crossValidate(long, x, y, splits));
  });

  const losses: [string, () => Promise<unknown>][] = [
    ['the jobs', async () => own.client.del(...(await watch.getWaiting()).map(({ id }) => watch.toKey(id as string)))],
    ['the list of jobs', () => own.client.del(watch.toKey('wait'))],
    [
      'one job, and the events',
      async () => own.client.del(watch.toKey('events'), watch.toKey((await first()).id as string)),
    ],
    ...(
      [
        ['garbage in place of the data', (key) => own.client.set(key, 'garbage')],
        [
          'garbage of their length in place of the data',
          async (key) => own.client.set(key, 'x'.repeat(await own.client.strlen(key))),
        ],
        [
          'a hash in place of the data',
          async (key) => {
            await own.client.del(key);
            await own.client.hset(key, 'x', 'x');
          },
        ],
      ] as [string, (key: string) => Promise<unknown>][]
    ).map(([what, damage]): [string, () => Promise<unknown>] => [
      what,
      async () => {
        for (const key of await own.client.keys(`simdense:${queue}:data:*`)) await damage(key);
      },
    ]),
    ['the data', async () => own.client.del(...(await own.client.keys(`simdense:${queue}:data:*`)))],
    [
      'the form of a job',
      async () => {
        const key = watch.toKey((await first()).id as string);
        await own.client.del(key);
        await own.client.set(key, 'a text');
      },
    ],
  ];
  const first = async () => (await watch.getWaiting())[0] as { id?: string };
  test.each(losses)('%s', async (_, lose) => {
    const running = run();
    await waiting(4);
    await lose();
    await work();
    expect(await running).toEqual(expected);
  });

  test('the data, while a worker looks for them: its failure is cured', async () => {
    const running = run();
    await waiting(4);
    await own.client.del(...(await own.client.keys(`simdense:${queue}:data:*`)));
    await work();
    expect(await running).toEqual(expected);
  });

  test('a result, before it has been read', async () => {
    await work();
    await run();
    for (const { id } of await watch.getCompleted()) await own.client.hdel(watch.toKey(id as string), 'returnvalue');
    expect(await run()).toEqual(expected);
  });

  test('a job that failed earlier is tried again by whoever asks for it next, at the same time too', async () => {
    const running = run();
    await waiting(4);
    const data = await own.client.keys(`simdense:${queue}:data:*`);
    expect(data.length).toBe(1);
    const ids = (await watch.getWaiting()).map(({ id }) => id as string);
    for (const id of ids) await own.client.hset(watch.toKey(id), 'defa', 'job stalled more than allowable limit');
    await work();
    await expect(running).rejects.toThrow(
      /^bullmq: training run \d \(job [0-9a-f]{12}…\): no worker could run it: job stalled more than allowable limit\. Its workers died, or blocked/,
    );
    await until(async () => (await watch.getFailedCount()) > 0);
    const again = await Promise.all([run(), run()]);
    expect(again).toEqual([expected, expected]);
  });

  test('a job whose first attempt failed, and whose second did not, has not failed', async () => {
    const running = run();
    await waiting(4);
    for (const { id } of await watch.getWaiting())
      await own.client.hset(watch.toKey(id as string), 'failedReason', 'no data');
    await work();
    expect(await running).toEqual(expected);
  });

  test('a Redis that refuses is told: one that has no memory left', async () => {
    await own.client.config('SET', 'maxmemory', '1');
    try {
      await expect(run()).rejects.toThrow(
        expect.objectContaining({
          code: 'UNREACHABLE',
          message: expect.stringMatching(/^bullmq: Redis refuses \(.*OOM/),
        }),
      );
    } finally {
      await own.client.config('SET', 'maxmemory', '0');
    }
  });

  test('data that were broken before the run are written anew', async () => {
    await work();
    await run();
    const [key = ''] = await own.client.keys(`simdense:${queue}:data:*`);
    const size = await own.client.strlen(key);
    const garbage = 'x'.repeat(size);
    await own.client.set(key, garbage);
    // Another worker, which has not read them yet.
    for (const one of close.splice(2)) await one();
    await work();
    const other = { ...pipeline, fit: { epochs: 4, batchSize: 16 } };
    expect(await run(other)).toEqual(await crossValidate(other, x, y, splits));
    expect(await own.client.get(key)).not.toBe(garbage);
  });

  test('onProgress that throws, or returns a promise that rejects, ends the run, whose jobs are taken back', async () => {
    for (const onProgress of [
      () => {
        throw new Error('mine');
      },
      async () => Promise.reject(new Error('mine')),
    ]) {
      const second = bullmq({ connection: own.redis.url, queue });
      const running = crossValidate(long, x, y, splits, { executor: second, seed: 5, onProgress });
      const worker = await startBullmqWorker({ connection: own.redis.url, queue });
      await expect(running).rejects.toThrow('mine');
      await second.close();
      expect(await watch.getWaitingCount()).toBe(0);
      await worker.close();
    }
  });

  test('closed during a run: it ends with DISPOSED, its jobs are taken back, and closing again does nothing', async () => {
    const running = run();
    const ended = expect(running).rejects.toThrow(
      expect.objectContaining({ code: 'DISPOSED', message: 'bullmq: closed during a run' }),
    );
    await waiting(4);
    await Promise.all([executor.close(), executor.close(), ended]);
    await executor.close();
    expect(await watch.getWaitingCount()).toBe(0);
  });

  test('first-contact row 85: a job that lasts several times its lock is started once', async () => {
    await work(600);
    const longest: Pipeline = { ...pipeline, fit: { epochs: 50_000, batchSize: 16 } };
    await crossValidate(longest, x, y, splits.slice(0, 1), { executor });
    for (const { attemptsStarted, stalledCounter } of await watch.getCompleted())
      expect([attemptsStarted, stalledCounter]).toEqual([1, 0]);
  });
});
