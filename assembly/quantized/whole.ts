// Rows of float32 as whole numbers of 7 bits. Source for symmetric ranges: Krishnamoorthi 2018, arXiv 1806.08342.

import { SHIFT } from '../kinds';
import { cell, columnMask } from '../layout';
import { lanesMax } from '../math';

/** The largest whole number of a row. */
const ROW: f32 = 63;
/** Rows whose largest number is below 2⁻¹⁰⁰ become zeros: their factor would be beyond float32. */
const LEAST: f32 = 7.888609052210118e-31;

/** Bytes of one whole number in a row: 8 bits are what the relaxed product multiplies, 16 the plain one. */
// @ts-ignore: decorator
@inline
export function wholeBytes(): usize {
  return ASC_FEATURE_RELAXED_SIMD ? 1 : 2;
}

/**
 * Writes q = round(x · 63 / top) for a row of panels, of two nearest the even one, with top its largest |x|; returns what one of them stands for, top / 63.
 * Relaxed, 64 is added to each: their bytes are 1 to 127.
 */
export function wholeNumbers(row: i32, inputs: i32, x: usize, stride: usize, q: usize): f32 {
  let most = f32x4.splat(0);
  for (let c = 0; c < inputs; c += 4) {
    most = f32x4.max(most, v128.and(f32x4.abs(v128.load(cell(x, row, c, stride))), columnMask(c, inputs)));
  }
  const top = lanesMax(most);
  const factor = f32x4.splat(top >= LEAST && top < Infinity ? ROW / top : 0);
  for (let c = 0; c < inputs; c += 4) {
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(cell(x, row, c, stride)), factor)));
    if (ASC_FEATURE_RELAXED_SIMD) {
      const narrow = i16x8.narrow_i32x4_s(i32x4.add(whole, i32x4.splat(SHIFT)), whole);
      v128.store32_lane(q + <usize>c, i8x16.narrow_i16x8_s(narrow, narrow), 0);
    } else {
      v128.store64_lane(q + (<usize>c << 1), i16x8.narrow_i32x4_s(whole, whole), 0);
    }
  }
  return top / ROW;
}
