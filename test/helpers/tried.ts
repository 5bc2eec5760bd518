import type { Space } from '../../src/evaluate/index.js';
import { NO_SEARCH } from '../../src/evaluate/search/earlier.js';
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
  const standing = new Standing<P>();
  standing.judge('loss');
  const rounds = roundsOf(strategy, space, {
    trials,
    limited: true,
    seed,
    seconds: undefined,
    first: [],
    earlier: NO_SEARCH,
    standing,
  });
  let least = Number.POSITIVE_INFINITY;
  for (let next = rounds.next([]); !next.done; ) {
    const ran = Array.from(next.value.points, (parameters) => {
      const mean = lossOf(parameters);
      least = Math.min(least, mean);
      return { parameters, score: { mean, stddev: 0, values: [mean] }, epochs: 1, seconds: 0 };
    });
    next = rounds.next(ran as never);
  }
  return least;
}
