// Which trial is the best.
import { lessIsBetter } from '../../nn/figures.js';
import type { Earlier } from './earlier.js';
import type { Trial } from './trials.js';

interface Best<P> {
  readonly trial: Trial<P>;
  readonly share: number;
}

/** Compares trials by the monitored figure, and keeps the best of them: of those that may take the largest share of their epochs. */
export class Standing<P> {
  #sign = 1;
  #added: Best<P> | undefined;
  /** The best of the trials that were told, which come in another order. */
  #told: Best<P> | undefined;

  /** The best of the trials that were added. */
  get best(): Trial<P> | undefined {
    return this.#added?.trial;
  }

  /** The best of those that were told. */
  get bestTold(): Trial<P> | undefined {
    return this.#told?.trial;
  }

  /** Sets the figure. */
  judge(monitor: string): void {
    this.#sign = lessIsBetter(monitor) ? 1 : -1;
  }

  /** What is to be least; undefined for a trial that failed. */
  lossOf({ score }: Trial<P>): number | undefined {
    return score && this.#sign * score.mean;
  }

  /** The same of a trial of an earlier search. */
  earlierLoss({ mean }: Earlier): number | undefined {
    return mean === undefined ? undefined : this.#sign * mean;
  }

  /** Below 0 if `a` is better. */
  compare(a: Trial<P>, b: Trial<P>): number {
    const [x, y] = [this.lossOf(a) as number, this.lossOf(b) as number];
    return x === y ? 0 : x - y;
  }

  /** Adds a trial and the share of its epochs that it may take; of equal ones the first is kept. */
  add(trial: Trial<P>, share: number): void {
    this.#added = this.#betterOf(this.#added, trial, share);
  }

  /** Adds a trial that has just ended, and returns the best so far. */
  tell(trial: Trial<P>, share: number): Trial<P> | undefined {
    this.#told = this.#betterOf(this.#told, trial, share);
    return this.#told?.trial;
  }

  #betterOf(best: Best<P> | undefined, trial: Trial<P>, share: number): Best<P> | undefined {
    if (!trial.score) return best;
    const longer = best ? share - best.share : 0;
    return !best || longer > 0 || (longer === 0 && this.compare(trial, best.trial) < 0) ? { trial, share } : best;
  }
}
