// x·σ(x); the derivative, σ + x·σ·(1 − σ), is computed from the input.

import { sigmoid } from '../math';

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  return f32x4.mul(x, sigmoid(x));
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, x: v128, alpha: v128): v128 {
  const s = sigmoid(x);
  const slope = f32x4.add(s, f32x4.mul(f32x4.mul(x, s), f32x4.sub(f32x4.splat(1), s)));
  return f32x4.mul(dy, slope);
}
