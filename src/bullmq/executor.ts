import { noMore, options, positiveInteger } from '../base/checks.js';
import { untilAborted } from '../base/until-aborted.js';
import { asCompleted } from '../evaluate/as-completed.js';
import type { Executor, RunJobsOptions } from '../evaluate/executor.js';
import { Runs } from '../node/runs.js';
import { Answers } from './answers.js';
import { checkConnection, closed as hasClosed } from './connection.js';
import { type Handles, openHandles } from './handles.js';
import { placeOf } from './place.js';
import { checkQueue } from './queue-name.js';

export interface BullmqOptions {
  /** The Redis server: a URL such as redis://localhost:6379, options of ioredis, or a connection of ioredis. */
  connection: unknown;
  /** The name of the queue. Default: 'simdense'. */
  queue?: string;
  /** How often a job is tried if a worker cannot run it, for example because it cannot find the data. A worker's death does not count. Default: 3. */
  attempts?: number;
  /**
   * A folder or URL for data that are too large for Redis (256 MB). The coordinator writes the file into the folder; under a URL you must
   * put it yourself, see dataFile. Each worker is started with the name of the same place on its machine: `npx simdense worker --data PLACE`.
   */
  data?: string;
}

/**
 * Makes an executor that runs training runs on other machines, through a BullMQ queue on Redis. There, `npx simdense worker` or
 * startBullmqWorker takes the jobs.
 *
 * A job is named by its content, so a coordinator that is started again finds the results that are there, for a day. A job that is lost from
 * Redis is added again. What cannot be the result of the job is an error, and so is a queue that stays paused for a minute. Aborting a run
 * also ends the training runs that workers have begun. A run waits as long as no worker takes its jobs: pass a signal to limit that.
 *
 * @param o Options; see BullmqOptions.
 * @returns The executor; close it when it is no longer needed. Its runs reject with SimdenseError 'UNREACHABLE' within five seconds if no
 * Redis answers.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { kFold } from 'simdense/data';
 * import { crossValidate } from 'simdense/evaluate';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const connection = 'redis://localhost:6379';
 * // Usually on other machines, as: npx simdense worker
 * const worker = await startBullmqWorker({ connection });
 * const executor = bullmq({ connection });
 * const { accuracy } = await crossValidate({ layers: [], fit: { epochs: 5 } }, x, y, kFold(40, { folds: 2 }), { executor });
 * accuracy?.values.length; // 2
 * await executor.close();
 * await worker.close();
 */
export function bullmq(o: BullmqOptions): Executor {
  noMore('bullmq', arguments, 1);
  const given = options('bullmq', o, ['connection', 'queue', 'attempts', 'data']);
  const { connection, queue: name = 'simdense' } = given;
  checkQueue('bullmq', name);
  const attempts = positiveInteger('bullmq(attempts)', given.attempts ?? 3);
  checkConnection('bullmq', connection);
  const place = placeOf('bullmq', given.data);
  const runs = new Runs('bullmq');
  const waiting = new Set<{ leave(): Promise<void> }>();
  /** Aborts a connection attempt. */
  const over = new AbortController();
  let opening: Promise<Handles> | undefined;
  let closing: Promise<void> | undefined;
  const opened = (): Promise<Handles> => {
    opening ??= openHandles(name, connection, over.signal).catch((error: unknown) => {
      // The next run tries again.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    concurrency: Number.POSITIVE_INFINITY,
    async *run<T, R>(task: string, jobs: readonly T[], { signal: ours, data }: RunJobsOptions = {}) {
      const { signal, end } = runs.begin(ours);
      let answers: Answers<T, R> | undefined;
      try {
        const handles = await untilAborted(opened(), signal);
        answers = new Answers<T, R>(handles, { task, jobs, data, place, attempts });
        waiting.add(answers);
        await untilAborted(answers.begin(), signal);
        yield* asCompleted(answers.outcomes, signal);
      } finally {
        end();
        // Do not wait for it, since Redis may be unavailable; close() waits for a limited time.
        if (answers) {
          const left = answers;
          left.leave().then(() => waiting.delete(left));
        }
      }
    },
    close() {
      closing ??= (async () => {
        runs.close();
        over.abort();
        const handles = await opening?.catch(() => undefined);
        if (!handles) return;
        await hasClosed(Promise.all([...waiting].map((answers) => answers.leave())));
        await hasClosed(handles.queue.close());
        // BullMQ does not close a connection that it was given.
        handles.client.disconnect();
      })();
      return closing;
    },
  };
}
