// Trials: what a search has tried, and running them.
import { inTurnsUntil } from '../../base/pause.js';
import { jobsOf, type SplitJob } from '../cross-validate.js';
import type { Dataset } from '../dataset.js';
import { type Outcome, type RunOptions, runAll } from '../executor.js';
import type { FitJob, FitResult } from '../fit-job.js';
import { type Score, scoresOf } from '../scores.js';
import type { Candidate } from './candidates.js';

/** One point that a search has tried. */
export interface Trial<P> {
  readonly parameters: P;
  /** The monitored figure over the splits; undefined if the trial failed. */
  readonly score?: Score;
  /** Why the trial failed; a score that is not a number is a failure too. */
  readonly error?: string;
  /** The most epochs that each training run could take. */
  readonly epochs: number;
  /** The time of all its training runs together. */
  readonly seconds: number;
}

/** What the failed trials have thrown. */
export const causes = new WeakMap<object, unknown>();

/** What the trials have trained, where their jobs want models: for each split its result. */
export const trained = new WeakMap<object, readonly FitResult[]>();

export async function runTrials<P>(
  candidates: readonly Candidate<P>[],
  share: number,
  splits: readonly SplitJob[],
  data: Dataset,
  monitor: string,
  onTrial: (trial: Trial<P>) => unknown,
  o: RunOptions,
): Promise<Trial<P>[]> {
  const budgets = candidates.map(({ pipeline }) => Math.max(1, Math.round((pipeline?.fit?.epochs ?? 50) * share)));
  const { jobs, owners } = await inTurnsUntil(trialJobs(candidates, budgets, splits), o.signal);
  const seen: Outcome<FitResult>[][] = candidates.map(() => []);
  const left = candidates.map(() => splits.length);
  const trialOf = (i: number): Trial<P> => {
    const { parameters, error, cause } = candidates[i] as Candidate<P>;
    const own = seen[i] as Outcome<FitResult>[];
    const seconds = own.reduce((sum, { result }) => sum + (result?.seconds ?? 0), 0);
    const common = { parameters, epochs: budgets[i] as number, seconds };
    const failed = (error: string, cause?: unknown): Trial<P> => {
      const trial = { ...common, error };
      causes.set(trial, cause);
      return trial;
    };
    if (error !== undefined) return failed(error, cause);
    const thrown = own.find((outcome) => outcome.error)?.error;
    if (thrown) return failed(thrown.message, thrown);
    const score = scoresOf(own.map(({ result }) => (result as FitResult).scores))[monitor] as Score;
    const broken = score.values.findIndex(Number.isNaN);
    if (broken < 0) {
      const trial = { ...common, score };
      if (own[0]?.result?.model)
        trained.set(
          trial,
          own.map(({ result }) => result as FitResult),
        );
      return trial;
    }
    const rows = splits[broken]?.test.length;
    return failed(
      `${monitor} is not a number in split ${broken}, which tests with ${rows} row${rows === 1 ? '' : 's'}`,
    );
  };
  const ended: Trial<P>[] = [];
  await runAll<FitJob, FitResult>('fit', jobs, data, o, (outcome) => {
    const { index } = outcome;
    const i = owners[Math.floor(index / splits.length)] as number;
    (seen[i] as Outcome<FitResult>[])[index % splits.length] = outcome;
    (left[i] as number) -= 1;
    if (left[i] !== 0) return undefined;
    const trial = trialOf(i);
    ended[i] = trial;
    return onTrial(trial);
  });
  return candidates.map((_, i) => ended[i] ?? trialOf(i));
}

/** The jobs of all candidates without an error, grouped by candidate; `owners` has the candidate's index for each group. */
export function* trialJobs<P>(
  candidates: readonly Candidate<P>[],
  budgets: readonly number[],
  splits: readonly SplitJob[],
): Generator<undefined, { jobs: FitJob[]; owners: number[] }> {
  const jobs: FitJob[] = [];
  const owners: number[] = [];
  for (const [i, { pipeline: p, error }] of candidates.entries()) {
    yield;
    if (!p || error !== undefined) continue;
    for (const job of jobsOf({ ...p, fit: { ...p.fit, epochs: budgets[i] as number } }, splits)) jobs.push(job);
    owners.push(i);
  }
  return { jobs, owners };
}
