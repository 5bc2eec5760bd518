import { type Job, UnrecoverableError, Worker } from 'bullmq';
import { noMore, options, positiveInteger, refuse } from '../base/checks.js';
import { version } from '../base/version.js';
import { plainText, toPlainError } from '../evaluate/plain-error.js';
import { runTask } from '../evaluate/tasks.js';
import { decode, encode } from '../node/codec.js';
import { type Answer, checkMessage, idOf, type JobMessage } from '../node/message.js';
import { closed, connect } from './connection.js';
import { DataReader } from './data-reader.js';
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
  noMore('startBullmqWorker', arguments, 1);
  const given = options('startBullmqWorker', o, ['connection', 'queue', 'concurrency', 'data', 'lockDuration']);
  const { queue = 'simdense' } = given;
  checkQueue('startBullmqWorker', queue);
  const concurrency = positiveInteger('startBullmqWorker(concurrency)', given.concurrency ?? 1);
  const lockDuration = positiveInteger('startBullmqWorker(lockDuration)', given.lockDuration ?? 30_000);
  const place = placeOf('startBullmqWorker', given.data);
  const client = await connect('startBullmqWorker', given.connection);
  const data = new DataReader(client, queue, place);
  const run = async (job: Job<JobMessage, Answer>): Promise<Answer> => {
    const told = checkJob(job);
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
  const close = async (): Promise<void> => {
    const ending = worker.close();
    // A job that waits for its data goes to another worker; one that trains is finished.
    data.close();
    await Promise.allSettled(running);
    if (!(await closed(ending))) await closed(worker.close(true));
    client.disconnect();
  };
  let closing: Promise<void> | undefined;
  return {
    close() {
      closing ??= close();
      return closing;
    },
  };
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
