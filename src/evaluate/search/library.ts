// What a search has trained, kept until it is chosen from: the networks and predictions of its best trials.
import { inTurnsUntil } from '../../base/pause.js';
import type { SplitJob } from '../cross-validate.js';
import type { Dataset } from '../dataset.js';
import { type Ensemble, ensembleOf } from '../ensemble.js';
import type { FitJob, FitResult } from '../fit-job.js';
import { type OutOfFold, outOfFold } from '../out-of-bag.js';
import { classLoss, labelLoss, numberLoss, type SumLoss, selecting } from './selection.js';
import type { Standing } from './standing.js';
import { type Trial, trained } from './trials.js';

/** So many trials, the best by the figure, can be chosen from, as by default in auto-sklearn (ensemble_nbest). The others are forgotten, so that a long search does not fill the memory. */
const BEST = 50;
/** How often a trial is chosen, with repetition. On nine tables of bench/tabular 10 and 30 came to the same errors, within 0.2 %. */
const PICKS = 30;

/** A trial that an ensemble is made of. */
export interface Chosen<P> {
  readonly trial: Trial<P>;
  /** How often each of its networks counts. */
  readonly count: number;
}

interface Choice<P> {
  readonly ensemble: Ensemble;
  readonly chosen: readonly Chosen<P>[];
}

interface Kept<P> {
  readonly trial: Trial<P>;
  readonly results: readonly FitResult[];
}

export class Library<P> {
  #kept: Kept<P>[] = [];
  readonly #standing: Standing<P>;

  constructor(standing: Standing<P>) {
    this.#standing = standing;
  }

  /** Takes what the trials of a round have trained, in the order of their points. */
  add(trials: readonly Trial<P>[]): void {
    for (const trial of trials) {
      const results = trained.get(trial);
      trained.delete(trial);
      if (results) this.#kept.push({ trial, results });
    }
    // Equal ones stay in the order in which they were tried.
    this.#kept.sort((a, b) => this.#standing.compare(a.trial, b.trial));
    this.#kept.length = Math.min(this.#kept.length, BEST);
  }

  /** The networks that predict best together, by what they predict for the rows that they have not learnt from. */
  async choose(data: Dataset, splits: readonly SplitJob[], signal: AbortSignal | undefined): Promise<Choice<P>> {
    const held: OutOfFold[] = [];
    for (const { results } of this.#kept) held.push(await outOfFold(data, splits, results, signal));
    const [first] = held as [OutOfFold];
    const choice = selecting(
      held.map(({ predictions }) => predictions),
      lossOf(data, first),
      PICKS,
    );
    const counts = await inTurnsUntil(choice, signal);
    const chosen = this.#kept.flatMap((kept, i) => (counts[i] ? [{ ...kept, count: counts[i] as number }] : []));
    const results = chosen.flatMap((each) => each.results);
    const weights = chosen.flatMap(({ results: own, count }) => own.map(() => count));
    // Only their rows are asked for.
    const jobs = chosen.flatMap(() => splits as readonly FitJob[]);
    return {
      ensemble: await ensembleOf(data, jobs, results, { signal, weights, chosen: true, calibrate: true }),
      chosen: chosen.map(({ trial, count }) => ({ trial, count })),
    };
  }
}

/** What is to become least: the log loss, or the squared errors. */
function lossOf({ indices, task, y }: Dataset, { rows, predictions: { columns }, actual }: OutOfFold): SumLoss {
  if (indices)
    return classLoss(
      Int32Array.from(rows, (row) => indices[row] as number),
      columns,
    );
  const numbers = actual as readonly number[];
  return task === 'multilabel' ? labelLoss(numbers) : numberLoss(numbers, y?.columns ?? 1);
}
