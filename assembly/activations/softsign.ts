// x / (1 + |x|); the derivative, 1 / (1 + |x|)², is computed from the input: from the output it would cancel where |x| is large.

// @ts-ignore: decorator
@inline
export function forward(x: v128, alpha: v128): v128 {
  return f32x4.div(x, f32x4.add(f32x4.splat(1), f32x4.abs(x)));
}

// @ts-ignore: decorator
@inline
export function backward(dy: v128, x: v128, alpha: v128): v128 {
  const d = f32x4.add(f32x4.splat(1), f32x4.abs(x));
  return f32x4.div(dy, f32x4.mul(d, d));
}
