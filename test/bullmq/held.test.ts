// Jobs that would never end: a job is ended by its worker's close, by its time limit, and by its coordinator's abort.
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bullmq, startBullmqWorker } from '../../src/bullmq/index.js';
import { kFold } from '../../src/data/index.js';
import { toDataset } from '../../src/evaluate/dataset.js';
import { crossValidate, type Pipeline } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { hashOf } from '../../src/node/hash.js';
import { idOf, message } from '../../src/node/message.js';
import { packDataset } from '../../src/node/packed-dataset.js';
import { blobs } from '../helpers/models.js';
import { hasRedis, redisOfTests } from './redis.js';

const { x, y } = blobs(30);
const splits = [...kFold(30, { folds: 3, stratify: y })];
const [split] = splits as [{ train: Int32Array; test: Int32Array }];
const pipeline: Pipeline = { layers: [dense({ units: 2, activation: 'relu' })], fit: { epochs: 2 } };
const endless: Pipeline = { ...pipeline, fit: { epochs: 2 ** 32 } };
const bytes = packDataset(toDataset('test', x, y));

describe.runIf(hasRedis)('a job that never ends', () => {
  const own = redisOfTests();
  let n = 0;
  let queue = '';
  let watch: Queue;
  beforeEach(() => {
    queue = `held${n++}`;
    watch = new Queue(queue, { connection: { url: own.redis.url } });
  });
  afterEach(() => watch.close());
  const start = (more: object = {}) => startBullmqWorker({ connection: own.redis.url, queue, ...more });
  const until = async (what: () => Promise<boolean>): Promise<void> => {
    while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const counts = () => watch.getJobCounts('wait', 'active', 'completed', 'failed', 'delayed');
  /** As one writes it who knows how. */
  async function forge(): Promise<string> {
    await own.client.set(`simdense:${queue}:data:${hashOf(bytes)}`, Buffer.from(bytes));
    const job = message('fit', { pipeline: endless, ...split, seed: 1 }, { hash: hashOf(bytes) });
    await watch.add('fit', job, { jobId: idOf(job) });
    return idOf(job);
  }
  const none = { wait: 0, active: 0, completed: 0, failed: 0, delayed: 0 };

  test('goes back into the queue when its worker is closed, with all of its attempts', async () => {
    const id = await forge();
    const worker = await start();
    await until(async () => (await own.client.hexists(watch.toKey(id), 'progress')) === 1);
    await worker.close();
    expect(await counts()).toEqual({ ...none, wait: 1 });
    expect(await watch.getJob(id)).toMatchObject({ attemptsMade: 0, stalledCounter: 0 });
    expect(await own.client.exists(`${watch.toKey(id)}:lock`)).toBe(0);
  });

  test('fails after the maxTime of its worker, which then takes the next; a coordinator is told', async () => {
    const worker = await start({ maxTime: 300 });
    const executor = bullmq({ connection: own.redis.url, queue });
    await expect(crossValidate(endless, x, y, [split], { executor })).rejects.toThrow(
      /no worker could run it: it has taken longer than 300 ms, the maxTime of its worker/,
    );
    expect(await crossValidate(pipeline, x, y, splits, { executor })).toEqual(
      await crossValidate(pipeline, x, y, splits),
    );
    await executor.close();
    await worker.close();
  });

  test("is ended by its coordinator's abort, and its worker takes the next", async () => {
    const worker = await start();
    const executor = bullmq({ connection: own.redis.url, queue });
    const controller = new AbortController();
    const running = crossValidate(endless, x, y, [split], { executor, signal: controller.signal });
    await until(async () => (await watch.getActiveCount()) === 1);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(await crossValidate(pipeline, x, y, splits, { executor })).toEqual(
      await crossValidate(pipeline, x, y, splits),
    );
    expect(await counts()).toEqual({ ...none, completed: 3 });
    await executor.close();
    await worker.close();
  });

  test.each([
    [{ maxTime: 0 }, 'startBullmqWorker(maxTime): expected a positive integer, got 0'],
    [{ maxTime: 2 ** 31 }, 'startBullmqWorker(maxTime): expected at most 2147483647, got 2147483648'],
    [{ lockDuration: 600_001 }, 'startBullmqWorker(lockDuration): expected at most 600000, got 600001'],
  ])('%j is refused', async (more, expected) => {
    await expect(start(more)).rejects.toThrow(expected);
  });
});
