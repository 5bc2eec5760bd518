// What the arguments of kernels must be: arrays of the right type, with their data, long enough, and apart.
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { isGone, kindOf } from '../base/typed-arrays.js';

/** An array of float32 or float64. */
export type FloatArray = Float32Array | Float64Array;
/** An array of int32. */
export type IntArray = Int32Array | Uint32Array;

/** Refuses a list for a new array that has anything but numbers; or whole ones of 32 bits, where `areWhole`. */
export function numbersOf(where: string, list: ArrayLike<unknown>, areWhole: boolean): void {
  const isTyped = ArrayBuffer.isView(list);
  if (isTyped) here(where, list);
  // All elements of a typed array are of one type.
  const length = isTyped && !areWhole ? Math.min(1, list.length) : list.length;
  for (let i = 0; i < length; i++) {
    if (typeof list[i] !== 'number') refuse(where, 'numbers', list[i]);
    if (areWhole && (list[i] as number) !== ((list[i] as number) | 0))
      refuse(where, 'whole numbers from −2³¹ to 2³¹ − 1', list[i]);
  }
}

/** Refuses an array whose data is gone. */
function here(where: string, x: ArrayBufferView): void {
  if (isGone(x)) refuse(where, 'an array with data', x, ' whose buffer has been transferred, or has shrunk');
}

/** The type of an array, which is one of those that are expected: 'a Float32Array or a Float64Array'. */
function typed(where: string, expected: string, x: unknown): string {
  const kind = kindOf(x);
  if (!kind || !expected.includes(kind)) refuse(where, expected, x);
  here(where, x as ArrayBufferView);
  return kind as string;
}

/** 2 for a Float32Array and 3 for a Float64Array: the kernels' `shift`. */
export function shiftOf(where: string, x: unknown): 2 | 3 {
  // Of an array whose data is gone, the length is 0.
  if (x instanceof Float32Array && x.length > 0) return 2;
  if (x instanceof Float64Array && x.length > 0) return 3;
  return typed(where, 'a Float32Array or a Float64Array', x) === 'Float32Array' ? 2 : 3;
}

/** A Float32Array; the elementwise kernels have float32 only. */
export function float32(where: string, x: unknown): Float32Array {
  if (!(x instanceof Float32Array && x.length > 0)) typed(where, 'a Float32Array', x);
  return x as Float32Array;
}

/** An Int32Array or a Uint32Array. */
export function int32(where: string, x: unknown): IntArray {
  typed(where, 'an Int32Array or a Uint32Array', x);
  return x as IntArray;
}

/** Whether arrays at two addresses share bytes. */
export const overlap = (x: ArrayBufferView, from: number, y: ArrayBufferView, to: number): boolean =>
  from < to + y.byteLength && to < from + x.byteLength;

/** Refuses an array that shares memory with one for results. */
export function shared(where: string): never {
  throw new SimdenseError('ARGUMENT', `${where}: shares memory with an array for results`);
}

/** Refuses arrays for results that share memory, with each other or with those that are read, in these kernels or outside. */
export function separate(where: string, arrays: readonly ArrayBufferView[]): void {
  for (let i = 1; i < arrays.length; i++)
    for (let j = 0; j < i; j++) {
      const [x, y] = [arrays[i] as ArrayBufferView, arrays[j] as ArrayBufferView];
      if (overlap(x, x.byteOffset, y, y.byteOffset) && x.buffer === y.buffer) shared(where);
    }
}

/** Whether a number is a whole one from 0 up that fits the kernels. */
export const isCount = (n: unknown): n is number => typeof n === 'number' && (n | 0) === n && n >= 0;

export function count(where: string, n: unknown): number {
  return isCount(n) ? n : refuse(where, 'a whole number from 0 up, below 2³¹', n);
}

/** Throws SimdenseError 'SHAPE' unless an array has at least this many numbers. */
export function atLeast(where: string, x: ArrayLike<number>, least: number): void {
  if (x.length < least) throw new SimdenseError('SHAPE', `${where}: has ${x.length} numbers, needs ${least}`);
}

/** Throws SimdenseError 'SHAPE' unless an array has this many numbers, which follow from `by`. */
export function exactly(where: string, x: ArrayLike<number>, length: number, by = ''): void {
  if (x.length !== length)
    throw new SimdenseError('SHAPE', `${where}: has ${x.length} numbers, expected ${length}${by && `, by ${by}`}`);
}
