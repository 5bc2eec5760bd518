// Executors run independent training runs somewhere. Jobs and results are plain data, so results do not depend on the executor.
import { noMore, optionalFunction, optionalSignal, refuse, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Pacer } from '../base/pause.js';
import { eachUntilAborted, isPromise, untilAborted } from '../base/until-aborted.js';
import type { Dataset } from './dataset.js';
import { runTask } from './tasks.js';

/** The outcome of one job. */
export interface Outcome<R> {
  /** The index of the job. */
  readonly index: number;
  readonly result?: R;
  /** Why the job failed. */
  readonly error?: Error;
}

export interface RunJobsOptions {
  /** Aborts the run. */
  signal?: AbortSignal;
  /** The data of all jobs: shared with the workers, or sent to them once and not with each job. */
  data?: Dataset;
}

/** Runs training runs, for example in other threads. inline, workers, resumable and bullmq make one. */
export interface Executor {
  /** The number of jobs that run at the same time. */
  readonly concurrency: number;
  /** Runs the named task on each job, and yields the outcomes as the jobs end. Aborting ends the iteration with the signal's reason. */
  run<T, R>(task: string, jobs: readonly T[], o?: RunJobsOptions): AsyncIterable<Outcome<R>>;
  /** Releases threads and connections. */
  close(): Promise<void>;
}

/**
 * Makes an executor that runs one job after the other in this thread.
 *
 * @returns The executor; it need not be closed.
 * @example
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const scores = await bootstrapScore({ layers: [], fit: { epochs: 1 } }, x, y, { repeats: 2, executor: inline() });
 * scores.accuracy?.values.length; // 2
 */
export function inline(): Executor {
  noMore('inline', arguments, 0);
  const executor: Executor = {
    concurrency: 1,
    async *run<T, R>(task: string, jobs: readonly T[], { signal, data }: RunJobsOptions = {}) {
      const pacer = new Pacer();
      for (const [index, job] of jobs.entries()) {
        // Jobs that fail at once do not pause themselves.
        if (pacer.due) await pacer.pause();
        signal?.throwIfAborted();
        try {
          yield { index, result: (await runTask(task, job, data, { signal })) as R };
        } catch (cause) {
          signal?.throwIfAborted();
          yield { index, error: cause instanceof Error ? cause : new Error(String(cause)) };
        }
      }
    },
    async close() {},
  };
  inlines.add(executor);
  return executor;
}

const inlines = /* @__PURE__ */ new WeakSet<Executor>();

/** Whether an executor is one of inline(), whose jobs need not be data: they run in this thread. */
export const runsHere = (executor: Executor): boolean => inlines.has(executor);

/** The options that all evaluations have. */
export interface RunOptions {
  /** The seed from which each training run's own seed is drawn. Default: 0. */
  seed?: number;
  /** Where the training runs run. The caller closes it. Default: inline(). */
  executor?: Executor;
  /** Aborts the evaluation, which then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called after each training run. */
  onProgress?(done: number, total: number): void;
}

/** Throws SimdenseError 'ARGUMENT' for what is not an executor. */
export function checkExecutor(where: string, executor: Executor): void {
  if (typeof executor?.run !== 'function' || typeof executor.close !== 'function')
    refuse(`${where}(executor)`, 'an executor such as inline()', executor);
}

/** Checks the options that all evaluations have. */
export function checkRun(where: string, { seed, executor, signal, onProgress }: RunOptions): void {
  if (seed !== undefined) wholeNumber(`${where}(seed)`, seed);
  if (executor !== undefined) checkExecutor(where, executor);
  optionalSignal(`${where}(signal)`, signal);
  optionalFunction(`${where}(onProgress)`, onProgress);
}

/** The names of the options that all evaluations have. */
export const runOptions = ['seed', 'executor', 'signal', 'onProgress'];

/**
 * Runs all jobs and returns their outcomes in the order of the jobs. Reports progress as jobs end; a promise that a callback returns is
 * awaited, and a callback that throws ends the run with its error. An abort ends the run at once, even if the executor ignores it. Throws
 * SimdenseError 'ARGUMENT' if the executor does not give exactly one outcome for each job.
 */
export async function runAll<T, R>(
  task: string,
  jobs: readonly T[],
  data: Dataset | undefined,
  { executor = inline(), signal, onProgress }: RunOptions,
  onOutcome?: (outcome: Outcome<R>) => unknown,
): Promise<Outcome<R>[]> {
  signal?.throwIfAborted();
  const outcomes: Outcome<R>[] = [];
  let done = 0;
  const running = executor.run<T, R>(task, jobs, { ...(data && { data }), ...(signal && { signal }) });
  if (typeof running?.[Symbol.asyncIterator] !== 'function')
    refuse('executor: run', 'an async iterable of outcomes', running);
  for await (const outcome of eachUntilAborted(running, signal)) {
    checkOutcome(outcome, jobs.length);
    const { index } = outcome;
    if (outcomes[index])
      throw new SimdenseError('ARGUMENT', `executor: run: job ${index} has two outcomes, expected one`);
    outcomes[index] = outcome;
    await awaitReturned(onOutcome?.(outcome), signal);
    await awaitReturned(onProgress?.(++done, jobs.length), signal);
  }
  signal?.throwIfAborted();
  for (let index = 0; index < jobs.length; index++) {
    if (!outcomes[index])
      throw new SimdenseError('ARGUMENT', `executor: run: it ended without an outcome for job ${index}`);
  }
  return outcomes;
}

/** Throws SimdenseError 'ARGUMENT' for what is not the outcome of one of `count` jobs. */
function checkOutcome(outcome: Outcome<unknown>, count: number): void {
  const { index, result, error } = outcome ?? {};
  if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= count)
    refuse('executor: run: index', `the index of one of ${count} jobs`, index);
  if (error === undefined ? result === undefined : !isError(error))
    refuse(`executor: run: the outcome of job ${index}`, 'a result, or an Error', error);
}

/** Whether a value is an Error, also of another realm. */
const isError = (value: unknown): boolean =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';

/** Awaits what a callback returned, if it is a promise: otherwise nobody would handle its rejection. */
async function awaitReturned(returned: unknown, signal: AbortSignal | undefined): Promise<void> {
  if (isPromise(returned)) await untilAborted(Promise.resolve(returned), signal);
}

/** The results of all jobs; throws the first job's error. */
export function resultsOf<R>(outcomes: readonly Outcome<R>[]): R[] {
  return outcomes.map(({ result, error }) => {
    if (error) throw error;
    return result as R;
  });
}
