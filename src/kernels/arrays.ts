// Arrays in a linear memory that never grows, so that no view of it is ever detached; and outside arrays, which are copied in and out.
import { noMore, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { kindOf } from '../base/typed-arrays.js';
import type { Address, BlasKernels } from '../engine/generated/blas.js';
import { Blocks, LINE, sizeOf } from './blocks.js';
import { type FloatArray, type IntArray, numbersOf, overlap, shared } from './checks.js';
import type { TileChoice } from './tile-choice.js';

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
  /** The choice of tiles, if it is made. */
  readonly tiles?: TileChoice | undefined;
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

/** The constructor of typed arrays. */
export type TypeOf<T> = {
  new (buffer: ArrayBufferLike, at: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
};

/** What a call holds until it ends: memory for a copy or for its work, or the array that it has made. */
interface Held {
  readonly at: Address;
  /** Bytes of its block; STAGED if it lies in the stage, MADE for an array that the call has made. */
  readonly bytes: number;
  /** The outside array that the result is copied to, or the array that the call has made. */
  readonly target: AnyArray | undefined;
}
const STAGED = -1;
const MADE = -2;

/** The arrays of kernels, and their memory. */
export class KernelArrays {
  /** Number of threads that share the work, the caller's included. */
  readonly threads: number;
  /** Whether fused multiply-add is used where the hardware has it. */
  readonly relaxed: boolean;
  /** Whether V8's 256-bit revectorisation is used: it was asked for, its tile is the fastest here, and the bits are right. */
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
  /** What the call that runs now holds; or one that threw, until `begin`. */
  readonly #held: Held[] = [];
  #used = 0;
  #disposed = false;

  /** @internal */
  constructor(parts: KernelParts) {
    if (!parts?.calls) refuse('Kernels', 'kernels() or createKernels(), which make them', parts);
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
    this.#forget();
    return this.#used;
  }

  /** Bytes of the memory that are free, perhaps in several pieces. */
  get bytesFree(): number {
    return this.#all - this.bytesInUse;
  }

  /** @internal Bytes of the longest free block. */
  protected get longestFree(): number {
    return this.#heap.longest;
  }

  /**
   * What JSON.stringify takes for the kernels: what they are, without their memory.
   * @returns The threads, and whether the kernels are relaxed or wide.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * JSON.stringify(k); // '{"threads":1,"relaxed":false,"wide":false}'
   */
  toJSON(): { threads: number; relaxed: boolean; wide: boolean } {
    const { threads, relaxed, wide } = this;
    return { threads, relaxed, wide };
  }

  /**
   * Makes an array of float32 in the kernels' memory, all 0. Kernels use it where it lies; other arrays are copied.
   *
   * It stays until `free`, the end of its scope, or `dispose`; it is not garbage-collected.
   * @param length The number of elements, or the numbers to copy into the array.
   * @returns The array.
   * @throws SimdenseError 'ARGUMENT' if it is neither a whole number nor a list of numbers, 'OUT_OF_MEMORY' if it does not fit, 'DISPOSED' after dispose.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const x = k.float32([3, 4]);
   * k.nrm2(x); // 5
   */
  float32(length: number | ArrayLike<number>): Float32Array {
    return this.#own('float32', arguments, Float32Array, length);
  }

  /**
   * Makes an array of float64 in the kernels' memory, all 0. See `float32`.
   * @param length The number of elements, or the numbers to copy into the array.
   * @returns The array.
   * @throws SimdenseError 'ARGUMENT' if it is neither a whole number nor a list of numbers, 'OUT_OF_MEMORY' if it does not fit, 'DISPOSED' after dispose.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.asum(k.float64([1, -2])); // 3
   */
  float64(length: number | ArrayLike<number>): Float64Array {
    return this.#own('float64', arguments, Float64Array, length);
  }

  /**
   * Makes an array of int32 in the kernels' memory, all 0: for indices and labels. See `float32`.
   * @param length The number of elements, or the numbers to copy into the array.
   * @returns The array.
   * @throws SimdenseError 'ARGUMENT' if it is neither a whole number nor a list of numbers, 'OUT_OF_MEMORY' if it does not fit, 'DISPOSED' after dispose.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.argsort(k.float32([3, 1, 2]), { out: k.int32(3) }); // [1, 2, 0]
   */
  int32(length: number | ArrayLike<number>): Int32Array {
    return this.#own('int32', arguments, Int32Array, length);
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
    this.begin('scope', arguments, 0);
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
    this.#forget();
    this.#parts.dismiss?.();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal Begins a call: refuses superfluous arguments, and is `ready`. */
  protected begin(where: string, given: ArrayLike<unknown>, most: number): void {
    noMore(where, given, most);
    this.ready();
  }

  /** @internal Begins a call: forgets what one that threw has held, and refuses use after dispose. */
  protected ready(): void {
    if (this.#held.length === 0) return;
    this.#forget();
    if (this.#disposed) throw new SimdenseError('DISPOSED', 'kernels: used after dispose');
  }

  #own<T extends AnyArray>(
    where: string,
    args: ArrayLike<unknown>,
    Type: TypeOf<T>,
    given: number | ArrayLike<number>,
  ): T {
    this.begin(where, args, 1);
    const array = this.make(where, Type, given);
    this.leave();
    return array;
  }

  /** @internal Makes an array, which is freed if the call that makes it throws before `leave`. */
  protected make<T extends AnyArray>(where: string, Type: TypeOf<T>, given: number | ArrayLike<number>): T {
    const list = typeof given === 'object' && given !== null ? given : undefined;
    const length = list ? list.length : given;
    if (!Number.isSafeInteger(length) || (length as number) < 0)
      refuse(`${where}(length)`, 'a whole number of elements, or a list of numbers', given);
    if (list) numbersOf(`${where}(length)`, list, (Type as unknown) === Int32Array);
    // Refuses one of these kernels that has been freed.
    if (ArrayBuffer.isView(list)) this.addressOf(`${where}(length)`, list as unknown as AnyArray);
    const bytes = (length as number) * Type.BYTES_PER_ELEMENT;
    const at = this.#take(where, bytes);
    const array = new Type(this.#buffer, at, length as number);
    Object.defineProperty(array, OWNER, { value: this, writable: true });
    const scope = this.#scopes.at(-1);
    scope?.arrays.add(array);
    this.#live.set(at, { array, bytes, scope });
    this.#held.push({ at, bytes: MADE, target: array });
    if (list) array.set(list);
    else array.fill(0);
    return array;
  }

  /** Allocates a block; counts it as used. */
  #take(where: string, bytes: number): Address {
    this.#parts.check?.();
    const at = this.#heap.take(bytes);
    if (at === undefined) {
      const free = `${this.#all - this.#used} of ${this.#all} are free, the longest free block has ${this.longestFree}`;
      const message = `${where}: cannot allocate ${bytes} bytes: ${free}. kernels({ memory }) sets how much there is; free() and scopes give it back`;
      throw new SimdenseError('OUT_OF_MEMORY', message);
    }
    this.#used += sizeOf(bytes);
    return at;
  }

  /** Forgets what a call that threw has held, or the next call would copy it to that one's arrays. */
  #forget(): void {
    for (const { at, bytes, target } of this.#held.splice(0))
      if (bytes === MADE) this.free(target as AnyArray);
      else this.#giveBack(at, bytes);
    this.#staged = 0;
    // So that the next call looks.
    if (this.#disposed) this.#held.push({ at: 0, bytes: STAGED, target: undefined });
  }

  #giveBack(at: Address, bytes: number): void {
    if (bytes < 0) return;
    this.#used -= sizeOf(bytes);
    this.#heap.give(at, bytes);
  }

  /** @internal The address of an array that is read. An outside array is copied until `leave`. */
  protected enter(where: string, x: AnyArray): Address {
    if ((x as Owned)[OWNER] === this) return x.byteOffset;
    return this.addressOf(where, x) ?? this.#borrow(where, x, true, undefined);
  }

  /**
   * @internal The address of an array that is written. An outside array has its copy copied back at `leave`; `read`: it is also copied in. With `padded`, a part of an
   * array of these kernels counts as an outside array, because the kernel writes up to the next 64 bytes.
   */
  protected enterOut(where: string, x: AnyArray, read: boolean, padded = false): Address {
    if ((x as Owned)[OWNER] === this) return x.byteOffset;
    const at = this.addressOf(where, x);
    return at === undefined || padded ? this.#borrow(where, x, read, x) : at;
  }

  /** @internal The address of an array of these kernels, or of a part of one; undefined for an outside array. Refuses what has been freed. */
  protected addressOf(where: string, x: AnyArray): Address | undefined {
    const owner = (x as Owned)[OWNER];
    if (owner === this) return x.byteOffset;
    if (owner !== null) {
      // Asking for its buffer takes 30 ns, and most outside arrays begin where no array of the memory does.
      if (x.byteOffset <= this.#stage || x.buffer !== this.#buffer) return undefined;
      if (!this.#heap.isFree(x.byteOffset) && !this.#isNew(x.byteOffset)) return x.byteOffset;
    }
    throw new SimdenseError('DISPOSED', `${where}: the array has been freed`);
  }

  /** Whether an address lies in an array that this call has made: where a freed one lay. */
  #isNew(at: Address): boolean {
    for (const { at: begin, bytes, target } of this.#held)
      if (bytes === MADE && begin <= at && at < begin + sizeOf((target as AnyArray).byteLength)) return true;
    return false;
  }

  /** @internal The address of an input, which may share no memory with `out`, the array for results at `to`, if there is one. */
  protected enterApart(where: string, x: AnyArray, out: AnyArray | undefined, to: Address): Address {
    const from = x === out ? to : this.enter(where, x);
    if (out && overlap(x, from, out, to)) shared(where);
    return from;
  }

  /** @internal The address of an input, which may be the output itself, or have the same memory, but may not overlap it otherwise. */
  protected input(where: string, x: AnyArray, out: AnyArray | undefined, to: Address): Address {
    if (x === out) return to;
    const from = this.enter(where, x);
    if (out && (from !== to || x.byteLength !== out.byteLength) && overlap(x, from, out, to)) shared(where);
    return from;
  }

  /** @internal Memory for one call, until `leave`. */
  protected scratch(where: string, bytes: number): Address {
    const at = this.#take(where, bytes);
    this.#held.push({ at, bytes, target: undefined });
    return at;
  }

  /** @internal Runs a part of a call, and frees its scratch memory. */
  protected within(part: () => void): void {
    const before = this.#held.length;
    part();
    for (const { at, bytes } of this.#held.splice(before)) this.#giveBack(at, bytes);
  }

  /** @internal Ends a call: copies results to outside arrays, and frees the copies. */
  protected leave(): void {
    if (this.#held.length > 0) this.#leave();
  }

  #borrow(where: string, x: AnyArray, read: boolean, target: AnyArray | undefined): Address {
    const { byteLength } = x;
    const isShort = byteLength <= SHORT && this.#staged + byteLength + LINE <= STAGE;
    let at: Address;
    if (isShort) {
      this.#parts.check?.();
      at = this.#stage + this.#staged;
      this.#staged += Math.ceil(byteLength / LINE) * LINE;
    } else at = this.#take(where, byteLength);
    this.#held.push({ at, bytes: isShort ? STAGED : byteLength, target });
    if (!read) return at;
    if (x instanceof Float32Array && x.length <= FEW) copyFloats(x, 0, this.floats, at / 4, x.length);
    else this.#memoryLike(x).set(x, at / x.BYTES_PER_ELEMENT);
    return at;
  }

  #leave(): void {
    const held = this.#held;
    for (let i = 0; i < held.length; i++) {
      const { at, bytes, target } = held[i] as Held;
      if (target && bytes !== MADE) {
        const from = at / target.BYTES_PER_ELEMENT;
        if (target instanceof Float32Array && target.length <= FEW)
          copyFloats(this.floats, from, target, 0, target.length);
        else target.set(this.#memoryLike(target).subarray(from, from + target.length));
      }
      this.#giveBack(at, bytes);
    }
    held.length = 0;
    this.#staged = 0;
  }

  /** The memory as numbers of an array's type. */
  #memoryLike(x: AnyArray): AnyArray {
    return x.BYTES_PER_ELEMENT === 8 ? this.doubles : kindOf(x) === 'Float32Array' ? this.floats : this.words;
  }
}

// What Node and Bun print of the kernels: not their memory.
Object.defineProperty(KernelArrays.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: KernelArrays) {
    return this.toJSON();
  },
});

/** For a few numbers a loop is faster than `set`. */
function copyFloats(from: Float32Array, start: number, to: Float32Array, at: number, length: number): void {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i] as number;
}
