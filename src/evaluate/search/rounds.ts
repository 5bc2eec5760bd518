import type { Ahead } from './progress.js';
import type { Trial } from './trial.js';

/** Points that are tried together. */
export interface Round<P> {
  readonly points: Iterable<P>;
  /** The share of the pipeline's epochs that each may take, or that of each point. */
  readonly share: number | readonly number[];
  /** What comes after this round, of whose points `sound` can run; undefined if as much as there is time for. */
  left(sound: number): Ahead | undefined;
}

export type Strategy<P> = Generator<Round<P>, void, readonly Trial<P>[]>;
