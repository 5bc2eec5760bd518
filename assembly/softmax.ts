// Softmax and its derivative, row by row over panels.

import { cell, columnMask, padded, panelBytes } from './layout';
import { exp, lanesMax, lanesSum } from './math';

/** y[rows, columns] = softmax of each row of x, in place where x = y; padding becomes zero. */
export function softmaxForward(rows: i32, columns: i32, x: usize, y: usize): void {
  softmaxRows(panelBytes(rows), rows, columns, x, y);
}

/** The same for the first `rows` rows of panels that are `stride` bytes apart. */
export function softmaxRows(stride: usize, rows: i32, columns: i32, x: usize, y: usize): void {
  for (let row = 0; row < rows; row++) {
    let top = f32x4.splat(-Infinity);
    for (let c = 0; c < columns; c += 4) {
      const v = v128.load(cell(x, row, c, stride));
      top = f32x4.max(top, v128.bitselect(v, f32x4.splat(-Infinity), columnMask(c, columns)));
    }
    const largest = f32x4.splat(lanesMax(top));
    let sum = f32x4.splat(0);
    for (let c = 0; c < padded(columns); c += 4) {
      const e = v128.and(exp(f32x4.sub(v128.load(cell(x, row, c, stride)), largest)), columnMask(c, columns));
      sum = f32x4.add(sum, e);
      v128.store(cell(y, row, c, stride), e);
    }
    const total = f32x4.splat(lanesSum(sum));
    for (let c = 0; c < columns; c += 4) {
      const at = cell(y, row, c, stride);
      v128.store(at, f32x4.div(v128.load(at), total));
    }
  }
}

/** dx[rows, columns] = s·(dy − Σ s·dy) for each row of softmax outputs s; in place where dx = dy; padding becomes zero. */
export function softmaxBackward(rows: i32, columns: i32, s: usize, dy: usize, dx: usize): void {
  softmaxGradientRows(panelBytes(rows), rows, columns, s, dy, dx);
}

/** The same for the first `rows` rows of panels that are `stride` bytes apart. */
export function softmaxGradientRows(stride: usize, rows: i32, columns: i32, s: usize, dy: usize, dx: usize): void {
  for (let row = 0; row < rows; row++) {
    let dot = f32x4.splat(0);
    for (let c = 0; c < columns; c += 4) {
      dot = f32x4.add(dot, f32x4.mul(v128.load(cell(s, row, c, stride)), v128.load(cell(dy, row, c, stride))));
    }
    const total = f32x4.splat(lanesSum(dot));
    for (let c = 0; c < padded(columns); c += 4) {
      const v = f32x4.sub(v128.load(cell(dy, row, c, stride)), total);
      v128.store(cell(dx, row, c, stride), f32x4.mul(v128.load(cell(s, row, c, stride)), v));
    }
  }
}
