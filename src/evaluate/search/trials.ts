// Trials: what a search has tried, and running them.
import { inTurnsUntil } from '../../base/pause.js';
import { jobsOf, type SplitJob } from '../cross-validate.js';
import type { Dataset } from '../dataset.js';
import { type Outcome, type RunOptions, runAll } from '../executor.js';
import type { FitJob, FitResult } from '../fit-job.js';
import { type Score, scoresOf } from '../scores.js';
import type { Candidate } from './candidates.js';
import type { Progress } from './progress.js';
import { shortened } from './shortened.js';
import type { Trial } from './trial.js';

export type { Trial } from './trial.js';

/** What the failed trials have thrown. */
export const causes = new WeakMap<object, unknown>();

/** What the trials have trained, where their jobs want models: for each split its result. */
export const trained = new WeakMap<object, readonly FitResult[]>();

/** What the trials of a round are measured by. */
export interface Measuring<P> extends RunOptions {
  readonly splits: readonly SplitJob[];
  readonly data: Dataset;
  readonly monitor: string;
  /** Whether the first split of a candidate is trained before its others, which are left out where it fails. */
  readonly prune: boolean;
  readonly progress: Progress<P>;
  onTrial(trial: Trial<P>, i: number): unknown;
}

/** Runs a trial of each candidate; `shares` are those of their pipelines' epochs. */
export async function runTrials<P>(
  candidates: readonly Candidate<P>[],
  shares: readonly number[],
  { splits, data, monitor, prune, progress, onTrial, ...o }: Measuring<P>,
): Promise<Trial<P>[]> {
  const budgets = candidates.map(({ pipeline }, i) =>
    Math.max(1, Math.round((pipeline?.fit?.epochs ?? 50) * (shares[i] as number))),
  );
  const seen: Outcome<FitResult>[][] = candidates.map(() => []);
  const left = candidates.map(() => splits.length);
  const ended: Trial<P>[] = [];
  const trialOf = (i: number): Trial<P> => {
    const { parameters, error, cause } = candidates[i] as Candidate<P>;
    const own = seen[i] as Outcome<FitResult>[];
    const seconds = own.reduce((sum, { result }) => sum + (result?.seconds ?? 0), 0);
    const share = shares[i] as number;
    const common = { parameters, epochs: budgets[i] as number, ...(share < 1 && { share }), seconds };
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
  for (const step of stepsOf(candidates.length, splits.length, prune, o.executor?.concurrency ?? 1)) {
    const jobs: FitJob[] = [];
    /** The candidate and the split of each job. */
    const places: { i: number; split: number }[] = [];
    for (const { from, to, first, last } of step) {
      // Not those that have failed in the first split.
      const own: number[] = [];
      for (let i = Math.max(0, from); i < Math.min(to, candidates.length); i++) if (!ended[i]) own.push(i);
      const chosen = own.map((i) => candidates[i] as Candidate<P>);
      const epochs = own.map((i) => budgets[i] as number);
      const made = await inTurnsUntil(trialJobs(chosen, epochs, splits.slice(first, last), prune), o.signal);
      for (const [at, job] of made.jobs.entries()) {
        const owner = made.owners[Math.floor(at / (last - first))] as number;
        jobs.push(job);
        places.push({ i: own[owner] as number, split: first + (at % (last - first)) });
      }
    }
    if (jobs.length === 0) continue;
    await runAll<FitJob, FitResult>('fit', jobs, data, { ...o, onProgress: () => progress.tell() }, (outcome) => {
      const { i, split } = places[outcome.index] as { i: number; split: number };
      (seen[i] as Outcome<FitResult>[])[split] = outcome;
      (left[i] as number) -= 1;
      progress.trained(shares[i] as number);
      // The other splits cannot change what it comes to.
      const isLost = prune && split === 0 && trialOf(i).error !== undefined;
      if (isLost) progress.spare(shares[i] as number, left[i] as number);
      else if (left[i] !== 0) return undefined;
      const trial = trialOf(i);
      ended[i] = trial;
      progress.ended();
      return onTrial(trial, i);
    });
  }
  return candidates.map((_, i) => ended[i] ?? trialOf(i));
}

/** Candidates and splits that are trained together. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/**
 * The order of the training runs: all at once; with `prune` the first split of a few candidates, then their other splits beside the first one of the next few. How many they are changes no trial, only how early
 * the first ones end: as many as the executor is busy with twice.
 */
function* stepsOf(candidates: number, splits: number, prune: boolean, concurrency: number): Generator<Part[]> {
  if (!prune || splits === 1) {
    yield [{ from: 0, to: candidates, first: 0, last: splits }];
    return;
  }
  // Of bullmq() it is infinite.
  const few = Math.max(1, Math.min(candidates, Math.ceil(2 * concurrency) || 1));
  for (let from = 0; from < candidates + few; from += few)
    yield [
      { from: from - few, to: from, first: 1, last: splits },
      { from, to: from + few, first: 0, last: 1 },
    ];
}

/** The jobs of all candidates without an error, grouped by candidate; `owners` has the candidate's index for each group. */
export function* trialJobs<P>(
  candidates: readonly Candidate<P>[],
  budgets: readonly number[],
  splits: readonly SplitJob[],
  prunes = false,
): Generator<undefined, { jobs: FitJob[]; owners: number[] }> {
  const jobs: FitJob[] = [];
  const owners: number[] = [];
  for (const [i, { pipeline: p, error }] of candidates.entries()) {
    yield;
    if (!p || error !== undefined) continue;
    for (const job of jobsOf(shortened(p, budgets[i] as number, p.fit?.epochs ?? 50), splits))
      jobs.push(prunes ? { ...job, prunes } : job);
    owners.push(i);
  }
  return { jobs, owners };
}
