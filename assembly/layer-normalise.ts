// Layer normalization (Ba, Kiros, Hinton 2016, arXiv 1607.06450) over panels [rows, columns]: each row by its mean and its biased variance over the columns.
// Sums over the columns are float32 within a panel and float64 between panels. Sums over the rows, for the gradients of gamma and beta, are those of sums.ts.
// gamma and beta have one line a panel; mean and inverse have one float a row.

import { cell, columnMask, LINE, padded, panelBytes, panels } from './layout';
import { high, join, low, rowBlock } from './sums';

/**
 * y = gamma·(x − mean)·inverse + beta, inverse = 1 / √(variance + epsilon). Stores mean and inverse for the backward pass unless these are 0.
 * If the variance overflows float32, y is NaN: dividing by infinity would give beta. `y` may not overlap `x`; padding becomes zero.
 */
export function layerNormForward(
  rows: i32, columns: i32, x: usize, y: usize, gamma: usize, beta: usize, mean: usize, inverse: usize, epsilon: f32,
): void {
  layerNormRows(panelBytes(rows), rows, columns, x, y, gamma, beta, mean, inverse, epsilon);
}

/** The same for the first `rows` rows of panels that are `stride` bytes apart. */
export function layerNormRows(
  stride: usize, rows: i32, columns: i32, x: usize, y: usize, gamma: usize, beta: usize, mean: usize, inverse: usize, epsilon: f32,
): void {
  const zero = f32x4.splat(0), n = <f64>columns;
  for (let row = 0; row < rows; row++) {
    let lower = zero, upper = zero;
    for (let c = 0; c < columns; ) {
      let sum = zero;
      for (const stop = min(columns, c + 16); c < stop; c += 4) {
        sum = f32x4.add(sum, v128.and(v128.load(cell(x, row, c, stride)), columnMask(c, columns)));
      }
      lower = f64x2.add(lower, low(sum)), upper = f64x2.add(upper, high(sum));
    }
    const center = <f32>(total(lower, upper) / n), middle = f32x4.splat(center);
    lower = zero, upper = zero;
    for (let c = 0; c < columns; ) {
      let squares = zero;
      for (const stop = min(columns, c + 16); c < stop; c += 4) {
        const d = v128.and(f32x4.sub(v128.load(cell(x, row, c, stride)), middle), columnMask(c, columns));
        squares = f32x4.add(squares, f32x4.mul(d, d));
      }
      lower = f64x2.add(lower, low(squares)), upper = f64x2.add(upper, high(squares));
    }
    const spread = total(lower, upper) / n;
    // Makes the scale NaN if the variance has overflowed, since ∞·0 is NaN.
    const scale = <f32>(1 / sqrt<f64>(spread + <f64>epsilon) + spread * 0);
    if (mean) {
      store<f32>(mean + (<usize>row << 2), center);
      store<f32>(inverse + (<usize>row << 2), scale);
    }
    const factor = f32x4.splat(scale);
    for (let c = 0; c < padded(columns); c += 4) {
      const at = <usize>c << 2;
      const normal = f32x4.mul(f32x4.sub(v128.load(cell(x, row, c, stride)), middle), factor);
      const v = f32x4.add(f32x4.mul(normal, v128.load(gamma + at)), v128.load(beta + at));
      v128.store(cell(y, row, c, stride), v128.and(v, columnMask(c, columns)));
    }
  }
}

/** dx = inverse·(g − Σ g / columns − x̂·Σ g·x̂ / columns) for each row, with g = dy·gamma, x̂ = (x − mean)·inverse; in place where dx = dy; padding becomes zero. */
export function layerNormBackward(
  rows: i32, columns: i32, x: usize, dy: usize, dx: usize, gamma: usize, mean: usize, inverse: usize,
): void {
  layerNormGradientRows(panelBytes(rows), rows, columns, x, dy, dx, gamma, mean, inverse);
}

/** The same for the first `rows` rows of panels that are `stride` bytes apart. */
export function layerNormGradientRows(
  stride: usize, rows: i32, columns: i32, x: usize, dy: usize, dx: usize, gamma: usize, mean: usize, inverse: usize,
): void {
  const zero = f32x4.splat(0), n = <f64>columns;
  for (let row = 0; row < rows; row++) {
    const middle = f32x4.splat(load<f32>(mean + (<usize>row << 2)));
    const factor = f32x4.splat(load<f32>(inverse + (<usize>row << 2)));
    let lower = zero, upper = zero, lowerDot = zero, upperDot = zero;
    for (let c = 0; c < columns; ) {
      let sum = zero, dot = zero;
      for (const stop = min(columns, c + 16); c < stop; c += 4) {
        const g = gradient(dy, gamma, row, c, columns, stride);
        sum = f32x4.add(sum, g);
        dot = f32x4.add(dot, f32x4.mul(g, normalised(x, row, c, columns, stride, middle, factor)));
      }
      lower = f64x2.add(lower, low(sum)), upper = f64x2.add(upper, high(sum));
      lowerDot = f64x2.add(lowerDot, low(dot)), upperDot = f64x2.add(upperDot, high(dot));
    }
    const shift = f32x4.splat(<f32>(total(lower, upper) / n)), slope = f32x4.splat(<f32>(total(lowerDot, upperDot) / n));
    for (let c = 0; c < padded(columns); c += 4) {
      const pull = f32x4.mul(normalised(x, row, c, columns, stride, middle, factor), slope);
      const d = f32x4.sub(f32x4.sub(gradient(dy, gamma, row, c, columns, stride), shift), pull);
      v128.store(cell(dx, row, c, stride), v128.and(f32x4.mul(d, factor), columnMask(c, columns)));
    }
  }
}

/** dbeta = Σ dy; dgamma = Σ dy·x̂, column by column, with x̂ = (x − mean)·inverse. */
export function layerNormGradients(
  rows: i32, columns: i32, x: usize, dy: usize, mean: usize, inverse: usize, dgamma: usize, dbeta: usize,
): void {
  const stride = panelBytes(rows), zero = f32x4.splat(0);
  const most = rowBlock(rows);
  for (let p: usize = 0, count = panels(columns); p < count; p++) {
    for (let lane: usize = 0; lane < LINE; lane += 16) {
      const at = p * LINE + lane;
      let a = x + p * stride + lane, g = dy + p * stride + lane;
      let slopeLow = zero, slopeHigh = zero, shiftLow = zero, shiftHigh = zero;
      for (let row = 0; row < rows; ) {
        let slopes = zero, shifts = zero;
        for (const stop = min(rows, row + most); row < stop; row++, a += LINE, g += LINE) {
          const own = <usize>row << 2, dyHere = v128.load(g);
          const normal = f32x4.mul(f32x4.sub(v128.load(a), v128.load32_splat(mean + own)), v128.load32_splat(inverse + own));
          shifts = f32x4.add(shifts, dyHere);
          slopes = f32x4.add(slopes, f32x4.mul(dyHere, normal));
        }
        slopeLow = f64x2.add(slopeLow, low(slopes)), slopeHigh = f64x2.add(slopeHigh, high(slopes));
        shiftLow = f64x2.add(shiftLow, low(shifts)), shiftHigh = f64x2.add(shiftHigh, high(shifts));
      }
      v128.store(dgamma + at, join(slopeLow, slopeHigh));
      v128.store(dbeta + at, join(shiftLow, shiftHigh));
    }
  }
}

/** Four cells of dy·gamma; 0 in the padding. */
// @ts-ignore: decorator
@inline
function gradient(dy: usize, gamma: usize, row: i32, from: i32, columns: i32, stride: usize): v128 {
  const g = f32x4.mul(v128.load(cell(dy, row, from, stride)), v128.load(gamma + (<usize>from << 2)));
  return v128.and(g, columnMask(from, columns));
}

/** Four cells of x̂; 0 in the padding. */
// @ts-ignore: decorator
@inline
function normalised(x: usize, row: i32, from: i32, columns: i32, stride: usize, middle: v128, factor: v128): v128 {
  const normal = f32x4.mul(f32x4.sub(v128.load(cell(x, row, from, stride)), middle), factor);
  return v128.and(normal, columnMask(from, columns));
}

/** The sum of four float64, in a fixed order. */
// @ts-ignore: decorator
@inline
function total(lower: v128, upper: v128): f64 {
  const sum = f64x2.add(lower, upper);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
