// Losses and their gradients, row by row over panels. Every loss is a mean over rows; `gradient` is its derivative by the
// prediction (by the logits if fused), so it includes 1 / rows and the row's weight. Padding of the gradient becomes zero.

import {
  BINARY, BINARY_LOGITS, CATEGORICAL, CATEGORICAL_LOGITS, CATEGORICAL_LOGS, HALF_SQUARED, HUBER, LOG_COSH, MEAN_ABSOLUTE,
  MEAN_SQUARED,
} from './kinds';
import { cell, columnMask, padded, panelBytes } from './layout';
import { exp, lanesMax, lanesSum, log, log1p, sign, tanh } from './math';

/** Crossentropies that are not computed from logits clip probabilities at this distance from 0, and the binary one also from 1; Keras's epsilon. */
const EPSILON: f32 = 1e-7;

/**
 * Sum over the rows of weight · loss. `predicted` and `target` are panels [rows, outputs]; `weights` has one float a row, or is 0 for
 * ones; `gradient` may be 0 if it is not needed; `rowLosses` receives one float a row, and these are summed in order in
 * float64. Kinds with logits replace the logits in `predicted` with probabilities.
 */
export function loss(
  kind: i32, rows: i32, outputs: i32, predicted: usize, target: usize, weights: usize, gradient: usize, rowLosses: usize,
): f64 {
  lossRows(kind, 0, rows, rows, outputs, predicted, target, weights, gradient, rowLosses);
  return total(rows, rowLosses);
}

/** Computes the losses and gradients of the rows from `first` to `end`. */
export function lossRows(
  kind: i32, first: i32, end: i32, rows: i32, outputs: i32, predicted: usize, target: usize, weights: usize, gradient: usize,
  rowLosses: usize,
): void {
  const ofRow = kind == HALF_SQUARED || kind == CATEGORICAL || kind == CATEGORICAL_LOGITS || kind == CATEGORICAL_LOGS;
  const perOutput: f32 = ofRow ? 1 : 1 / <f32>outputs;
  if (kind == CATEGORICAL_LOGITS) {
    // Four rows at a time: a logarithm takes as long for one number as for four.
    for (let row = first; row < end; row += 4) {
      let sums = f32x4.splat(1), masses = f32x4.splat(0), dots = f32x4.splat(0);
      for (let lane = 0; lane < 4; lane++) {
        sums = turn(sums);
        masses = turn(masses);
        dots = turn(dots);
        if (row + lane >= end) continue;
        const scale = f32x4.splat(weightOf(weights, row + lane) / <f32>rows);
        sums = f32x4.replace_lane(sums, 3, crossentropyOfLogits(row + lane, rows, outputs, predicted, target, gradient, scale));
        masses = f32x4.replace_lane(masses, 3, rowMass);
        dots = f32x4.replace_lane(dots, 3, rowDot);
      }
      let values = f32x4.sub(f32x4.mul(masses, log(sums)), dots);
      for (let lane = 0; lane < 4 && row + lane < end; lane++, values = turn(values)) {
        store<f32>(rowLosses + (<usize>(row + lane) << 2), weightOf(weights, row + lane) * f32x4.extract_lane(values, 0));
      }
    }
    return;
  }
  for (let row = first; row < end; row++) {
    const weight = weightOf(weights, row);
    const scale = f32x4.splat((weight * perOutput) / <f32>rows);
    const value = elementwise(kind, row, rows, outputs, predicted, target, gradient, scale);
    store<f32>(rowLosses + (<usize>row << 2), weight * perOutput * value);
  }
}

/** The weight of a row. */
// @ts-ignore: decorator
@inline
function weightOf(weights: usize, row: i32): f32 {
  return weights ? load<f32>(weights + (<usize>row << 2)) : 1;
}

/** Rotates the lanes: 1, 2, 3, 0. */
// @ts-ignore: decorator
@inline
function turn(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 1, 2, 3, 0);
}

/** The sum of the rows' losses, in order. */
export function total(rows: i32, rowLosses: usize): f64 {
  let sum: f64 = 0;
  for (let row: usize = 0; row < <usize>rows; row++) sum += <f64>load<f32>(rowLosses + (row << 2));
  return sum;
}

/** Further results of `crossentropyOfLogits`: Σt and Σ t·(z−max). */
let rowMass: f32 = 0;
let rowDot: f32 = 0;

/**
 * The parts of a row's loss −Σ t·log softmax(z) = Σt·log Σe^(z−max) − Σ t·(z−max), and its gradient, softmax·Σt − t. Returns Σe^(z−max), and
 * replaces the logits with probabilities.
 */
function crossentropyOfLogits(
  row: i32, rows: i32, outputs: i32, predicted: usize, target: usize, gradient: usize, scale: v128,
): f32 {
  const stride = panelBytes(rows);
  let top = f32x4.splat(-Infinity);
  for (let c = 0; c < outputs; c += 4) {
    const z = v128.load(cell(predicted, row, c, stride));
    top = f32x4.max(top, v128.bitselect(z, f32x4.splat(-Infinity), columnMask(c, outputs)));
  }
  const largest = f32x4.splat(lanesMax(top));
  let sum = f32x4.splat(0);
  let mass = f32x4.splat(0);
  let dot = f32x4.splat(0);
  for (let c = 0; c < outputs; c += 4) {
    const mask = columnMask(c, outputs);
    const at = cell(predicted, row, c, stride);
    const z = v128.and(f32x4.sub(v128.load(at), largest), mask);
    const t = v128.load(cell(target, row, c, stride));
    const e = v128.and(exp(z), mask);
    sum = f32x4.add(sum, e);
    mass = f32x4.add(mass, t);
    // 0·−∞ would be NaN where a logit is −∞ and its target 0.
    dot = f32x4.add(dot, v128.andnot(f32x4.mul(t, z), f32x4.eq(t, f32x4.splat(0))));
    v128.store(at, e);
  }
  const whole = lanesSum(sum);
  const total = f32x4.splat(whole);
  rowMass = lanesSum(mass);
  rowDot = lanesSum(dot);
  const all = f32x4.splat(rowMass);
  for (let c = 0; c < padded(outputs); c += 4) {
    const at = cell(predicted, row, c, stride);
    let p = f32x4.splat(0), g = p;
    if (c < outputs) {
      p = f32x4.div(v128.load(at), total);
      g = f32x4.mul(f32x4.sub(f32x4.mul(p, all), v128.load(cell(target, row, c, stride))), scale);
    }
    v128.store(at, p);
    if (gradient) v128.store(cell(gradient, row, c, stride), g);
  }
  return whole;
}

function elementwise(
  kind: i32, row: i32, rows: i32, outputs: i32, predicted: usize, target: usize, gradient: usize, scale: v128,
): f32 {
  const stride = panelBytes(rows);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  let sum = zero;
  for (let c = 0; c < padded(outputs); c += 4) {
    if (c >= outputs) {
      if (gradient) v128.store(cell(gradient, row, c, stride), zero);
      continue;
    }
    const mask = columnMask(c, outputs);
    const at = cell(predicted, row, c, stride);
    const p = v128.load(at);
    const t = v128.load(cell(target, row, c, stride));
    const error = f32x4.sub(p, t);
    let value = zero;
    let slope = zero;
    if (kind == MEAN_SQUARED) {
      value = f32x4.mul(error, error);
      slope = f32x4.add(error, error);
    } else if (kind == HALF_SQUARED) {
      value = f32x4.mul(f32x4.mul(error, error), f32x4.splat(0.5));
      slope = error;
    } else if (kind == MEAN_ABSOLUTE) {
      value = f32x4.abs(error);
      slope = sign(error);
    } else if (kind == HUBER) {
      const size = f32x4.abs(error);
      const near = f32x4.le(size, one);
      const square = f32x4.mul(f32x4.mul(error, error), f32x4.splat(0.5));
      value = v128.bitselect(square, f32x4.sub(size, f32x4.splat(0.5)), near);
      slope = v128.bitselect(error, sign(error), near);
    } else if (kind == LOG_COSH) {
      slope = tanh(error);
      value = logCosh(error, slope);
    } else if (kind == BINARY_LOGITS) {
      const size = f32x4.abs(p), negative = f32x4.lt(p, zero);
      const e = exp(f32x4.neg(size));
      // max(z, 0) − z·t, in a form without cancellation.
      value = f32x4.add(timesTarget(size, v128.bitselect(t, f32x4.sub(one, t), negative)), log1p(e));
      const probability = f32x4.div(v128.bitselect(e, one, negative), f32x4.add(one, e));
      v128.store(at, probability);
      slope = f32x4.sub(probability, t);
    } else if (kind == BINARY) {
      const q = f32x4.min(f32x4.max(p, f32x4.splat(EPSILON)), f32x4.splat(1 - EPSILON));
      const r = f32x4.sub(one, q);
      const u = f32x4.sub(one, t);
      value = f32x4.neg(f32x4.add(f32x4.mul(t, log(q)), f32x4.mul(u, log(r))));
      slope = f32x4.div(f32x4.sub(q, t), f32x4.mul(q, r));
    } else if (kind == CATEGORICAL) {
      const q = f32x4.min(f32x4.max(p, f32x4.splat(EPSILON)), one);
      value = f32x4.neg(f32x4.mul(t, log(q)));
      slope = f32x4.neg(f32x4.div(t, q));
    } else if (kind == CATEGORICAL_LOGS) {
      value = f32x4.neg(timesTarget(p, t));
      slope = f32x4.neg(t);
    } else unreachable();
    sum = f32x4.add(sum, v128.and(value, mask));
    if (gradient) v128.store(cell(gradient, row, c, stride), v128.and(f32x4.mul(slope, scale), mask));
  }
  return lanesSum(sum);
}

/**
 * log cosh e; `t` is tanh e. |e| + log(1 + e^−2|e|) − log 2 does not overflow, but cancels near 0; there it is ½·log(1 + sinh² e), with
 * sinh² = t² / (1 − t²).
 */
function logCosh(e: v128, t: v128): v128 {
  const one = f32x4.splat(1);
  const half = f32x4.splat(0.5);
  const size = f32x4.abs(e);
  const square = f32x4.mul(t, t);
  const near = f32x4.mul(log1p(f32x4.div(square, f32x4.sub(one, square))), half);
  const far = f32x4.add(size, f32x4.sub(log1p(exp(f32x4.mul(size, f32x4.splat(-2)))), f32x4.splat(0.69314718055994531)));
  return v128.bitselect(near, far, f32x4.lt(size, one));
}

/** z·t, and 0 where t is 0 even for an infinite z. */
// @ts-ignore: decorator
@inline
function timesTarget(z: v128, t: v128): v128 {
  return v128.andnot(f32x4.mul(z, t), f32x4.eq(t, f32x4.splat(0)));
}
