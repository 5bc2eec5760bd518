// Which parameters a search's figure depends on.
import { type Fanova, fanova } from './fanova.js';
import type { Dimension, Place } from './parzen.js';
import { dimensionsOf, placeOf } from './places.js';
import type { FullPlace } from './regression-tree.js';
import { type AnySpace, choicesOf, type Parameter, type Space, type When } from './space.js';
import type { Trial } from './trials.js';

/** How much a search's figure depends on one parameter. */
export interface ParameterImportance {
  readonly parameter: string;
  /**
   * The share of the figure's variance over the space that this parameter explains by itself, from 0 to 1. What is left to 1 comes from parameters together.
   * Undefined with fewer than ten trials that ended well, and where all of them came to the same figure.
   */
  readonly mean?: number;
  /** The standard deviation of the share over the trees of the forest. */
  readonly std?: number;
  /**
   * How well the forest predicts the figure of trials that it has not seen (R²): 1 is exact; near 0 and below, the shares say little. Undefined where `mean` is.
   */
  readonly r2?: number;
  /** How many trials it is of: those that ended well; of a parameter with `when` those where it has a meaning. */
  readonly trials: number;
}

/** With fewer trials a forest tells nothing. */
export const FEWEST_TRIALS = 10;

/** Of each point the trial with the most epochs, and one that ended well rather than one that failed; in the order of the points. */
export function longestOf<P>(trials: readonly Trial<P>[]): Trial<P>[] {
  const longest = new Map<P, Trial<P>>();
  for (const trial of trials) {
    const known = longest.get(trial.parameters);
    const [now, before] = [trial.score ? 1 : 0, known?.score ? 1 : 0];
    if (!known || now > before || (now === before && trial.epochs >= known.epochs))
      longest.set(trial.parameters, trial);
  }
  return [...longest.values()];
}

/** A point with its figure. */
interface Tried {
  readonly point: Readonly<Record<string, unknown>>;
  readonly place: Place;
  readonly figure: number;
}

/** The importance of each parameter, the greatest first; those without one last. */
export function importanceOf<P>(space: Space<P>, trials: readonly Trial<P>[], seed: number): ParameterImportance[] {
  const tried = longestOf(trials).flatMap(({ parameters: point, score }): Tried[] => {
    const place = placeOf(space, point);
    if (!place || !score || !Number.isFinite(score.mean)) return [];
    return [{ point: point as Tried['point'], place, figure: score.mean }];
  });
  const names = Object.keys(space as AnySpace);
  const conditions = names.map((name) => conditionsOf(space as AnySpace, name));
  const dimensions = dimensionsOf(space);
  /** Parameters with a meaning at the same points have one forest. */
  const forests = new Map<string, Fanova>();
  const all = names.map((parameter, own): ParameterImportance => {
    const active = tried.filter(({ place }) => place[own] !== undefined);
    const nothing = { parameter, trials: active.length };
    if (active.length < FEWEST_TRIALS) return nothing;
    const where = conditions[own] as Conditions;
    // What has a meaning wherever this parameter has one, within the values at which it has one.
    const beside = names.map((_, d) => d).filter((d) => isWithin(where, conditions[d] as Conditions));
    const columns = beside.map((d): Column => {
      const [name, values] = [names[d] as string, where.get(names[d] as string)];
      if (!values) return { dimension: dimensions[d] as Dimension, at: ({ place }) => place[d] as number };
      const allowed = (choicesOf((space as AnySpace)[name] as Parameter) ?? values).filter((v) => values.includes(v));
      return { dimension: { choices: allowed.length }, at: ({ point }) => allowed.indexOf(point[name]) };
    });
    const sides = columns.map(({ dimension }) => dimension);
    const key = JSON.stringify([beside, sides, active.map(({ place }) => place)]);
    const places = (): FullPlace[] => active.map((each) => columns.map(({ at }) => at(each)));
    const figures = active.map(({ figure }) => figure);
    const forest = forests.get(key) ?? fanova(sides, places(), figures, seed);
    forests.set(key, forest);
    const [mean, std] = [forest.means, forest.stds].map((list) => list[beside.indexOf(own)]);
    return mean === undefined || std === undefined ? nothing : { ...nothing, mean, std, r2: forest.r2 };
  });
  return all.sort((a, b) => (b.mean ?? -1) - (a.mean ?? -1));
}

/** A parameter in a forest. */
interface Column {
  readonly dimension: Dimension;
  at(tried: Tried): number;
}

/** Where a parameter has a meaning: the values that others must have, also those of which the others depend. */
type Conditions = ReadonlyMap<string, readonly unknown[]>;

function conditionsOf(space: AnySpace, name: string): Conditions {
  const found = new Map<string, readonly unknown[]>();
  for (const [other, values] of Object.entries((space[name] as When).when ?? {}))
    for (const [each, own] of [...conditionsOf(space, other), [other, values] as const])
      found.set(each, found.get(each)?.filter((value) => own.includes(value)) ?? own);
  return found;
}

/** Whether the first conditions hold only where the second do. */
const isWithin = (first: Conditions, second: Conditions): boolean =>
  [...second].every(([name, values]) => first.get(name)?.every((value) => values.includes(value)) ?? false);
