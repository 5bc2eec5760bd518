import { bytesOf, floatsOf, isGone, isResizable, kindOf } from '../base/typed-arrays.js';
import { cellError, goneError } from './cells.js';

/** A typed array of numbers, also from another realm, such as an iframe. Float16Array if the runtime has it. */
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

/** A flat list of numbers: an array or a typed array. */
export type Numbers = TypedNumbers | readonly number[];

/** Whether a value is a typed array of numbers, not of BigInts. The two most common types are tested first, since this may run once a row. */
export function isTyped(value: unknown): value is TypedNumbers {
  if (value instanceof Float32Array || value instanceof Float64Array) return true;
  return kindOf(value)?.startsWith('Big') === false;
}

/** Whether a value can be a row. Does not check its cells. */
export function isList(value: unknown): value is Numbers {
  return Array.isArray(value) || isTyped(value);
}

/** The most cells that are tried to tell an array of numbers from one of rows. A sparse array is refused at its first hole when its cells are read. */
const MOST_TRIED = 100;

/** Whether a value is a flat list: a typed array, or an array whose first cell that is not missing is not an object. Cells are checked when they are copied. */
export function isNumbers(value: unknown): value is Numbers {
  if (!Array.isArray(value)) return isTyped(value);
  const first: unknown = value[0] ?? value.slice(0, MOST_TRIED).find((cell) => cell !== null && cell !== undefined);
  return typeof first !== 'object' || first === null;
}

/** The type of copied numbers: float32, or float64 if the caller computes in float64. */
export type Floats = Float32Array | Float64Array;
export type FloatsType<T extends Floats> = { new (length: number): T; new (numbers: ArrayLike<number>): T };

/**
 * Flat numbers as a Matrix keeps them. A Float32Array or bytes are returned as they are, unchecked, unless their buffer is resizable;
 * anything else is copied to `Type` and checked. `columns` is for the places in error messages; without it there is one number a row.
 * Throws SimdenseError 'ARGUMENT' for a buffer that is gone, 'DATA' for a cell that is not a finite number.
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

/** `keep`, but a Float32Array that is not copied is checked too. */
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

/** A checked copy of one number for each row, such as sample weights. Throws as `keep`. */
export function toFloats(where: string, numbers: Numbers): Float32Array {
  return new Float32Array(keepFinite(where, numbers, Float32Array));
}

/** Copies `length` cells of an array. Returns the index of the first cell that is not a number, or −1. Getters may shorten the array meanwhile. */
export function copyCells(to: Floats, at: number, from: readonly unknown[], length: number): number {
  for (let i = 0; i < length; i++) {
    const value = from[i];
    if (typeof value !== 'number') return i;
    to[at + i] = value;
  }
  return -1;
}

/** Throws SimdenseError 'DATA' that names the first number that is not finite in float32, as the caller gave it. */
export function checkFloats(
  where: string,
  floats: Floats,
  columns: number | undefined,
  given: (at: number) => unknown = (at) => floats[at],
): void {
  if (floats instanceof Float32Array ? allFinite(floats) : allFiniteInFloat32(floats)) return;
  const at = floats.findIndex((value: number) => !Number.isFinite(Math.fround(value)));
  throw cellError(where, given(at), at, columns);
}

/** Whether all numbers are finite. 0·v is NaN for NaN and infinity, which makes the sum NaN: no branch for each element. */
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

/** Whether all numbers are finite once rounded to float32. */
function allFiniteInFloat32(data: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += 0 * Math.fround(data[i] as number);
  return sum === 0;
}
