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
  /** A URL such as redis://localhost:6379, options of ioredis, or a connection of it. */
  connection: unknown;
  /** 'simdense'. */
  queue?: string;
  /** How often a job is tried whose worker cannot run it, such as for want of its data; 3. A worker's death does not count. */
  attempts?: number;
  /**
   * A folder or URL for sets too large for Redis: the coordinator puts the file into the folder, or it lies under the URL already (see dataFile). Workers are not told: each is
   * started with what the place is called on its machine, by `npx simdense worker --data PLACE`.
   */
  data?: string;
}

/**
 * Runs trainings on the machines whose workers (`npx simdense worker`, or startBullmqWorker) take from this queue. A job is named by its content: a coordinator that is started again finds
 * what is finished, and nothing runs twice into a result. The first run rejects with SimdenseError 'UNREACHABLE' within five seconds where no Redis answers. A job that is lost from Redis, or stands where no worker takes it, is added again;
 * what cannot be a training's result is an error, and so is a queue that is paused for a minute. A signal also ends the trainings that workers have begun. While no worker takes jobs a run waits: give it a signal.
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
  /** Aborts a connection that is being made. */
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
        // Not waited for, since Redis may be away; close() does so for a while.
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
        // BullMQ closes none that it is given.
        handles.client.disconnect();
      })();
      return closing;
    },
  };
}
