// 1 / (1 + e⁻ˣ); the derivative follows from the output.

import { sigmoid } from '../math';

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  return sigmoid(x);
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, y: v128, alpha: v128): v128 {
  return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
}
