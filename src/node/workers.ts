import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Tinypool } from 'tinypool';
import { noMore, options, positiveInteger } from '../base/checks.js';
import { untilAborted } from '../base/until-aborted.js';
import { asCompleted } from '../evaluate/as-completed.js';
import type { Dataset } from '../evaluate/dataset.js';
import type { Executor, Outcome, RunJobsOptions } from '../evaluate/executor.js';
import { fromPlainError } from '../evaluate/plain-error.js';
import type { WorkerAnswer, WorkerJob } from './evaluate-worker.js';
import { Runs } from './runs.js';

/**
 * Runs trainings on worker threads: `count` at a time, by default as many as there are cores. The data are shared with them and not copied for each job. The threads start
 * with the first job and end with close(), which ends runs with SimdenseError 'DISPOSED'; while they wait they do not keep the process from ending. An abort ends
 * the threads that train for its run, and starts others.
 */
export function workers(o?: { count?: number }): Executor {
  noMore('workers', arguments, 1);
  const { count = availableParallelism() } = options('workers', o, ['count']);
  positiveInteger('workers(count)', count);
  const runs = new Runs('workers');
  let pool: Promise<Tinypool> | undefined;
  let closing: Promise<void> | undefined;
  const open = async (): Promise<Tinypool> => {
    const { default: Pool } = await import('tinypool');
    const filename = fileURLToPath(new URL('./evaluate-worker.js', import.meta.url));
    // What the main thread was started with, such as loaders or --input-type, is none of theirs.
    return new Pool({ filename, minThreads: count, maxThreads: count, execArgv: [] });
  };
  return {
    concurrency: count,
    async *run<T, R>(task: string, jobs: readonly T[], { signal: given, data }: RunJobsOptions = {}) {
      const { signal, end } = runs.begin(given);
      try {
        pool ??= open();
        const threads = await untilAborted(pool, signal);
        const shared = data && share(data);
        const run = async (index: number): Promise<Outcome<R>> => {
          const job: WorkerJob = { task, job: jobs[index], data: shared };
          try {
            const answer = (await threads.run(job, { signal })) as WorkerAnswer;
            return 'error' in answer
              ? { index, error: fromPlainError(answer.error) }
              : { index, result: answer.result as R };
          } catch (cause) {
            return { index, error: cause instanceof Error ? cause : new Error(String(cause)) };
          }
        };
        yield* asCompleted(
          jobs.map((_, index) => run(index)),
          signal,
        );
      } finally {
        // Ends the threads that still train for it, also where the caller has had enough; others take their place.
        end();
      }
    },
    close() {
      runs.close();
      closing ??= (async () => (await pool)?.destroy())();
      return closing;
    },
  };
}

/** The same set in memory that threads share. */
function share(set: Dataset): Dataset {
  const float = (source: Dataset['x']): Dataset['x'] => {
    const { data, columns } = source;
    const buffer = new SharedArrayBuffer(data.byteLength);
    const copy = data instanceof Uint8Array ? new Uint8Array(buffer) : new Float32Array(buffer);
    copy.set(data);
    return { data: copy as Dataset['x']['data'], columns };
  };
  const indices = (source: Int32Array): Int32Array => {
    const copy = new Int32Array(new SharedArrayBuffer(source.byteLength));
    copy.set(source);
    return copy;
  };
  return {
    ...set,
    x: float(set.x),
    ...(set.indices && { indices: indices(set.indices) }),
    ...(set.y && { y: float(set.y) }),
  };
}
