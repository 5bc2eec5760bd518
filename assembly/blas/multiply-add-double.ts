/** a · b + c for two float64, with two roundings, or, in the relaxed build, with one if the hardware has a fused multiply-add. */
// @ts-ignore: decorator
@inline
export function multiplyAddDouble(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(c, f64x2.mul(a, b));
}
