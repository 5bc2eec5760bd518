import type { Score } from '../scores.js';

/** One point that a search has tried. */
export interface Trial<P> {
  readonly parameters: P;
  /** The monitored figure over the splits; undefined if the trial failed. */
  readonly score?: Score;
  /** Why the trial failed or was pruned; a score that is not a number is a failure too. */
  readonly error?: string;
  /** The most epochs that each training run could take. */
  readonly epochs: number;
  /** The share of its pipeline's epochs that these are, where it did not get all: with halving. */
  readonly share?: number;
  /** The time of all its training runs together. */
  readonly seconds: number;
}
