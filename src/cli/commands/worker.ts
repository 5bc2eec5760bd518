import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { version } from '../../base/version.js';
import { queueName } from '../../bullmq/queue-name.js';
import { notEmpty, redis, wholeFromTo } from '../checks.js';
import { type Call, type Command, exits } from '../command.js';
import { common, number, text } from '../options.js';
import { loadBullmq } from '../pipeline.js';

export const worker: Command = {
  name: 'worker',
  usage: '--redis URL',
  summary: 'takes trainings from a queue, one at a time, until Ctrl-C: start one for each core',
  options: {
    redis: {
      type: 'string',
      value: 'URL',
      check: redis,
      secret: true,
      help: 'where Redis is, such as redis://localhost:6379',
    },
    queue: { type: 'string', value: 'NAME', check: queueName, help: 'default simdense' },
    data: {
      type: 'string',
      value: 'PLACE',
      check: notEmpty('a folder or a URL'),
      help: 'a folder or URL with sets too large for Redis: the only place that this worker reads them from',
    },
    shards: {
      type: 'string',
      value: 'PLACE',
      check: notEmpty('a folder or a URL'),
      help: 'a folder or URL with shards of fitShards: the only place that this worker reads them from',
    },
    'max-time': {
      type: 'string',
      value: 'SECONDS',
      check: wholeFromTo(1, 2_147_483),
      help: 'ends a training that takes longer; default 86400, a day',
    },
    help: common.help,
  },
  run,
};

/** Takes jobs until a signal arrives, and then returns the unfinished ones to the queue. */
async function run({ values, positionals }: Call): Promise<number> {
  const connection = text(values, 'redis');
  if (connection === undefined || positionals.length > 0)
    throw new SimdenseError('ARGUMENT', 'worker needs --redis URL, such as --redis redis://localhost:6379');
  const queue = text(values, 'queue') ?? 'simdense';
  const { startBullmqWorker } = await loadBullmq('worker');
  const data = text(values, 'data');
  const shards = text(values, 'shards');
  const maxTime = 1000 * number(values, 'max-time', 86_400);
  const working = await startBullmqWorker({
    connection,
    queue,
    maxTime,
    ...(data !== undefined && { data }),
    ...(shards !== undefined && { shards }),
  });
  console.log(`simdense ${version} takes trainings from ${show(queue)}; Ctrl-C ends it`);
  await firstSignal();
  console.log('giving back what has begun; Ctrl-C again ends at once');
  await working.close();
  // Exit explicitly: a lost connection may still be trying to reconnect.
  process.exit(exits.done);
}

/** Waits for the first signal. Then removes the listeners, so that a second one ends the process at once, even while a batch blocks this thread. */
function firstSignal(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  return new Promise((resolve) => {
    const heard = (): void => {
      for (const signal of signals) process.off(signal, heard);
      resolve();
    };
    for (const signal of signals) process.on(signal, heard);
  });
}
