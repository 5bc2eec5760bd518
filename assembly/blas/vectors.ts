// Level 1 of BLAS (Lawson, Hanson, Kincaid, Krogh 1979) on vectors without gaps, in float32 (`shift` 2) and float64 (`shift` 3).
// Sums: 32 numbers at a time are added into 16 lanes (8 in float64), for at most 1,024 numbers; these partial sums, and then the last numbers, fewer than 32, one by
// one, are added in float64. So a sum of fewer than 32 numbers is the plain loop's in float64.

import { fullLines } from '../layout';
import { multiplyAdd } from '../multiply-add';
import { lanesSum } from '../math';
import { high, low } from '../sums';
import { multiplyAddDouble } from './multiply-add-double';

/** Numbers whose sum is kept in the vectors' own type. */
const RUN: usize = 1024;

// @ts-ignore: decorator
@inline
export function lanesSumDouble(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** Σ x·y. */
export function dot(shift: i32, count: i32, x: usize, y: usize): f64 {
  return shift == 2 ? dotFloats(count, x, y) : dotDoubles(count, x, y);
}

function dotFloats(count: i32, x: usize, y: usize): f64 {
  let sum: f64 = 0;
  const end = x + (<usize>count << 2), whole = x + (<usize>(count & ~31) << 2);
  while (x < whole) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (const stop = min(whole, x + (RUN << 2)); x < stop; x += 128, y += 128) {
      a = multiplyAdd(v128.load(x), v128.load(y), a);
      b = multiplyAdd(v128.load(x, 16), v128.load(y, 16), b);
      c = multiplyAdd(v128.load(x, 32), v128.load(y, 32), c);
      d = multiplyAdd(v128.load(x, 48), v128.load(y, 48), d);
      a = multiplyAdd(v128.load(x, 64), v128.load(y, 64), a);
      b = multiplyAdd(v128.load(x, 80), v128.load(y, 80), b);
      c = multiplyAdd(v128.load(x, 96), v128.load(y, 96), c);
      d = multiplyAdd(v128.load(x, 112), v128.load(y, 112), d);
    }
    sum += <f64>lanesSum(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  for (; x < end; x += 4, y += 4) sum += <f64>load<f32>(x) * <f64>load<f32>(y);
  return sum;
}

function dotDoubles(count: i32, x: usize, y: usize): f64 {
  const end = x + (<usize>count << 3), whole = x + (<usize>(count & ~31) << 3);
  let a = f64x2.splat(0), b = a, c = a, d = a;
  for (; x < whole; x += 64, y += 64) {
    a = multiplyAddDouble(v128.load(x), v128.load(y), a);
    b = multiplyAddDouble(v128.load(x, 16), v128.load(y, 16), b);
    c = multiplyAddDouble(v128.load(x, 32), v128.load(y, 32), c);
    d = multiplyAddDouble(v128.load(x, 48), v128.load(y, 48), d);
  }
  let sum = lanesSumDouble(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  for (; x < end; x += 8, y += 8) sum += load<f64>(x) * load<f64>(y);
  return sum;
}

/** y += alpha·x. */
export function axpy(shift: i32, count: i32, alpha: f64, x: usize, y: usize): void {
  if (shift == 2) axpyFloats(count, <f32>alpha, x, y);
  else axpyDoubles(count, alpha, x, y);
}

export function axpyFloats(count: i32, alpha: f32, x: usize, y: usize): void {
  const end = y + (<usize>count << 2), whole = y + (<usize>fullLines(count) << 2), a = f32x4.splat(alpha);
  for (; y < whole; x += 64, y += 64) {
    v128.store(y, multiplyAdd(a, v128.load(x), v128.load(y)));
    v128.store(y, multiplyAdd(a, v128.load(x, 16), v128.load(y, 16)), 16);
    v128.store(y, multiplyAdd(a, v128.load(x, 32), v128.load(y, 32)), 32);
    v128.store(y, multiplyAdd(a, v128.load(x, 48), v128.load(y, 48)), 48);
  }
  for (; y < end; x += 4, y += 4) {
    store<f32>(y, f32x4.extract_lane(multiplyAdd(a, v128.load32_zero(x), v128.load32_zero(y)), 0));
  }
}

export function axpyDoubles(count: i32, alpha: f64, x: usize, y: usize): void {
  const end = y + (<usize>count << 3), whole = y + (<usize>(count & ~7) << 3), a = f64x2.splat(alpha);
  for (; y < whole; x += 64, y += 64) {
    v128.store(y, multiplyAddDouble(a, v128.load(x), v128.load(y)));
    v128.store(y, multiplyAddDouble(a, v128.load(x, 16), v128.load(y, 16)), 16);
    v128.store(y, multiplyAddDouble(a, v128.load(x, 32), v128.load(y, 32)), 32);
    v128.store(y, multiplyAddDouble(a, v128.load(x, 48), v128.load(y, 48)), 48);
  }
  for (; y < end; x += 8, y += 8) {
    store<f64>(y, f64x2.extract_lane(multiplyAddDouble(a, v128.load64_zero(x), v128.load64_zero(y)), 0));
  }
}

/** Σ |x|, in float64. */
export function asum(shift: i32, count: i32, x: usize): f64 {
  let sum: f64 = 0;
  const end = x + (<usize>count << shift);
  let a = f64x2.splat(0), b = a;
  for (const whole = x + (<usize>(count & ~3) << shift); x < whole; x += <usize>4 << shift) {
    const lower = shift == 2 ? low(v128.load(x)) : v128.load(x);
    const upper = shift == 2 ? high(v128.load(x)) : v128.load(x, 16);
    a = f64x2.add(a, f64x2.abs(lower));
    b = f64x2.add(b, f64x2.abs(upper));
  }
  sum = lanesSumDouble(f64x2.add(a, b));
  for (; x < end; x += <usize>1 << shift) sum += abs(shift == 2 ? <f64>load<f32>(x) : load<f64>(x));
  return sum;
}

/** √Σx². Squares of float32 cannot overflow in float64; of float64, a power of two keeps them in range. */
export function nrm2(shift: i32, count: i32, x: usize): f64 {
  let factor: f64 = 1;
  if (shift == 3) {
    if (count == 0) return 0;
    const largest = abs(load<f64>(x + (<usize>iamax(3, count, x) << 3)));
    // Powers of two: 2⁻⁶⁰⁰ and 2⁶⁰⁰.
    if (largest > 1e145) factor = 2.409919865102884e-181;
    else if (largest < 1e-145) factor = 4.149515568880993e180;
    if (largest == Infinity) return Infinity;
  }
  return sqrt(sumOfSquares(shift, count, x, factor)) / factor;
}

/** Σ (factor·x)², in float64. */
export function sumOfSquares(shift: i32, count: i32, x: usize, factor: f64): f64 {
  const end = x + (<usize>count << shift), f = f64x2.splat(factor);
  let a = f64x2.splat(0), b = a;
  for (const whole = x + (<usize>(count & ~3) << shift); x < whole; x += <usize>4 << shift) {
    const lower = f64x2.mul(shift == 2 ? low(v128.load(x)) : v128.load(x), f);
    const upper = f64x2.mul(shift == 2 ? high(v128.load(x)) : v128.load(x, 16), f);
    a = f64x2.add(a, f64x2.mul(lower, lower));
    b = f64x2.add(b, f64x2.mul(upper, upper));
  }
  let sum = lanesSumDouble(f64x2.add(a, b));
  for (; x < end; x += <usize>1 << shift) {
    const one = (shift == 2 ? <f64>load<f32>(x) : load<f64>(x)) * factor;
    sum += one * one;
  }
  return sum;
}

/** The first index of the largest |x|; a NaN counts as the largest; −1 of none. */
export function iamax(shift: i32, count: i32, x: usize): i32 {
  let best = -1;
  let most: f64 = -1;
  // The largest of 32 numbers at a time; one of them is looked for only if it is larger than all before.
  for (let from = 0; from < count; from += 32) {
    const at = x + (<usize>from << shift), size = min(32, count - from);
    if (size == 32 && shift == 2) {
      let v = f32x4.abs(v128.load(at));
      for (let i: usize = 16; i < 128; i += 16) v = f32x4.max(v, f32x4.abs(v128.load(at + i)));
      const top = f32x4.splat(<f32>most);
      if (!v128.any_true(v128.not(f32x4.le(v, top)))) continue;
    }
    for (let i = 0; i < size; i++) {
      const place = at + (<usize>i << shift), one = abs(shift == 2 ? <f64>load<f32>(place) : load<f64>(place));
      if (isNaN(one)) return from + i;
      if (one > most) {
        most = one;
        best = from + i;
      }
    }
  }
  return best;
}
