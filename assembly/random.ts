// Random numbers without state: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"),
// keyed by the seed and counted by (index, step, purpose). Element i of a matrix takes word i mod 4 of block i / 4, so what
// is drawn depends on neither layout, nor threads, nor what was drawn before.

import { log } from './math';

const M0: u64 = 0xd2511f53;
const M1: u64 = 0xcd9e8d57;
const W0: u32 = 0x9e3779b9;
const W1: u32 = 0xbb67ae85;

/** Ten rounds over a counter of four words and a key of two; the result takes the counter's place. */
export function philox(counter: usize, key0: u32, key1: u32): void {
  let c0 = load<u32>(counter), c1 = load<u32>(counter, 4), c2 = load<u32>(counter, 8), c3 = load<u32>(counter, 12);
  for (let round = 0; round < 10; round++) {
    const product0 = M0 * <u64>c0;
    const product1 = M1 * <u64>c2;
    c0 = <u32>(product1 >> 32) ^ c1 ^ key0;
    c2 = <u32>(product0 >> 32) ^ c3 ^ key1;
    c1 = <u32>product1;
    c3 = <u32>product0;
    key0 += W0;
    key1 += W1;
  }
  store<u32>(counter, c0);
  store<u32>(counter, c1, 4);
  store<u32>(counter, c2, 8);
  store<u32>(counter, c3, 12);
}

const block = memory.data(16, 16);

/** Four words to four floats strictly between −1 and 1: (2k + 1) / 2²⁴ − 1 for the upper 24 bits k, exact and symmetric. */
// @ts-ignore: decorator
@inline
function symmetric(): v128 {
  const k = i32x4.shr_u(v128.load(block), 8);
  const odd = f32x4.convert_i32x4_s(i32x4.sub(i32x4.add(i32x4.shl(k, 1), i32x4.splat(1)), i32x4.splat(1 << 24)));
  return f32x4.mul(odd, f32x4.splat(1.0 / 16777216.0));
}

/**
 * √2 · inverse error function, which turns a uniform number in (−1, 1) into a standard normal one (Giles 2010,
 * "Approximating the erfinv function", single precision).
 */
function normal(u: v128): v128 {
  const one = f32x4.splat(1);
  let w = f32x4.neg(log(f32x4.mul(f32x4.sub(one, u), f32x4.add(one, u))));
  const central = f32x4.lt(w, f32x4.splat(5));
  const a = f32x4.sub(w, f32x4.splat(2.5));
  w = f32x4.sub(f32x4.sqrt(w), f32x4.splat(3));
  let p = f32x4.splat(2.81022636e-8);
  p = f32x4.add(f32x4.splat(3.43273939e-7), f32x4.mul(p, a));
  p = f32x4.add(f32x4.splat(-3.5233877e-6), f32x4.mul(p, a));
  p = f32x4.add(f32x4.splat(-4.39150654e-6), f32x4.mul(p, a));
  p = f32x4.add(f32x4.splat(0.00021858087), f32x4.mul(p, a));
  p = f32x4.add(f32x4.splat(-0.00125372503), f32x4.mul(p, a));
  p = f32x4.add(f32x4.splat(-0.00417768164), f32x4.mul(p, a));
  p = f32x4.add(f32x4.splat(0.246640727), f32x4.mul(p, a));
  p = f32x4.add(f32x4.splat(1.50140941), f32x4.mul(p, a));
  let q = f32x4.splat(-0.000200214257);
  q = f32x4.add(f32x4.splat(0.000100950558), f32x4.mul(q, w));
  q = f32x4.add(f32x4.splat(0.00134934322), f32x4.mul(q, w));
  q = f32x4.add(f32x4.splat(-0.00367342844), f32x4.mul(q, w));
  q = f32x4.add(f32x4.splat(0.00573950773), f32x4.mul(q, w));
  q = f32x4.add(f32x4.splat(-0.0076224613), f32x4.mul(q, w));
  q = f32x4.add(f32x4.splat(0.00943887047), f32x4.mul(q, w));
  q = f32x4.add(f32x4.splat(1.00167406), f32x4.mul(q, w));
  q = f32x4.add(f32x4.splat(2.83297682), f32x4.mul(q, w));
  const y = f32x4.mul(v128.bitselect(p, q, central), u);
  return f32x4.mul(y, f32x4.splat(1.41421356237309505));
}

/** The four symmetric numbers of block `index`. */
// @ts-ignore: decorator
@inline
function draw(seed0: u32, seed1: u32, purpose: u32, step: u32, index: u32): v128 {
  store<u32>(block, index);
  store<u32>(block, step, 4);
  store<u32>(block, purpose, 8);
  store<u32>(block, 0, 12);
  philox(block, seed0, seed1);
  return symmetric();
}

/** out[i] uniform in (middle − half, middle + half), for `count` floats; writes up to the next multiple of 4. */
export function fillUniform(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, middle: f32, half: f32,
): void {
  for (let i = 0; i < count; i += 4, out += 16) {
    const u = draw(seed0, seed1, purpose, step, <u32>i >> 2);
    v128.store(out, f32x4.add(f32x4.mul(u, f32x4.splat(half)), f32x4.splat(middle)));
  }
}

/** out[i] normal with this mean and standard deviation, for `count` floats; writes up to the next multiple of 4. */
export function fillNormal(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, mean: f32, deviation: f32,
): void {
  for (let i = 0; i < count; i += 4, out += 16) {
    const z = normal(draw(seed0, seed1, purpose, step, <u32>i >> 2));
    v128.store(out, f32x4.add(f32x4.mul(z, f32x4.splat(deviation)), f32x4.splat(mean)));
  }
}
