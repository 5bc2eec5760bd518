import { type Aliases, didYouMean } from './did-you-mean.js';
import { SimdenseError } from './errors.js';
import { bytesOf, isGone } from './typed-arrays.js';
import { visible } from './visible.js';

/** A value as it appears in a message: short, strings in quotes, without what cannot be seen. */
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
      // It has no constructor, or cannot be asked: a revoked Proxy, a getter that throws.
    }
    return 'an object';
  }
  return shorter(visible(String(value)));
}

/** At most 40 characters, and not half of a surrogate pair at the cut. */
const shorter = (text: string): string =>
  text.length > 40 ? `${text.slice(0, 37).replace(/[\ud800-\udbff]$/, '')}…` : text;

/** `hint` ends the message: what to do instead. */
export function refuse(where: string, expected: string, value: unknown, hint = ''): never {
  throw new SimdenseError('ARGUMENT', `${where}: expected ${expected}, got ${show(value)}${hint}`);
}

/** Refuses arguments that nobody reads: `given` are all that a function got, of which it has parameters for `most`. */
export function noMore(where: string, given: ArrayLike<unknown>, most: number): void {
  if (given.length <= most) return;
  const takes = `${most} argument${most === 1 ? '' : 's'}`;
  // What map and forEach pass: the element, its index, the list.
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

/** Seeds and epochs: 0 and above. */
export function wholeNumber(where: string, value: unknown): number {
  return isWholeFrom(0, value) ? value : refuse(where, 'a whole number from 0 up', value);
}

/** A finite number that passes, and still passes where the kernels have rounded it to float32. */
function numberThat(passes: (n: number) => boolean, where: string, expected: string, value: unknown): number {
  const fits = (n: unknown): n is number => Number.isFinite(n) && passes(n as number);
  if (!fits(value)) refuse(where, expected, value);
  const rounded = Math.fround(value);
  if (!fits(rounded)) {
    const hint = `, which float32 rounds to ${rounded}; it has 7 digits, to 3.4e38`;
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

/** A learning rate, which may be, or fall, below what float32 tells from 0. */
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

/** One of the choices. `aliases` are names that others have for some of them: they are refused with the right one. */
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

/** Whether a value is an object of parts by name: not null, an array, a Date, a Map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** A function, or nothing. */
export function optionalFunction(where: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') refuse(where, 'a function', value);
}

/** An AbortSignal, also of another realm or of jsdom, or nothing. */
export function optionalSignal(where: string, value: unknown): void {
  if (value !== undefined && Object.prototype.toString.call(value) !== '[object AbortSignal]')
    refuse(where, 'an AbortSignal', value);
}

/** A plain Uint8Array of this realm on the bytes of a file, which may come as a Buffer, or from another realm. */
export function toBytes(where: string, value: unknown): Uint8Array {
  const bytes = bytesOf(value);
  if (!bytes || isGone(bytes))
    refuse(where, 'a Uint8Array', value, bytes && ' whose buffer has been transferred, or has shrunk');
  return bytes;
}

type KeyOf<T> = T extends unknown ? keyof T & string : never;
/** A list of all keys of T: the compiler refuses one that lacks a key, or has another. Lists that are put together are not looked into. */
export type AllKeys<T, L extends readonly string[]> = L &
  (string extends L[number] | KeyOf<T>
    ? unknown
    : [KeyOf<T>, L[number]] extends [L[number], KeyOf<T>]
      ? unknown
      : { readonly wrong: Exclude<KeyOf<T>, L[number]> | Exclude<L[number], KeyOf<T>> });

/** An options object whose keys are all known: a misspelt option is an error and not silently the default. `theirs` is what other libraries call some. */
export function options<T extends object, const L extends readonly string[]>(
  where: string,
  value: T | undefined,
  keys: AllKeys<T, L>,
  theirs?: Aliases,
): T {
  if (value === undefined) return {} as T;
  if (!isRecord(value)) refuse(where, 'an object with options', value);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) {
      // A description may come back with its type.
      const known = keys.filter((name) => name !== 'type');
      const message = `unknown option ${show(key)}; known are ${known.join(', ')}${didYouMean(key, known, theirs)}`;
      throw new SimdenseError('ARGUMENT', `${where}: ${message}`);
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
  for (const name in parts) {
    const [check, otherwise] = parts[name] as Part;
    // Read once: a getter could give another value the second time.
    const part = values[name];
    const value = part === undefined ? otherwise : part;
    if (value !== null || part === null) checked[name] = check(placeOf(name), value);
  }
  return Object.freeze(checked) as T;
}

/** The same of what a function of the type's name, such as dropout, was given. */
export function describedBy<T extends { readonly type: string }>(
  type: T['type'],
  o: object = {},
  parts: Parts,
  theirs?: Aliases,
): T {
  return described(type, o, parts, (name) => `${type}(${name})`, theirs, type);
}
