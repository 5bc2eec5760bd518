// Random numbers without state: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"),
// keyed by the seed, with the counter (index, step, purpose). Element i of a matrix takes word i mod 4 of block i / 4, so the
// numbers depend on neither layout, nor threads, nor earlier draws.

import { log } from './math';

const W0: u32 = 0x9e3779b9;
const W1: u32 = 0xbb67ae85;

/** The address of the sixteen words drawn last: four blocks, one after the other. */
export let words: usize = memory.data(64, 64);

/** Changes the address of the words, since each thread has its own. */
export function drawTo(address: usize): void {
  words = address;
}

/** Draws the blocks `index` to `index + 3` into `words`. Each block has a lane. */
export function draw(seed0: u32, seed1: u32, purpose: u32, step: u32, index: u32, last: u32 = 0): void {
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  let c0 = i32x4.add(i32x4.splat(index), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(step), c2 = i32x4.splat(purpose), c3 = i32x4.splat(last);
  for (let round = 0; round < 10; round++) {
    const low0 = i64x2.extmul_low_i32x4_u(c0, m0), high0 = i64x2.extmul_high_i32x4_u(c0, m0);
    const low1 = i64x2.extmul_low_i32x4_u(c2, m1), high1 = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(low1, high1, 1, 3, 5, 7), c1), i32x4.splat(seed0));
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(low0, high0, 1, 3, 5, 7), c3), i32x4.splat(seed1));
    c1 = v128.shuffle<i32>(low1, high1, 0, 2, 4, 6);
    c3 = v128.shuffle<i32>(low0, high0, 0, 2, 4, 6);
    seed0 += W0;
    seed1 += W1;
  }
  const a = v128.shuffle<i32>(c0, c1, 0, 4, 1, 5), b = v128.shuffle<i32>(c2, c3, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(c0, c1, 2, 6, 3, 7), d = v128.shuffle<i32>(c2, c3, 2, 6, 3, 7);
  v128.store(words, v128.shuffle<i32>(a, b, 0, 1, 4, 5));
  v128.store(words, v128.shuffle<i32>(a, b, 2, 3, 6, 7), 16);
  v128.store(words, v128.shuffle<i32>(c, d, 0, 1, 4, 5), 32);
  v128.store(words, v128.shuffle<i32>(c, d, 2, 3, 6, 7), 48);
}

/** Converts four words to floats strictly between −1 and 1: (2k + 1) / 2²⁴ − 1 for the upper 24 bits k, exact and symmetric. */
// @ts-ignore: decorator
@inline
function symmetric(four: v128): v128 {
  const k = i32x4.shr_u(four, 8);
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

/**
 * Draws `count` uniform numbers in (middle − half, middle + half): out[i] is number first + i of the sequence. `first` is a multiple of 16;
 * writes up to the next multiple of 16.
 */
export function fillUniform(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, middle: f32, half: f32,
): void {
  for (let i = 0; i < count; i += 16) {
    draw(seed0, seed1, purpose, step, <u32>(first + i) >> 2);
    for (let at: usize = 0; at < 64; at += 16, out += 16) {
      const u = symmetric(v128.load(words + at));
      v128.store(out, f32x4.add(f32x4.mul(u, f32x4.splat(half)), f32x4.splat(middle)));
    }
  }
}

/** The same for normal numbers with this mean and standard deviation. */
export function fillNormal(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, mean: f32, deviation: f32,
): void {
  for (let i = 0; i < count; i += 16) {
    draw(seed0, seed1, purpose, step, <u32>(first + i) >> 2);
    for (let at: usize = 0; at < 64; at += 16, out += 16) {
      const z = normal(symmetric(v128.load(words + at)));
      v128.store(out, f32x4.add(f32x4.mul(z, f32x4.splat(deviation)), f32x4.splat(mean)));
    }
  }
}

/**
 * y[i] = x[i] / (1 − rate), or 0 with probability `rate`: if word first + i of this purpose and step is below rate·2³². Also the backward
 * pass, applied to gradients. In place if x = y; `count` is a multiple of 16.
 */
export function dropout(
  count: i32, x: usize, y: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, rate: f32,
): void {
  const threshold = i32x4.splat(<u32>(<f64>rate * 4294967296.0));
  const scale = f32x4.splat(1 / (1 - rate));
  for (let i = 0; i < count; i += 16) {
    draw(seed0, seed1, purpose, step, <u32>(first + i) >> 2);
    for (let at: usize = 0; at < 64; at += 16, x += 16, y += 16) {
      const kept = i32x4.ge_u(v128.load(words + at), threshold);
      v128.store(y, v128.and(f32x4.mul(v128.load(x), scale), kept));
    }
  }
}

/** y[i] = x[i] + a normal number with this standard deviation. In place if x = y; `count` is a multiple of 16. */
export function addNoise(
  count: i32, x: usize, y: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, deviation: f32,
): void {
  for (let i = 0; i < count; i += 16) {
    draw(seed0, seed1, purpose, step, <u32>(first + i) >> 2);
    for (let at: usize = 0; at < 64; at += 16, x += 16, y += 16) {
      const z = normal(symmetric(v128.load(words + at)));
      v128.store(y, f32x4.add(v128.load(x), f32x4.mul(z, f32x4.splat(deviation))));
    }
  }
}

/**
 * Shuffles `count` i32 in place, by Fisher and Yates: for i from the last to the second, swaps i with ⌊word·(i + 1) / 2³²⌋, the
 * words of all blocks in order.
 */
export function shuffle(count: i32, order: usize, seed0: u32, seed1: u32, purpose: u32, step: u32): void {
  let drawn: u32 = 0;
  for (let i = count - 1; i > 0; i--, drawn++) {
    if ((drawn & 15) == 0) draw(seed0, seed1, purpose, step, drawn >> 2);
    const word = load<u32>(words + (<usize>(drawn & 15) << 2));
    const a = order + (<usize>i << 2);
    const b = order + (<usize>((<u64>word * <u64>(i + 1)) >> 32) << 2);
    const kept = load<i32>(a);
    store<i32>(a, load<i32>(b));
    store<i32>(b, kept);
  }
}
