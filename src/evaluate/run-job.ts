import { noMore, optionalFunction, optionalSignal, options } from '../base/checks.js';
import type { Dataset } from './dataset.js';
import type { ShardReader } from './shards/shard.js';
import { runTask } from './tasks.js';

export interface RunJobOptions {
  /** Reads the shard that a job of fitShards names; the worker decides what a name means, and which it refuses. Default: http(s) addresses are fetched. */
  readShard?: ShardReader;
  /** Aborts the job. */
  signal?: AbortSignal;
}

/**
 * Runs one job of an executor, for executors of your own that send jobs elsewhere: there, this is all that a worker does. A job, its data and its result are plain
 * data with typed arrays, which structuredClone copies. A job is never code, and its parts are checked before anything runs.
 *
 * @param task The name of the task, as the executor's `run` was given it.
 * @param job The job.
 * @param data The data of all jobs of the run, if there are any.
 * @param o Options; see RunJobOptions.
 * @returns The result of the job.
 * @throws SimdenseError 'ARGUMENT' for an unknown task and for a job that cannot be one. It also rejects with the error of the training run.
 * @example
 * import { readTable } from 'simdense/table';
 *
 * const rows = Array.from({ length: 40 }, (_, i) => ({ size: i, open: i < 20 ? 'no' : 'yes' }));
 * const table = await readTable(rows);
 * // Usually another machine does it, which has the rows.
 * const executor: Executor = {
 *   concurrency: 1,
 *   async *run<T, R>(task: string, jobs: readonly T[], { data }: RunJobsOptions = {}) {
 *     for (const [index, job] of jobs.entries()) {
 *       const message = structuredClone({ task, job, data });
 *       const result = await runJob(message.task, message.job, message.data, { readShard: async () => table });
 *       yield { index, result: result as R };
 *     }
 *   },
 *   async close() {},
 * };
 * const fitted = await fitShards({ layers: [] }, ['far'], { target: 'open', rounds: 3, executor });
 * fitted.classes; // ['no', 'yes']
 */
export async function runJob(task: string, job: unknown, data?: Dataset, o?: RunJobOptions): Promise<unknown> {
  noMore('runJob', arguments, 4);
  const { readShard, signal } = options('runJob', o, ['readShard', 'signal']);
  optionalFunction('runJob(readShard)', readShard);
  optionalSignal('runJob(signal)', signal);
  return runTask(task, job, data, { readShard, signal });
}
