// Activations and their derivatives, element by element over whole blocks: `count` floats, a multiple of 16 (padding is
// computed with the rest and never read). Softmax goes row by row at the end. Pairs of functions by kind; a derivative that
// follows from the output takes the output, silu, gelu and softplus take their input.

import { ELU, GELU, LEAKY_RELU, RELU, SIGMOID, SILU, SOFTPLUS, TANH } from './kinds';
import { LINE, panelBytes } from './layout';
import { erf, exp, lanesMax, lanesSum, sigmoid, softplus, tanh } from './math';

const SQRT_HALF: f32 = 0.70710678118654752;
const INVERSE_SQRT_2PI: f32 = 0.39894228040143268;

/** y = f(x), in place where x = y. `alpha` is leakyRelu's slope or elu's scale. */
export function activationForward(kind: i32, count: i32, x: usize, y: usize, alpha: f32): void {
  const end = x + (<usize>count << 2);
  const a = f32x4.splat(alpha);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (kind == RELU) {
    for (; x < end; x += 16, y += 16) v128.store(y, f32x4.pmax(v128.load(x), zero));
  } else if (kind == LEAKY_RELU) {
    for (; x < end; x += 16, y += 16) {
      const v = v128.load(x);
      v128.store(y, v128.bitselect(f32x4.mul(v, a), v, f32x4.lt(v, zero)));
    }
  } else if (kind == SIGMOID) {
    for (; x < end; x += 16, y += 16) v128.store(y, sigmoid(v128.load(x)));
  } else if (kind == TANH) {
    for (; x < end; x += 16, y += 16) v128.store(y, tanh(v128.load(x)));
  } else if (kind == ELU) {
    for (; x < end; x += 16, y += 16) {
      const v = v128.load(x);
      v128.store(y, v128.bitselect(f32x4.mul(a, expMinusOne(v)), v, f32x4.lt(v, zero)));
    }
  } else if (kind == SOFTPLUS) {
    for (; x < end; x += 16, y += 16) v128.store(y, softplus(v128.load(x)));
  } else if (kind == SILU) {
    for (; x < end; x += 16, y += 16) {
      const v = v128.load(x);
      v128.store(y, f32x4.mul(v, sigmoid(v)));
    }
  } else if (kind == GELU) {
    const half = f32x4.splat(0.5);
    for (; x < end; x += 16, y += 16) {
      const v = v128.load(x);
      v128.store(y, f32x4.mul(f32x4.mul(half, v), f32x4.add(one, erf(f32x4.mul(v, f32x4.splat(SQRT_HALF))))));
    }
  } else unreachable();
}

/** dx = dy · f′, in place where dx = dy. `saved` is f's output, for softplus, silu and gelu its input. */
export function activationBackward(kind: i32, count: i32, saved: usize, dy: usize, dx: usize, alpha: f32): void {
  const end = dy + (<usize>count << 2);
  const a = f32x4.splat(alpha);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (kind == RELU) {
    for (; dy < end; dy += 16, dx += 16, saved += 16) {
      v128.store(dx, v128.and(v128.load(dy), f32x4.gt(v128.load(saved), zero)));
    }
  } else if (kind == LEAKY_RELU) {
    for (; dy < end; dy += 16, dx += 16, saved += 16) {
      const g = v128.load(dy);
      v128.store(dx, v128.bitselect(g, f32x4.mul(g, a), f32x4.gt(v128.load(saved), zero)));
    }
  } else if (kind == SIGMOID) {
    for (; dy < end; dy += 16, dx += 16, saved += 16) {
      const s = v128.load(saved);
      v128.store(dx, f32x4.mul(v128.load(dy), f32x4.mul(s, f32x4.sub(one, s))));
    }
  } else if (kind == TANH) {
    for (; dy < end; dy += 16, dx += 16, saved += 16) {
      const s = v128.load(saved);
      v128.store(dx, f32x4.mul(v128.load(dy), f32x4.sub(one, f32x4.mul(s, s))));
    }
  } else if (kind == ELU) {
    for (; dy < end; dy += 16, dx += 16, saved += 16) {
      const g = v128.load(dy);
      const s = v128.load(saved);
      v128.store(dx, v128.bitselect(g, f32x4.mul(g, f32x4.add(s, a)), f32x4.gt(s, zero)));
    }
  } else if (kind == SOFTPLUS) {
    for (; dy < end; dy += 16, dx += 16, saved += 16) {
      v128.store(dx, f32x4.mul(v128.load(dy), sigmoid(v128.load(saved))));
    }
  } else if (kind == SILU) {
    for (; dy < end; dy += 16, dx += 16, saved += 16) {
      const v = v128.load(saved);
      const s = sigmoid(v);
      // (x·σ)′ = σ + x·σ·(1 − σ)
      const slope = f32x4.add(s, f32x4.mul(f32x4.mul(v, s), f32x4.sub(one, s)));
      v128.store(dx, f32x4.mul(v128.load(dy), slope));
    }
  } else if (kind == GELU) {
    const half = f32x4.splat(0.5);
    for (; dy < end; dy += 16, dx += 16, saved += 16) {
      const v = v128.load(saved);
      // (x·Φ)′ = Φ + x·φ
      const cdf = f32x4.mul(half, f32x4.add(one, erf(f32x4.mul(v, f32x4.splat(SQRT_HALF)))));
      const pdf = f32x4.mul(exp(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(v, v))), f32x4.splat(INVERSE_SQRT_2PI));
      v128.store(dx, f32x4.mul(v128.load(dy), f32x4.add(cdf, f32x4.mul(v, pdf))));
    }
  } else unreachable();
}

/** eˣ − 1 for x ≤ 0: its series near 0, where the difference would cancel. */
// @ts-ignore: decorator
@inline
function expMinusOne(x: v128): v128 {
  let p = f32x4.add(f32x4.mul(f32x4.splat(1.0 / 720), x), f32x4.splat(1.0 / 120));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(1.0 / 24));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(1.0 / 6));
  p = f32x4.add(f32x4.mul(p, x), f32x4.splat(0.5));
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(x, x), p));
  const far = f32x4.sub(exp(x), f32x4.splat(1));
  return v128.bitselect(near, far, f32x4.gt(x, f32x4.splat(-0.25)));
}

/** y = scale·x + offset, in place where x = y. */
export function affine(count: i32, x: usize, y: usize, scale: f32, offset: f32): void {
  const s = f32x4.splat(scale);
  const o = f32x4.splat(offset);
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) {
    v128.store(y, f32x4.add(f32x4.mul(v128.load(x), s), o));
  }
}

/** Lanes below `columns`, for the four columns from `from`. */
// @ts-ignore: decorator
@inline
export function columnMask(from: i32, columns: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4.splat(from), i32x4(0, 1, 2, 3)), i32x4.splat(columns));
}

/** Address of four columns from `from` in row `row` of an activation. */
// @ts-ignore: decorator
@inline
export function cell(x: usize, row: i32, from: i32, stride: usize): usize {
  return x + <usize>(from >> 4) * stride + <usize>row * LINE + (<usize>(from & 15) << 2);
}

/** y[rows, columns] = softmax of each row of x, in place where x = y; padding becomes zero. */
export function softmaxForward(rows: i32, columns: i32, x: usize, y: usize): void {
  softmaxRows(panelBytes(rows), rows, columns, x, y);
}

/** The same for `rows` of the rows of panels that are `stride` bytes apart. */
export function softmaxRows(stride: usize, rows: i32, columns: i32, x: usize, y: usize): void {
  const padded = (columns + 15) & ~15;
  for (let row = 0; row < rows; row++) {
    let top = f32x4.splat(-Infinity);
    for (let c = 0; c < columns; c += 4) {
      const v = v128.load(cell(x, row, c, stride));
      top = f32x4.max(top, v128.bitselect(v, f32x4.splat(-Infinity), columnMask(c, columns)));
    }
    const largest = f32x4.splat(lanesMax(top));
    let sum = f32x4.splat(0);
    for (let c = 0; c < padded; c += 4) {
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

/** dx[rows, columns] = s·(dy − Σ s·dy) for each row of softmax outputs s; in place where dx = dy. */
export function softmaxBackward(rows: i32, columns: i32, s: usize, dy: usize, dx: usize): void {
  softmaxGradientRows(panelBytes(rows), rows, columns, s, dy, dx);
}

/** The same for `rows` of the rows of panels that are `stride` bytes apart. */
export function softmaxGradientRows(stride: usize, rows: i32, columns: i32, s: usize, dy: usize, dx: usize): void {
  for (let row = 0; row < rows; row++) {
    let dot = f32x4.splat(0);
    for (let c = 0; c < columns; c += 4) {
      dot = f32x4.add(dot, f32x4.mul(v128.load(cell(s, row, c, stride)), v128.load(cell(dy, row, c, stride))));
    }
    const total = f32x4.splat(lanesSum(dot));
    for (let c = 0; c < columns; c += 4) {
      const v = f32x4.sub(v128.load(cell(dy, row, c, stride)), total);
      v128.store(cell(dx, row, c, stride), f32x4.mul(v128.load(cell(s, row, c, stride)), v));
    }
  }
}
