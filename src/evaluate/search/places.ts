// Points of a space as the estimators see them, and back.
import { refuse } from '../../base/checks.js';
import { logarithm, powerOfTwo } from '../../data/powers.js';
import { cellOf } from '../to-csv.js';
import type { Dimension, Place } from './parzen.js';
import { type AnySpace, choicesOf, hasMeaning, type Parameter, type Range, type Space } from './space.js';

const parametersOf = <P>(space: Space<P>): [string, Parameter][] => Object.entries(space as AnySpace);
const isLog = (parameter: Parameter): boolean => (parameter as Range).scale === 'log';

/** What the estimators know of each parameter. */
export const dimensionsOf = <P>(space: Space<P>): Dimension[] => parametersOf(space).map(([, each]) => dimension(each));

function dimension(parameter: Parameter): Dimension {
  const choices = choicesOf(parameter);
  if (choices) return { choices: choices.length };
  const { min, max, integer = false } = parameter as Range;
  const [low, high] = integer ? [Math.ceil(min) - 0.5, Math.floor(max) + 0.5] : [min, max];
  // A range of one number has no width; any will do.
  if (low === high) return { choices: 1 };
  return isLog(parameter)
    ? { low: logarithm(integer ? Math.max(0.5, low) : low), high: logarithm(high), whole: false }
    : { low, high, whole: integer };
}

/** The number of a value among choices, by identity, else as a table would write it; below 0 if it is none. */
function numberOf(choices: readonly unknown[], value: unknown): number {
  const index = choices.findIndex((choice) => Object.is(choice, value));
  return index < 0 && typeof value === 'object' ? choices.findIndex((each) => cellOf(each) === cellOf(value)) : index;
}

/** The place of a point; undefined if a value is none of the space's. */
export function placeOf<P>(space: Space<P>, point: P): Place | undefined {
  const place: (number | undefined)[] = [];
  for (const [name, parameter] of parametersOf(space)) {
    if (faultOf(name, parameter, point as Record<string, unknown>) !== undefined) return undefined;
    const value = (point as Record<string, unknown>)[name];
    const choices = choicesOf(parameter);
    const { min, max } = parameter as Range;
    if (value === undefined && !hasMeaning(parameter, point as Record<string, unknown>)) place.push(undefined);
    else if (choices || min === max) place.push(choices ? numberOf(choices, value) : 0);
    else place.push(isLog(parameter) ? logarithm(value as number) : (value as number));
  }
  return place;
}

/** What a point's parameter should be, where it is something else. */
function faultOf(name: string, parameter: Parameter, point: Readonly<Record<string, unknown>>): string | undefined {
  const value = point[name];
  if (!hasMeaning(parameter, point)) return value === undefined ? undefined : 'nothing, since it has no meaning there';
  const choices = choicesOf(parameter);
  if (choices) return numberOf(choices, value) < 0 ? `one of ${choices.map(cellOf).join(', ')}` : undefined;
  const { min, max, integer } = parameter as Range;
  const isWithin = typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value));
  return isWithin ? undefined : `a ${integer ? 'whole ' : ''}number from ${min} to ${max}`;
}

/** Throws SimdenseError 'ARGUMENT' for what is no point of the space. */
export function checkPoint<P>(where: string, space: Space<P>, point: P): void {
  if (typeof point !== 'object' || point === null) refuse(where, 'a point of the space', point);
  const names = parametersOf(space).map(([name]) => name);
  for (const name of Object.keys(point))
    if (!names.includes(name)) refuse(where, `parameters of the space, ${names.join(', ')}`, name);
  for (const [name, parameter] of parametersOf(space)) {
    const expected = faultOf(name, parameter, point as Record<string, unknown>);
    if (expected !== undefined) refuse(`${where}.${name}`, expected, (point as Record<string, unknown>)[name]);
  }
}

/** The point of a place. */
export function pointOf<P>(space: Space<P>, place: Place): P {
  const point: Record<string, unknown> = {};
  for (const [d, [name, parameter]] of parametersOf(space).entries()) {
    const value = place[d];
    if (value !== undefined) point[name] = valueAt(parameter, value);
  }
  return point as P;
}

function valueAt(parameter: Parameter, value: number): unknown {
  const choices = choicesOf(parameter);
  if (choices) return choices[value];
  const { min, max, integer } = parameter as Range;
  if (min === max) return min;
  const number = isLog(parameter) ? powerOfTwo(value) : value;
  const [low, high] = integer ? [Math.ceil(min), Math.floor(max)] : [min, max];
  return Math.min(high, Math.max(low, integer ? Math.round(number) : number));
}

/** The place without what has no meaning there. */
export function active<P>(space: Space<P>): (place: Place) => Place {
  const parameters = parametersOf(space);
  return (place) => {
    const point: Record<string, unknown> = {};
    return parameters.map(([name, parameter], d) => {
      if (!hasMeaning(parameter, point)) return undefined;
      point[name] = valueAt(parameter, place[d] as number);
      return place[d];
    });
  };
}
