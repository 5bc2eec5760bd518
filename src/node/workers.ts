import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Tinypool } from 'tinypool';
import { options, positiveInteger } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { asTheyEnd } from '../evaluate/as-they-end.js';
import type { Dataset } from '../evaluate/dataset.js';
import type { Executor, Outcome, RunJobsOptions } from '../evaluate/executor.js';
import { fromPlainError } from '../evaluate/plain-error.js';
import type { WorkerAnswer, WorkerJob } from './evaluate-worker.js';

/**
 * Runs trainings on worker threads: `count` at a time, by default as many as there are cores. The data are shared with them and not copied for each job. The threads start
 * with the first job and end with close(); while they wait they do not keep the process from ending.
 */
export function workers(o?: { count?: number }): Executor {
  const { count = availableParallelism() } = options('workers', o, ['count']);
  positiveInteger('workers(count)', count);
  let pool: Promise<Tinypool> | undefined;
  let closed = false;
  const open = async (): Promise<Tinypool> => {
    const { default: Pool } = await import('tinypool');
    const filename = fileURLToPath(new URL('./evaluate-worker.js', import.meta.url));
    // What the main thread was started with, such as loaders or --input-type, is none of theirs.
    return new Pool({ filename, minThreads: count, maxThreads: count, execArgv: [] });
  };
  return {
    concurrency: count,
    async *run<T, R>(task: string, jobs: readonly T[], { signal, data }: RunJobsOptions = {}) {
      if (closed) throw new SimdenseError('DISPOSED', 'workers: used after close');
      signal?.throwIfAborted();
      pool ??= open();
      const threads = await pool;
      const shared = data && share(data);
      // One of our own, on which each job may listen without Node's warning of a leak.
      const aborted = signal && AbortSignal.any([signal]);
      if (aborted) setMaxListeners(0, aborted);
      const run = async (index: number): Promise<Outcome<R>> => {
        const job: WorkerJob = { task, job: jobs[index], data: shared };
        try {
          const answer = (await threads.run(job, aborted ? { signal: aborted } : {})) as WorkerAnswer;
          return 'error' in answer
            ? { index, error: fromPlainError(answer.error) }
            : { index, result: answer.result as R };
        } catch (cause) {
          return { index, error: cause instanceof Error ? cause : new Error(String(cause)) };
        }
      };
      yield* asTheyEnd(
        jobs.map((_, index) => run(index)),
        signal,
      );
    },
    async close() {
      closed = true;
      await (await pool)?.destroy();
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
