import { setMaxListeners } from 'node:events';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { noMore, options, positiveInteger, positiveUpTo, refuse } from '../base/checks.js';
import { untilAborted } from '../base/until-aborted.js';
import { version } from '../base/version.js';
import { plainText, toPlainError } from '../evaluate/plain-error.js';
import type { ShardReader } from '../evaluate/shards/shard.js';
import { runTask } from '../evaluate/tasks.js';
import { decode, encode } from '../node/codec.js';
import { type Answer, checkMessage, idOf, type JobMessage } from '../node/message.js';
import { storeArrays } from './answer-arrays.js';
import { closed, connect } from './connection.js';
import { DataReader } from './data-reader.js';
import { JobLock } from './job-lock.js';
import { ANSWERS_KEPT, LONGEST_LOCK, MOST_DEATHS } from './limits.js';
import { placeOf } from './place.js';
import { checkQueue } from './queue-name.js';
import { shardReader } from './shard-places.js';

export interface BullmqWorkerOptions {
  /** The Redis server: a URL such as redis://localhost:6379, options of ioredis, or a connection of ioredis. */
  connection: unknown;
  /** The name of the queue. Default: 'simdense'. */
  queue?: string;
  /** The number of jobs at a time, all in this thread; to use more cores start more processes. Default: 1. */
  concurrency?: number;
  /**
   * A folder or URL with data that are too large for Redis, in files named as dataFile does. It is the only place beside Redis from which
   * this worker reads, whatever a job says. Redirects are not followed.
   */
  data?: string;
  /**
   * The folders and URLs from which this worker reads the shards that jobs of fitShards name: a path in one of the folders, relative to it, or an address under
   * one of the URLs. What is outside, or named by `..`, is refused. Redirects are not followed. Default: none.
   */
  shards?: string | readonly string[];
  /** Milliseconds without a sign of life after which a worker's job is given to another; at most 600,000. Default: 30,000. */
  lockDuration?: number;
  /** The most milliseconds that a job may take; then it is ended and fails. Default: 86,400,000, a day. */
  maxTime?: number;
}

/** Milliseconds between two reports of progress. */
const PROGRESS = 1000;
/** The longest time that setTimeout takes, in milliseconds: 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Starts a worker that takes training runs from a queue, until it is closed. The command `npx simdense worker` does the same.
 *
 * @param o Options; see BullmqWorkerOptions.
 * @returns The worker. close() ends its current training runs and puts their jobs back into the queue. A training run whose coordinator has
 * aborted ends within two seconds.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @throws SimdenseError 'UNREACHABLE' if no Redis answers within five seconds.
 * @example
 * const worker = await startBullmqWorker({ connection: 'redis://localhost:6379', queue: 'my-searches' });
 * // Runs jobs of bullmq({ queue: 'my-searches', … }).
 * await worker.close();
 */
export async function startBullmqWorker(o: BullmqWorkerOptions): Promise<{ close(): Promise<void> }> {
  noMore('startBullmqWorker', arguments, 1);
  const known = ['connection', 'queue', 'concurrency', 'data', 'shards', 'lockDuration', 'maxTime'] as const;
  const given = options('startBullmqWorker', o, known);
  const { queue = 'simdense' } = given;
  checkQueue('startBullmqWorker', queue);
  const concurrency = positiveInteger('startBullmqWorker(concurrency)', given.concurrency ?? 1);
  const lockDuration = positiveUpTo('startBullmqWorker(lockDuration)', LONGEST_LOCK, given.lockDuration ?? 30_000);
  const maxTime = positiveUpTo('startBullmqWorker(maxTime)', LONGEST, given.maxTime ?? 86_400_000);
  const place = placeOf('startBullmqWorker', given.data);
  const readShard = shardReader('startBullmqWorker', given.shards);
  const client = await connect('startBullmqWorker', given.connection);
  const data = new DataReader(client, queue, place);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const running = new Set<Promise<Answer>>();
  const take = async (job: Job<JobMessage, Answer>, token = ''): Promise<Answer> => {
    const message = checkJob(job);
    const lock = new JobLock(client, `${worker.toKey(job.id as string)}:lock`, token);
    const late = new AbortController();
    const limit = setTimeout(() => late.abort(), maxTime);
    const signal = AbortSignal.any([closing.signal, lock.lost, late.signal]);
    const answer = run(job, message, { data, readShard }, client, signal);
    running.add(answer);
    try {
      return await answer;
    } catch (error) {
      if (!signal.aborted) throw error;
      if (late.signal.aborted)
        throw new UnrecoverableError(`it has taken longer than ${maxTime} ms, the maxTime of its worker`);
      // A job that this worker no longer owns is not put back.
      if (!lock.lost.aborted) await job.moveToWait(token).catch(() => {});
      throw new WaitingError();
    } finally {
      running.delete(answer);
      lock.end();
      clearTimeout(limit);
    }
  };
  const worker = new Worker<JobMessage, Answer>(queue, take, {
    connection: client,
    concurrency,
    lockDuration,
    stalledInterval: lockDuration,
    maxStalledCount: MOST_DEATHS,
  });
  worker.on('error', () => {});
  await worker.waitUntilReady();
  const close = async (): Promise<void> => {
    closing.abort();
    data.close();
    const ending = worker.close();
    // A training run hears the signal after its batch.
    await Promise.allSettled(running);
    // If Redis is unavailable, the job goes to another worker when its lock expires.
    if (!(await closed(ending))) await closed(worker.disconnect());
    client.disconnect();
  };
  let ending: Promise<void> | undefined;
  return {
    close() {
      ending ??= close();
      return ending;
    },
  };
}

/** Runs a job. Rejects if its data or its shard cannot be read, which may be temporary: the job is retried. A failed training run would fail everywhere: its error is the answer. Rejects if the signal has aborted. */
async function run(
  job: Job<JobMessage, Answer>,
  message: JobMessage,
  { data, readShard }: { readonly data: DataReader; readonly readShard: ShardReader },
  client: Redis,
  signal: AbortSignal,
): Promise<Answer> {
  const set = message.data && (await untilAborted(data.read(message.data), signal));
  let next = 0;
  const onProgress = (share: number): void => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS;
    job.updateProgress(Math.round(share * 100)).catch(() => {});
  };
  let result: unknown;
  let unread: unknown;
  const reading: ShardReader = (place, o) =>
    untilAborted(readShard(place, o), signal).catch((error: unknown) => {
      unread = error;
      throw error;
    });
  try {
    result = await runTask(message.task, decode(message.job), set, { onProgress, signal, readShard: reading });
  } catch (error) {
    signal.throwIfAborted();
    if (error === unread) throw error;
    return { error: toPlainError(error) };
  }
  const arrays: Uint8Array[] = [];
  const coded = encode(result, arrays);
  if (arrays.length === 0) return { result: coded };
  const { queueName, id = '' } = job;
  return { result: coded, apart: await storeArrays(client, queueName, id, arrays, { seconds: ANSWERS_KEPT, signal }) };
}

/** Refuses a job of another version, whose bits may differ, a message that is not a job, and a job whose name is not its content's hash. */
function checkJob({ id, data }: Job<JobMessage, Answer>): JobMessage {
  if (data?.version !== version) {
    throw new UnrecoverableError(
      `this worker is simdense ${version}, the job is of ${plainText(String(data?.version))}; install one version on all machines`,
    );
  }
  try {
    const message = checkMessage(data);
    if (idOf(message) !== id) refuse('a job of the queue', 'the hash of its content as its name', id);
    return message;
  } catch (error) {
    throw new UnrecoverableError((error as Error).message);
  }
}
