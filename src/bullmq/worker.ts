import { type Job, UnrecoverableError, Worker } from 'bullmq';
import { options, positiveInteger, refuse } from '../base/checks.js';
import { version } from '../base/version.js';
import { toPlainError } from '../evaluate/plain-error.js';
import { runTask } from '../evaluate/tasks.js';
import { decode, encode } from '../node/codec.js';
import type { Answer, JobMessage } from '../node/message.js';
import { closed, connect } from './connection.js';
import { DataReader } from './data-store.js';

export interface BullmqWorkerOptions {
  /** A URL such as redis://localhost:6379, options of ioredis, or a connection of it. */
  connection: unknown;
  /** 'simdense'. */
  queue?: string;
  /** Jobs at a time, in this one thread; 1. Start a process for each core instead. */
  concurrency?: number;
  /** Milliseconds after which a job whose worker has not been heard of is given to another; 30,000. Trainings let the event loop turn far more often. */
  lockDuration?: number;
}

/** How often a job may lose its worker before it is taken for what kills them. */
const MOST_DEATHS = 5;
/** Milliseconds between two words of progress. */
const PROGRESS = 1000;

/**
 * Takes trainings from a queue until it is closed; a job that is running then is finished first. Rejects with SimdenseError 'UNREACHABLE' where no Redis
 * answers.
 */
export async function startBullmqWorker(o: BullmqWorkerOptions): Promise<{ close(): Promise<void> }> {
  const given = options('startBullmqWorker', o, ['connection', 'queue', 'concurrency', 'lockDuration']);
  const { queue = 'simdense' } = given;
  if (typeof queue !== 'string' || queue === '' || queue.includes(':'))
    refuse('startBullmqWorker(queue)', 'a name without colons', queue);
  const concurrency = positiveInteger('startBullmqWorker(concurrency)', given.concurrency ?? 1);
  const lockDuration = positiveInteger('startBullmqWorker(lockDuration)', given.lockDuration ?? 30_000);
  const client = await connect('startBullmqWorker', given.connection);
  const data = new DataReader(client, queue);
  const run = async (job: Job<JobMessage, Answer>): Promise<Answer> => {
    const told = checkMessage(job.data);
    // Reading may fail for a while and is tried again; training fails alike everywhere.
    const set = told.data && (await data.read(told.data));
    let next = 0;
    const onProgress = (share: number): void => {
      if (performance.now() < next) return;
      next = performance.now() + PROGRESS;
      job.updateProgress(Math.round(share * 100)).catch(() => {});
    };
    try {
      return { result: encode(await runTask(told.task, decode(told.job), set, { onProgress })) };
    } catch (error) {
      return { error: toPlainError(error) };
    }
  };
  const running = new Set<Promise<Answer>>();
  const worker = new Worker<JobMessage, Answer>(
    queue,
    (job) => {
      const answer = run(job);
      running.add(answer);
      const forget = (): void => void running.delete(answer);
      answer.then(forget, forget);
      return answer;
    },
    {
      connection: client,
      concurrency,
      lockDuration,
      stalledInterval: lockDuration,
      maxStalledCount: MOST_DEATHS,
    },
  );
  worker.on('error', () => {});
  await worker.waitUntilReady();
  return {
    async close() {
      const closing = worker.close();
      await Promise.allSettled(running);
      if (!(await closed(closing))) await closed(worker.close(true));
      client.disconnect();
    },
  };
}

/** A job of another version is refused by name: its bits may be others. */
function checkMessage(job: JobMessage): JobMessage {
  if (job?.version !== version) {
    throw new UnrecoverableError(
      `this worker is simdense ${version}, the job is of ${String(job?.version)}; install one version on all machines`,
    );
  }
  return job;
}
