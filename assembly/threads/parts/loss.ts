// A part of a loss: a range of rows.

import { lossRows } from '../../loss';
import { start } from '../crew';

export function lossPart(
  part: i32, kind: i32, rows: i32, outputs: i32, predicted: usize, target: usize, weights: usize, gradient: usize, rowLosses: usize,
): void {
  lossRows(kind, start(part), start(part + 1), rows, outputs, predicted, target, weights, gradient, rowLosses);
}
