// Where independent trainings run. What they are given and give back is plain data, so the result does not depend on it.
import { noMore, optionalFunction, optionalSignal, refuse, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Pacer } from '../base/pause.js';
import { eachUntilAborted, isPromise, untilAborted } from '../base/until-aborted.js';
import type { Dataset } from './dataset.js';
import { runTask } from './tasks.js';

/** What came of one job, in the order in which they end. */
export interface Outcome<R> {
  readonly index: number;
  readonly result?: R;
  readonly error?: Error;
}

export interface RunJobsOptions {
  signal?: AbortSignal;
  /** What all jobs work on: shared with the workers or sent to them once, not with each job. */
  data?: Dataset;
}

export interface Executor {
  /** Jobs that run at a time. */
  readonly concurrency: number;
  /** Runs the task of this name on each job. Aborting ends the iteration with the signal's reason. */
  run<T, R>(task: string, jobs: readonly T[], o?: RunJobsOptions): AsyncIterable<Outcome<R>>;
  /** Gives back what it holds, such as threads and connections. */
  close(): Promise<void>;
}

/** One job after the other, in this thread. */
export function inline(): Executor {
  noMore('inline', arguments, 0);
  return {
    concurrency: 1,
    async *run<T, R>(task: string, jobs: readonly T[], { signal, data }: RunJobsOptions = {}) {
      const pacer = new Pacer();
      for (const [index, job] of jobs.entries()) {
        // Also between jobs that fail at once.
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
}

export interface RunOptions {
  /** Draws each training's seed; 0. */
  seed?: number;
  /** inline(). Not closed: whoever made it does. */
  executor?: Executor;
  signal?: AbortSignal;
  /** Called after each training. */
  onProgress?(done: number, total: number): void;
}

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

/** The options that all evaluations have. */
export const runOptions = ['seed', 'executor', 'signal', 'onProgress'];

/**
 * Runs all jobs and returns their outcomes in the order of the jobs; progress is told as they end, and a promise that a callback returns is waited for. Whatever an
 * executor does, an abort is heard at once. A callback that throws ends the run with its error. Throws SimdenseError 'ARGUMENT' where the executor's outcomes are not one for each job.
 */
export async function runAll<T, R>(
  task: string,
  jobs: readonly T[],
  data: Dataset,
  { executor = inline(), signal, onProgress }: RunOptions,
  onOutcome?: (outcome: Outcome<R>) => unknown,
): Promise<Outcome<R>[]> {
  signal?.throwIfAborted();
  const outcomes: Outcome<R>[] = [];
  let done = 0;
  const running = executor.run<T, R>(task, jobs, { data, ...(signal && { signal }) });
  if (typeof running?.[Symbol.asyncIterator] !== 'function')
    refuse('executor: run', 'an async iterable of outcomes', running);
  for await (const outcome of eachUntilAborted(running, signal)) {
    checkOutcome(outcome, jobs.length);
    const { index } = outcome;
    if (outcomes[index])
      throw new SimdenseError('ARGUMENT', `executor: run: job ${index} has two outcomes, expected one`);
    outcomes[index] = outcome;
    await heard(onOutcome?.(outcome), signal);
    await heard(onProgress?.(++done, jobs.length), signal);
  }
  signal?.throwIfAborted();
  for (let index = 0; index < jobs.length; index++) {
    if (!outcomes[index])
      throw new SimdenseError('ARGUMENT', `executor: run: it has ended without an outcome of job ${index}`);
  }
  return outcomes;
}

/** Throws SimdenseError 'ARGUMENT' for what is not an outcome of one of `count` jobs. */
function checkOutcome(outcome: Outcome<unknown>, count: number): void {
  const { index, result, error } = outcome ?? {};
  if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= count)
    refuse('executor: run: index', `the number of one of ${count} jobs`, index);
  if (error === undefined ? result === undefined : !isError(error))
    refuse(`executor: run: the outcome of job ${index}`, 'a result, or an Error', error);
}

/** Errors of other realms are errors as well. */
const isError = (value: unknown): boolean =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';

/** Waits for what a callback has returned if it is a promise: else its rejection would be nobody's. */
async function heard(returned: unknown, signal: AbortSignal | undefined): Promise<void> {
  if (isPromise(returned)) await untilAborted(Promise.resolve(returned), signal);
}

/** The results of jobs of which none may fail. */
export function resultsOf<R>(outcomes: readonly Outcome<R>[]): R[] {
  return outcomes.map(({ result, error }) => {
    if (error) throw error;
    return result as R;
  });
}
