// The points of 'bayes': known and random ones, then those that a tree-structured Parzen estimator proposes.
import { Purpose } from '../../base/draws.js';
import { words } from '../../data/random.js';
import type { Earlier } from './earlier.js';
import type { Dimension, Place } from './parzen.js';
import { active, dimensionsOf, placeOf, pointOf } from './places.js';
import { propose, STARTUP, type Tried } from './propose.js';
import { draws, type Space } from './space.js';

/** Where the points of a search come from. */
export interface Source<P> {
  /** How many points are to be tried together now. The number of workers is no part of it: it would change the points. */
  readonly size: number;
  /** The next points. */
  next(count: number): P[];
  /** What the point of this number came to on this rung; undefined if it failed. */
  learn(point: number, loss: number | undefined, rung: number): void;
}

/** The points that are proposed together. */
const BATCH = 4;

interface Setting<P> {
  readonly trials: number;
  readonly seed: number;
  readonly first: readonly P[];
  readonly earlier: readonly Earlier[];
  earlierLoss(each: Earlier): number | undefined;
}

export class Proposals<P> implements Source<P> {
  readonly #space: Space<P>;
  readonly #dimensions: readonly Dimension[];
  readonly #inSpace: (place: Place) => Place;
  readonly #setting: Setting<P>;
  /** The known and random points. */
  readonly #startup: number;
  /** What was tried, by the number of its point. */
  readonly #tried: Tried[] = [];

  constructor(space: Space<P>, setting: Setting<P>) {
    const { trials, first, earlier } = setting;
    this.#space = space;
    this.#dimensions = dimensionsOf(space);
    this.#inSpace = active(space);
    this.#setting = setting;
    this.#startup = Math.min(trials, Math.max(first.length, STARTUP - earlier.length));
  }

  get size(): number {
    return Math.max(0, this.#startup - this.#tried.length) || BATCH;
  }

  next(count: number): P[] {
    const { seed, first, earlier, earlierLoss } = this.#setting;
    const points: P[] = [];
    for (const end = this.#tried.length + count; this.#tried.length < end; ) {
      const number = this.#tried.length;
      // Trials are counted on from those of the earlier search, whose draws would be repeated otherwise.
      const at = earlier.length + number;
      if (number < this.#startup) {
        const [drawn] = number < first.length ? [first[number]] : draws(this.#space, 1, seed, at - first.length);
        points.push(drawn as P);
        // Before it is tried: what makes a pipeline of it may change it.
        this.#tried.push({ place: placeOf(this.#space, drawn as P) as Place });
        continue;
      }
      const known = earlier.map((each) => ({ place: each.place, loss: earlierLoss(each), rung: each.rung }));
      const next = words(seed, Purpose.trials, at);
      const place = propose(this.#dimensions, [...known, ...this.#tried], this.#inSpace, () => next() / 2 ** 32);
      this.#tried.push({ place });
      points.push(pointOf(this.#space, place));
    }
    return points;
  }

  learn(point: number, loss: number | undefined, rung: number): void {
    this.#tried[point] = { place: this.#tried[point]?.place as Place, loss, rung };
  }
}
