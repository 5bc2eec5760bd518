// The space from which a search takes its parameters.

import { isRecord, refuse, show } from '../../base/checks.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { Purpose } from '../../base/draws.js';
import { SimdenseError } from '../../base/errors.js';
import { logarithm, powerOfTwo } from '../../data/powers.js';
import { words } from '../../data/random.js';

/** Where a parameter has a meaning: only at points where each named parameter, which stands before it in the space, has one of these values. */
export interface When {
  readonly when?: Readonly<Record<string, readonly unknown[]>>;
}

/** Numbers from min to max, both included. On a log scale each power of ten is equally likely. */
export interface Range extends When {
  readonly min: number;
  readonly max: number;
  /** Default: 'linear'. */
  readonly scale?: 'linear' | 'log';
  /** Whether to take whole numbers only. Default: false. */
  readonly integer?: boolean;
}

/** Choices, where `when` is to say when they matter. */
export interface Choices<T> extends When {
  readonly choices: readonly T[];
}

/** For each parameter a list of choices or a range of numbers. */
export type Space<P> = { readonly [K in keyof P]: readonly P[K][] | Choices<P[K]> | Range };

/** A space of any parameters. */
export type AnySpace = Readonly<Record<string, readonly unknown[] | Choices<unknown> | Range>>;
/** A point of such a space: for each parameter one of its choices, or a number of its range; undefined where it has no meaning. */
export type ParametersOf<S extends AnySpace> = { readonly [K in keyof S]: ParameterOf<S[K]> };
type ParameterOf<C> =
  | (C extends readonly (infer T)[] ? T : C extends { readonly choices: readonly (infer T)[] } ? T : number)
  | (C extends { readonly when: object } ? undefined : never);

/** A parameter of a space. */
export type Parameter = readonly unknown[] | Choices<unknown> | Range;

/** How many values of a range a grid tries. */
const GRID_POINTS = 5;

/** A range is wider than this, and narrower than its inverse: its places are computed with. */
const NARROWEST = 1e-290;

/** The most points of a search. All of them are in memory before the first is tried. */
export const MOST_TRIALS = 1_000_000;

/** Throws SimdenseError 'ARGUMENT' for a space that is malformed or has no points. */
export function checkSpace<P>(where: string, space: Space<P>): void {
  if (typeof space !== 'object' || space === null) refuse(where, 'choices or a range for each parameter', space);
  const entries = Object.entries(space) as [string, Parameter][];
  if (entries.length === 0) throw new SimdenseError('ARGUMENT', `${where}: expected at least one parameter`);
  for (const [i, [name, parameter]] of entries.entries()) {
    // An object takes it for its prototype.
    if (name === '__proto__') refuse(where, 'another name for a parameter', name);
    checkParameter(`${where}(${name}`, parameter);
    if (!Array.isArray(parameter)) checkWhen(`${where}(${name}.when)`, parameter as When, entries.slice(0, i));
  }
}

/** `where` lacks its closing parenthesis. */
function checkParameter(where: string, parameter: Parameter): void {
  const choices = choicesOf(parameter ?? {});
  if (!Array.isArray(parameter))
    checkKeys(where, parameter, choices ? ['choices', 'when'] : ['min', 'max', 'scale', 'integer', 'when']);
  if (choices) {
    if (!Array.isArray(choices)) refuse(`${where}.choices)`, 'an array', choices);
    if (choices.length === 0) throw new SimdenseError('ARGUMENT', `${where}): expected at least one choice`);
    return;
  }
  const { min, max, scale = 'linear', integer = false } = (parameter ?? {}) as Range;
  for (const [end, value] of Object.entries({ min, max }))
    if (typeof value === 'number' && !Number.isFinite(value)) refuse(`${where}.${end})`, 'a finite number', value);
  if (!Number.isFinite(min) || !Number.isFinite(max))
    refuse(`${where})`, 'an array of choices, { choices, when }, or { min, max }', parameter);
  if (typeof integer !== 'boolean') refuse(`${where}.integer)`, 'true or false', integer);
  const ends = `${show(min)} to ${show(max)}`;
  if (min > max) throw new SimdenseError('ARGUMENT', `${where}): ${ends} has no points`);
  const width = max - min;
  if (scale === 'linear' && width !== 0 && !(width > NARROWEST && width < 1 / NARROWEST))
    throw new SimdenseError('ARGUMENT', `${where}): the ends ${ends} are too close together, or too far apart`);
  if (scale !== 'linear' && scale !== 'log') refuse(`${where}.scale)`, "'linear' or 'log'", scale);
  if (scale === 'log' && !(min > 0))
    throw new SimdenseError('ARGUMENT', `${where}): a log scale needs min above 0, got ${min}`);
  if (integer && Math.ceil(min) > Math.floor(max))
    throw new SimdenseError('ARGUMENT', `${where}): there is no whole number from ${ends}`);
}

/** Throws SimdenseError 'ARGUMENT' for what a parameter cannot say. `where` lacks its closing parenthesis. */
function checkKeys(where: string, parameter: unknown, known: readonly string[]): void {
  const unknown = isRecord(parameter) && Object.keys(parameter).find((key) => !known.includes(key));
  if (typeof unknown === 'string') refuse(`${where})`, known.join(', '), unknown, didYouMean(unknown, known));
}

function checkWhen(where: string, { when }: When, before: readonly [string, Parameter][]): void {
  if (when === undefined) return;
  if (typeof when !== 'object' || when === null) refuse(where, 'values by the name of a parameter', when);
  for (const [name, values] of Object.entries(when)) {
    const other = before.find(([each]) => each === name)?.[1];
    if (other === undefined) {
      const names = before.map(([each]) => each);
      const known = names.length > 0 ? `one of those before it: ${names.join(', ')}` : 'a parameter before it';
      refuse(where, known, name, didYouMean(name, names));
    }
    if (!Array.isArray(values) || values.length === 0) refuse(`${where}.${name}`, 'an array of values', values);
    const strange = choicesOf(other) && values.find((value) => !choicesOf(other)?.includes(value));
    if (strange !== undefined)
      refuse(`${where}.${name}`, `values of ${name}, ${choicesOf(other)?.map(show).join(', ')}`, strange);
  }
}

/** The choices of a parameter; undefined for a range. */
export function choicesOf(parameter: Parameter): readonly unknown[] | undefined {
  return Array.isArray(parameter) ? parameter : (parameter as Partial<Choices<unknown>>).choices;
}

/** Whether a parameter has a meaning at a point. */
export function hasMeaning(parameter: Parameter, point: Readonly<Record<string, unknown>>): boolean {
  const { when } = parameter as When;
  return when === undefined || Object.entries(when).every(([name, values]) => values.includes(point[name]));
}

/** The point without what has no meaning there. */
function meaningful<P>(space: Space<P>, point: readonly (readonly [string, unknown])[]): P {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of point) if (hasMeaning((space as AnySpace)[name] as Parameter, kept)) kept[name] = value;
  return kept as P;
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
  const names = Object.keys(space);
  const choices = names.map((name) => valuesOf((space as AnySpace)[name] as Parameter));
  const count = choices.reduce((product, { length }) => product * length, 1);
  const conditional = Object.values(space as AnySpace).some((parameter) => (parameter as When).when !== undefined);
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) {
    let left = i;
    const point: [string, unknown][] = [];
    const indices: number[] = [];
    for (let c = choices.length - 1; c >= 0; c--) {
      const { length, [left % length]: value } = choices[c] as readonly unknown[];
      point.unshift([names[c] as string, value]);
      indices.unshift(left % length);
      left = Math.floor(left / length);
    }
    const kept = meaningful(space, point);
    if (conditional) {
      // Combinations that differ in what has no meaning are one point.
      const key = indices.map((index, c) => (Object.hasOwn(kept as object, names[c] as string) ? index : '')).join();
      if (seen.has(key)) continue;
      seen.add(key);
    }
    yield kept;
  }
}

/** The values of a parameter that a grid tries. */
const valuesOf = (parameter: Parameter): readonly unknown[] => choicesOf(parameter) ?? gridPoints(parameter as Range);

function checkGrid<P>(space: Space<P>): void {
  const sizes = Object.values(space as AnySpace).map((parameter) => valuesOf(parameter).length);
  const points = sizes.reduce((product, size) => product * size, 1);
  if (points <= MOST_TRIALS) return;
  throw new SimdenseError(
    'ARGUMENT',
    `search(space): a grid of ${points} points has more than the allowed ${MOST_TRIALS}; leave values out, or use strategy: 'random'`,
  );
}

function gridPoints(range: Range): number[] {
  const points = Array.from({ length: GRID_POINTS }, (_, i) => at(range, i / (GRID_POINTS - 1)));
  return [...new Set(points)];
}

/** `count` random combinations; each depends only on the seed and its index. */
export function* draws<P>(space: Space<P>, count: number, seed: number, from = 0): Generator<P, void> {
  const entries = Object.entries(space as AnySpace);
  for (let trial = from; trial < from + count; trial++) {
    const next = words(seed, Purpose.trials, trial);
    const point = entries.map(([name, parameter]) => {
      const share = next() / 2 ** 32;
      const choices = choicesOf(parameter);
      return [name, choices ? choices[Math.floor(share * choices.length)] : at(parameter as Range, share)] as const;
    });
    yield meaningful(space, point);
  }
}
