// x·Φ(x), where Φ is the normal distribution function; the derivative, Φ + x·φ, is computed from the input.

import { erf, exp } from '../math';

const SQRT_HALF: f32 = 0.70710678118654752;
const INVERSE_SQRT_2PI: f32 = 0.39894228040143268;

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  const half = f32x4.splat(0.5);
  return f32x4.mul(f32x4.mul(half, x), f32x4.add(f32x4.splat(1), erf(f32x4.mul(x, f32x4.splat(SQRT_HALF)))));
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, x: v128, alpha: v128): v128 {
  const cdf = f32x4.mul(f32x4.splat(0.5), f32x4.add(f32x4.splat(1), erf(f32x4.mul(x, f32x4.splat(SQRT_HALF)))));
  const pdf = f32x4.mul(exp(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(x, x))), f32x4.splat(INVERSE_SQRT_2PI));
  return f32x4.mul(dy, f32x4.add(cdf, f32x4.mul(x, pdf)));
}
