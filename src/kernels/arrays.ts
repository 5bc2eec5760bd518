// Arrays in a linear memory that never grows, so that no view of it is ever detached; and outside arrays, which are copied in and out.
import { noMore, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { isGone, kindOf } from '../base/typed-arrays.js';
import type { Address, BlasKernels } from '../engine/generated/blas.js';
import { Blocks, LINE, sizeOf } from './blocks.js';

/** An array of float32 or float64. */
export type FloatArray = Float32Array | Float64Array;
/** An array of int32. */
export type IntArray = Int32Array | Uint32Array;
type AnyArray = FloatArray | IntArray;

/** The property of an array by which it knows its kernels; null once it is freed. A lookup takes 5 ns, one by its buffer 30 ns. */
const OWNER: unique symbol = Symbol('owner');
type Owned = AnyArray & { [OWNER]?: KernelArrays | null };

/** Bytes for copies of short arrays, and the most of one of them. */
const STAGE = 4096;
const SHORT = 1024;
/** Numbers up to which a loop copies faster than `set`. */
const FEW = 48;

/** What an instance of kernels is made of. */
export interface KernelParts {
  readonly calls: BlasKernels;
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
  readonly relaxed: boolean;
  readonly wide: boolean;
  /** Start of the free memory, if it is not directly after the kernels' own data. */
  readonly heapStart?: Address;
  /** Throws if a thread was lost. */
  check?(): void;
  /** Ends the threads. */
  dismiss?(): void;
}

/** Frees the arrays that are made while it is the newest one. */
export interface Scope {
  /** Frees them now. `using` does it at the end of its block. */
  free(): void;
  [Symbol.dispose](): void;
}

interface ArrayScope extends Scope {
  readonly arrays: Set<AnyArray>;
}

/** An outside array that is copied into the memory for one call. */
interface Borrowed {
  readonly at: Address;
  /** Bytes of its block; 0 if it lies in the stage. */
  readonly bytes: number;
  /** The array that the result is copied to. */
  readonly target: AnyArray | undefined;
}

/** The arrays of kernels, and their memory. */
export class KernelArrays {
  /** Number of threads that share the work, the caller's included. */
  readonly threads: number;
  /** Whether fused multiply-add is used where the hardware has it. */
  readonly relaxed: boolean;
  /** Whether V8's 256-bit revectorisation was requested and gives the right bits here. */
  readonly wide: boolean;
  /** @internal */
  protected readonly calls: BlasKernels;
  /** @internal The whole memory. */
  protected readonly floats: Float32Array;
  /** @internal */
  protected readonly doubles: Float64Array;
  /** @internal */
  protected readonly words: Int32Array;
  readonly #parts: KernelParts;
  readonly #buffer: ArrayBufferLike;
  readonly #heap: Blocks;
  readonly #all: number;
  /** Where short outside arrays are copied to: faster than allocating. */
  readonly #stage: Address;
  #staged = 0;
  readonly #live = new Map<Address, { array: AnyArray; bytes: number; scope: ArrayScope | undefined }>();
  readonly #scopes: ArrayScope[] = [];
  readonly #borrowed: Borrowed[] = [];
  #used = 0;
  #disposed = false;

  /** @internal */
  constructor(parts: KernelParts) {
    this.#parts = parts;
    this.calls = parts.calls;
    this.threads = parts.threads;
    this.relaxed = parts.relaxed;
    this.wide = parts.wide;
    this.#buffer = parts.memory.buffer;
    this.floats = new Float32Array(this.#buffer);
    this.doubles = new Float64Array(this.#buffer);
    this.words = new Int32Array(this.#buffer);
    const start = parts.heapStart ?? parts.calls.heapStart();
    this.#heap = new Blocks(start, this.#buffer.byteLength);
    this.#stage = this.#heap.take(STAGE) as number;
    this.#all = this.#heap.longest;
  }

  /** Bytes of the memory that arrays use now. */
  get bytesInUse(): number {
    return this.#used;
  }

  /** Bytes of the memory that are free, perhaps in several pieces. */
  get bytesFree(): number {
    return this.#all - this.#used;
  }

  /**
   * Makes an array of float32 in the kernels' memory, all 0. Kernels use it where it lies; other arrays are copied.
   *
   * It stays until `free`, the end of its scope, or `dispose`; it is not garbage-collected.
   * @param length The number of elements, or the numbers to copy into the array.
   * @returns The array.
   * @throws SimdenseError 'ARGUMENT' if the length is not a whole number, 'OUT_OF_MEMORY' if it does not fit, 'DISPOSED' after dispose.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const x = k.float32([3, 4]);
   * k.nrm2(x); // 5
   */
  float32(length: number | ArrayLike<number>): Float32Array {
    noMore('float32', arguments, 1);
    return this.#make('float32', Float32Array, length);
  }

  /**
   * Makes an array of float64 in the kernels' memory, all 0. See `float32`.
   * @param length The number of elements, or the numbers to copy into the array.
   * @returns The array.
   * @throws SimdenseError 'ARGUMENT' if the length is not a whole number, 'OUT_OF_MEMORY' if it does not fit, 'DISPOSED' after dispose.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.asum(k.float64([1, -2])); // 3
   */
  float64(length: number | ArrayLike<number>): Float64Array {
    noMore('float64', arguments, 1);
    return this.#make('float64', Float64Array, length);
  }

  /**
   * Makes an array of int32 in the kernels' memory, all 0: for indices and labels. See `float32`.
   * @param length The number of elements, or the numbers to copy into the array.
   * @returns The array.
   * @throws SimdenseError 'ARGUMENT' if the length is not a whole number, 'OUT_OF_MEMORY' if it does not fit, 'DISPOSED' after dispose.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.argsort(k.float32([3, 1, 2]), { out: k.int32(3) }); // [1, 2, 0]
   */
  int32(length: number | ArrayLike<number>): Int32Array {
    noMore('int32', arguments, 1);
    return this.#make('int32', Int32Array, length);
  }

  /**
   * Opens a scope: arrays that are made from now on are freed with it. Scopes nest; an array belongs to the newest that is open. What should outlive a scope is
   * made before it.
   * @returns The scope, for `using`, or with `free()`.
   * @throws SimdenseError 'DISPOSED' after dispose.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * {
   *   using scope = k.scope();
   *   k.float32(1000);
   * }
   * k.bytesInUse; // 0
   */
  scope(): Scope {
    noMore('scope', arguments, 0);
    this.#check();
    const arrays = new Set<AnyArray>();
    const free = (): void => {
      const i = this.#scopes.indexOf(scope);
      if (i >= 0) this.#scopes.splice(i, 1);
      for (const array of arrays) this.free(array);
    };
    const scope: ArrayScope = { arrays, free, [Symbol.dispose]: free };
    this.#scopes.push(scope);
    return scope;
  }

  /**
   * Frees an array. Kernels refuse it from then on; its numbers may become those of other arrays.
   * @param array An array of `float32`, `float64` or `int32`, or one that a kernel has made. One that is freed already is ignored.
   * @throws SimdenseError 'ARGUMENT' if the array is not of these kernels.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const x = k.float32(10);
   * k.free(x);
   * k.bytesInUse; // 0
   */
  free(array: FloatArray | IntArray): void {
    noMore('free', arguments, 1);
    const owner = (array as Owned | undefined)?.[OWNER];
    if (owner === null) return;
    if (owner !== this) refuse('free(array)', 'an array of these kernels, not a part of one', array);
    const at = array.byteOffset;
    const { bytes, scope } = this.#live.get(at) as { bytes: number; scope: ArrayScope | undefined };
    (array as Owned)[OWNER] = null;
    scope?.arrays.delete(array);
    this.#live.delete(at);
    this.#giveBack(at, bytes);
  }

  /**
   * Frees all arrays, and ends the threads. Later use throws SimdenseError 'DISPOSED'. The memory goes back to the system once nothing refers to the kernels and
   * their arrays.
   *
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * const k = kernels();
   * k.float32(100);
   * k.dispose();
   * k.bytesInUse; // 0
   */
  dispose(): void {
    noMore('dispose', arguments, 0);
    for (const { array } of [...this.#live.values()]) this.free(array);
    this.#scopes.length = 0;
    this.#disposed = true;
    this.#parts.dismiss?.();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #check(): void {
    if (this.#disposed) throw new SimdenseError('DISPOSED', 'kernels: used after dispose');
    this.#parts.check?.();
  }

  #make<T extends AnyArray>(
    where: string,
    Type: { new (buffer: ArrayBufferLike, at: number, length: number): T; readonly BYTES_PER_ELEMENT: number },
    given: number | ArrayLike<number>,
  ): T {
    const list = typeof given === 'object' && given !== null ? given : undefined;
    const length = list ? list.length : given;
    if (!Number.isSafeInteger(length) || (length as number) < 0)
      refuse(`${where}(length)`, 'a whole number of elements, or a list of numbers', given);
    if (Array.isArray(list))
      for (const one of list) if (typeof one !== 'number') refuse(`${where}(length)`, 'numbers', one);
    const bytes = (length as number) * Type.BYTES_PER_ELEMENT;
    const at = this.#take(where, bytes);
    const array = new Type(this.#buffer, at, length as number);
    Object.defineProperty(array, OWNER, { value: this, writable: true });
    const scope = this.#scopes.at(-1);
    scope?.arrays.add(array);
    this.#live.set(at, { array, bytes, scope });
    if (list) array.set(list);
    else array.fill(0);
    return array;
  }

  /** Allocates a block; counts it as used. */
  #take(where: string, bytes: number): Address {
    this.#check();
    const at = this.#heap.take(bytes);
    if (at === undefined) {
      this.#forget();
      const message = `${where}: cannot allocate ${bytes} bytes: ${this.bytesFree} of ${this.#all} are free, the longest free block has ${this.#heap.longest}. kernels({ memory }) sets how much there is; free() and scopes give it back`;
      throw new SimdenseError('OUT_OF_MEMORY', message);
    }
    this.#used += sizeOf(bytes);
    return at;
  }

  /** Forgets the copies of a call that ends with an error, or the next call would copy them to this one's arrays. */
  #forget(): void {
    for (const { at, bytes } of this.#borrowed.splice(0)) if (bytes > 0) this.#giveBack(at, bytes);
    this.#staged = 0;
  }

  #freed(where: string): never {
    this.#forget();
    throw new SimdenseError('DISPOSED', `${where}: the array has been freed`);
  }

  /** @internal Refuses an array for results at `to` that shares memory with one that is read. */
  protected apart(where: string, to: Address, bytes: number, from: Address, others: number): void {
    if (to >= from + others || from >= to + bytes) return;
    this.#forget();
    throw new SimdenseError('ARGUMENT', `${where}: shares memory with what is read`);
  }

  #giveBack(at: Address, bytes: number): void {
    this.#used -= sizeOf(bytes);
    this.#heap.give(at, bytes);
  }

  /** @internal Whether an array is one of these kernels' own, whole, so that its padding up to the next 64 bytes may be written. */
  protected isWhole(x: AnyArray): boolean {
    return (x as Owned)[OWNER] === this;
  }

  /** @internal The address of an array that is read. An outside array is copied until `leave`. */
  protected enter(where: string, x: AnyArray): Address {
    const owner = (x as Owned)[OWNER];
    if (owner === this) return x.byteOffset;
    if (owner === null) this.#freed(where);
    if (this.#isPart(x)) return x.byteOffset;
    return this.#borrow(where, x, true, undefined);
  }

  /**
   * @internal The address of an array that is written. An outside array has its copy copied back at `leave`; `read`: it is also copied in. With `padded`, a part of an
   * array of these kernels counts as an outside array, because the kernel writes up to the next 64 bytes.
   */
  protected enterOut(where: string, x: AnyArray, read: boolean, padded = false): Address {
    const owner = (x as Owned)[OWNER];
    if (owner === this) return x.byteOffset;
    if (owner === null) this.#freed(where);
    if (!padded && this.#isPart(x)) return x.byteOffset;
    return this.#borrow(where, x, read, x);
  }

  /** @internal Memory for one call, until `leave`. */
  protected scratch(where: string, bytes: number): Address {
    const at = this.#take(where, bytes);
    this.#borrowed.push({ at, bytes, target: undefined });
    return at;
  }

  /** @internal Runs a part of a call, and frees its scratch memory. */
  protected within(part: () => void): void {
    const before = this.#borrowed.length;
    part();
    for (const { at, bytes } of this.#borrowed.splice(before)) this.#giveBack(at, bytes);
  }

  /** @internal Ends a call: copies results to outside arrays, and frees the copies. */
  protected leave(): void {
    if (this.#borrowed.length > 0) this.#leave();
  }

  /** Whether an array lies in the memory. Asking for its buffer takes 30 ns, and most others begin where no array of the memory does. */
  #isPart(x: AnyArray): boolean {
    return x.byteOffset > this.#stage && x.buffer === this.#buffer;
  }

  #borrow(where: string, x: AnyArray, read: boolean, target: AnyArray | undefined): Address {
    const { byteLength } = x;
    const isShort = byteLength <= SHORT && this.#staged + byteLength + LINE <= STAGE;
    let at: Address;
    if (isShort) {
      this.#check();
      at = this.#stage + this.#staged;
      this.#staged += Math.ceil(byteLength / LINE) * LINE;
    } else at = this.#take(where, byteLength);
    this.#borrowed.push({ at, bytes: isShort ? 0 : byteLength, target });
    if (!read) return at;
    if (x instanceof Float32Array && x.length <= FEW) copyFloats(x, 0, this.floats, at / 4, x.length);
    else this.#memoryLike(x).set(x, at / x.BYTES_PER_ELEMENT);
    return at;
  }

  #leave(): void {
    const borrowed = this.#borrowed;
    for (let i = 0; i < borrowed.length; i++) {
      const { at, bytes, target } = borrowed[i] as Borrowed;
      if (target) {
        const from = at / target.BYTES_PER_ELEMENT;
        if (target instanceof Float32Array && target.length <= FEW)
          copyFloats(this.floats, from, target, 0, target.length);
        else target.set(this.#memoryLike(target).subarray(from, from + target.length));
      }
      if (bytes > 0) this.#giveBack(at, bytes);
    }
    borrowed.length = 0;
    this.#staged = 0;
  }

  /** The memory as numbers of an array's type. */
  #memoryLike(x: AnyArray): AnyArray {
    return x.BYTES_PER_ELEMENT === 8 ? this.doubles : kindOf(x) === 'Float32Array' ? this.floats : this.words;
  }
}

/** For a few numbers a loop is faster than `set`. */
function copyFloats(from: Float32Array, start: number, to: Float32Array, at: number, length: number): void {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i] as number;
}

/** 2 for a Float32Array and 3 for a Float64Array: the kernels' `shift`. */
export function shiftOf(where: string, x: unknown): 2 | 3 {
  if (x instanceof Float32Array) return 2;
  if (x instanceof Float64Array) return 3;
  return shiftOfOther(where, x);
}

/** The same for an array of another realm. */
function shiftOfOther(where: string, x: unknown): 2 | 3 {
  const kind = kindOf(x);
  if (kind === 'Float32Array') return 2;
  if (kind === 'Float64Array') return 3;
  return refuse(where, 'a Float32Array or a Float64Array', x);
}

/** A Float32Array; the elementwise kernels have float32 only. */
export function float32(where: string, x: unknown): Float32Array {
  if (x instanceof Float32Array || kindOf(x) === 'Float32Array') {
    if ((x as Float32Array).length === 0 && isGone(x as Float32Array))
      refuse(where, 'a Float32Array', x, ' whose buffer has been transferred');
    return x as Float32Array;
  }
  return refuse(where, 'a Float32Array', x);
}

/** An Int32Array or a Uint32Array. */
export function int32(where: string, x: unknown): IntArray {
  const kind = kindOf(x);
  return kind === 'Int32Array' || kind === 'Uint32Array' ? (x as IntArray) : refuse(where, 'an Int32Array', x);
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
