// log(1 + eˣ); the derivative, the sigmoid, is computed from the input.

import { sigmoid, softplus } from '../math';

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  return softplus(x);
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, x: v128, alpha: v128): v128 {
  return f32x4.mul(dy, sigmoid(x));
}
