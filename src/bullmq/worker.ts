import { setMaxListeners } from 'node:events';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { noMore, options, positiveInteger, positiveUpTo, refuse } from '../base/checks.js';
import { untilAborted } from '../base/until-aborted.js';
import { version } from '../base/version.js';
import { plainText, toPlainError } from '../evaluate/plain-error.js';
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

export interface BullmqWorkerOptions {
  /** A URL such as redis://localhost:6379, options of ioredis, or a connection of it. */
  connection: unknown;
  /** 'simdense'. */
  queue?: string;
  /** Jobs at a time, in this one thread; 1. Start a process for each core instead. */
  concurrency?: number;
  /**
   * A folder or URL of this machine where sets lie that are too large for Redis, under the names of dataFile: the only place beside Redis that this worker reads from, whatever a
   * job says. Of a URL only what lies under it; redirects are not followed.
   */
  data?: string;
  /** Milliseconds after which a job whose worker has not been heard of is given to another; 30,000, at most 600,000. Trainings let the event loop turn far more often. */
  lockDuration?: number;
  /** Milliseconds that a job may take; 86,400,000, a day. A job that takes longer is ended, and fails. */
  maxTime?: number;
}

/** Milliseconds between two words of progress. */
const PROGRESS = 1000;
/** Most milliseconds that setTimeout takes: 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Takes trainings from a queue until it is closed; a training that is running then is ended, and its job goes back into the queue. A training whose coordinator has aborted is ended within two seconds, and
 * its job is not given back. Rejects with SimdenseError 'UNREACHABLE' where no Redis answers.
 */
export async function startBullmqWorker(o: BullmqWorkerOptions): Promise<{ close(): Promise<void> }> {
  noMore('startBullmqWorker', arguments, 1);
  const known = ['connection', 'queue', 'concurrency', 'data', 'lockDuration', 'maxTime'] as const;
  const given = options('startBullmqWorker', o, known);
  const { queue = 'simdense' } = given;
  checkQueue('startBullmqWorker', queue);
  const concurrency = positiveInteger('startBullmqWorker(concurrency)', given.concurrency ?? 1);
  const lockDuration = positiveUpTo('startBullmqWorker(lockDuration)', LONGEST_LOCK, given.lockDuration ?? 30_000);
  const maxTime = positiveUpTo('startBullmqWorker(maxTime)', LONGEST, given.maxTime ?? 86_400_000);
  const place = placeOf('startBullmqWorker', given.data);
  const client = await connect('startBullmqWorker', given.connection);
  const data = new DataReader(client, queue, place);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const running = new Set<Promise<Answer>>();
  const take = async (job: Job<JobMessage, Answer>, token = ''): Promise<Answer> => {
    const told = checkJob(job);
    const lock = new JobLock(client, `${worker.toKey(job.id as string)}:lock`, token);
    const late = new AbortController();
    const limit = setTimeout(() => late.abort(), maxTime);
    const signal = AbortSignal.any([closing.signal, lock.lost, late.signal]);
    const answer = run(job, told, data, client, signal);
    running.add(answer);
    try {
      return await answer;
    } catch (error) {
      if (!signal.aborted) throw error;
      if (late.signal.aborted)
        throw new UnrecoverableError(`it has taken longer than ${maxTime} ms, the maxTime of its worker`);
      // What is no longer this worker's is not its to give back.
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
    // A training hears of it after its batch.
    await Promise.allSettled(running);
    // Where Redis is away its job goes to another worker when the lock has expired.
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

/** Reading may fail for a while, and rejects: it is tried again. Training fails alike everywhere: its error is an answer. Rejects where the signal has aborted. */
async function run(
  job: Job<JobMessage, Answer>,
  told: JobMessage,
  data: DataReader,
  client: Redis,
  signal: AbortSignal,
): Promise<Answer> {
  const set = told.data && (await untilAborted(data.read(told.data), signal));
  let next = 0;
  const onProgress = (share: number): void => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS;
    job.updateProgress(Math.round(share * 100)).catch(() => {});
  };
  let result: unknown;
  try {
    result = await runTask(told.task, decode(told.job), set, { onProgress, signal });
  } catch (error) {
    signal.throwIfAborted();
    return { error: toPlainError(error) };
  }
  const arrays: Uint8Array[] = [];
  const coded = encode(result, arrays);
  if (arrays.length === 0) return { result: coded };
  const { queueName, id = '' } = job;
  return { result: coded, apart: await storeArrays(client, queueName, id, arrays, { seconds: ANSWERS_KEPT, signal }) };
}

/** A job of another version is refused by name: its bits may be others. So is one that is no job, or whose name is not its content's. */
function checkJob({ id, data }: Job<JobMessage, Answer>): JobMessage {
  if (data?.version !== version) {
    throw new UnrecoverableError(
      `this worker is simdense ${version}, the job is of ${plainText(String(data?.version))}; install one version on all machines`,
    );
  }
  try {
    const told = checkMessage(data);
    if (idOf(told) !== id) refuse('a job of the queue', 'the hash of its content as its name', id);
    return told;
  } catch (error) {
    throw new UnrecoverableError((error as Error).message);
  }
}
