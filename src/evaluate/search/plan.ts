// The limits of a search and what it begins with, checked.
import { isRecord, options, positiveNumber, positiveUpTo, refuse } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { type EarlierSearch, NO_SEARCH, readEarlier } from './earlier.js';
import { checkPoint } from './places.js';
import { MOST_TRIALS, type Space } from './space.js';

export interface Plan<P> {
  readonly trials: number;
  /** Whether the number of trials is a limit, not only the time. */
  readonly limited: boolean;
  /** No round begins after this time. */
  readonly seconds: number | undefined;
  readonly halving: Halving | undefined;
  readonly first: readonly P[];
  readonly earlier: EarlierSearch;
}

/** How points are given more epochs. */
export interface Halving {
  /** One point in this many is given this many times the epochs. */
  readonly factor: number;
  /** How many numbers of epochs there are. */
  readonly rungs: number;
}

/** Li et al. 2018, Hyperband, arXiv 1603.06560, section 3.6: 3 or 4; as the strategy 'halving'. */
const FACTOR = 3;
const RUNGS = 3;
/** Beyond these there are fewer epochs than one. */
const [MOST_FACTOR, MOST_RUNGS] = [100, 20];

interface Given<P> {
  readonly space: Space<P>;
  readonly trials?: number;
  readonly seconds?: number;
  readonly halving?: boolean | { factor?: number; rungs?: number };
  readonly first?: readonly P[];
  readonly earlier?: string;
  readonly monitor?: string;
}

/** Throws SimdenseError 'ARGUMENT' for options that are out of range, or that the strategy has no use for. */
export function planOf<P>(
  strategy: string,
  { space, trials, seconds, halving, first = [], earlier, monitor }: Given<P>,
): Plan<P> {
  const only = (name: string, given: unknown, whose: readonly string[]): void => {
    if (given === undefined || whose.includes(strategy)) return;
    const use = whose.map((each) => `'${each}'`).join(' or ');
    throw new SimdenseError(
      'ARGUMENT',
      `search(${name}): '${strategy}' has no use for it: leave it out, or use ${use}${strategy === 'halving' && whose.includes('bayes') ? ' with halving: true' : ''}`,
    );
  };
  if (strategy === 'grid' && trials !== undefined) {
    const message = "'grid' tries every combination: leave trials out, or use 'random'";
    throw new SimdenseError('ARGUMENT', `search(trials): ${message}`);
  }
  only('seconds', seconds, ['random', 'bayes']);
  only('halving', halving === false ? undefined : halving, ['random', 'bayes']);
  const climbs = halvingOf(halving);
  if (!Array.isArray(first)) refuse('search(first)', 'an array of points', first);
  only('first', first.length > 0 ? first : undefined, ['random', 'bayes']);
  only('earlier', earlier, ['bayes']);
  for (const [i, point] of first.entries()) checkPoint(`search(first)[${i}]`, space, point);
  if (seconds !== undefined) positiveNumber('search(seconds)', seconds);
  const count = positiveUpTo('search(trials)', MOST_TRIALS, trials ?? (seconds === undefined ? 20 : MOST_TRIALS));
  if (first.length > count)
    throw new SimdenseError('ARGUMENT', `search(first): ${first.length} points, and ${count} trials; raise trials`);
  const known = earlier === undefined ? NO_SEARCH : readEarlier(space, earlier, monitor);
  return {
    trials: count,
    limited: trials !== undefined || seconds === undefined,
    seconds,
    halving: climbs,
    first: first.map((point) => ({ ...point })),
    earlier: known,
  };
}

function halvingOf(given: Given<unknown>['halving']): Halving | undefined {
  if (given === undefined || typeof given === 'boolean') return given ? { factor: FACTOR, rungs: RUNGS } : undefined;
  if (!isRecord(given)) refuse('search(halving)', 'true, or { factor, rungs }', given);
  const { factor = FACTOR, rungs = RUNGS } = options('search(halving)', given, ['factor', 'rungs']);
  for (const [name, value] of Object.entries({ factor, rungs }))
    if (Number.isInteger(value) && value < 2) refuse(`search(halving.${name})`, '2 or more', value);
  return {
    factor: positiveUpTo('search(halving.factor)', MOST_FACTOR, factor),
    rungs: positiveUpTo('search(halving.rungs)', MOST_RUNGS, rungs),
  };
}
