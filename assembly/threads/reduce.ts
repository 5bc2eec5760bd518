// Sums over blocks on several threads: of the same runs as on one thread, added up in order, so the bits are the same.

import { penaltyJob, squaresJob } from '../generated/jobs';
import * as alone from '../reduce';
import { fork, splits } from './crew';
import { runSums, SUMS } from './parts/reduce';

/** Number of runs that take about a microsecond. */
const LEAST: i32 = 4;

/** The number of runs from `from` on, but at most SUMS. */
function runsFrom(from: i32, count: i32): i32 {
  return min(SUMS, (count - from + alone.RUN - 1) / alone.RUN);
}

/** Adds the sums of `runs` runs, in order. */
function addUp(sum: f64, runs: i32): f64 {
  for (let i: usize = 0; i < <usize>runs; i++) sum += load<f64>(runSums + (i << 3));
  return sum;
}

export function penalty(count: i32, w: usize, gradient: usize, l1: f32, l2: f32): f64 {
  if (!splits(count, LEAST * alone.RUN)) return alone.penalty(count, w, gradient, l1, l2);
  let sum: f64 = 0;
  for (let from = 0; from < count; from += SUMS * alone.RUN) {
    const skip = <usize>from << 2, runs = runsFrom(from, count);
    fork(penaltyJob(count - from, w + skip, gradient && gradient + skip, l1, l2), runs, LEAST);
    sum = addUp(sum, runs);
  }
  return sum;
}

export function sumOfSquares(count: i32, x: usize): f64 {
  if (!splits(count, LEAST * alone.RUN)) return alone.sumOfSquares(count, x);
  let sum: f64 = 0;
  for (let from = 0; from < count; from += SUMS * alone.RUN) {
    const runs = runsFrom(from, count);
    fork(squaresJob(count - from, x + (<usize>from << 2)), runs, LEAST);
    sum = addUp(sum, runs);
  }
  return sum;
}
