// Losses of plain arrays, with their gradients by the predictions. Sums are kept in float64.

import { exp, log1p } from '../generated/blas-math';
import { sign } from '../math';
import { high, low } from '../sums';
import { loadPart, storePart } from './parts';
import { rowLogSum, rowTop } from './softmax-rows';
import { lanesSumDouble } from './vectors';

export const SQUARED = 0;
export const ABSOLUTE = 1;
export const HUBER_LOSS = 2;
export const BINARY_LOSS = 3;

/** Σ loss(p, t); gradient = scale·∂loss/∂p unless it is 0. */
export function elementLoss(kind: i32, count: i32, p: usize, t: usize, gradient: usize, scale: f32): f64 {
  const end = p + (<usize>count << 2), s = f32x4.splat(scale);
  let a = f64x2.splat(0), b = a;
  for (; p < end; p += 16, t += 16) {
    const size = <i32>((end - p) >> 2), whole = size >= 4;
    const x = whole ? v128.load(p) : loadPart(p, size, 0), y = whole ? v128.load(t) : loadPart(t, size, 0);
    const error = f32x4.sub(x, y);
    let value: v128, slope: v128;
    if (kind == SQUARED) {
      value = f32x4.mul(error, error);
      slope = f32x4.add(error, error);
    } else if (kind == ABSOLUTE) {
      value = f32x4.abs(error);
      slope = sign(error);
    } else if (kind == HUBER_LOSS) {
      const distance = f32x4.abs(error), half = f32x4.splat(0.5), near = f32x4.le(distance, f32x4.splat(1));
      value = v128.bitselect(f32x4.mul(f32x4.mul(error, error), half), f32x4.sub(distance, half), near);
      slope = v128.bitselect(error, sign(error), near);
    } else {
      const zero = f32x4.splat(0), one = f32x4.splat(1);
      const distance = f32x4.abs(x), negative = f32x4.lt(x, zero), e = exp(f32x4.neg(distance));
      // max(z, 0) − z·t, in a form without cancellation.
      const rest = v128.bitselect(y, f32x4.sub(one, y), negative);
      value = f32x4.add(v128.andnot(f32x4.mul(distance, rest), f32x4.eq(rest, zero)), log1p(e));
      slope = f32x4.sub(f32x4.div(v128.bitselect(e, one, negative), f32x4.add(one, e)), y);
      // The lanes past the end: a logit of 0 with the target 0 has a loss.
      if (!whole) value = v128.and(value, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(size)));
    }
    a = f64x2.add(a, low(value));
    b = f64x2.add(b, high(value));
    if (gradient) {
      if (whole) v128.store(gradient, f32x4.mul(slope, s));
      else storePart(gradient, size, f32x4.mul(slope, s));
      gradient += 16;
    }
  }
  return lanesSumDouble(f64x2.add(a, b));
}

/**
 * Σ over rows of the crossentropy of softmax(logits[rows, columns]): −log p of the row's label, an i32; or, where `labels` is 0, −Σ t·log p for targets[rows,
 * columns]. gradient = scale·(p·Σt − t), unless it is 0; it may be the logits.
 */
export function crossEntropy(
  rows: i32, columns: i32, logits: usize, labels: usize, targets: usize, gradient: usize, scale: f32,
): f64 {
  let sum: f64 = 0;
  const width = <usize>columns << 2;
  for (let row = 0; row < rows; row++, logits += width) {
    const part = rowLogSum(columns, logits), top = rowTop;
    let mass: f32 = 1;
    if (labels) {
      const label = load<i32>(labels);
      sum += <f64>part - (<f64>load<f32>(logits + (<usize>label << 2)) - <f64>top);
    } else {
      let total: f64 = 0, dot: f64 = 0;
      for (let i: usize = 0; i < width; i += 4) {
        const t = <f64>load<f32>(targets + i);
        total += t;
        // 0·−∞ would be NaN.
        if (t != 0) dot += t * (<f64>load<f32>(logits + i) - <f64>top);
      }
      mass = <f32>total;
      sum += total * <f64>part - dot;
    }
    if (gradient) {
      const high = f32x4.splat(top), low = f32x4.splat(part), m = f32x4.splat(mass), s = f32x4.splat(scale);
      const hot: usize = labels ? <usize>load<i32>(labels) << 2 : 0;
      for (let i: usize = 0; i < width; i += 16) {
        const size = <i32>((width - i) >> 2), whole = size >= 4;
        const z = whole ? v128.load(logits + i) : loadPart(logits + i, size, 0);
        let slope = f32x4.mul(exp(f32x4.sub(f32x4.sub(z, high), low)), m);
        if (!labels) slope = f32x4.sub(slope, whole ? v128.load(targets + i) : loadPart(targets + i, size, 0));
        else if (hot >= i && hot < i + 16) {
          const lane = i32x4.eq(i32x4(0, 1, 2, 3), i32x4.splat(<i32>((hot - i) >> 2)));
          slope = f32x4.sub(slope, v128.and(f32x4.splat(1), lane));
        }
        slope = f32x4.mul(slope, s);
        if (whole) v128.store(gradient + i, slope);
        else storePart(gradient + i, size, slope);
      }
      gradient += width;
    }
    if (labels) labels += 4;
    else targets += width;
  }
  return sum;
}
