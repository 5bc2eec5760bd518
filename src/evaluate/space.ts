// The space from which a search takes its parameters.

import { refuse, show } from '../base/checks.js';
import { Purpose } from '../base/draws.js';
import { SimdenseError } from '../base/errors.js';
import { words } from '../data/random.js';

/** Numbers from min to max, both included. On a log scale each power of ten is equally likely. */
export interface Range {
  readonly min: number;
  readonly max: number;
  /** Default: 'linear'. */
  readonly scale?: 'linear' | 'log';
  /** Whether to take whole numbers only. Default: false. */
  readonly integer?: boolean;
}

/** For each parameter a list of choices or a range of numbers. */
export type Space<P> = { readonly [K in keyof P]: readonly P[K][] | Range };

/** A space of any parameters. */
export type AnySpace = Readonly<Record<string, readonly unknown[] | Range>>;
/** A point of such a space: for each parameter one of its choices, or a number of its range. */
export type ParametersOf<S extends AnySpace> = { readonly [K in keyof S]: ParameterOf<S[K]> };
type ParameterOf<C> = [Exclude<C, Range>] extends [never]
  ? number
  : Exclude<C, Range> extends readonly (infer T)[]
    ? T
    : never;

/** How many values of a range a grid tries. */
const GRID_POINTS = 5;

/** The most points of a search. All of them are in memory before the first is tried. */
export const MOST_TRIALS = 1_000_000;

/** Throws SimdenseError 'ARGUMENT' for a space that is malformed or has no points. */
export function checkSpace<P>(where: string, space: Space<P>): void {
  if (typeof space !== 'object' || space === null) refuse(where, 'choices or a range for each parameter', space);
  const entries = Object.entries(space);
  if (entries.length === 0) throw new SimdenseError('ARGUMENT', `${where}: expected at least one parameter`);
  for (const [name, values] of entries) {
    if (Array.isArray(values)) {
      if (values.length === 0) throw new SimdenseError('ARGUMENT', `${where}(${name}): expected at least one choice`);
      continue;
    }
    const { min, max, scale = 'linear', integer = false } = (values ?? {}) as Range;
    if (!Number.isFinite(min) || !Number.isFinite(max))
      refuse(`${where}(${name})`, 'an array of choices, or { min, max }', values);
    const ends = `${show(min)} to ${show(max)}`;
    if (min > max) throw new SimdenseError('ARGUMENT', `${where}(${name}): ${ends} has no points`);
    if (scale !== 'linear' && scale !== 'log') refuse(`${where}(${name}.scale)`, "'linear' or 'log'", scale);
    if (scale === 'log' && !(min > 0))
      throw new SimdenseError('ARGUMENT', `${where}(${name}): a log scale needs min above 0, got ${min}`);
    if (integer && Math.ceil(min) > Math.floor(max))
      throw new SimdenseError('ARGUMENT', `${where}(${name}): there is no whole number from ${ends}`);
  }
}

/**
 * 2^x for any x, computed with + − × ÷ only, so that every runtime draws the same parameters: the last bits of Math.exp and Math.log
 * differ between runtimes. A Taylor series around the nearest whole power: |r·ln 2| ≤ 0.35, so 14 terms are exact to float64's rounding.
 */
export function powerOfTwo(x: number): number {
  const whole = Math.round(x);
  const r = (x - whole) * Math.LN2;
  let sum = 1;
  for (let n = 14; n > 0; n--) sum = 1 + (sum * r) / n;
  return sum * 2 ** whole;
}

/** log₂ of a positive number, in the same way: the exponent, plus the series of artanh for the mantissa. */
export function logarithm(x: number): number {
  let whole = 0;
  let m = x;
  for (; m >= Math.SQRT2; m /= 2) whole++;
  for (; m < Math.SQRT1_2; m *= 2) whole--;
  const z = (m - 1) / (m + 1);
  let sum = 0;
  for (let n = 41; n > 0; n -= 2) sum = sum * z * z + 1 / n;
  return whole + (2 * z * sum) / Math.LN2;
}

/** The value of a range at a share of its length, from 0 to 1. */
function at({ min, max, scale, integer }: Range, share: number): number {
  // Each whole number, including the ends, gets an interval of the same length.
  const [low, high] = integer ? [Math.ceil(min) - 0.5, Math.floor(max) + 0.5] : [min, max];
  const inLog = scale === 'log';
  const [from, to] = inLog ? [logarithm(Math.max(low, integer ? 0.5 : min)), logarithm(high)] : [low, high];
  const value = from + (to - from) * share;
  const point = inLog ? powerOfTwo(value) : value;
  const rounded = integer ? Math.round(point) : point;
  return Math.min(Math.max(rounded, integer ? Math.ceil(min) : min), integer ? Math.floor(max) : max);
}

/** All combinations, with the last parameter varying fastest. A range gives five values, its ends included. */
export function* gridOf<P>(space: Space<P>): Generator<P, void> {
  checkGrid(space);
  const names = Object.keys(space) as (keyof P)[];
  const choices = names.map((name) => choicesOf(space[name]));
  const count = choices.reduce((product, { length }) => product * length, 1);
  for (let i = 0; i < count; i++) {
    let left = i;
    const point: [keyof P, unknown][] = [];
    for (let c = choices.length - 1; c >= 0; c--) {
      const { length, [left % length]: value } = choices[c] as readonly unknown[];
      point.unshift([names[c] as keyof P, value]);
      left = Math.floor(left / length);
    }
    yield Object.fromEntries(point) as P;
  }
}

/** The values of a parameter that a grid tries. */
const choicesOf = (values: readonly unknown[] | Range): readonly unknown[] =>
  isRange(values) ? gridPoints(values) : values;

function checkGrid<P>(space: Space<P>): void {
  const sizes = Object.values(space as Space<Record<string, unknown>>).map((values) => choicesOf(values).length);
  const points = sizes.reduce((product, size) => product * size, 1);
  if (points <= MOST_TRIALS) return;
  throw new SimdenseError(
    'ARGUMENT',
    `search(space): a grid of ${points} points has more than the allowed ${MOST_TRIALS}; leave values out, or use strategy: 'random'`,
  );
}

function isRange(values: readonly unknown[] | Range): values is Range {
  return !Array.isArray(values);
}

function gridPoints(range: Range): number[] {
  const points = Array.from({ length: GRID_POINTS }, (_, i) => at(range, i / (GRID_POINTS - 1)));
  return [...new Set(points)];
}

/** `count` random combinations; each depends only on the seed and its index. */
export function* draws<P>(space: Space<P>, count: number, seed: number): Generator<P, void> {
  const entries = Object.entries(space) as [keyof P, readonly P[keyof P][] | Range][];
  for (let trial = 0; trial < count; trial++) {
    const next = words(seed, Purpose.trials, trial);
    const point = entries.map(([name, values]) => {
      const share = next() / 2 ** 32;
      return [name, isRange(values) ? at(values, share) : values[Math.floor(share * values.length)]];
    });
    yield Object.fromEntries(point) as P;
  }
}
