// Passes over whole blocks by a crew. Sums are taken of the same runs as by one thread, and added up in order.

import * as sums from '../reduce';
import { fork, int, put, real, size, splits, start, word } from './crew';
import { CHEAP, floats, offset } from './parts';

export function clamp(count: i32, x: usize, limit: f32): void {
  if (!splits(count >> 4, CHEAP)) return sums.clamp(count, x, limit);
  put(0, x), put(1, limit);
  fork(clampPart.index, count >> 4, CHEAP);
}

function clampPart(part: i32): void {
  sums.clamp(floats(part), word(0) + offset(part), real(1));
}

export function mix(count: i32, x: usize, y: usize, share: f32): void {
  if (!splits(count >> 4, CHEAP)) return sums.mix(count, x, y, share);
  put(0, x), put(1, y), put(2, share);
  fork(mixPart.index, count >> 4, CHEAP);
}

function mixPart(part: i32): void {
  const at = offset(part);
  sums.mix(floats(part), word(0) + at, word(1) + at, real(2));
}

/** The sums of up to so many runs at a time, f64. */
const SUMS: i32 = 1024;
const runSums = memory.data(1024 * 8, 64);

/** Adds the sums of `runs` runs in order. */
function addUp(sum: f64, runs: i32): f64 {
  for (let i: usize = 0; i < <usize>runs; i++) sum += load<f64>(runSums + (i << 3));
  return sum;
}

export function penalty(count: i32, w: usize, gradient: usize, l1: f32, l2: f32): f64 {
  if (!splits(count, 4 * sums.RUN)) return sums.penalty(count, w, gradient, l1, l2);
  let sum: f64 = 0;
  for (let from = 0; from < count; from += SUMS * sums.RUN) {
    const skip = <usize>from << 2, runs = min(SUMS, (count - from + sums.RUN - 1) / sums.RUN);
    put(0, count - from), put(1, w + skip), put(2, gradient && gradient + skip), put(3, l1), put(4, l2);
    fork(penaltyPart.index, runs, 4);
    sum = addUp(sum, runs);
  }
  return sum;
}

function penaltyPart(part: i32): void {
  const gradient = word(2);
  for (let run = start(part), end = run + size(part); run < end; run++) {
    const first = run * sums.RUN, at = <usize>first << 2, count = min(sums.RUN, int(0) - first);
    store<f64>(runSums + (<usize>run << 3), sums.penalty(count, word(1) + at, gradient && gradient + at, real(3), real(4)));
  }
}

export function sumOfSquares(count: i32, x: usize): f64 {
  if (!splits(count, 4 * sums.RUN)) return sums.sumOfSquares(count, x);
  let sum: f64 = 0;
  for (let from = 0; from < count; from += SUMS * sums.RUN) {
    const runs = min(SUMS, (count - from + sums.RUN - 1) / sums.RUN);
    put(0, count - from), put(1, x + (<usize>from << 2));
    fork(squaresPart.index, runs, 4);
    sum = addUp(sum, runs);
  }
  return sum;
}

function squaresPart(part: i32): void {
  for (let run = start(part), end = run + size(part); run < end; run++) {
    const first = run * sums.RUN, count = min(sums.RUN, int(0) - first);
    store<f64>(runSums + (<usize>run << 3), sums.sumOfSquares(count, word(1) + (<usize>first << 2)));
  }
}
