// The hyperbolic tangent; the derivative follows from the output.

import { tanh } from '../math';

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  return tanh(x);
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, y: v128, alpha: v128): v128 {
  return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
}
