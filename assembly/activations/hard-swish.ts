// x·min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, arXiv 1905.02244); the derivative, 0 below −3, 1 above 3 and (2x + 3) / 6 between, is computed from the input.

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  return f32x4.mul(x, gate(x));
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, x: v128, alpha: v128): v128 {
  const slope = v128.and(f32x4.mul(x, f32x4.splat(1 / 6)), f32x4.lt(f32x4.abs(x), f32x4.splat(3)));
  return f32x4.mul(dy, f32x4.add(gate(x), slope));
}

/** min(max(x + 3, 0), 6) / 6; pmin and pmax in this order let NaN through. */
// @ts-ignore: decorator
@inline
function gate(x: v128): v128 {
  const c = f32x4.pmax(f32x4.add(x, f32x4.splat(3)), f32x4.splat(0));
  return f32x4.mul(f32x4.pmin(c, f32x4.splat(6)), f32x4.splat(1 / 6));
}
