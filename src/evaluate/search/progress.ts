// How far a search is: trainings and trials that have ended, and the time that is left.
import { now } from '../../base/turn.js';
import type { Trial } from './trial.js';

/** How far a search is. */
export interface SearchProgress<P> {
  /** The best trial so far; undefined until one has a score. */
  readonly best: Trial<P> | undefined;
  /** The trials that have ended, and how many there are, as far as is known; undefined where only the time is limited. */
  readonly trials: { readonly done: number; readonly total: number | undefined };
  /** The seconds since the search began, and an estimate of those that are left; undefined where there is nothing to estimate it by. */
  readonly seconds: { readonly spent: number; readonly left: number | undefined };
}

/** What comes after a round: its trials, and how many whole ones they are worth, by their epochs. */
export interface Ahead {
  readonly trials: number;
  readonly work: number;
}

/** So many trainings pass before the time that is left is estimated; or half of all. */
const WARM = 8;

/** After the last round. */
export const NOTHING: Ahead = { trials: 0, work: 0 };

type OnProgress<P> = (done: number, total: number, progress: SearchProgress<P>) => unknown;

/** Counts what a search does, and tells it. */
export class Progress<P> {
  readonly #told: OnProgress<P> | undefined;
  readonly #best: () => Trial<P> | undefined;
  /** The limit of time. */
  readonly #seconds: number | undefined;
  readonly #splits: number;
  readonly #begun: number;
  #trainings = 0;
  #total = 0;
  #trials = 0;
  /** The trials that are known; undefined if there are as many as there is time for. */
  #known: number | undefined;
  /** Whole trainings, of all epochs, that were done, and that are known. */
  #work = 0;
  #allWork = 0;

  constructor(o: {
    onProgress: OnProgress<P> | undefined;
    best: () => Trial<P> | undefined;
    seconds: number | undefined;
    splits: number;
    begun: number;
  }) {
    this.#told = o.onProgress;
    this.#best = o.best;
    this.#seconds = o.seconds;
    this.#splits = o.splits;
    this.#begun = o.begun;
  }

  /** A round begins: the shares of the epochs of those that can run, and what comes after them. */
  begin(shares: readonly number[], ahead: Ahead | undefined): void {
    const { trials, work } = ahead ?? NOTHING;
    this.#total = this.#trainings + (shares.length + trials) * this.#splits;
    this.#known = ahead && this.#trials + shares.length + trials;
    this.#allWork = this.#work + (shares.reduce((sum, share) => sum + share, 0) + work) * this.#splits;
  }

  trained(share: number): void {
    this.#trainings++;
    this.#work += share;
  }

  /** So many trainings are not needed. */
  spare(share: number, trainings: number): void {
    this.#total -= trainings;
    this.#allWork -= trainings * share;
  }

  ended(): void {
    this.#trials++;
  }

  /** The search is over; tells so if fewer trainings were needed than there seemed to be. */
  end(): unknown {
    const fewer = this.#trainings < this.#total;
    this.#total = this.#trainings;
    this.#allWork = this.#work;
    this.#known = this.#trials;
    return fewer ? this.tell() : undefined;
  }

  tell(): unknown {
    const spent = (now() - this.#begun) / 1000;
    const limit = this.#seconds === undefined ? Number.POSITIVE_INFINITY : Math.max(0, this.#seconds - spent);
    const left = Math.min(limit, this.#estimate(spent));
    return this.#told?.(this.#trainings, this.#total, {
      best: this.#best(),
      trials: { done: this.#trials, total: this.#known },
      seconds: { spent, left: Number.isFinite(left) ? left : undefined },
    });
  }

  #estimate(spent: number): number {
    if (this.#known === undefined || this.#work === 0) return Number.POSITIVE_INFINITY;
    // The first trainings start threads and code, so they tell too much.
    if (this.#trainings < Math.min(WARM, this.#total / 2)) return Number.POSITIVE_INFINITY;
    return this.#trainings >= this.#total ? 0 : (spent * Math.max(0, this.#allWork - this.#work)) / this.#work;
  }
}
