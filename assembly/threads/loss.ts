// Losses on several threads: each part computes a range of rows, and the first thread sums the rows' losses in order.

import { lossJob } from '../generated/jobs';
import * as alone from '../loss';
import { DEAR, rowsOf } from './costs';
import { fork, splits } from './crew';

export function loss(
  kind: i32, rows: i32, outputs: i32, predicted: usize, target: usize, weights: usize, gradient: usize, rowLosses: usize,
): f64 {
  const least = rowsOf(outputs, DEAR / 2);
  if (!splits(rows, least)) return alone.loss(kind, rows, outputs, predicted, target, weights, gradient, rowLosses);
  fork(lossJob(kind, rows, outputs, predicted, target, weights, gradient, rowLosses), rows, least);
  return alone.total(rows, rowLosses);
}
