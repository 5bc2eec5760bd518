// The commonest loss where all outputs are in one panel: the operations of assembly/loss.ts in their order, without its loops and with constants from memory.

import { exp, log } from '../generated/replay-math';
import { columnMask, LINE } from '../layout';

/** Σt and Σ t·(z−max) of the row that was computed last. */
let rowMass: f32 = 0;
let rowDot: f32 = 0;

/** loss of assembly/loss.ts for CATEGORICAL_LOGITS and at most 16 outputs. */
export function crossentropyOfLogits(
  rows: i32, outputs: i32, predicted: usize, target: usize, weights: usize, gradient: usize, rowLosses: usize,
): f64 {
  let all: f64 = 0;
  const last = columnMask((outputs - 1) & ~3, outputs);
  shift(rows, outputs, predicted);
  for (let row = 0; row < rows; row += 4) {
    let sums = f32x4.splat(1), masses = f32x4.splat(0), dots = f32x4.splat(0);
    for (let lane = 0; lane < 4; lane++) {
      sums = turn(sums);
      masses = turn(masses);
      dots = turn(dots);
      if (row + lane >= rows) continue;
      const at = <usize>(row + lane) * LINE;
      const scale = f32x4.splat(weightOf(weights, row + lane) / <f32>rows);
      sums = f32x4.replace_lane(sums, 3, ofRow(outputs, predicted + at, target + at, gradient ? gradient + at : 0, scale, last));
      masses = f32x4.replace_lane(masses, 3, rowMass);
      dots = f32x4.replace_lane(dots, 3, rowDot);
    }
    let values = f32x4.sub(f32x4.mul(masses, log(sums)), dots);
    for (let lane = 0; lane < 4 && row + lane < rows; lane++, values = turn(values)) {
      const value = weightOf(weights, row + lane) * f32x4.extract_lane(values, 0);
      store<f32>(rowLosses + (<usize>(row + lane) << 2), value);
      all += <f64>value;
    }
  }
  return all;
}

// @ts-ignore: decorator
@inline
function weightOf(weights: usize, row: i32): f32 {
  return weights ? load<f32>(weights + (<usize>row << 2)) : 1;
}

// @ts-ignore: decorator
@inline
function turn(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 1, 2, 3, 0);
}

/** z − max of each row, in place of the logits z. In a loop of its own: while one row waits for its largest number, the next ones begin. */
function shift(rows: i32, outputs: i32, at: usize): void {
  const least = f32x4.splat(-Infinity), end = at + <usize>rows * LINE;
  const m0 = columnMask(0, outputs), m1 = columnMask(4, outputs), m2 = columnMask(8, outputs), m3 = columnMask(12, outputs);
  for (; at < end; at += LINE) {
    const z0 = v128.load(at), z1 = v128.load(at, 16), z2 = v128.load(at, 32), z3 = v128.load(at, 48);
    let top = v128.bitselect(z0, least, m0);
    if (outputs > 4) top = f32x4.max(top, v128.bitselect(z1, least, m1));
    if (outputs > 8) top = f32x4.max(top, v128.bitselect(z2, least, m2));
    if (outputs > 12) top = f32x4.max(top, v128.bitselect(z3, least, m3));
    top = f32x4.max(top, v128.shuffle<f32>(top, top, 2, 3, 0, 1));
    const largest = f32x4.max(top, v128.shuffle<f32>(top, top, 1, 0, 3, 2));
    v128.store(at, v128.and(f32x4.sub(z0, largest), m0));
    if (outputs > 4) v128.store(at, v128.and(f32x4.sub(z1, largest), m1), 16);
    if (outputs > 8) v128.store(at, v128.and(f32x4.sub(z2, largest), m2), 32);
    if (outputs > 12) v128.store(at, v128.and(f32x4.sub(z3, largest), m3), 48);
  }
}

/** Returns Σe^z of a row of shifted logits, and replaces them with probabilities. */
function ofRow(outputs: i32, at: usize, target: usize, gradient: usize, scale: v128, last: v128): f32 {
  const zero = f32x4.splat(0);
  const z0 = v128.load(at), t0 = v128.load(target), t1 = v128.load(target, 16), t2 = v128.load(target, 32), t3 = v128.load(target, 48);
  let e0 = exp(z0), e1 = zero, e2 = zero, e3 = zero;
  let mass = f32x4.add(zero, t0), dot = f32x4.add(zero, product(t0, z0));
  let sum: v128;
  if (outputs <= 4) {
    e0 = v128.and(e0, last);
    sum = f32x4.add(zero, e0);
  } else {
    const z1 = v128.load(at, 16);
    e1 = exp(z1);
    if (outputs <= 8) e1 = v128.and(e1, last);
    sum = f32x4.add(f32x4.add(zero, e0), e1), mass = f32x4.add(mass, t1), dot = f32x4.add(dot, product(t1, z1));
    if (outputs > 8) {
      const z2 = v128.load(at, 32);
      e2 = exp(z2);
      if (outputs <= 12) e2 = v128.and(e2, last);
      sum = f32x4.add(sum, e2), mass = f32x4.add(mass, t2), dot = f32x4.add(dot, product(t2, z2));
    }
    if (outputs > 12) {
      const z3 = v128.load(at, 48);
      e3 = v128.and(exp(z3), last);
      sum = f32x4.add(sum, e3), mass = f32x4.add(mass, t3), dot = f32x4.add(dot, product(t3, z3));
    }
  }
  const total = lanesSum(sum), all = lanesSum(mass);
  rowMass = f32x4.extract_lane(all, 0);
  rowDot = f32x4.extract_lane(lanesSum(dot), 0);
  let p = f32x4.div(e0, total);
  v128.store(at, p);
  let g0 = f32x4.mul(f32x4.sub(f32x4.mul(p, all), t0), scale), g1 = zero, g2 = zero, g3 = zero;
  if (outputs > 4) {
    p = f32x4.div(e1, total);
    v128.store(at, p, 16);
    g1 = f32x4.mul(f32x4.sub(f32x4.mul(p, all), t1), scale);
  }
  if (outputs > 8) {
    p = f32x4.div(e2, total);
    v128.store(at, p, 32);
    g2 = f32x4.mul(f32x4.sub(f32x4.mul(p, all), t2), scale);
  }
  if (outputs > 12) {
    p = f32x4.div(e3, total);
    v128.store(at, p, 48);
    g3 = f32x4.mul(f32x4.sub(f32x4.mul(p, all), t3), scale);
  }
  if (gradient) {
    v128.store(gradient, g0);
    v128.store(gradient, g1, 16);
    v128.store(gradient, g2, 32);
    v128.store(gradient, g3, 48);
  }
  return f32x4.extract_lane(total, 0);
}

/** The sum of four lanes, in each of them: in the order of assembly/math.ts, since a + b = b + a. */
// @ts-ignore: decorator
@inline
function lanesSum(v: v128): v128 {
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 1, 0, 3, 2));
  return f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 2, 3, 0, 1));
}

/** t · z, and 0 where t is 0: 0·−∞ would be NaN. */
// @ts-ignore: decorator
@inline
function product(t: v128, z: v128): v128 {
  return v128.andnot(f32x4.mul(t, z), f32x4.eq(t, f32x4.splat(0)));
}
