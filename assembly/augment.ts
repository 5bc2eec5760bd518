// Augments a batch of images (row-major floats [rows, height × width]), and draws the weights for mixing rows. Each row draws from the counter
// (first + row, step, purpose), so the numbers do not depend on the batch's layout.

import { exp, log } from './math';
import { words, draw } from './random';

/** The i-th of the words drawn last, as a number in [0, 1) with 24 bits. */
// @ts-ignore: decorator
@inline
function share(i: usize): f32 {
  return <f32>(load<u32>(words + (i << 2)) >> 8) * <f32>(1.0 / 16777216.0);
}

/** Shifts each image horizontally and vertically by uniformly drawn numbers of pixels, at most `most`; fills with 0. `out` may not overlap `x`. */
export function shiftImages(
  rows: i32, width: i32, height: i32, x: usize, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: u32, most: i32,
): void {
  const image = <usize>(width * height) << 2;
  memory.fill(out, 0, <usize>rows * image);
  for (let row = 0; row < rows; row++, x += image, out += image) {
    draw(seed0, seed1, purpose, step, first + <u32>row);
    const choices: i32 = 2 * most + 1;
    const right = <i32>(share(0) * <f32>choices) - most;
    const down = <i32>(share(1) * <f32>choices) - most;
    const count = width - abs(right);
    if (count <= 0) continue;
    for (let v = max(0, down), end = min(height, height + down); v < end; v++) {
      const to = out + (<usize>(v * width + max(0, right)) << 2);
      memory.copy(to, x + (<usize>((v - down) * width + max(0, -right)) << 2), <usize>count << 2);
    }
  }
}

/** Rotates each image about its centre by a uniformly drawn angle of up to ±`radians`, with bilinear interpolation; 0 outside. `out` may not overlap `x`. */
export function rotateImages(
  rows: i32, width: i32, height: i32, x: usize, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: u32, radians: f32,
): void {
  const image = <usize>(width * height) << 2;
  const middleU = <f32>(width - 1) * 0.5, middleV = <f32>(height - 1) * 0.5;
  for (let row = 0; row < rows; row++, x += image, out += image) {
    draw(seed0, seed1, purpose, step, first + <u32>row);
    const angle: f32 = (share(0) - 0.5) * 2 * radians;
    const c: f32 = cosine(angle);
    const s: f32 = sine(angle);
    for (let v = 0; v < height; v++) {
      for (let u = 0; u < width; u++) {
        const du = <f32>u - middleU, dv = <f32>v - middleV;
        const value = bilinear(x, width, height, c * du + s * dv + middleU, c * dv - s * du + middleV);
        store<f32>(out + (<usize>(v * width + u) << 2), value);
      }
    }
  }
}

function bilinear(x: usize, width: i32, height: i32, u: f32, v: f32): f32 {
  const left = Mathf.floor(u), top = Mathf.floor(v);
  const a = u - left, b = v - top;
  const i = <i32>left, j = <i32>top;
  const upper = pixel(x, width, height, i, j) * (1 - a) + pixel(x, width, height, i + 1, j) * a;
  const lower = pixel(x, width, height, i, j + 1) * (1 - a) + pixel(x, width, height, i + 1, j + 1) * a;
  return upper * (1 - b) + lower * b;
}

// @ts-ignore: decorator
@inline
function pixel(x: usize, width: i32, height: i32, u: i32, v: i32): f32 {
  return u >= 0 && v >= 0 && u < width && v < height ? load<f32>(x + (<usize>(v * width + u) << 2)) : 0;
}

/** The sine of angles up to π by its series, within 2e-6. */
function sine(x: f32): f32 {
  const z: f32 = x * x;
  let p: f32 = 1.0 / 6227020800.0;
  p = p * z - <f32>(1.0 / 39916800.0);
  p = p * z + <f32>(1.0 / 362880.0);
  p = p * z - <f32>(1.0 / 5040.0);
  p = p * z + <f32>(1.0 / 120.0);
  p = p * z - <f32>(1.0 / 6.0);
  return x + x * z * p;
}

/** The same for the cosine. */
function cosine(x: f32): f32 {
  const z: f32 = x * x;
  let p: f32 = -1.0 / 87178291200.0;
  p = p * z + <f32>(1.0 / 479001600.0);
  p = p * z - <f32>(1.0 / 3628800.0);
  p = p * z + <f32>(1.0 / 40320.0);
  p = p * z - <f32>(1.0 / 720.0);
  p = p * z + <f32>(1.0 / 24.0);
  p = p * z - <f32>0.5;
  return 1 + z * p;
}

/**
 * Draws from Beta(alpha, alpha) by Jöhnk's rejection method (1964): a / (a + b), where a = u^(1/alpha) and b = v^(1/alpha), if a + b ≤ 1.
 * Both are divided by the larger one, so that they do not underflow. One half after 1,000 rejections, which do not happen for alpha up to 4.
 */
export function drawBeta(seed0: u32, seed1: u32, purpose: u32, step: u32, alpha: f32): f32 {
  const above: f32 = 1.0 / 33554432.0;
  for (let trial: u32 = 0; trial < 1000; trial++) {
    draw(seed0, seed1, purpose, step, trial);
    const logs = f32x4.div(log(f32x4(share(0) + above, share(1) + above, 1, 1)), f32x4.splat(alpha));
    // The lanes are a, b and 1, each divided by the larger of a and b.
    const scaled = exp(f32x4.sub(logs, f32x4.splat(max(f32x4.extract_lane(logs, 0), f32x4.extract_lane(logs, 1)))));
    const a = f32x4.extract_lane(scaled, 0);
    const sum = a + f32x4.extract_lane(scaled, 1);
    if (sum <= f32x4.extract_lane(scaled, 2)) return a / sum;
  }
  return 0.5;
}
