// Allocates blocks of a memory that does not grow: the first free block that is long enough, neighbours merged.
import type { Address } from '../engine/generated/blas.js';

/** Blocks are aligned to a cache line. */
export const LINE = 64;

/** What a block of `bytes` takes: whole lines, and one more, so that kernels may read and write up to 64 bytes past its end, and blocks do not compete for cache sets. */
export const sizeOf = (bytes: number): number => (Math.ceil(bytes / LINE) + 1) * LINE;

/** Numbers of four bytes in a line. */
const FLOATS = LINE / 4;

/** Floats up to the end of the last line, which an array's padding has room for. */
export const lines = (length: number): number => Math.ceil(length / FLOATS) * FLOATS;

/** The first address from `at` on that begins a line. */
export const aligned = (at: Address): Address => Math.ceil(at / LINE) * LINE;

export class Blocks {
  /** Free blocks, from the lowest address. */
  readonly #free: { begin: Address; end: Address }[];

  constructor(start: Address, end: Address) {
    this.#free = [{ begin: aligned(start), end }];
  }

  /** Bytes of the longest free block. */
  get longest(): number {
    return this.#free.reduce((most, { begin, end }) => Math.max(most, end - begin), 0);
  }

  /** The address of a block of `bytes` bytes, which are not cleared; undefined if none is long enough. */
  take(bytes: number): Address | undefined {
    const size = sizeOf(bytes);
    const free = this.#free;
    for (let i = 0; i < free.length; i++) {
      const block = free[i] as { begin: Address; end: Address };
      if (block.end - block.begin < size) continue;
      const at = block.begin;
      block.begin += size;
      if (block.begin === block.end) free.splice(i, 1);
      return at;
    }
    return undefined;
  }

  /** Whether the byte at an address is free. */
  isFree(at: Address): boolean {
    const i = this.#indexOf(at + 1);
    return i > 0 && (this.#free[i - 1] as { end: Address }).end > at;
  }

  /** The index of the first free block that begins at `at` or behind it. */
  #indexOf(at: Address): number {
    const free = this.#free;
    let low = 0;
    let high = free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((free[middle] as { begin: Address }).begin < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Frees a block of `bytes` bytes. */
  give(at: Address, bytes: number): void {
    const free = this.#free;
    const end = at + sizeOf(bytes);
    const low = this.#indexOf(at);
    const [before, after] = [free[low - 1], free[low]];
    if (before?.end === at) {
      before.end = end;
      if (after?.begin === end) {
        before.end = after.end;
        free.splice(low, 1);
      }
    } else if (after?.begin === end) after.begin = at;
    else free.splice(low, 0, { begin: at, end });
  }
}
