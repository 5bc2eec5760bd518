// Passes over blocks of `count` floats, a multiple of 16, for penalties, clipping, averaging and checks.

import { lanesSum } from './math';

/** Whether no float is NaN or infinite. For such a v, 0·v is NaN, which makes the sum NaN. */
export function allFinite(count: i32, x: usize): bool {
  const zero = f32x4.splat(0);
  let a = zero, b = zero;
  for (const end = x + (<usize>count << 2); x < end; x += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(x), zero));
    b = f32x4.add(b, f32x4.mul(v128.load(x, 16), zero));
  }
  return i32x4.all_true(f32x4.eq(f32x4.add(a, b), zero));
}

/** Number of floats that are summed in float32; these sums are added up in float64, so the rounding error stays near 1e-6. */
export const RUN: i32 = 1024;

/** l1·Σ|w| + l2·Σw²; adds its gradient, l1·sign(w) + 2·l2·w, to `gradient` unless that is 0. */
export function penalty(count: i32, w: usize, gradient: usize, l1: f32, l2: f32): f64 {
  const zero = f32x4.splat(0);
  const a = f32x4.splat(l1), b = f32x4.splat(l2), twice = f32x4.splat(2 * l2);
  const signBit = i32x4.splat(0x80000000);
  let sum: f64 = 0;
  for (const end = w + (<usize>count << 2); w < end; ) {
    let part = zero;
    for (const stop = min(end, w + <usize>RUN * 4); w < stop; w += 16) {
      const v = v128.load(w);
      part = f32x4.add(part, f32x4.add(f32x4.mul(a, f32x4.abs(v)), f32x4.mul(b, f32x4.mul(v, v))));
      if (gradient) {
        const sign = v128.and(v128.or(v128.and(v, signBit), a), f32x4.ne(v, zero));
        v128.store(gradient, f32x4.add(v128.load(gradient), f32x4.add(sign, f32x4.mul(twice, v))));
        gradient += 16;
      }
    }
    sum += <f64>lanesSum(part);
  }
  return sum;
}

/** Σ x². */
export function sumOfSquares(count: i32, x: usize): f64 {
  let sum: f64 = 0;
  for (const end = x + (<usize>count << 2); x < end; ) {
    let part = f32x4.splat(0);
    for (const stop = min(end, x + <usize>RUN * 4); x < stop; x += 16) {
      const v = v128.load(x);
      part = f32x4.add(part, f32x4.mul(v, v));
    }
    sum += <f64>lanesSum(part);
  }
  return sum;
}

/** x = min(max(x, −limit), limit); NaN stays NaN. */
export function clamp(count: i32, x: usize, limit: f32): void {
  const top = f32x4.splat(limit), bottom = f32x4.splat(-limit);
  for (const end = x + (<usize>count << 2); x < end; x += 16) {
    v128.store(x, f32x4.min(f32x4.max(v128.load(x), bottom), top));
  }
}

/** y = (1 − share)·x + share·y. */
export function mix(count: i32, x: usize, y: usize, share: f32): void {
  const a = f32x4.splat(1 - share), b = f32x4.splat(share);
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    v128.store(y, f32x4.add(f32x4.mul(a, v128.load(x)), f32x4.mul(b, v128.load(y))));
  }
}
