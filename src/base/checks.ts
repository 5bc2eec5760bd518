import { SimdenseError } from './errors.js';
import { visible } from './visible.js';

/** A value as it appears in a message: short, strings in quotes, without what cannot be seen. */
export function show(value: unknown): string {
  // Not half a pair at the cut.
  if (typeof value === 'string')
    return `"${visible(value.length > 40 ? `${value.slice(0, 37).replace(/[\ud800-\udbff]$/, '')}…` : value)}"`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${shorter(String(value))}n`;
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) return `an array of ${value.length}`;
    const name: unknown = value.constructor?.name;
    const known = typeof name === 'string' && name !== '' ? shorter(visible(name)) : 'object';
    return `${/^[AEIOU]/i.test(known) ? 'an' : 'a'} ${known}`;
  }
  return shorter(visible(String(value)));
}

const shorter = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}…` : text);

export function refuse(where: string, expected: string, value: unknown): never {
  throw new SimdenseError('ARGUMENT', `${where}: expected ${expected}, got ${show(value)}`);
}

export function positiveInteger(where: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    refuse(where, 'a positive integer', value);
  return value;
}

/** Seeds and epochs: 0 and above. */
export function wholeNumber(where: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    refuse(where, 'a whole number from 0 up', value);
  return value;
}

/** A finite number that passes. */
function numberThat(passes: (n: number) => boolean, where: string, expected: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || !passes(value)) refuse(where, expected, value);
  return value;
}

export function finiteNumber(where: string, value: unknown): number {
  return numberThat(() => true, where, 'a finite number', value);
}

export function positiveNumber(where: string, value: unknown): number {
  return numberThat((n) => n > 0, where, 'a positive number', value);
}

export function atLeastZero(where: string, value: unknown): number {
  return numberThat((n) => n >= 0, where, 'a number from 0 up', value);
}

/** A number in [0, 1), such as a rate or a momentum. */
export function fraction(where: string, value: unknown): number {
  return numberThat((n) => n >= 0 && n < 1, where, 'a number from 0 to below 1', value);
}

export function boolean(where: string, value: unknown): boolean {
  if (typeof value !== 'boolean') refuse(where, 'true or false', value);
  return value;
}

export function oneOf<const T extends string>(where: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) refuse(where, `one of ${choices.join(', ')}`, value);
  return value as T;
}

/** Whether a value is an object of parts by name: not null, an array, a Date, a Map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** A function, or nothing. */
export function optionalFunction(where: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') refuse(where, 'a function', value);
}

/** An AbortSignal, or nothing. */
export function optionalSignal(where: string, value: unknown): void {
  if (value !== undefined && !(value instanceof AbortSignal)) refuse(where, 'an AbortSignal', value);
}

/** An options object whose keys are all known: a misspelt option is an error and not silently the default. */
export function options<T extends object>(where: string, value: T | undefined, keys: readonly string[]): T {
  if (value === undefined) return {} as T;
  if (!isRecord(value)) refuse(where, 'an object with options', value);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) {
      // A description may come back with its type.
      const known = keys.filter((name) => name !== 'type').join(', ');
      throw new SimdenseError('ARGUMENT', `${where}: unknown option "${key}"; known are ${known}`);
    }
  }
  return value;
}

/** What a part of a description must be, and is where it is left out; a part whose default is null is left out then. */
export type Part = readonly [check: (where: string, value: unknown) => unknown, otherwise?: unknown];
export type Parts = Readonly<Record<string, Part>>;

/** A frozen copy of a description: its type, and each part checked or by its default. Other parts are refused. */
export function described<T extends { readonly type: string }>(
  where: string,
  given: object,
  parts: Parts,
  placeOf = (name: string) => `${where}: ${name}`,
): T {
  const values: Record<string, unknown> = { ...options(where, given, ['type', ...Object.keys(parts)]) };
  const checked: Record<string, unknown> = { type: values['type'] };
  for (const [name, [check, otherwise]] of Object.entries(parts)) {
    const value = values[name] === undefined ? otherwise : values[name];
    if (value !== null || values[name] === null) checked[name] = check(placeOf(name), value);
  }
  return Object.freeze(checked) as T;
}

/** The same of what a function of the type's name, such as dropout, was given. */
export function describedBy<T extends { readonly type: string }>(
  type: T['type'],
  o: object | undefined,
  parts: Parts,
): T {
  const given = options(type, o, ['type', ...Object.keys(parts)]);
  return described(type, { ...given, type }, parts, (name) => `${type}(${name})`);
}
