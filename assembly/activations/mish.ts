// x·tanh(softplus(x)) (Misra 2019, arXiv 1908.08681); the derivative, tanh(softplus) + x·sech²(softplus)·σ, is computed from the input.
// With t = e^−|x|, tanh(softplus(x)) is (1 + 2t) / (1 + 2t + 2t²) for x ≥ 0 and (t² + 2t) / (t² + 2t + 2) below: one exponential, no overflow, no cancellation.

import { exp } from '../math';

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  const t = exp(f32x4.neg(f32x4.abs(x)));
  const positive = f32x4.ge(x, f32x4.splat(0));
  const n = numerator(t, positive);
  return f32x4.mul(x, f32x4.div(n, f32x4.add(n, rest(t, positive))));
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, x: v128, alpha: v128): v128 {
  const t = exp(f32x4.neg(f32x4.abs(x)));
  const positive = f32x4.ge(x, f32x4.splat(0));
  const n = numerator(t, positive), d = f32x4.add(n, rest(t, positive));
  // sech²(softplus)·σ is 4·t·(1 + t) / d², and for x ≥ 0 also times t.
  const power = v128.bitselect(f32x4.mul(t, t), t, positive);
  const bend = f32x4.div(f32x4.mul(f32x4.mul(f32x4.splat(4), power), f32x4.add(f32x4.splat(1), t)), f32x4.mul(d, d));
  return f32x4.mul(dy, f32x4.add(f32x4.div(n, d), f32x4.mul(x, bend)));
}

/** The numerator of tanh(softplus(x)). Its denominator is the numerator plus `rest`. */
// @ts-ignore: decorator
@inline
function numerator(t: v128, positive: v128): v128 {
  const twice = f32x4.add(t, t);
  return f32x4.add(twice, v128.bitselect(f32x4.splat(1), f32x4.mul(t, t), positive));
}

// @ts-ignore: decorator
@inline
function rest(t: v128, positive: v128): v128 {
  return v128.bitselect(f32x4.mul(f32x4.add(t, t), t), f32x4.splat(2), positive);
}
