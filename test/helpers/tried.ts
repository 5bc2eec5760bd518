import type { Space, Trial } from '../../src/evaluate/index.js';
import { NO_SEARCH } from '../../src/evaluate/search/earlier.js';
import type { Halving } from '../../src/evaluate/search/plan.js';
import { Standing } from '../../src/evaluate/search/standing.js';
import { roundsOf } from '../../src/evaluate/search/strategies.js';

/** The least loss that a strategy finds, where each point's loss is known. */
export function bestOf<P>(
  strategy: 'random' | 'bayes',
  space: Space<P>,
  trials: number,
  seed: number,
  lossOf: (point: P) => number,
): number {
  return lossOf(bestPointOf(strategy, space, { trials, seed }, lossOf).point);
}

/** The best point that a strategy finds, of those with the largest share of their epochs, where each point's loss by share is known; and the sum of all shares. */
export function bestPointOf<P>(
  strategy: 'random' | 'bayes',
  space: Space<P>,
  { trials, seed, halving }: { trials: number; seed: number; halving?: Halving },
  lossOf: (point: P, share: number) => number,
): { point: P; work: number } {
  const standing = new Standing<P>();
  standing.judge('loss');
  const rounds = roundsOf(strategy, space, {
    trials,
    seed,
    limited: true,
    seconds: undefined,
    keeps: false,
    halving,
    first: [],
    earlier: NO_SEARCH,
    standing,
  });
  let work = 0;
  for (let next = rounds.next([]); !next.done; ) {
    const { points, share } = next.value;
    const ran = Array.from(points, (parameters, i): Trial<P> => {
      const own = typeof share === 'number' ? share : (share[i] as number);
      const mean = lossOf(parameters, own);
      const trial = { parameters, score: { mean, stddev: 0, values: [mean] }, epochs: 1, seconds: 0 };
      standing.add(trial, own);
      work += own;
      return trial;
    });
    next = rounds.next(ran);
  }
  return { point: standing.best?.parameters as P, work };
}
