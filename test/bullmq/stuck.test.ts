// Jobs that others have moved to where no worker takes them, and halted queues: each run ends correctly, or with an error that says so.
import { Queue } from 'bullmq';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Answers } from '../../src/bullmq/answers.js';
import { type Handles, openHandles } from '../../src/bullmq/handles.js';
import { startBullmqWorker } from '../../src/bullmq/index.js';
import { kFold } from '../../src/data/index.js';
import { toDataset } from '../../src/evaluate/dataset.js';
import type { Outcome } from '../../src/evaluate/executor.js';
import type { FitJob, FitResult } from '../../src/evaluate/fit-job.js';
import { runTask } from '../../src/evaluate/tasks.js';
import { dense } from '../../src/index.js';
import { blobs } from '../helpers/models.js';
import { hasRedis, redisOfTests } from './redis.js';

const { x, y } = blobs(30);
const data = toDataset('test', x, y);
const pipeline = { layers: [dense({ units: 2, activation: 'relu' })], fit: { epochs: 2 } };
const jobs: FitJob[] = [...kFold(30, { folds: 3, stratify: y })].map((split, seed) => ({ pipeline, ...split, seed }));
/** Milliseconds, in place of the usual minute. */
const IDLE = 300;
const YEARS = 1e12;

describe.runIf(hasRedis)('a queue that others write to', () => {
  const own = redisOfTests();
  let scores: unknown[];
  beforeAll(async () => {
    scores = await Promise.all(jobs.map(async (job) => ((await runTask('fit', job, data)) as FitResult).scores));
  });
  let n = 0;
  let queue = '';
  let watch: Queue;
  let handles: Handles;
  let answers: Answers<FitJob, FitResult>;
  const close: (() => unknown)[] = [];
  beforeEach(async () => {
    queue = `stuck${n++}`;
    watch = new Queue(queue, { connection: { url: own.redis.url } });
    handles = await openHandles(queue, own.redis.url);
    answers = new Answers(handles, { task: 'fit', jobs, data, place: undefined, attempts: 3 }, IDLE);
    close.push(
      () => answers.leave(),
      () => watch.close(),
      () => handles.queue.close(),
      () => handles.client.disconnect(),
    );
  });
  afterEach(async () => {
    for (const one of close.splice(0)) await one();
  });
  const work = async (lockDuration = 30_000): Promise<void> => {
    const worker = await startBullmqWorker({ connection: own.redis.url, queue, lockDuration });
    close.unshift(() => worker.close());
  };
  const ended = async (): Promise<Outcome<FitResult>[]> => Promise.all(answers.outcomes);
  const key = (name: string): string => watch.toKey(name);
  const idsOf = async (): Promise<string[]> => own.client.lrange(key('wait'), 0, -1);

  const places: [string, (id: string) => Promise<unknown>][] = [
    ['delayed for years', (id) => own.client.zadd(key('delayed'), (Date.now() + YEARS) * 4096, id)],
    ['delayed without end', (id) => own.client.zadd(key('delayed'), '+inf', id)],
    ['waiting for children', (id) => own.client.zadd(key('waiting-children'), 1, id)],
    ['in the list of a paused queue', (id) => own.client.lpush(key('paused'), id)],
    [
      'active, under a lock without end',
      async (id) => {
        await own.client.lpush(key('active'), id);
        await own.client.set(key(`${id}:lock`), 'forged');
      },
    ],
    [
      'active, under a lock for years',
      async (id) => {
        await own.client.lpush(key('active'), id);
        await own.client.set(key(`${id}:lock`), 'forged', 'PX', YEARS);
      },
    ],
    [
      'active without a lock, while nobody may look for such',
      async (id) => {
        await own.client.lpush(key('active'), id);
        await own.client.set(key('stalled-check'), 'forged');
      },
    ],
  ];
  test.each(places)('a job that is %s is added again', async (_, move) => {
    await answers.begin();
    for (const id of await idsOf()) {
      await own.client.lrem(key('wait'), 0, id);
      await move(id);
    }
    await work();
    expect((await ended()).map(({ result, error }) => result?.scores ?? error)).toEqual(scores);
  });

  const damages: [string, (id: string) => Promise<unknown>][] = [
    ['is no JSON', (id) => own.client.hset(key(id), 'data', '{')],
    [
      'has stalled more often than BullMQ lets it',
      async (id) =>
        own.client.hset(
          key(id),
          'stc',
          '99',
          'data',
          '{'.padEnd((await own.client.hstrlen(key(id), 'data')) as number),
        ),
    ],
    ['has dependencies of another type', (id) => own.client.set(key(`${id}:dependencies`), 'x')],
    ['has a lock of another type', (id) => own.client.hset(key(`${id}:lock`), 'x', 'x')],
  ];
  test.each(damages)(
    'a job that %s is written anew',
    async (_, damage) => {
      await answers.begin();
      for (const id of await idsOf()) await damage(id);
      await work();
      expect((await ended()).map(({ result, error }) => result?.scores ?? error)).toEqual(scores);
    },
    20_000,
  );

  test('a job that stalls however often it is written again is an error', async () => {
    await answers.begin();
    const ids = await idsOf();
    const damage = setInterval(() => {
      for (const id of ids) own.client.hset(key(id), 'stc', '99').catch(() => {});
    }, 20);
    close.unshift(() => clearInterval(damage));
    for (const { error } of await ended())
      expect(error).toMatchObject({
        code: 'UNREACHABLE',
        message: expect.stringMatching(
          /its workers lost it more than 7 times.*It was written again 5 times\. Check who else/,
        ),
      });
  }, 20_000);

  const names = 'wait paused active delayed prioritized completed failed waiting-children marker stalled meta events';
  const others = [
    ...names.split(' ').map((name) => [name, 'text']),
    ['limiter', 'list'],
    ['stalled-check', 'list'],
    ['id', 'list'],
  ];
  test.each(others)(
    '%s as a %s is deleted',
    async (name, kind) => {
      const damage = async (): Promise<void> => {
        await own.client.del(key(name as string));
        if (kind === 'text') await own.client.set(key(name as string), 'x');
        else await own.client.lpush(key(name as string), 'x');
      };
      await damage();
      await answers.begin();
      await damage();
      // BullMQ's commands fail half way, and leave a lock without an owner.
      await work(1000);
      expect((await ended()).map(({ result, error }) => result?.scores ?? error)).toEqual(scores);
    },
    20_000,
  );

  const halts: [string, () => Promise<unknown>, RegExp][] = [
    ['paused', () => watch.pause(), /is paused: undo that, for example with new Queue\("stuck\d+"\)\.resume\(\)/],
    ['limited to no job', () => own.client.hset(key('meta'), 'concurrency', '0'), /is limited to no job at a time/],
    ['limited to no number', () => own.client.hset(key('meta'), 'concurrency', 'x'), /is limited to no job at a time/],
    [
      'limited for 22 hours',
      async () => {
        await own.client.hset(key('meta'), 'max', '1', 'duration', '1');
        await own.client.set(key('limiter'), '999', 'PX', 80_000_000);
      },
      /is limited for longer than an hour/,
    ],
    [
      'limited for years',
      async () => {
        await own.client.hset(key('meta'), 'max', '1', 'duration', String(YEARS));
        await own.client.set(key('limiter'), '7', 'PX', YEARS);
      },
      /is limited for longer than an hour/,
    ],
  ];
  test.each(halts)('a queue that is %s is an error', async (_, halt, expected) => {
    await answers.begin();
    await halt();
    await work();
    for (const { index, error } of await ended()) {
      expect(error).toMatchObject({ code: 'UNREACHABLE' });
      expect(error?.message).toMatch(/^bullmq: training run \d \(job [0-9a-f]{12}…\): the queue "stuck\d+" is/);
      expect(error?.message).toContain(`training run ${index} `);
      expect(error?.message).toMatch(expected);
    }
  });

  test('a rate limit that is not reached is none', async () => {
    await own.client.hset(key('meta'), 'max', '1000', 'duration', String(YEARS));
    await own.client.set(key('limiter'), '1', 'PX', YEARS);
    await answers.begin();
    // Nobody takes the jobs for longer than a queue may be halted.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await work();
    for (const { result, error } of await ended()) expect([error, result]).toEqual([undefined, expect.anything()]);
  });

  test('a pause that ends in time is waited for', async () => {
    await watch.pause();
    await answers.begin();
    await work();
    await watch.resume();
    expect((await ended()).map(({ result, error }) => result?.scores ?? error)).toEqual(scores);
  });
});
