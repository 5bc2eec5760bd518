// Data types and shapes in HDF5 files, and the numbers and texts that they describe.
import { half } from '../../base/half.js';
import { floatsOf } from '../floats.js';
import type { Bytes } from './bytes.js';

export interface DataType {
  readonly kind: 'float' | 'integer' | 'text' | 'variable text' | 'other';
  /** Bytes of an element. */
  readonly size: number;
  readonly isSigned: boolean;
}

/** Sizes of the exponent and the mantissa of IEEE 754, by bytes. */
const ieee: Readonly<Record<number, readonly [number, number]>> = { 2: [5, 10], 4: [8, 23], 8: [11, 52] };

/** A datatype message (IV.A.2.d of the format). */
export function dataType(bytes: Bytes, at: number): DataType {
  const [kind, bits, size] = [bytes.byte(at) & 15, bytes.byte(at + 1), bytes.int(at + 4)];
  const isSigned = (bits & 8) !== 0;
  const other = { kind: 'other', size, isSigned } as const;
  const isLittle = (bits & 1) === 0;
  if (kind === 0 && isLittle && [1, 2, 4, 8].includes(size)) return { kind: 'integer', size, isSigned };
  if (kind === 1 && isLittle && (bits & 64) === 0) {
    const [exponent, mantissa] = ieee[size] ?? [];
    const isIeee = bytes.byte(at + 13) === exponent && bytes.byte(at + 15) === mantissa;
    return isIeee ? { kind: 'float', size, isSigned } : other;
  }
  if (kind === 3) return { kind: 'text', size, isSigned };
  if (kind === 9 && (bits & 15) === 1) return { kind: 'variable text', size: 16, isSigned };
  return other;
}

/** The dimensions of a dataspace message (IV.A.2.b); none for one value. */
export function dimensions(bytes: Bytes, at: number): number[] {
  const [version, rank] = [bytes.byte(at), bytes.byte(at + 1)];
  if (version !== 1 && version !== 2) throw bytes.broken(`a dataspace of version ${version}`);
  if (version === 2 && bytes.byte(at + 3) === 2) return [0];
  const from = at + (version === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, i) => bytes.long(from + 8 * i));
}

/** How many elements there are; never more than the file has bytes. */
export function elements(bytes: Bytes, dims: readonly number[]): number {
  const count = dims.reduce((product, n) => product * n, 1);
  if (!(count <= bytes.length)) throw bytes.broken(`an array of ${dims.join('×')}`);
  return count;
}

export function numbersAt(bytes: Bytes, at: number, count: number, type: DataType): Float32Array | Float64Array {
  const { kind, size, isSigned } = type;
  if (kind !== 'float' && kind !== 'integer') throw bytes.unsupported('arrays of other numbers than IEEE 754');
  const taken = bytes.take(at, count * size);
  if (kind === 'float' && size === 4) return floatsOf(taken);
  const view = new DataView(taken.buffer, taken.byteOffset, taken.byteLength);
  const read: Readonly<Record<string, (at: number) => number>> = {
    float2: (at) => half(view.getUint16(at, true)),
    float8: (at) => view.getFloat64(at, true),
    integer1: (at) => (isSigned ? view.getInt8(at) : view.getUint8(at)),
    integer2: (at) => (isSigned ? view.getInt16(at, true) : view.getUint16(at, true)),
    integer4: (at) => (isSigned ? view.getInt32(at, true) : view.getUint32(at, true)),
    integer8: (at) => Number(isSigned ? view.getBigInt64(at, true) : view.getBigUint64(at, true)),
  };
  const element = read[`${kind}${size}`] as (at: number) => number;
  return Float64Array.from({ length: count }, (_, i) => element(i * size));
}

/** The objects of global heaps (III.E), in which texts of any length lie, by the heap's address. */
export class GlobalHeaps {
  readonly #bytes: Bytes;
  readonly #heaps = new Map<number, ReadonlyMap<number, readonly [at: number, length: number]>>();

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  texts(at: number, count: number, type: DataType): string[] {
    const bytes = this.#bytes;
    const each = (i: number): string => {
      bytes.count();
      if (type.kind === 'variable text') return this.#text(at + 16 * i);
      return bytes.text(at + type.size * i, type.size).split('\0', 1)[0] as string;
    };
    if (count > 0 && type.kind !== 'text' && type.kind !== 'variable text') throw bytes.broken('no text in a name');
    return Array.from({ length: count }, (_, i) => each(i));
  }

  /** The text that a length, an address and a number of an object lead to. */
  #text(at: number): string {
    const bytes = this.#bytes;
    const [length, address, index] = [bytes.int(at), bytes.long(at + 4), bytes.int(at + 12)];
    if (length === 0) return '';
    const heap = this.#heaps.get(address) ?? this.#read(address);
    const [from, room] = heap.get(index) ?? [0, 0];
    if (length > room) throw bytes.broken(`a text of ${length} bytes that is not there`);
    return bytes.text(from, length).replace(/\0+$/, '');
  }

  #read(address: number): ReadonlyMap<number, readonly [number, number]> {
    const bytes = this.#bytes;
    bytes.expect(address, 'GCOL');
    const end = address + bytes.long(address + 8);
    const heap = new Map<number, readonly [number, number]>();
    for (let at = address + 16; at + 16 <= end; ) {
      bytes.count();
      const [index, size] = [bytes.short(at), bytes.long(at + 8)];
      if (index === 0) break;
      heap.set(index, [at + 16, size]);
      at += 16 + Math.ceil(size / 8) * 8;
    }
    this.#heaps.set(address, heap);
    return heap;
  }
}
