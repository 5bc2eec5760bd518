// Functions and arithmetic, float by float, over blocks of `count` floats, a multiple of 4: the caller pads. In place where an input is the output.

import { erf, exp, log1p, sigmoid, softplus, tanh } from '../generated/blas-math';
import { logFloats } from './log';

export const EXP = 0;
export const LOG = 1;
export const ERF = 2;
export const LOG1P = 3;
export const SQRT = 4;
export const ABS = 5;
export const NEGATE = 6;
export const SQUARE = 7;
export const SIGMOID = 8;
export const TANH = 9;
export const SOFTPLUS = 10;

/** y = f(x). */
export function map(kind: i32, count: i32, x: usize, y: usize): void {
  const end = x + (<usize>count << 2);
  if (kind == EXP) for (; x < end; x += 16, y += 16) v128.store(y, exp(v128.load(x)));
  else if (kind == LOG) logFloats(count, x, y);
  else if (kind == ERF) for (; x < end; x += 16, y += 16) v128.store(y, erf(v128.load(x)));
  else if (kind == LOG1P) for (; x < end; x += 16, y += 16) v128.store(y, log1pOfAny(v128.load(x)));
  else if (kind == SIGMOID) for (; x < end; x += 16, y += 16) v128.store(y, sigmoid(v128.load(x)));
  else if (kind == TANH) for (; x < end; x += 16, y += 16) v128.store(y, tanh(v128.load(x)));
  else if (kind == SOFTPLUS) for (; x < end; x += 16, y += 16) v128.store(y, softplus(v128.load(x)));
  else if (kind == SQRT) for (; x < end; x += 16, y += 16) v128.store(y, f32x4.sqrt(v128.load(x)));
  else if (kind == ABS) for (; x < end; x += 16, y += 16) v128.store(y, f32x4.abs(v128.load(x)));
  else if (kind == NEGATE) for (; x < end; x += 16, y += 16) v128.store(y, f32x4.neg(v128.load(x)));
  else if (kind == SQUARE) for (; x < end; x += 16, y += 16) v128.store(y, f32x4.mul(v128.load(x), v128.load(x)));
  else unreachable();
}

/** log(1 + x) also for ∞ and −0, which it leaves as they are. */
// @ts-ignore: decorator
@inline
function log1pOfAny(x: v128): v128 {
  return v128.bitselect(x, log1p(x), f32x4.eq(x, f32x4.add(x, f32x4.abs(x))));
}

export const ADD = 0;
export const SUBTRACT = 1;
export const MULTIPLY = 2;
export const DIVIDE = 3;
export const MINIMUM = 4;
export const MAXIMUM = 5;

/** z = x ∘ y. A NaN in either makes a NaN. */
export function combine(kind: i32, count: i32, x: usize, y: usize, z: usize): void {
  const end = x + (<usize>count << 2);
  for (; x < end; x += 16, y += 16, z += 16) v128.store(z, apply(kind, v128.load(x), v128.load(y)));
}

/** z[rows, columns] = x[rows, columns] ∘ y[columns], for each row; `columns` may be any number. */
export function combineRows(kind: i32, rows: i32, columns: i32, x: usize, y: usize, z: usize): void {
  const whole = <usize>(columns & ~3) << 2, width = <usize>columns << 2;
  for (let row = 0; row < rows; row++, x += width, z += width) {
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(z + i, apply(kind, v128.load(x + i), v128.load(y + i)));
    for (; i < width; i += 4) {
      store<f32>(z + i, f32x4.extract_lane(apply(kind, v128.load32_zero(x + i), v128.load32_zero(y + i)), 0));
    }
  }
}

// @ts-ignore: decorator
@inline
function apply(kind: i32, a: v128, b: v128): v128 {
  if (kind == ADD) return f32x4.add(a, b);
  if (kind == SUBTRACT) return f32x4.sub(a, b);
  if (kind == MULTIPLY) return f32x4.mul(a, b);
  if (kind == DIVIDE) return f32x4.div(a, b);
  if (kind == MINIMUM) return f32x4.min(a, b);
  return f32x4.max(a, b);
}
