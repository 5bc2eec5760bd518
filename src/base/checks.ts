import { type Aliases, didYouMean } from './did-you-mean.js';
import { SimdenseError } from './errors.js';
import { bytesOf, isGone } from './typed-arrays.js';
import { visible } from './visible.js';

/** A value as it appears in a message: short, strings in quotes, invisible characters escaped. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `"${visible(shorter(value))}"`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${shorter(String(value))}n`;
  if (typeof value === 'object' && value !== null) {
    try {
      if (Array.isArray(value)) return `an array of ${value.length}`;
      const name: unknown = value.constructor.name;
      if (typeof name === 'string' && name !== '') {
        const known = shorter(visible(name));
        return `${/^[AEIOU]/i.test(known) ? 'an' : 'a'} ${known}`;
      }
    } catch {
      // The constructor is missing or cannot be read: a revoked Proxy, a getter that throws.
    }
    return 'an object';
  }
  return shorter(visible(String(value)));
}

/** Cuts a text to at most 40 characters, but not within a surrogate pair. */
const shorter = (text: string): string =>
  text.length > 40 ? `${text.slice(0, 37).replace(/[\ud800-\udbff]$/, '')}…` : text;

/** Throws SimdenseError 'ARGUMENT'. `hint` is appended to the message and says what to do instead. */
export function refuse(where: string, expected: string, value: unknown, hint = ''): never {
  throw new SimdenseError('ARGUMENT', `${where}: expected ${expected}, got ${show(value)}${hint}`);
}

/** Refuses superfluous arguments: `given` are all arguments of a call, to a function with `most` parameters. */
export function noMore(where: string, given: ArrayLike<unknown>, most: number): void {
  if (given.length <= most) return;
  const takes = `${most} argument${most === 1 ? '' : 's'}`;
  // map and forEach pass the element, its index and the list.
  const hint = Array.isArray(given[2]) && given.length === 3 ? `; in map write (one) => ${where}(one)` : '';
  throw new SimdenseError(
    'ARGUMENT',
    `${where}: takes ${takes}, got ${given.length}, the last ${show(given[most])}${hint}`,
  );
}

const isWholeFrom = (least: number, value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least;

export function positiveInteger(where: string, value: unknown): number {
  return isWholeFrom(1, value) ? value : refuse(where, 'a positive integer', value);
}

/** A positive integer of at most `most`. */
export function positiveUpTo(where: string, most: number, value: unknown): number {
  const count = positiveInteger(where, value);
  if (count > most) refuse(where, `at most ${most}`, count);
  return count;
}

/** A whole number from 0 up, such as a seed or an epoch. */
export function wholeNumber(where: string, value: unknown): number {
  return isWholeFrom(0, value) ? value : refuse(where, 'a whole number from 0 up', value);
}

/** A finite number that passes a test, and still passes it when rounded to float32, as the kernels do. */
function numberThat(passes: (n: number) => boolean, where: string, expected: string, value: unknown): number {
  const fits = (n: unknown): n is number => Number.isFinite(n) && passes(n as number);
  if (!fits(value)) refuse(where, expected, value);
  const rounded = Math.fround(value);
  if (!fits(rounded)) {
    const hint = `, which float32 rounds to ${rounded}; float32 has 7 digits, up to 3.4e38`;
    refuse(where, `${expected} in float32`, value, hint);
  }
  return value;
}

export function finiteNumber(where: string, value: unknown): number {
  return numberThat(() => true, where, 'a finite number', value);
}

export function positiveNumber(where: string, value: unknown): number {
  return numberThat((n) => n > 0, where, 'a positive number', value);
}

/** A learning rate: positive, but float32 may round it to 0, since schedules may reach 0 too. */
export function positiveRate(where: string, value: unknown): number {
  const expected = 'a positive number';
  if (value === 0) refuse(where, expected, value);
  return numberThat((n) => n >= 0, where, expected, value);
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

/** One of the choices. `aliases` are names of other libraries, which are refused with a hint at the right choice. */
export function oneOf<const T extends string>(
  where: string,
  value: unknown,
  choices: readonly T[],
  aliases?: Aliases,
): T {
  if (!choices.includes(value as T))
    refuse(where, `one of ${choices.join(', ')}`, value, didYouMean(value, choices, aliases));
  return value as T;
}

/** Whether a value is a plain object: not null, an array, a Date or a Map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isA(value, 'Object');
}

/** Whether a value is of a class of the language or the host, also of another realm. */
export const isA = (value: unknown, name: string): boolean =>
  Object.prototype.toString.call(value) === `[object ${name}]`;

/** A function or undefined. */
export function optionalFunction(where: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') refuse(where, 'a function', value);
}

/** An AbortSignal, also of another realm or of jsdom, or undefined. */
export function optionalSignal(where: string, value: unknown): void {
  if (value !== undefined && !isA(value, 'AbortSignal')) refuse(where, 'an AbortSignal', value);
}

/** The bytes of a file as a plain Uint8Array of this realm. They may be a Buffer, or come from another realm. */
export function toBytes(where: string, value: unknown): Uint8Array {
  const bytes = bytesOf(value);
  if (!bytes || isGone(bytes))
    refuse(where, 'a Uint8Array', value, bytes && ' whose buffer has been transferred, or has shrunk');
  return bytes;
}

type KeyOf<T> = T extends unknown ? keyof T & string : never;
/** A list of all keys of T. The compiler refuses a list that lacks a key or has another one; computed lists are not checked. */
export type AllKeys<T, L extends readonly string[]> = L &
  (string extends L[number] | KeyOf<T>
    ? unknown
    : [KeyOf<T>, L[number]] extends [L[number], KeyOf<T>]
      ? unknown
      : { readonly wrong: Exclude<KeyOf<T>, L[number]> | Exclude<L[number], KeyOf<T>> });

/** A copy without prototype, since a part that is absent could be found there. */
export const own = <T extends object>(value: T | undefined): T => Object.assign(Object.create(null), value);

/**
 * A copy of an options object, without prototype: nothing is read from Object.prototype, and getters are called once. All keys must be known, so that a misspelt
 * option is an error. An object with another prototype, such as an instance of a class, is refused. `theirs` are names that other libraries use.
 */
export function options<T extends object, const L extends readonly string[]>(
  where: string,
  value = {} as T,
  keys: AllKeys<T, L>,
  theirs?: Aliases,
): T {
  const checked = own<T>(undefined);
  // A description also has a type, which is not an option.
  const known = keys.filter((name) => name !== 'type');
  // All that an object has are its own properties if its prototype is none or Object.prototype, also that of another realm.
  const prototype = isRecord(value) ? Object.getPrototypeOf(value) : known;
  if (prototype && !Object.hasOwn(prototype, 'isPrototypeOf')) {
    const hint = value === null || Object(value) === value ? '' : `; did you mean { ${known[0]}: ${show(value)} }?`;
    refuse(where, 'a plain object with options', value, hint);
  }
  for (const key of Object.getOwnPropertyNames(value)) {
    if (!keys.includes(key)) {
      const message = `unknown option ${show(key)}; known are ${known.join(', ')}${didYouMean(key, known, theirs)}`;
      throw new SimdenseError('ARGUMENT', `${where}: ${message}`);
    }
    checked[key as keyof T] = value[key as keyof T];
  }
  return checked;
}

/** An option's validator and default. A default of null means: omitted when absent. A function gets the parts before. */
export type Part = readonly [check: (where: string, value: unknown) => unknown, otherwise?: unknown];
export type Parts = Readonly<Record<string, Part>>;

/** A frozen copy of a description, with its type, and with each part checked or set to its default. Other parts are refused. */
export function described<T extends { readonly type: string }>(
  where: string,
  given: object,
  parts: Parts,
  placeOf = (name: string) => `${where}: ${name}`,
  theirs?: Aliases,
  type?: T['type'],
): T {
  const values = options<Record<string, unknown>, string[]>(
    where,
    given as Record<string, unknown>,
    ['type', ...Object.keys(parts)],
    theirs,
  );
  const checked: Record<string, unknown> = { type: type ?? values['type'] };
  for (const [name, [check, otherwise]] of Object.entries(parts)) {
    const { [name]: value = typeof otherwise === 'function' ? otherwise(checked) : otherwise } = values;
    if (value !== null || values[name] === null) checked[name] = check(placeOf(name), value);
  }
  return Object.freeze(checked) as T;
}

/** A description from the options of a function that is named like the type, such as dropout. */
export function describedBy<T extends { readonly type: string }>(
  type: T['type'],
  o: object = {},
  parts: Parts,
  theirs?: Aliases,
): T {
  return described(type, o, parts, (name) => `${type}(${name})`, theirs, type);
}
