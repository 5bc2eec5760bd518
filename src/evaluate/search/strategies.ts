// What a search tries, round by round. A strategy sees the trials of the rounds before, in the order of their points, and never which of them ended first: so the points are the
// same on every executor.
import { Purpose } from '../../base/draws.js';
import { words } from '../../data/random.js';
import type { Place } from './parzen.js';
import { active, dimensionsOf, placeOf, pointOf } from './places.js';
import type { Plan } from './plan.js';
import { type Ahead, NOTHING } from './progress.js';
import { propose, STARTUP, type Tried } from './propose.js';
import { draws, gridOf, type Space } from './space.js';
import type { Standing } from './standing.js';
import type { Trial } from './trials.js';

/** Points that are tried together. */
export interface Round<P> {
  readonly points: Iterable<P>;
  /** The share of the pipeline's epochs that each may take, or that of each point. */
  readonly share: number | readonly number[];
  /** What comes after this round, of whose points `sound` can run; undefined if as much as there is time for. */
  left(sound: number): Ahead | undefined;
}

/** What a strategy goes by. */
export interface Setting<P> extends Plan<P> {
  readonly seed: number;
  readonly standing: Standing<P>;
}

export type Strategy<P> = Generator<Round<P>, void, readonly Trial<P>[]>;

/** After each round of 'halving' one point in this many stays, and gets this many times the epochs (Li et al. 2018, Hyperband, arXiv 1603.06560, section 3.6: 3 or 4). */
const HALVING = 3;
/** The points of 'bayes' that are tried together. The number of workers is no part of it: it would change the points. */
const BATCH = 4;
/** The random points that are tried together where the time, not their number, is limited. */
const TIMED = 8;

/** So many trials of all epochs. */
const whole = (trials: number, limited: boolean): Ahead | undefined => (limited ? { trials, work: trials } : undefined);

/** All points of the space. */
function* grid<P>(space: Space<P>): Strategy<P> {
  yield { points: gridOf(space), share: 1, left: () => NOTHING };
}

/** Points drawn at random; all at once, or with `seconds` a few at a time. */
function* random<P>(space: Space<P>, { trials: count, limited, seed, seconds }: Setting<P>): Strategy<P> {
  const size = seconds === undefined ? count : TIMED;
  for (let from = 0; from < count; from += size) {
    const now = Math.min(size, count - from);
    yield { points: draws(space, now, seed, from), share: 1, left: () => whole(count - from - now, limited) };
  }
}

/** Many random points for few epochs, then the best third for three times as many, and so on. */
function* halving<P>(space: Space<P>, { trials: count, seed, standing }: Setting<P>): Strategy<P> {
  const rounds = Math.max(1, Math.floor(Math.log(count) / Math.log(HALVING) + 1e-9) + 1);
  let points: Iterable<P> = draws(space, count, seed);
  let length = count;
  for (let round = 1; round <= rounds; round++) {
    const left = (sound: number): Ahead => {
      let [all, can, trials, work] = [length, sound, 0, 0];
      for (let later = round; later < rounds; later++) {
        // Rounds are cut by the number of all points, also of those that cannot run.
        all = can = Math.min(can, Math.max(1, Math.floor(all / HALVING)));
        trials += can;
        work += can * HALVING ** (later + 1 - rounds);
      }
      return { trials, work };
    };
    const ran = yield { points, share: HALVING ** (round - rounds), left };
    const order = ran.filter(({ score }) => score).sort((a, b) => standing.compare(a, b));
    const kept = order.slice(0, Math.max(1, Math.floor(length / HALVING)));
    if (kept.length === 0) return;
    points = kept.map(({ parameters }) => parameters);
    length = kept.length;
  }
}

/** Known and random points, then those that a tree-structured Parzen estimator proposes, a few at a time. */
function* bayes<P>(space: Space<P>, { trials, limited, seed, first, earlier, standing }: Setting<P>): Strategy<P> {
  const dimensions = dimensionsOf(space);
  const inSpace = active(space);
  // Trials are counted on from those of the earlier search, whose draws would be repeated otherwise.
  const before = earlier.trials.length;
  const startup = Math.min(trials, Math.max(first.length, STARTUP - before));
  let points = [...first, ...draws(space, startup - first.length, seed, before)];
  let done = 0;
  const tried: Tried[] = [];
  while (done < trials) {
    if (points.length > 0) {
      done += points.length;
      const left = whole(trials - done, limited);
      // Before they are tried: what makes pipelines of them may change them.
      const places = points.map((point) => placeOf(space, point) as Place);
      const ran = yield { points, share: 1, left: () => left };
      for (const [i, place] of places.entries()) tried.push({ place, loss: standing.lossOf(ran[i] as Trial<P>) });
    }
    const known = [
      ...earlier.trials.map((each) => ({ place: each.place, loss: standing.earlierLoss(each) })),
      ...tried,
    ];
    points = [];
    for (let trial = done; trial < Math.min(trials, done + BATCH); trial++) {
      const next = words(seed, Purpose.trials, before + trial);
      const place = propose(dimensions, known, inSpace, () => next() / 2 ** 32);
      known.push({ place, loss: undefined });
      points.push(pointOf(space, place));
    }
  }
}

/** The rounds of a strategy. */
export function roundsOf<P>(
  strategy: 'grid' | 'random' | 'halving' | 'bayes',
  space: Space<P>,
  setting: Setting<P>,
): Strategy<P> {
  return { grid, random, halving, bayes }[strategy](space, setting);
}
