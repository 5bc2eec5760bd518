// The product of rows and a kernel of whole numbers. Its sums are exact, so that their order does not matter.
//
// A quantized kernel is one block: panels of 16 units, in which a line has four inputs of each unit, and zeros past the last; a line a panel with
// −64 · Σ weights of each unit as int32; and room for ROWS rows of whole numbers. scale and bias have one float a unit, padded to lines.

import { ROWS } from '../kinds';
import { LINE, panelBytes, panels } from '../layout';
import { wholeBytes, wholeNumbers } from './whole';

/**
 * y[rows, units] = (q · kernel) · (size · scale) + bias, where q are a row's whole numbers and `size` is what one of them stands for. x and y are panels that
 * may not overlap; bias may be 0.
 */
export function quantizedForward(
  rows: i32, inputs: i32, units: i32, x: usize, kernel: usize, scale: usize, bias: usize, y: usize,
): void {
  const stride = panelBytes(rows), quads = <usize>((inputs + 3) >> 2), count = panels(units);
  const shifts = kernel + count * quads * LINE;
  // Each row's numbers, then what one of them stands for.
  const q = shifts + count * LINE, rowBytes = quads * 4 * wholeBytes() + 4;
  for (let from = 0; from < rows; from += ROWS) {
    const here = min(ROWS, rows - from);
    for (let row = 0; row < here; row++) {
      const at = q + <usize>row * rowBytes;
      store<f32>(at + rowBytes - 4, wholeNumbers(from + row, inputs, x, stride, at));
    }
    for (let p: usize = 0; p < count; p++) {
      const line = p * LINE;
      for (let row = 0; row < here; row++) {
        const at = q + <usize>row * rowBytes;
        const size = load<f32>(at + rowBytes - 4);
        panelOfRow(quads, at, kernel + line * quads, shifts + line, size, scale + line, bias ? bias + line : 0, y + p * stride + <usize>(from + row) * LINE);
      }
    }
  }
}

/** One row times a panel of 16 units. */
// @ts-ignore: decorator
@inline
function panelOfRow(quads: usize, q: usize, weights: usize, shifts: usize, size: f32, scale: usize, bias: usize, y: usize): void {
  let a: v128, b: v128, c: v128, d: v128;
  if (ASC_FEATURE_RELAXED_SIMD) {
    // Pairs of products add up to at most 2 · 127 · 128, within 16 bits: the hardware's saturation is never met.
    a = v128.load(shifts), b = v128.load(shifts, 16), c = v128.load(shifts, 32), d = v128.load(shifts, 48);
    for (const end = weights + quads * LINE; weights < end; weights += LINE, q += 4) {
      const numbers = v128.load32_splat(q);
      a = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(weights), numbers, a);
      b = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(weights, 16), numbers, b);
      c = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(weights, 32), numbers, c);
      d = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(weights, 48), numbers, d);
    }
  } else {
    // Two sums for each unit.
    let a0 = i32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
    for (const end = weights + quads * LINE; weights < end; weights += LINE, q += 8) {
      const numbers = v128.load64_splat(q);
      let w = v128.load(weights);
      a0 = i32x4.add(a0, low(w, numbers)), a1 = i32x4.add(a1, high(w, numbers));
      w = v128.load(weights, 16);
      b0 = i32x4.add(b0, low(w, numbers)), b1 = i32x4.add(b1, high(w, numbers));
      w = v128.load(weights, 32);
      c0 = i32x4.add(c0, low(w, numbers)), c1 = i32x4.add(c1, high(w, numbers));
      w = v128.load(weights, 48);
      d0 = i32x4.add(d0, low(w, numbers)), d1 = i32x4.add(d1, high(w, numbers));
    }
    a = pairs(a0, a1), b = pairs(b0, b1), c = pairs(c0, c1), d = pairs(d0, d1);
  }
  const one = f32x4.splat(size);
  finish(a, one, scale, bias, y);
  finish(b, one, scale + 16, bias ? bias + 16 : 0, y + 16);
  finish(c, one, scale + 32, bias ? bias + 32 : 0, y + 32);
  finish(d, one, scale + 48, bias ? bias + 48 : 0, y + 48);
}

/** The sums of two products each, of eight weights and four numbers twice. */
// @ts-ignore: decorator
@inline
function low(weights: v128, numbers: v128): v128 {
  return i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(weights), numbers);
}

// @ts-ignore: decorator
@inline
function high(weights: v128, numbers: v128): v128 {
  return i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(weights), numbers);
}

/** The sums of neighbours. */
// @ts-ignore: decorator
@inline
function pairs(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}

// @ts-ignore: decorator
@inline
function finish(sum: v128, size: v128, scale: usize, bias: usize, y: usize): void {
  let v = f32x4.mul(f32x4.convert_i32x4_s(sum), f32x4.mul(size, v128.load(scale)));
  if (bias) v = f32x4.add(v, v128.load(bias));
  v128.store(y, v);
}
