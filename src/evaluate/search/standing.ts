// Which trial is the best.
import { lessIsBetter } from '../../nn/figures.js';
import type { Earlier } from './earlier.js';
import type { Trial } from './trials.js';

/** Compares trials by the monitored figure, and keeps the best of them. With `ofLongest` only those with the most epochs count. */
export class Standing<P> {
  best: Trial<P> | undefined;
  readonly #ofLongest: boolean;
  #sign = 1;
  /** The best of the trials that were told, which come in another order. */
  #told: Trial<P> | undefined;

  constructor(ofLongest: boolean) {
    this.#ofLongest = ofLongest;
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

  /** Adds a trial; of equal ones the first is kept. */
  add(trial: Trial<P>): void {
    this.best = this.#betterOf(this.best, trial);
  }

  /** Adds a trial that has just ended, and returns the best so far. */
  tell(trial: Trial<P>): Trial<P> | undefined {
    this.#told = this.#betterOf(this.#told, trial);
    return this.#told;
  }

  #betterOf(best: Trial<P> | undefined, trial: Trial<P>): Trial<P> | undefined {
    if (!trial.score) return best;
    const longer = best && this.#ofLongest ? trial.epochs - best.epochs : 0;
    return !best || longer > 0 || (longer === 0 && this.compare(trial, best) < 0) ? trial : best;
  }
}
