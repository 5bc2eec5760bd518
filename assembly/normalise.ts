// Batch normalization (Ioffe, Szegedy 2015, arXiv 1502.03167) over panels [rows, columns]: each column by its mean and its biased
// variance over the batch, with the sums over rows of sums.ts. Vectors over the columns (gamma, beta, means, variances) have one line a panel.

import { LINE, panelBytes, panels } from './layout';
import { high, join, low, rowBlock } from './sums';

/**
 * y = gamma·(x − mean)·inverse + beta, inverse = 1 / √(variance + epsilon). Stores mean and inverse for the backward pass, and the variance
 * for batchNormMove. If the variance overflows float32, y is NaN: dividing by infinity would give beta. `rows` ≥ 2; `y` may not overlap `x`.
 */
export function batchNormForward(
  rows: i32, columns: i32, x: usize, y: usize, gamma: usize, beta: usize, mean: usize, inverse: usize, variance: usize, epsilon: f32,
): void {
  const stride = panelBytes(rows), block = <usize>rowBlock(rows) * LINE;
  const n = f32x4.splat(<f32>rows), zero = f32x4.splat(0);
  for (let p: usize = 0, count = panels(columns); p < count; p++) {
    for (let lane: usize = 0; lane < LINE; lane += 16) {
      const at = p * LINE + lane;
      const from = x + p * stride + lane;
      const end = from + <usize>rows * LINE;
      let lower = zero, upper = zero;
      for (let a = from; a < end; ) {
        let sum = zero;
        for (const stop = min(end, a + block); a < stop; a += LINE) sum = f32x4.add(sum, v128.load(a));
        lower = f64x2.add(lower, low(sum)), upper = f64x2.add(upper, high(sum));
      }
      const center = f32x4.div(join(lower, upper), n);
      lower = zero, upper = zero;
      for (let a = from; a < end; ) {
        let squares = zero;
        for (const stop = min(end, a + block); a < stop; a += LINE) {
          const d = f32x4.sub(v128.load(a), center);
          squares = f32x4.add(squares, f32x4.mul(d, d));
        }
        lower = f64x2.add(lower, low(squares)), upper = f64x2.add(upper, high(squares));
      }
      const spread = f32x4.div(join(lower, upper), n);
      // Makes the scale NaN if the variance has overflowed, since ∞·0 is NaN.
      const root = f32x4.sqrt(f32x4.add(spread, f32x4.splat(epsilon)));
      const scale = f32x4.add(f32x4.div(f32x4.splat(1), root), f32x4.mul(spread, zero));
      v128.store(mean + at, center);
      v128.store(inverse + at, scale);
      v128.store(variance + at, spread);
      scaleAndShift(from, end, y + p * stride + lane, center, f32x4.mul(scale, v128.load(gamma + at)), v128.load(beta + at));
    }
  }
}

/** moving = momentum·moving + (1 − momentum)·batch, with the unbiased variance. Called once the batch has been accepted. */
export function batchNormMove(
  rows: i32, columns: i32, mean: usize, variance: usize, movingMean: usize, movingVariance: usize, momentum: f32,
): void {
  const unbiased = f32x4.splat(<f32>rows / <f32>(rows - 1));
  const keep = f32x4.splat(momentum), take = f32x4.splat(1 - momentum);
  for (let at: usize = 0, end = panels(columns) * LINE; at < end; at += 16) {
    const middle = movingMean + at, spread = movingVariance + at;
    v128.store(middle, f32x4.add(f32x4.mul(keep, v128.load(middle)), f32x4.mul(take, v128.load(mean + at))));
    const moved = f32x4.mul(take, f32x4.mul(v128.load(variance + at), unbiased));
    v128.store(spread, f32x4.add(f32x4.mul(keep, v128.load(spread)), moved));
  }
}

/** The y of batchNormForward, with the moving mean and variance in place of the batch's. */
export function batchNormInference(
  rows: i32, columns: i32, x: usize, y: usize, gamma: usize, beta: usize, movingMean: usize, movingVariance: usize, epsilon: f32,
): void {
  const stride = panelBytes(rows);
  for (let p: usize = 0, count = panels(columns); p < count; p++) {
    for (let lane: usize = 0; lane < LINE; lane += 16) {
      const at = p * LINE + lane;
      const from = x + p * stride + lane;
      const variance = f32x4.add(v128.load(movingVariance + at), f32x4.splat(epsilon));
      const slope = f32x4.div(v128.load(gamma + at), f32x4.sqrt(variance));
      const end = from + <usize>rows * LINE;
      scaleAndShift(from, end, y + p * stride + lane, v128.load(movingMean + at), slope, v128.load(beta + at));
    }
  }
}

// @ts-ignore: decorator
@inline
function scaleAndShift(from: usize, end: usize, to: usize, center: v128, slope: v128, shift: v128): void {
  for (let a = from; a < end; a += LINE, to += LINE) {
    v128.store(to, f32x4.add(f32x4.mul(f32x4.sub(v128.load(a), center), slope), shift));
  }
}

/**
 * dbeta = Σ dy; dgamma = Σ dy·x̂; dx = gamma·inverse / rows · (rows·dy − dbeta − x̂·dgamma), with x̂ = (x − mean)·inverse. In place if dx = dy; `dx` may be 0 if it is not needed.
 */
export function batchNormBackward(
  rows: i32, columns: i32, x: usize, dy: usize, dx: usize, gamma: usize, mean: usize, inverse: usize, dgamma: usize, dbeta: usize,
): void {
  const stride = panelBytes(rows), block = <usize>rowBlock(rows) * LINE;
  const share = f32x4.splat(1 / <f32>rows), zero = f32x4.splat(0);
  for (let p: usize = 0, count = panels(columns); p < count; p++) {
    for (let lane: usize = 0; lane < LINE; lane += 16) {
      const at = p * LINE + lane;
      const from = x + p * stride + lane;
      const end = from + <usize>rows * LINE;
      const center = v128.load(mean + at), scale = v128.load(inverse + at);
      let g = dy + p * stride + lane;
      let slopeLow = zero, slopeHigh = zero, shiftLow = zero, shiftHigh = zero;
      for (let a = from; a < end; ) {
        let slopes = zero, shifts = zero;
        for (const stop = min(end, a + block); a < stop; a += LINE, g += LINE) {
          const gradient = v128.load(g);
          shifts = f32x4.add(shifts, gradient);
          slopes = f32x4.add(slopes, f32x4.mul(gradient, f32x4.mul(f32x4.sub(v128.load(a), center), scale)));
        }
        slopeLow = f64x2.add(slopeLow, low(slopes)), slopeHigh = f64x2.add(slopeHigh, high(slopes));
        shiftLow = f64x2.add(shiftLow, low(shifts)), shiftHigh = f64x2.add(shiftHigh, high(shifts));
      }
      const slope = join(slopeLow, slopeHigh), shift = join(shiftLow, shiftHigh);
      v128.store(dgamma + at, slope);
      v128.store(dbeta + at, shift);
      if (!dx) continue;
      const factor = f32x4.mul(v128.load(gamma + at), scale);
      const meanShift = f32x4.mul(shift, share);
      const meanSlope = f32x4.mul(f32x4.mul(slope, share), scale);
      g = dy + p * stride + lane;
      let to = dx + p * stride + lane;
      for (let a = from; a < end; a += LINE, g += LINE, to += LINE) {
        const pull = f32x4.mul(f32x4.sub(v128.load(a), center), meanSlope);
        v128.store(to, f32x4.mul(f32x4.sub(f32x4.sub(v128.load(g), meanShift), pull), factor));
      }
    }
  }
}
