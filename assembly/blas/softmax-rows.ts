// Softmax and what belongs to it, row by row of a row-major x[rows, columns]. The largest number of a row is subtracted first, so that nothing overflows;
// the exponentials are added in float64.

import { columnMask, fullLines } from '../layout';
import { exp, log } from '../generated/blas-math';
import { lanesMax } from '../math';
import { high, low } from '../sums';
import { loadPart, storePart } from './parts';
import { lanesSumDouble } from './vectors';

export const SOFTMAX = 0;
export const LOG_SOFTMAX = 1;
export const LOG_SUM_EXP = 2;

/** The largest number of a row; NaN if there is one. */
export function rowMax(columns: i32, x: usize): f32 {
  let top = f32x4.splat(-Infinity);
  const whole = x + (<usize>(columns & ~3) << 2), rest = columns & 3;
  for (; x < whole; x += 16) top = f32x4.max(top, v128.load(x));
  if (rest) top = f32x4.max(top, loadPart(x, rest, -Infinity));
  return lanesMax(top);
}

/** y = e^(x − largest), unless y is 0. Returns the sum of them. */
function exponentials(columns: i32, x: usize, largest: f32, y: usize): f64 {
  const top = f32x4.splat(largest);
  const whole = x + (<usize>(columns & ~3) << 2), rest = columns & 3;
  let a = f64x2.splat(0), b = a;
  for (; x < whole; x += 16) {
    const e = exp(f32x4.sub(v128.load(x), top));
    a = f64x2.add(a, low(e));
    b = f64x2.add(b, high(e));
    if (y) {
      v128.store(y, e);
      y += 16;
    }
  }
  if (rest) {
    // The other lanes hold e⁰, which is taken away: e^−∞ would be computed through subnormal numbers, ten times as slowly.
    const e = v128.and(exp(f32x4.sub(loadPart(x, rest, largest), top)), columnMask(0, rest));
    a = f64x2.add(a, low(e));
    b = f64x2.add(b, high(e));
    if (y) storePart(y, rest, e);
  }
  return lanesSumDouble(f64x2.add(a, b));
}

/** The largest number of a row, and log Σ e^(x − largest); an infinite largest number is the whole result. */
export let rowTop: f32 = 0;
export function rowLogSum(columns: i32, x: usize): f32 {
  rowTop = rowMax(columns, x);
  if (abs(rowTop) == Infinity) return 0;
  return f32x4.extract_lane(log(f32x4.splat(<f32>exponentials(columns, x, rowTop, 0))), 0);
}

/** y[rows, columns] = softmax or its logarithm of each row, in place where x = y; or y[rows] = log Σ eˣ of each row. */
export function softmaxRows(kind: i32, rows: i32, columns: i32, x: usize, y: usize): void {
  const width = <usize>columns << 2;
  for (let row = 0; row < rows; row++, x += width) {
    if (kind == LOG_SUM_EXP) {
      const part = rowLogSum(columns, x);
      store<f32>(y, rowTop + part);
      y += 4;
      continue;
    }
    if (kind == SOFTMAX) {
      const sum = <f32>exponentials(columns, x, rowMax(columns, x), y);
      const s = f32x4.splat(sum);
      let i: usize = 0;
      for (const whole = <usize>fullLines(<i32>width); i < whole; i += 16) v128.store(y + i, f32x4.div(v128.load(y + i), s));
      for (; i < width; i += 4) store<f32>(y + i, load<f32>(y + i) / sum);
    } else {
      const part = rowLogSum(columns, x), top = rowTop;
      for (let i: usize = 0; i < width; i += 4) store<f32>(y + i, load<f32>(x + i) - top - part);
    }
    y += width;
  }
}

/** dx[rows, columns] = s·(dy − Σ s·dy) for each row of softmax outputs s; in place where dx = dy. */
export function softmaxRowsBackward(rows: i32, columns: i32, s: usize, dy: usize, dx: usize): void {
  const width = <usize>columns << 2;
  for (let row = 0; row < rows; row++, s += width, dy += width, dx += width) {
    let sum: f64 = 0;
    for (let i: usize = 0; i < width; i += 4) sum += <f64>load<f32>(s + i) * <f64>load<f32>(dy + i);
    const total = <f32>sum;
    for (let i: usize = 0; i < width; i += 4) store<f32>(dx + i, load<f32>(s + i) * (load<f32>(dy + i) - total));
  }
}
