// What a search tries, round by round. A strategy sees the trials of the rounds before, in the order of their points, and never which of them ended first: so the points are the
// same on every executor.
import { climbing } from './climbing.js';
import type { Earlier } from './earlier.js';
import type { Plan } from './plan.js';
import { type Ahead, NOTHING } from './progress.js';
import { Proposals, type Source } from './proposals.js';
import type { Strategy } from './rounds.js';
import { draws, gridOf, type Space } from './space.js';
import type { Standing } from './standing.js';

/** What a strategy goes by. */
export interface Setting<P> extends Plan<P> {
  readonly seed: number;
  /** Whether the trials' networks are kept, of which only the best few fit into the memory. */
  readonly keeps: boolean;
  readonly standing: Standing<P>;
}

/** After each round of 'halving' one point in this many stays, and gets this many times the epochs (Li et al. 2018, Hyperband, arXiv 1603.06560, section 3.6: 3 or 4). */
const HALVING = 3;
/** The random points that are tried together where not all of them are at once. The number of workers is no part of it: it would change which of them get more epochs. */
const TOGETHER = 8;

/** So many trials of all epochs. */
const whole = (trials: number, limited: boolean): Ahead | undefined => (limited ? { trials, work: trials } : undefined);

/** Points that are known, and then random ones. */
class Drawn<P> implements Source<P> {
  readonly size = TOGETHER;
  readonly #space: Space<P>;
  readonly #seed: number;
  readonly #first: readonly P[];
  #from = 0;

  constructor(space: Space<P>, { seed, first }: Setting<P>) {
    this.#space = space;
    this.#seed = seed;
    this.#first = first;
  }

  next(count: number): P[] {
    const from = this.#from;
    this.#from += count;
    const known = this.#first.slice(from, from + count);
    return [...known, ...draws(this.#space, count - known.length, this.#seed, from + known.length)];
  }

  learn(): void {}
}

/** All points of the space. */
function* grid<P>(space: Space<P>): Strategy<P> {
  yield { points: gridOf(space), share: 1, left: () => NOTHING };
}

/** Points drawn at random; all at once, or where not only their number is limited a few at a time. */
function* random<P>(space: Space<P>, setting: Setting<P>): Strategy<P> {
  const { trials: count, limited, seconds, halving, keeps } = setting;
  const drawn = new Drawn(space, setting);
  if (halving) {
    yield* climbing(drawn, halving, setting);
    return;
  }
  const size = seconds === undefined && !keeps ? count : TOGETHER;
  for (let from = 0; from < count; from += size) {
    const now = Math.min(size, count - from);
    yield { points: drawn.next(now), share: 1, left: () => whole(count - from - now, limited) };
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
function bayes<P>(space: Space<P>, setting: Setting<P>): Strategy<P> {
  const { earlier, standing } = setting;
  const earlierLoss = (each: Earlier): number | undefined => standing.earlierLoss(each);
  const source = new Proposals(space, { ...setting, earlier: earlier.trials, earlierLoss });
  return climbing(source, setting.halving ?? { factor: 1, rungs: 1 }, setting);
}

/** The rounds of a strategy. */
export function roundsOf<P>(
  strategy: 'grid' | 'random' | 'halving' | 'bayes',
  space: Space<P>,
  setting: Setting<P>,
): Strategy<P> {
  return { grid, random, halving, bayes }[strategy](space, setting);
}
