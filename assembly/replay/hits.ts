// Counts the rows whose largest output is that of the right class.

import { cell, columnMask, panelBytes } from '../layout';

/** The most outputs: a bit each. */
const MOST: i32 = 64;

/**
 * The number of rows of which `predicted`, panels [rows, outputs], has its largest number, the first of equal ones, where the one-hot `target` has its 1; −1 if a prediction
 * is NaN. `outputs` is at most 64.
 */
export function hits(rows: i32, outputs: i32, predicted: usize, target: usize): i32 {
  const stride = panelBytes(rows);
  let right = 0, broken = false;
  if (outputs > MOST) unreachable();
  for (let row = 0; row < rows; row++) {
    const best = largest(predicted, row, outputs, stride);
    broken = broken || best == 0;
    right += i32((best & -best & ones(target, row, outputs, stride)) != 0);
  }
  return broken ? -1 : right;
}

/** A bit for each column that has the largest number of a row; none if there is a NaN. Without branches, which would be guessed wrong. */
// @ts-ignore: decorator
@inline
function largest(x: usize, row: i32, outputs: i32, stride: usize): u64 {
  const least = f32x4.splat(-Infinity);
  let most = least, bits: u64 = 0;
  for (let c = 0; c < outputs; c += 4) {
    most = f32x4.max(most, v128.bitselect(v128.load(cell(x, row, c, stride)), least, columnMask(c, outputs)));
  }
  most = f32x4.max(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  most = f32x4.max(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2));
  for (let c = 0; c < outputs; c += 4) {
    const equal = v128.and(f32x4.eq(v128.load(cell(x, row, c, stride)), most), columnMask(c, outputs));
    bits |= <u64>i32x4.bitmask(equal) << c;
  }
  return bits;
}

/** A bit for each column of a row that is not 0. */
// @ts-ignore: decorator
@inline
function ones(x: usize, row: i32, outputs: i32, stride: usize): u64 {
  let bits: u64 = 0;
  for (let c = 0; c < outputs; c += 4) {
    bits |= <u64>i32x4.bitmask(f32x4.gt(v128.load(cell(x, row, c, stride)), f32x4.splat(0))) << c;
  }
  return bits;
}
