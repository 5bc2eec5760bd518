// x − tanh(x); the derivative, tanh²(x), is computed from the input.

import { tanh } from '../math';

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  return f32x4.sub(x, tanh(x));
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, x: v128, alpha: v128): v128 {
  const t = tanh(x);
  return f32x4.mul(dy, f32x4.mul(t, t));
}
