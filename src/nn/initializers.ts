import { described, finiteNumber, oneOf, type Parts, positiveNumber, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

const names = [
  'zeros',
  'ones',
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunNormal',
  'orthogonal',
] as const;
/** How initial values are drawn, by name or with parameters. randomNormal has mean 0 by default. */
export type Initializer =
  | (typeof names)[number]
  | { type: 'randomUniform'; min: number; max: number }
  | { type: 'randomNormal'; mean?: number; stddev: number }
  | { type: 'constant'; value: number };

const aliases = {
  glorotUniform: 'xavier xavieruniform',
  glorotNormal: 'xaviernormal',
  heUniform: 'kaiming kaiminguniform he',
  heNormal: 'kaimingnormal',
};

/** The parameters of the initializers that are objects. */
const types = {
  randomUniform: { min: [finiteNumber], max: [finiteNumber] },
  randomNormal: { mean: [finiteNumber, 0], stddev: [positiveNumber] },
  constant: { value: [finiteNumber] },
} as const satisfies Record<string, Parts>;
const keys = Object.keys(types) as (keyof typeof types)[];

/** A checked, frozen copy of an initializer. Throws SimdenseError 'ARGUMENT'. */
export function checkInitializer(where: string, value: unknown): Initializer {
  if (typeof value === 'string') return oneOf(where, value, names, aliases);
  if (typeof value !== 'object' || value === null)
    refuse(where, `one of ${names.join(', ')}, or an object with type`, value);
  const { type } = value as Exclude<Initializer, string>;
  const checked = described<Exclude<Initializer, string>>(where, value, types[oneOf(`${where}: type`, type, keys)]);
  if (checked.type === 'randomUniform' && checked.min > checked.max)
    throw new SimdenseError('ARGUMENT', `${where}: min ${checked.min} is above max ${checked.max}`);
  return checked;
}
