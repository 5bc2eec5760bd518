// Answers of any size: a network returns in parts with the same bits, and an answer larger than its training run can give is not fetched.
import { Queue, Worker } from 'bullmq';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bullmq, startBullmqWorker } from '../../src/bullmq/index.js';
import { kFold } from '../../src/data/index.js';
import { toDataset } from '../../src/evaluate/dataset.js';
import type { Executor, Outcome } from '../../src/evaluate/executor.js';
import type { FitJob, FitResult } from '../../src/evaluate/fit-job.js';
import { mostBytes, runTask } from '../../src/evaluate/tasks.js';
import { batchNormalization, dense } from '../../src/index.js';
import { encode } from '../../src/node/codec.js';
import { blobs } from '../helpers/models.js';
import { hasRedis, redisOfTests } from './redis.js';

const { x, y } = blobs(30);
const data = toDataset('test', x, y);
const [split] = [...kFold(30, { folds: 3, stratify: y })] as [{ train: Int32Array; test: Int32Array }];
/** A file of some 2 MB: more than two parts. */
const layers = [
  dense({ units: 800, activation: 'relu' }),
  batchNormalization(),
  dense({ units: 800, activation: 'relu' }),
];
const job: FitJob = { pipeline: { layers, fit: { epochs: 1 } }, ...split, seed: 1, wants: { model: true } };
const name = '01234567-89ab-cdef-0123-456789abcdef';

describe.runIf(hasRedis)('large answers', () => {
  const own = redisOfTests();
  let n = 0;
  let queue = '';
  let executor: Executor;
  beforeEach(() => {
    queue = `large${n++}`;
    executor = bullmq({ connection: own.redis.url, queue });
  });
  afterEach(() => executor.close());
  const run = async (asked = job): Promise<Outcome<FitResult>> => {
    for await (const outcome of executor.run<FitJob, FitResult>('fit', [asked], { data })) return outcome;
    throw new Error('no outcome');
  };
  const keys = () => own.client.keys(`simdense:${queue}:answer:*`);

  test('a network comes back to the bits of inline; a job and its event stay short', async () => {
    const worker = await startBullmqWorker({ connection: own.redis.url, queue });
    const inline = (await runTask('fit', job, data)) as Required<FitResult>;
    const expectBits = ({ result }: Outcome<FitResult>): void => {
      expect(result?.scores).toEqual(inline.scores);
      expect(result?.predictions).toEqual(inline.predictions);
      expect(Buffer.compare(result?.model as Uint8Array, inline.model)).toBe(0);
    };
    expectBits(await run());
    const size = inline.model.length;
    expect(size).toBeGreaterThan(2 * 2 ** 20);
    const [key = ''] = await keys();
    expect(await own.client.strlen(key)).toBe(size);
    expect(await own.client.ttl(key)).toBeGreaterThan(0);
    const events = await own.client.xrange(`bull:${queue}:events`, '-', '+');
    expect(JSON.stringify(events).length).toBeLessThan(20_000);
    // Only the arrays are lost from Redis: the job is run again.
    await own.client.del(key);
    expectBits(await run());
    // Cut short.
    await own.client.set((await keys())[0] as string, 'short');
    expect((await run()).error).toMatchObject({
      code: 'FORMAT',
      message: expect.stringMatching(/arrays should have \d+ bytes, but there are 5/),
    });
    await worker.close();
  });

  test('what is said to be larger than the training gives is not fetched', async () => {
    const coded = encode((await runTask('fit', job, data)) as FitResult, []) as object;
    const many = mostBytes('fit', job, data) + 1;
    const forged: [unknown, RegExp][] = [
      ['x'.repeat(20 * 2 ** 20), /the answer has more than 1048576 bytes/],
      [
        { result: coded, apart: { name, lengths: [many] } },
        /the answer's arrays have \d+ bytes; a result of this training run has at most \d+/,
      ],
      [
        { result: coded, apart: { name, lengths: [many - 1, many - 1] } },
        /the answer's arrays have \d+ bytes; a result of this training run has at most \d+/,
      ],
      [{ result: coded, apart: { name, lengths: [-1] } }, /does not say where its arrays are/],
      [{ result: coded, apart: { name, lengths: 'x' } }, /does not say where its arrays are/],
      [{ result: coded, apart: { name: '../x', lengths: [1] } }, /does not say where its arrays are/],
      [{ result: coded, apart: null }, /does not say where its arrays are/],
      [{ result: coded, apart: { name, lengths: [] } }, /neither a number nor an array of type Uint8Array/],
      [{ error: { message: 'x' }, apart: { name, lengths: [] } }, /neither a result nor an error/],
    ];
    let next = 0;
    const forger = new Worker(queue, async () => forged[next]?.[0], { connection: { url: own.redis.url } });
    for (; next < forged.length; next++) {
      const [, expected] = forged[next] as [unknown, RegExp];
      expect((await run()).error).toMatchObject({ code: 'FORMAT', message: expect.stringMatching(expected) });
    }
    await forger.close();
  });

  test('a training whose model is not asked for has no large arrays', () => {
    const { wants: _, ...alone } = job;
    expect(mostBytes('fit', alone, data)).toBe(0);
  });

  test('a long event, and a long reason of a failure, are not fetched', async () => {
    const watch = new Queue(queue, { connection: { url: own.redis.url } });
    const running = run();
    while ((await watch.getWaitingCount()) < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    const [id = ''] = await own.client.lrange(watch.toKey('wait'), 0, -1);
    const long = 'x'.repeat(5 * 2 ** 20);
    const before = Number(/total_net_output_bytes:(\d+)/.exec(await own.client.info('stats'))?.[1]);
    await own.client.hset(watch.toKey(id), 'finishedOn', '1', 'failedReason', long);
    await own.client.xadd(watch.toKey('events'), '*', 'event', 'failed', 'jobId', id, 'returnvalue', long);
    const { error } = await running;
    const after = Number(/total_net_output_bytes:(\d+)/.exec(await own.client.info('stats'))?.[1]);
    expect(error?.message).toMatch(/no worker could run it: x{4000}…$/);
    expect(after - before).toBeLessThan(2 ** 20);
    await watch.close();
  });
});
