// exp, log, log1p, tanh, sigmoid, erf for four floats at a time, from + − × ÷ alone, so that every runtime gives the same bits.
// Coefficients: scripts/fit-polynomials.py (weighted minimax fits of our own). The largest errors, in units in the last
// place of a float32 against float64, are tested in test/assembly/math.test.ts over a dense sweep and all special values.

// @ts-ignore: decorator
@inline
function all(value: f32): v128 {
  return f32x4.splat(value);
}

/** a · b + c, in two roundings. */
// @ts-ignore: decorator
@inline
function step(a: v128, b: v128, c: f32): v128 {
  return f32x4.add(f32x4.mul(a, b), all(c));
}

// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** eˣ within 1 ULP (2 where the result is subnormal); e^(x > 88.73) = ∞, e^(x < −103.98) = 0. */
export function exp(x: v128): v128 {
  // pmin and pmax in this order let NaN through.
  const c = f32x4.pmax(f32x4.pmin(x, all(89)), all(-105));
  // x = n·ln 2 + r, with ln 2 in two parts. The first has few bits, so n times it is exact.
  const n = f32x4.nearest(f32x4.mul(c, all(1.44269504088896341)));
  const r = f32x4.sub(f32x4.sub(c, f32x4.mul(n, all(0.693359375))), f32x4.mul(n, all(-2.12194440e-4)));
  let q = step(all(0.001381446490995586), r, 0.008368780836462975);
  q = step(q, r, 0.04166839271783829);
  q = step(q, r, 0.1666651964187622);
  q = step(q, r, 0.4999999403953552);
  const p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), q), r), all(1));
  // 2ⁿ in two factors, so that neither overflows and a subnormal result is rounded once.
  const i = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(i, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(i, half)));
}

/** Natural logarithm within 1 ULP; log 0 = −∞, log of a negative number is NaN. */
export function log(x: v128): v128 {
  // Scale subnormal numbers to normal ones.
  const small = f32x4.lt(x, all(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, all(8388608)), x, small);
  // x = 2ᵉ·m, m in [√½, √2)
  const shifted = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  const e = f32x4.sub(f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23)), v128.and(small, all(23)));
  const m = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const f = f32x4.sub(m, all(1));
  let p = step(all(-0.07634429633617401), f, 0.12761549651622772);
  p = step(p, f, -0.131601944565773);
  p = step(p, f, 0.14201761782169342);
  p = step(p, f, -0.16623356938362122);
  p = step(p, f, 0.20001226663589478);
  p = step(p, f, -0.250008225440979);
  p = step(p, f, 0.3333333134651184);
  const ff = f32x4.mul(f, f);
  let y = f32x4.mul(f32x4.mul(p, f), ff);
  y = f32x4.add(y, f32x4.mul(e, all(-2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(ff, all(0.5)));
  y = f32x4.add(f32x4.add(f, y), f32x4.mul(e, all(0.693359375)));
  y = v128.bitselect(all(-Infinity), y, f32x4.eq(x, all(0)));
  // log ∞ = ∞, and log NaN = NaN.
  y = v128.bitselect(y, x, f32x4.lt(x, all(Infinity)));
  return v128.bitselect(all(NaN), y, f32x4.lt(x, all(0)));
}

/** log(1 + u) for finite u ≥ 0, within 3 ULP: the rounding of 1 + u is corrected to first order. */
export function log1p(u: v128): v128 {
  const w = f32x4.add(u, all(1));
  return f32x4.add(log(w), f32x4.div(f32x4.sub(u, f32x4.sub(w, all(1))), w));
}

/** Hyperbolic tangent within 2 ULP. */
export function tanh(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = step(all(-0.00560390530154109), z, 0.020551711320877075);
  p = step(p, z, -0.05371410399675369);
  p = step(p, z, 0.13331152498722076);
  p = step(p, z, -0.33333271741867065);
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(p, z), x));
  const far = f32x4.sub(all(1), f32x4.div(all(2), f32x4.add(exp(f32x4.add(a, a)), all(1))));
  const y = v128.bitselect(near, far, f32x4.lt(a, all(0.625)));
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}

/** 1 / (1 + e⁻ˣ) within 3 ULP, without overflow for either sign. */
export function sigmoid(x: v128): v128 {
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const negative = f32x4.lt(x, all(0));
  return f32x4.div(v128.bitselect(e, all(1), negative), f32x4.add(all(1), e));
}

/** log(1 + eˣ) within 4 ULP. */
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.max(x, all(0)), log1p(exp(f32x4.neg(f32x4.abs(x)))));
}

/** Error function within 2 ULP. */
export function erf(x: v128): v128 {
  const a = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = step(all(7.853857823647559e-5), z, -0.0008010192541405559);
  p = step(p, z, 0.005188327748328447);
  p = step(p, z, -0.026853810995817184);
  p = step(p, z, 0.1128358542919159);
  p = step(p, z, -0.3761262595653534);
  p = step(p, z, 0.12837916612625122);
  const near = f32x4.add(x, f32x4.mul(p, x));
  // erf = 1 − e^−g(|x|); from 3.95 on it is 1 in float32.
  const t = f32x4.min(a, all(3.95));
  let g = step(all(-0.00018882358563132584), t, 0.0029724417254328728);
  g = step(g, t, -0.021940428763628006);
  g = step(g, t, 0.10332734882831573);
  g = step(g, t, 0.6378830671310425);
  g = step(g, t, 1.1272515058517456);
  g = step(g, t, 0.0003004287136718631);
  const far = f32x4.sub(all(1), exp(f32x4.neg(g)));
  const y = v128.bitselect(near, far, f32x4.lt(a, all(1)));
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}

/** −1, 0 or 1; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function sign(x: v128): v128 {
  const one = v128.or(v128.and(x, i32x4.splat(0x80000000)), all(1));
  return v128.bitselect(one, x, v128.and(f32x4.ne(x, all(0)), f32x4.eq(x, x)));
}

/** The sum of four lanes, in a fixed order. */
// @ts-ignore: decorator
@inline
export function lanesSum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** The largest of four lanes. */
// @ts-ignore: decorator
@inline
export function lanesMax(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}
