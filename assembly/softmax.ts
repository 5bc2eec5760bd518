// Softmax, its logarithm, and their derivatives, row by row over panels.

import { cell, columnMask, padded, panelBytes } from './layout';
import { exp, lanesMax, lanesSum, log } from './math';

/**
 * y[rows, columns] = softmax of each row of x; with `logs` its logarithm, x − max − log Σ e^(x − max), which is at most 0. In place where x = y; padding becomes
 * zero.
 */
export function softmaxForward(rows: i32, columns: i32, x: usize, y: usize, logs: bool): void {
  softmaxRows(panelBytes(rows), rows, columns, x, y, logs);
}

/** The same for the first `rows` rows of panels that are `stride` bytes apart. */
export function softmaxRows(stride: usize, rows: i32, columns: i32, x: usize, y: usize, logs: bool): void {
  for (let row = 0; row < rows; row++) {
    let top = f32x4.splat(-Infinity);
    for (let c = 0; c < columns; c += 4) {
      const v = v128.load(cell(x, row, c, stride));
      top = f32x4.max(top, v128.bitselect(v, f32x4.splat(-Infinity), columnMask(c, columns)));
    }
    const largest = f32x4.splat(lanesMax(top));
    let sum = f32x4.splat(0);
    for (let c = 0; c < padded(columns); c += 4) {
      const z = f32x4.sub(v128.load(cell(x, row, c, stride)), largest), mask = columnMask(c, columns);
      const e = v128.and(exp(z), mask);
      sum = f32x4.add(sum, e);
      v128.store(cell(y, row, c, stride), logs ? v128.and(z, mask) : e);
    }
    const total = f32x4.splat(lanesSum(sum)), shift = logs ? log(total) : total;
    for (let c = 0; c < columns; c += 4) {
      const at = cell(y, row, c, stride), v = v128.load(at);
      v128.store(at, logs ? v128.and(f32x4.sub(v, shift), columnMask(c, columns)) : f32x4.div(v, total));
    }
  }
}

/**
 * dx[rows, columns] = s·(dy − Σ s·dy) for each row of softmax outputs s; with `logs` dy − eˢ·Σ dy for outputs s of its logarithm. In place where dx = dy; padding
 * becomes zero.
 */
export function softmaxBackward(rows: i32, columns: i32, s: usize, dy: usize, dx: usize, logs: bool): void {
  softmaxGradientRows(panelBytes(rows), rows, columns, s, dy, dx, logs);
}

/** The same for the first `rows` rows of panels that are `stride` bytes apart. */
export function softmaxGradientRows(
  stride: usize, rows: i32, columns: i32, s: usize, dy: usize, dx: usize, logs: bool,
): void {
  for (let row = 0; row < rows; row++) {
    let dot = f32x4.splat(0);
    for (let c = 0; c < columns; c += 4) {
      const g = v128.load(cell(dy, row, c, stride));
      dot = f32x4.add(dot, logs ? v128.and(g, columnMask(c, columns)) : f32x4.mul(v128.load(cell(s, row, c, stride)), g));
    }
    const total = f32x4.splat(lanesSum(dot));
    for (let c = 0; c < padded(columns); c += 4) {
      const own = v128.load(cell(s, row, c, stride)), g = v128.load(cell(dy, row, c, stride));
      const d = logs
        ? v128.and(f32x4.sub(g, f32x4.mul(exp(own), total)), columnMask(c, columns))
        : f32x4.mul(own, f32x4.sub(g, total));
      v128.store(cell(dx, row, c, stride), d);
    }
  }
}
