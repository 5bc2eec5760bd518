// Allocates blocks of linear memory. Free blocks are kept by size class, and neighbours are merged. Allocation usually takes constant time; before the memory
// grows, all free blocks of the size class are tried. A block may be as large as the memory. (AssemblyScript's own heap, TLSF, has blocks up to 1 GiB.)
import { largest } from '../base/extremes.js';
import type { Address } from './kernels.js';

/** Blocks are aligned to a cache line. */
export const LINE_BYTES = 64;
const PAGE = 65_536;
/** The last page of 4 GiB stays unused: a block at its end would end at address 0. */
export const MOST_BYTES = 2 ** 32 - PAGE;
/** Free blocks of the same class that are tried before a larger one is split. */
const LOOKS = 8;

/** The class of a size. A class holds sizes below twice its smallest, so any block of a higher class is large enough. */
const classOf = (bytes: number): number => 31 - Math.clz32(bytes / LINE_BYTES);

export class Heap {
  readonly #memory: WebAssembly.Memory;
  /** Bytes of each allocated block. */
  readonly #taken = new Map<Address, number>();
  /** Bytes of each free block by its address, and its address by its end. */
  readonly #free = new Map<Address, number>();
  readonly #begins = new Map<Address, Address>();
  /** Free blocks by class. */
  readonly #classes = Array.from({ length: 27 }, () => new Set<Address>());
  /** End of the memory. */
  #end: Address;
  /** Memory from this address on has never been used, so it is zero. */
  #fresh: Address;

  /** Uses the memory from `start` on. */
  constructor(memory: WebAssembly.Memory, start: Address) {
    this.#memory = memory;
    this.#fresh = Math.ceil(start / LINE_BYTES) * LINE_BYTES;
    this.#end = memory.buffer.byteLength;
    this.#insert(this.#fresh, this.#end - this.#fresh);
  }

  /** Bytes of the longest free block. */
  get longest(): number {
    return largest(this.#free.values(), 0);
  }

  /** Allocates `bytes` zeroed bytes, aligned to a cache line; undefined if the memory cannot grow enough. */
  take(bytes: number): Address | undefined {
    // Add a line between blocks: otherwise blocks whose sizes are powers of two would compete for the same cache sets.
    const size = (Math.ceil(bytes / LINE_BYTES) + 1) * LINE_BYTES;
    if (size > MOST_BYTES) return undefined;
    const at = this.#find(size, LOOKS) ?? this.#find(size, Number.POSITIVE_INFINITY) ?? this.#grow(size);
    if (at === undefined) return undefined;
    const rest = this.#bytesOf(at) - size;
    this.#remove(at);
    if (rest > 0) this.#insert(at + size, rest);
    this.#taken.set(at, size);
    const end = at + size;
    if (at < this.#fresh) new Uint8Array(this.#memory.buffer, at, Math.min(end, this.#fresh) - at).fill(0);
    this.#fresh = Math.max(this.#fresh, end);
    return at;
  }

  /** Frees a block, and merges it with its free neighbours. */
  give(at: Address): void {
    let [begin, bytes] = [at, this.#taken.get(at) as number];
    this.#taken.delete(at);
    const after = this.#free.get(at + bytes);
    if (after !== undefined) {
      this.#remove(at + bytes);
      bytes += after;
    }
    const before = this.#begins.get(at);
    if (before !== undefined) {
      bytes += this.#bytesOf(before);
      this.#remove(before);
      begin = before;
    }
    this.#insert(begin, bytes);
  }

  /** A free block of at least `size` bytes. Tries at most `looks` blocks that may be too small. */
  #find(size: number, looks: number): Address | undefined {
    const own = classOf(size);
    for (const at of this.#classes[own] as Set<Address>) {
      if (looks-- <= 0) break;
      if (this.#bytesOf(at) >= size) return at;
    }
    for (const blocks of this.#classes.slice(own + 1)) for (const at of blocks) return at;
    return undefined;
  }

  /** Doubles the memory, or grows it by as much as is needed. Returns the address of a free block of at least `size` bytes. */
  #grow(size: number): Address | undefined {
    const last = this.#begins.get(this.#end);
    const missing = size - (last === undefined ? 0 : this.#end - last);
    const room = MOST_BYTES - this.#end;
    if (missing > room) return undefined;
    for (const bytes of [Math.min(room, Math.max(missing, this.#end)), missing]) {
      try {
        this.#memory.grow(Math.ceil(bytes / PAGE));
      } catch {
        continue;
      }
      const begin = last ?? this.#end;
      if (last !== undefined) this.#remove(last);
      this.#end = this.#memory.buffer.byteLength;
      this.#insert(begin, this.#end - begin);
      return begin;
    }
    return undefined;
  }

  #insert(at: Address, bytes: number): void {
    this.#free.set(at, bytes);
    this.#begins.set(at + bytes, at);
    this.#classes[classOf(bytes)]?.add(at);
  }

  #remove(at: Address): void {
    const bytes = this.#bytesOf(at);
    this.#free.delete(at);
    this.#begins.delete(at + bytes);
    this.#classes[classOf(bytes)]?.delete(at);
  }

  #bytesOf(at: Address): number {
    return this.#free.get(at) as number;
  }
}
