import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Tinypool } from 'tinypool';
import { noMore, options, positiveInteger } from '../base/checks.js';
import { untilAborted } from '../base/until-aborted.js';
import { asCompleted } from '../evaluate/as-completed.js';
import type { Dataset } from '../evaluate/dataset.js';
import type { Executor, Outcome, RunJobsOptions } from '../evaluate/executor.js';
import { arraysOf, type Inputs, withArrays } from '../evaluate/inputs.js';
import { fromPlainError, happenedIn } from '../evaluate/plain-error.js';
import type { WorkerAnswer, WorkerJob } from './evaluate-worker.js';
import { Runs } from './runs.js';

/**
 * Makes an executor that runs training runs on worker threads. The data are shared with the threads, not copied for each job.
 *
 * The threads start with the first job and end with close(), which makes current runs reject with SimdenseError 'DISPOSED'. Idle threads do
 * not keep the process alive. An abort terminates the threads that work for its run; others take their place.
 *
 * @param o Options.
 * @param o.count The number of threads. Default: the number of cores.
 * @returns The executor; close it when it is no longer needed.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, and for a count that is not a positive integer.
 * @example
 * import { kFold } from 'simdense/data';
 * import { crossValidate } from 'simdense/evaluate';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const executor = workers({ count: 2 });
 * const { accuracy } = await crossValidate({ layers: [], fit: { epochs: 5 } }, x, y, kFold(40, { folds: 2 }), { executor });
 * accuracy?.values.length; // 2
 * await executor.close();
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
    // The main thread's own options, such as loaders or --input-type, are not for the workers.
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
              ? {
                  index,
                  error: happenedIn(fromPlainError(answer.error), `workers: training run ${index}`, answer.stack),
                }
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
        // Terminates threads that still work for this run, for example after the caller broke off; others take their place.
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

/** A copy of the data set in memory that threads share. */
function share(set: Dataset): Dataset {
  const { x, y, indices, groups, time } = set;
  return {
    ...set,
    x: shareInputs(x),
    ...(indices && { indices: shared(indices) }),
    ...(groups && { groups: shared(groups) }),
    ...(time && { time: shared(time) }),
    ...(y && { y: shareInputs(y) }),
  };
}

const shareInputs = <X extends Inputs>(x: X): X => withArrays(x, arraysOf(x).map(shared));

function shared<A extends Float64Array | Float32Array | Int32Array | Uint8Array>(array: A): A {
  const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => A)(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}
