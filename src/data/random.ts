// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011) as in assembly/random.ts, for draws outside of linear memory: shuffles and splits.
// The seed is the key and (index, step, purpose) the counter, so there is no state.
import { seedWords } from '../base/draws.js';

/** High 32 bits of a 32 × 32 bit product. */
function highProduct(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const low = (middle & 0xffff) + a0 * b1;
  return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(low / 65536)) >>> 0;
}

/** Runs the ten rounds; the result replaces the counter. */
export function philox(counter: Uint32Array, key0: number, key1: number): void {
  // Read one by one: this runs for every four words, and destructuring would cost as much as the rounds.
  let c0 = counter[0] as number;
  let c1 = counter[1] as number;
  let c2 = counter[2] as number;
  let c3 = counter[3] as number;
  let k0 = key0 >>> 0;
  let k1 = key1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const high1 = highProduct(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  counter[0] = c0;
  counter[1] = c1;
  counter[2] = c2;
  counter[3] = c3;
}

/** A source of random 32-bit words, which depend on (seed, purpose, step) alone. */
export function words(seed: number, purpose: number, step: number): () => number {
  const [low, high] = seedWords(seed);
  const block = new Uint32Array(4);
  let drawn = 0;
  return () => {
    const lane = drawn & 3;
    if (lane === 0) {
      block[0] = drawn >>> 2;
      block[1] = step;
      block[2] = purpose;
      block[3] = 0;
      philox(block, low, high);
    }
    drawn++;
    return block[lane] as number;
  };
}

/** Exchanges in one slice of a shuffle: about a millisecond. */
const SLICE = 2 ** 16;

/** Shuffles in place (Fisher–Yates), in slices; the event loop may turn between them. */
export function* shuffled(indices: Int32Array, next: () => number): Generator<undefined, void> {
  for (let from = indices.length - 1; from > 0; from -= SLICE) {
    exchange(indices, next, from, Math.max(0, from - SLICE));
    yield;
  }
}

/** The steps of Fisher–Yates for the places from `from` down to `to` + 1. */
function exchange(indices: Int32Array, next: () => number, from: number, to: number): void {
  for (let i = from; i > to; i--) {
    const j = Math.floor((next() * (i + 1)) / 2 ** 32);
    const kept = indices[i] as number;
    indices[i] = indices[j] as number;
    indices[j] = kept;
  }
}

/** 0, 1, …, count − 1. */
export function range(count: number): Int32Array {
  const indices = new Int32Array(count);
  for (let i = 0; i < count; i++) indices[i] = i;
  return indices;
}
