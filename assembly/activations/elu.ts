// x, and alpha·(eˣ − 1) for negative x; the derivative follows from the output.

import { exp } from '../math';

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  return v128.bitselect(f32x4.mul(alpha, expMinusOne(x)), x, f32x4.lt(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, y: v128, alpha: v128): v128 {
  return v128.bitselect(dy, f32x4.mul(dy, f32x4.add(y, alpha)), f32x4.gt(y, f32x4.splat(0)));
}

/** eˣ − 1 for x ≤ 0; near 0 by its series, since the difference would cancel there. */
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
