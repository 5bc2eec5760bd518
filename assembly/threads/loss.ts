// Losses by a crew: runs of rows, whose losses are summed in order.

import * as losses from '../loss';
import { fork, int, put, size, splits, start, word } from './crew';
import { DEAR, rowsOf } from './parts';

export function loss(
  kind: i32, rows: i32, outputs: i32, predicted: usize, target: usize, weights: usize, gradient: usize, rowLosses: usize,
): f64 {
  const least = rowsOf(outputs, DEAR / 2);
  if (!splits(rows, least)) return losses.loss(kind, rows, outputs, predicted, target, weights, gradient, rowLosses);
  put(0, kind), put(1, rows), put(2, outputs), put(3, predicted), put(4, target), put(5, weights), put(6, gradient);
  put(7, rowLosses);
  fork(lossPart.index, rows, least);
  return losses.total(rows, rowLosses);
}

function lossPart(part: i32): void {
  const first = start(part), end = first + size(part);
  losses.lossRows(int(0), first, end, int(1), int(2), word(3), word(4), word(5), word(6), word(7));
}
