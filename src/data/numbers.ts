import { bytesOf, floatsOf, isGone, isResizable, kindOf } from '../base/typed-arrays.js';
import { cellError, goneError } from './cells.js';

/** A typed array of numbers; also one of another realm, such as an iframe. Float16Array where the runtime has it. */
export type TypedNumbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | (ArrayLike<number> & ArrayBufferView & { readonly [Symbol.toStringTag]: 'Float16Array' });

/** Numbers one after the other. */
export type Numbers = TypedNumbers | readonly number[];

/** A typed array of numbers, not of BigInts. The two commonest are tested first: this may run once a row. */
export function isTyped(value: unknown): value is TypedNumbers {
  if (value instanceof Float32Array || value instanceof Float64Array) return true;
  return kindOf(value)?.startsWith('Big') === false;
}

/** Whether a value can be a row, whatever its cells are. */
export function isList(value: unknown): value is Numbers {
  return Array.isArray(value) || isTyped(value);
}

/** Cells that are looked at to tell rows from numbers: an array of many holes is refused at the first, wherever its cells are read. */
const LOOKS = 100;

/** Whether a value is flat: a typed array, or an array whose first cell is neither a row nor another object. The cells are checked where they are copied. */
export function isNumbers(value: unknown): value is Numbers {
  if (!Array.isArray(value)) return isTyped(value);
  const first: unknown = value[0] ?? value.slice(0, LOOKS).find((cell) => cell !== null && cell !== undefined);
  return typeof first !== 'object' || first === null;
}

/** What numbers are copied to: float32, or float64 where the caller computes in float64. */
export type Floats = Float32Array | Float64Array;
export type FloatsType<T extends Floats> = { new (length: number): T; new (numbers: ArrayLike<number>): T };

/**
 * Flat numbers as a Matrix keeps them. A Float32Array and bytes stay where they are, unchecked, unless their buffer may change its size; all else is copied to `Type` and
 * checked. `columns` are named in errors: one number a row without. Throws SimdenseError 'ARGUMENT' for a buffer that is gone, 'DATA' for a cell that is no finite number.
 */
export function keep<T extends Floats>(
  where: string,
  numbers: Numbers,
  Type: FloatsType<T>,
  columns?: number,
): T | Float32Array | Uint8Array {
  if (Array.isArray(numbers)) {
    const floats = new Type(numbers.length);
    const bad = copyCells(floats, 0, numbers, floats.length);
    if (bad >= 0) throw cellError(where, numbers[bad], bad, columns);
    checkFloats(where, floats, columns, (at) => (numbers as readonly number[])[at]);
    return floats;
  }
  if (isGone(numbers as TypedNumbers)) throw goneError(where, numbers);
  const kept = floatsOf(numbers) ?? bytesOf(numbers);
  if (kept) return isResizable(kept) ? kept.slice() : kept;
  const floats = new Type(numbers);
  checkFloats(where, floats, columns, (at) => numbers[at]);
  return floats;
}

/** As `keep`, and what stays where it is is checked too. */
export function keepFinite<T extends Floats>(
  where: string,
  numbers: Numbers,
  Type: FloatsType<T>,
  columns?: number,
): T | Float32Array | Uint8Array {
  const kept = keep(where, numbers, Type, columns);
  if (floatsOf(numbers)) checkFloats(where, kept as Float32Array, columns);
  return kept;
}

/** A copy of one number a row, finite throughout, such as sample weights. Throws as `keep`. */
export function toFloats(where: string, numbers: Numbers): Float32Array {
  return new Float32Array(keepFinite(where, numbers, Float32Array));
}

/** Copies `length` cells of an array, whose getters may make it shorter meanwhile; the place of the first that is no number, or −1. */
export function copyCells(to: Floats, at: number, from: readonly unknown[], length: number): number {
  for (let i = 0; i < length; i++) {
    const value = from[i];
    if (typeof value !== 'number') return i;
    to[at + i] = value;
  }
  return -1;
}

/** Throws SimdenseError 'DATA' that names the first number that is not finite in float32, as it was given. */
export function checkFloats(
  where: string,
  floats: Floats,
  columns: number | undefined,
  given: (at: number) => unknown = (at) => floats[at],
): void {
  if (floats instanceof Float32Array ? allFinite(floats) : allHeld(floats)) return;
  const at = floats.findIndex((value: number) => !Number.isFinite(Math.fround(value)));
  throw cellError(where, given(at), at, columns);
}

/** 0·v is NaN for NaN and infinity, and so is a sum with it: no branch an element. */
export function allFinite(data: Float32Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += 0 * (data[i] as number);
    b += 0 * (data[i + 1] as number);
    c += 0 * (data[i + 2] as number);
    d += 0 * (data[i + 3] as number);
  }
  for (let i = whole; i < data.length; i++) a += 0 * (data[i] as number);
  return a + b + c + d === 0;
}

/** The same of what float32 makes of each. */
function allHeld(data: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += 0 * Math.fround(data[i] as number);
  return sum === 0;
}
