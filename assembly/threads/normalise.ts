// Batch normalisation by a crew: panels are columns, which know nothing of each other.

import { LINE, panelBytes, panels } from '../layout';
import * as norm from '../normalise';
import { fork, int, put, real, size, splits, start, word } from './crew';

export function batchNormForward(
  rows: i32, columns: i32, x: usize, y: usize, gamma: usize, beta: usize, mean: usize, inverse: usize, variance: usize, epsilon: f32,
): void {
  const count = <i32>panels(columns), least = max(1, 64 / rows);
  if (!splits(count, least)) {
    return norm.batchNormForward(rows, columns, x, y, gamma, beta, mean, inverse, variance, epsilon);
  }
  put(0, rows), put(1, x), put(2, y), put(3, gamma), put(4, beta), put(5, mean), put(6, inverse), put(7, variance);
  put(8, epsilon);
  fork(batchNormForwardPart.index, count, least);
}

function batchNormForwardPart(part: i32): void {
  const p = <usize>start(part), at = p * LINE, skip = p * panelBytes(int(0));
  norm.batchNormForward(
    int(0), size(part) << 4, word(1) + skip, word(2) + skip, word(3) + at, word(4) + at, word(5) + at, word(6) + at, word(7) + at,
    real(8),
  );
}

export function batchNormInference(
  rows: i32, columns: i32, x: usize, y: usize, gamma: usize, beta: usize, movingMean: usize, movingVariance: usize, epsilon: f32,
): void {
  const count = <i32>panels(columns), least = max(1, 256 / rows);
  if (!splits(count, least)) {
    return norm.batchNormInference(rows, columns, x, y, gamma, beta, movingMean, movingVariance, epsilon);
  }
  put(0, rows), put(1, x), put(2, y), put(3, gamma), put(4, beta), put(5, movingMean), put(6, movingVariance), put(7, epsilon);
  fork(batchNormInferencePart.index, count, least);
}

function batchNormInferencePart(part: i32): void {
  const p = <usize>start(part), at = p * LINE, skip = p * panelBytes(int(0));
  norm.batchNormInference(
    int(0), size(part) << 4, word(1) + skip, word(2) + skip, word(3) + at, word(4) + at, word(5) + at, word(6) + at, real(7),
  );
}

export function batchNormBackward(
  rows: i32, columns: i32, x: usize, dy: usize, dx: usize, gamma: usize, mean: usize, inverse: usize, dgamma: usize, dbeta: usize,
): void {
  const count = <i32>panels(columns), least = max(1, 64 / rows);
  if (!splits(count, least)) {
    return norm.batchNormBackward(rows, columns, x, dy, dx, gamma, mean, inverse, dgamma, dbeta);
  }
  put(0, rows), put(1, x), put(2, dy), put(3, dx), put(4, gamma), put(5, mean), put(6, inverse), put(7, dgamma), put(8, dbeta);
  fork(batchNormBackwardPart.index, count, least);
}

function batchNormBackwardPart(part: i32): void {
  const p = <usize>start(part), at = p * LINE, skip = p * panelBytes(int(0));
  const dx = word(3);
  norm.batchNormBackward(
    int(0), size(part) << 4, word(1) + skip, word(2) + skip, dx && dx + skip, word(4) + at, word(5) + at, word(6) + at, word(7) + at,
    word(8) + at,
  );
}
