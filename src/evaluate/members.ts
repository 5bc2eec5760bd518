// Trains the members of an ensemble, the first of them in this thread where callbacks watch it.
import type { Callback } from '../train/sequential.js';
import type { Dataset } from './dataset.js';
import { inline, type RunOptions, resultsOf, runAll } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import { runTask } from './tasks.js';

export interface MembersOptions extends RunOptions {
  /** Of the first member's training. */
  readonly callbacks?: readonly Callback[] | undefined;
  /**
   * Whether an abort ends the run with what is there: the members that have ended, and the first, which is not aborted; its callbacks may stop it.
   * Otherwise an abort rejects with its reason.
   */
  readonly keeps?: boolean;
}

/** The results of the jobs in their order, without those that an abort has ended where `keeps` is given. */
export async function runMembers(
  jobs: readonly FitJob[],
  data: Dataset,
  { callbacks, keeps = false, ...given }: MembersOptions,
): Promise<readonly (FitResult | undefined)[]> {
  if (!callbacks) return resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given));
  const { executor = inline(), signal, onProgress } = given;
  const [first, ...others] = jobs as [FitJob, ...FitJob[]];
  const ended: (FitResult | undefined)[] = jobs.map(() => undefined);
  let done = 0;
  const failed = new AbortController();
  const stop = (): void => failed.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  const watched = async (): Promise<void> => {
    const context = { callbacks, signal: keeps ? undefined : failed.signal };
    ended[0] = (await runTask('fit', first, data, context)) as FitResult;
    await onProgress?.(++done, jobs.length);
  };
  const rest = async (): Promise<void> => {
    const outcomes = await runAll<FitJob, FitResult>(
      'fit',
      others,
      data,
      { executor, signal: failed.signal, onProgress: () => onProgress?.(++done, jobs.length) },
      ({ index, result }) => {
        ended[index + 1] = result;
      },
    );
    resultsOf(outcomes);
  };
  const orEnded = (error: unknown): void => {
    if (keeps && signal?.aborted) return;
    failed.abort(error);
    throw error;
  };
  try {
    const alone = executor.concurrency === 1;
    const begun = watched().catch(orEnded);
    // In one thread one after the other, so that the first one's callbacks see its own time.
    const [one, two] = await Promise.allSettled([
      begun,
      alone ? begun.then(rest).catch(orEnded) : rest().catch(orEnded),
    ]);
    for (const settled of [one, two]) if (settled.status === 'rejected') throw settled.reason;
    return ended;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
