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

/** The parts of those that have some. */
const types = {
  randomUniform: { min: [finiteNumber], max: [finiteNumber] },
  randomNormal: { mean: [finiteNumber, 0], stddev: [positiveNumber] },
  constant: { value: [finiteNumber] },
} as const satisfies Record<string, Parts>;
const keys = Object.keys(types) as (keyof typeof types)[];

/** A frozen copy; throws SimdenseError 'ARGUMENT'. */
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
