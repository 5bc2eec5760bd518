// A part of a sum over a block: stores the sum of each of its runs, which the first thread adds up in order.

import { penalty, RUN, sumOfSquares } from '../../reduce';
import { start } from '../crew';

/** The most runs that are summed in one fork, and their sums as f64. */
export const SUMS: i32 = 1024;
export const runSums = memory.data(1024 * 8, 64);

export function penaltyPart(part: i32, count: i32, w: usize, gradient: usize, l1: f32, l2: f32): void {
  for (let run = start(part), end = start(part + 1); run < end; run++) {
    const first = run * RUN, at = <usize>first << 2;
    store<f64>(runSums + (<usize>run << 3), penalty(min(RUN, count - first), w + at, gradient && gradient + at, l1, l2));
  }
}

export function squaresPart(part: i32, count: i32, x: usize): void {
  for (let run = start(part), end = start(part + 1); run < end; run++) {
    const first = run * RUN;
    store<f64>(runSums + (<usize>run << 3), sumOfSquares(min(RUN, count - first), x + (<usize>first << 2)));
  }
}
