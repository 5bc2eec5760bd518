// max(x, 0), NaN for NaN; the derivative follows from the output.

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, y: v128, alpha: v128): v128 {
  return v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
}
