// Tensors: their elements by type, and what operators make of them.

import { SimdenseError } from '../base/errors.js';
import { half } from '../base/half.js';
import {
  BFLOAT16,
  BOOL,
  DOUBLE,
  type Elements,
  FLOAT,
  FLOAT16,
  INT8,
  INT16,
  INT32,
  INT64,
  STRING,
  type Tensor,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
} from './graph.js';

/** How an element lies in bytes. */
interface ElementType {
  readonly name: string;
  readonly bytes: number;
  read(view: DataView, at: number): number;
}

const types: Readonly<Record<number, ElementType>> = {
  [FLOAT]: { name: 'float', bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  [UINT8]: { name: 'uint8', bytes: 1, read: (view, at) => view.getUint8(at) },
  [INT8]: { name: 'int8', bytes: 1, read: (view, at) => view.getInt8(at) },
  [UINT16]: { name: 'uint16', bytes: 2, read: (view, at) => view.getUint16(at, true) },
  [INT16]: { name: 'int16', bytes: 2, read: (view, at) => view.getInt16(at, true) },
  [INT32]: { name: 'int32', bytes: 4, read: (view, at) => view.getInt32(at, true) },
  [INT64]: { name: 'int64', bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  [BOOL]: { name: 'bool', bytes: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
  [FLOAT16]: { name: 'float16', bytes: 2, read: (view, at) => half(view.getUint16(at, true)) },
  [DOUBLE]: { name: 'double', bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  [UINT32]: { name: 'uint32', bytes: 4, read: (view, at) => view.getUint32(at, true) },
  [UINT64]: { name: 'uint64', bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  [BFLOAT16]: { name: 'bfloat16', bytes: 2, read: (view, at) => fromBrain(view.getUint16(at, true)) },
};

/** The whole numbers that a type holds. */
const ranges: Readonly<Record<number, readonly [least: number, most: number]>> = {
  [UINT8]: [0, 2 ** 8 - 1],
  [INT8]: [-(2 ** 7), 2 ** 7 - 1],
  [UINT16]: [0, 2 ** 16 - 1],
  [INT16]: [-(2 ** 15), 2 ** 15 - 1],
  [INT32]: [-(2 ** 31), 2 ** 31 - 1],
  [INT64]: [-(2 ** 63), 2 ** 63],
  [UINT32]: [0, 2 ** 32 - 1],
  [UINT64]: [0, 2 ** 64],
};

/** A type's name in messages. */
export const typeName = (type: number): string => types[type]?.name ?? (type === STRING ? 'string' : `${type}`);

export const isFloat = (type: number): boolean => [FLOAT, FLOAT16, DOUBLE, BFLOAT16].includes(type);

/** Types of which some round to float16, and therefore differ from float32. */
export const isNarrow = (type: number): boolean => type === FLOAT16 || type === BFLOAT16;

/** The upper half of a float32. */
function fromBrain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits * 65_536);
  return view.getFloat32(0);
}

/** The most elements of a tensor that is computed. */
const MOST = 2 ** 26;

/** The number of elements of these dimensions. */
export const countOf = (dims: readonly number[]): number => dims.reduce((product, n) => product * n, 1);

/** A shape in words: 3×4. */
export const shapeWords = (dims: readonly number[]): string => dims.join('×') || 'of one number';

/** A tensor from what a file has: bytes, numbers one by one, or texts. Throws SimdenseError 'UNSUPPORTED' for an unknown type, 'FORMAT' for another number of elements. */
export function tensorOf(
  name: string,
  type: number,
  dims: readonly number[],
  given: Uint8Array | readonly number[] | readonly string[],
): Tensor {
  const data = elementsOf(name, type, given);
  if (dims.some((n) => n < 0) || countOf(dims) !== data.length)
    throw new SimdenseError(
      'FORMAT',
      `fromOnnx: "${name}" has ${data.length} numbers for the shape ${shapeWords(dims)}`,
    );
  return { name, type, dims, data };
}

function elementsOf(name: string, type: number, given: Uint8Array | readonly number[] | readonly string[]): Elements {
  if (type === STRING) return given instanceof Uint8Array ? [] : (given as readonly string[]);
  const kind = types[type];
  if (!kind)
    throw new SimdenseError(
      'UNSUPPORTED',
      `fromOnnx: the numbers of "${name}" have type ${type}, which is not supported`,
    );
  if (!(given instanceof Uint8Array)) {
    const numbers = given as readonly number[];
    // The bits of 16-bit floats are written as integers.
    const widen = type === FLOAT16 ? half : type === BFLOAT16 ? fromBrain : undefined;
    return holding(type, numbers.length, (i) => (widen ? widen(numbers[i] as number) : (numbers[i] as number)));
  }
  if (given.length % kind.bytes !== 0)
    throw new SimdenseError('FORMAT', `fromOnnx: "${name}" ends in the middle of a number`);
  const view = new DataView(given.buffer, given.byteOffset, given.byteLength);
  return holding(type, given.length / kind.bytes, (i) => kind.read(view, i * kind.bytes));
}

/** So many numbers of a type: float32 in a Float32Array, all others in float64. */
function holding(type: number, length: number, element: (i: number) => number): Float32Array | Float64Array {
  const data = type === FLOAT ? new Float32Array(length) : new Float64Array(length);
  for (let i = 0; i < length; i++) data[i] = element(i);
  return data;
}

/** A computed tensor, whose elements are what `element` gives. Throws SimdenseError 'UNSUPPORTED' if it is too large. */
export function computed(type: number, dims: readonly number[], element: (i: number) => number): Tensor {
  const length = countOf(dims);
  if (!(length <= MOST))
    throw new SimdenseError('UNSUPPORTED', `fromOnnx: a computed value of ${shapeWords(dims)} is too large`);
  return { name: '', type, dims, data: holding(type, length, element) };
}

/** The same elements in another shape. */
export const reshaped = (tensor: Tensor, dims: readonly number[]): Tensor => ({ ...tensor, dims });

/** The elements as another type; undefined if they do not fit it. */
export function cast(tensor: Tensor, to: number): Tensor | undefined {
  const { type, dims, data } = tensor;
  if (type === to) return tensor;
  if (type === STRING || !types[to] || isNarrow(to)) return undefined;
  const numbers = data as Float64Array;
  if (to === BOOL) return computed(to, dims, (i) => (numbers[i] === 0 ? 0 : 1));
  const range = ranges[to];
  if (!range) return computed(to, dims, (i) => numbers[i] as number);
  const whole = (i: number): number => Math.trunc(numbers[i] as number);
  for (let i = 0; i < numbers.length; i++) if (!(whole(i) >= range[0] && whole(i) <= range[1])) return undefined;
  return computed(to, dims, whole);
}

/** Whether whole numbers are exact, and within their type. */
export function fits({ type, data }: Tensor): boolean {
  const range = ranges[type];
  if (!range) return true;
  return (data as Float64Array).every((value) => value >= range[0] && value <= range[1] && Math.abs(value) <= 2 ** 53);
}

/** The numbers of a tensor. Throws SimdenseError 'FORMAT' for texts. */
export function numbersOf({ name, data }: Tensor): Float32Array | Float64Array {
  if (Array.isArray(data)) throw new SimdenseError('FORMAT', `fromOnnx: "${name}" has texts, where numbers are meant`);
  return data as Float32Array | Float64Array;
}
