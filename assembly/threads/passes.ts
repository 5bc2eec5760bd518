// Passes over blocks by a crew: runs of floats, of rows, of images or of panels. Each element is computed as by one thread; sums are taken of the
// same runs and added up in order.

import * as activations from '../activation';
import * as images from '../augment';
import { LINE, panelBytes, panels } from '../layout';
import * as losses from '../loss';
import * as norm from '../normalise';
import * as rules from '../optimizer';
import * as packing from '../pack';
import * as random from '../random';
import * as sums from '../reduce';
import { fork, int, put, real, size, splits, start, word } from './crew';

/** Lines of 16 floats that a pass takes a microsecond for, at the least: where a float costs next to nothing, some arithmetic, or a polynomial. */
const CHEAP: i32 = 256;
const FAIR: i32 = 64;
const DEAR: i32 = 32;

/** Bytes to the first line of a part. */
// @ts-ignore: decorator
@inline
function offset(part: i32): usize {
  return <usize>start(part) * LINE;
}

/** Floats of a part. */
// @ts-ignore: decorator
@inline
function floats(part: i32): i32 {
  return size(part) << 4;
}

// ── activations ──

export function activationForward(kind: i32, count: i32, x: usize, y: usize, alpha: f32): void {
  const least = kind == activations.RELU || kind == activations.LEAKY_RELU ? CHEAP : DEAR;
  if (!splits(count >> 4, least)) return activations.activationForward(kind, count, x, y, alpha);
  put(0, kind), put(1, x), put(2, y), put(3, alpha);
  fork(activationForwardPart.index, count >> 4, least);
}

function activationForwardPart(part: i32): void {
  const at = offset(part);
  activations.activationForward(int(0), floats(part), word(1) + at, word(2) + at, real(3));
}

export function activationBackward(kind: i32, count: i32, saved: usize, dy: usize, dx: usize, alpha: f32): void {
  const least = kind <= activations.ELU ? CHEAP : DEAR;
  if (!splits(count >> 4, least)) return activations.activationBackward(kind, count, saved, dy, dx, alpha);
  put(0, kind), put(1, saved), put(2, dy), put(3, dx), put(4, alpha);
  fork(activationBackwardPart.index, count >> 4, least);
}

function activationBackwardPart(part: i32): void {
  const at = offset(part);
  activations.activationBackward(int(0), floats(part), word(1) + at, word(2) + at, word(3) + at, real(4));
}

export function affine(count: i32, x: usize, y: usize, scale: f32, shift: f32): void {
  if (!splits(count >> 4, CHEAP)) return activations.affine(count, x, y, scale, shift);
  put(0, x), put(1, y), put(2, scale), put(3, shift);
  fork(affinePart.index, count >> 4, CHEAP);
}

function affinePart(part: i32): void {
  const at = offset(part);
  activations.affine(floats(part), word(0) + at, word(1) + at, real(2), real(3));
}

/** Rows of `columns` that make `lines`. */
// @ts-ignore: decorator
@inline
function rowsOf(columns: i32, lines: i32): i32 {
  return max(1, lines / <i32>panels(columns));
}

export function softmaxForward(rows: i32, columns: i32, x: usize, y: usize): void {
  const least = rowsOf(columns, DEAR);
  if (!splits(rows, least)) return activations.softmaxForward(rows, columns, x, y);
  put(0, rows), put(1, columns), put(2, x), put(3, y);
  fork(softmaxForwardPart.index, rows, least);
}

function softmaxForwardPart(part: i32): void {
  const skip = <usize>start(part) * LINE;
  activations.softmaxRows(panelBytes(int(0)), size(part), int(1), word(2) + skip, word(3) + skip);
}

export function softmaxBackward(rows: i32, columns: i32, s: usize, dy: usize, dx: usize): void {
  const least = rowsOf(columns, FAIR);
  if (!splits(rows, least)) return activations.softmaxBackward(rows, columns, s, dy, dx);
  put(0, rows), put(1, columns), put(2, s), put(3, dy), put(4, dx);
  fork(softmaxBackwardPart.index, rows, least);
}

function softmaxBackwardPart(part: i32): void {
  const skip = <usize>start(part) * LINE;
  activations.softmaxGradientRows(
    panelBytes(int(0)), size(part), int(1), word(2) + skip, word(3) + skip, word(4) + skip,
  );
}

// ── losses ──

export function loss(
  kind: i32, rows: i32, outputs: i32, predicted: usize, target: usize, weights: usize, gradient: usize, rowLosses: usize,
): f64 {
  const least = rowsOf(outputs, DEAR / 2);
  if (!splits(rows, least)) return losses.loss(kind, rows, outputs, predicted, target, weights, gradient, rowLosses);
  put(0, kind), put(1, rows), put(2, outputs), put(3, predicted), put(4, target), put(5, weights), put(6, gradient);
  put(7, rowLosses);
  fork(lossPart.index, rows, least);
  return losses.total(rows, rowLosses);
}

function lossPart(part: i32): void {
  const first = start(part), end = first + size(part);
  losses.lossRows(int(0), first, end, int(1), int(2), word(3), word(4), word(5), word(6), word(7));
}

// ── batch normalisation: panels are columns, which know nothing of each other ──

export function batchNormForward(
  rows: i32, columns: i32, x: usize, y: usize, gamma: usize, beta: usize, mean: usize, inverse: usize, movingMean: usize,
  movingVariance: usize, momentum: f32, epsilon: f32,
): void {
  const count = <i32>panels(columns), least = max(1, 64 / rows);
  if (!splits(count, least)) {
    return norm.batchNormForward(
      rows, columns, x, y, gamma, beta, mean, inverse, movingMean, movingVariance, momentum, epsilon,
    );
  }
  put(0, rows), put(1, x), put(2, y), put(3, gamma), put(4, beta), put(5, mean), put(6, inverse), put(7, movingMean);
  put(8, movingVariance), put(9, momentum), put(10, epsilon);
  fork(batchNormForwardPart.index, count, least);
}

function batchNormForwardPart(part: i32): void {
  const p = <usize>start(part), at = p * LINE, skip = p * panelBytes(int(0));
  norm.batchNormForward(
    int(0), size(part) << 4, word(1) + skip, word(2) + skip, word(3) + at, word(4) + at, word(5) + at, word(6) + at, word(7) + at,
    word(8) + at, real(9), real(10),
  );
}

export function batchNormInference(
  rows: i32, columns: i32, x: usize, y: usize, gamma: usize, beta: usize, movingMean: usize, movingVariance: usize, epsilon: f32,
): void {
  const count = <i32>panels(columns), least = max(1, 256 / rows);
  if (!splits(count, least)) {
    return norm.batchNormInference(rows, columns, x, y, gamma, beta, movingMean, movingVariance, epsilon);
  }
  put(0, rows), put(1, x), put(2, y), put(3, gamma), put(4, beta), put(5, movingMean), put(6, movingVariance), put(7, epsilon);
  fork(batchNormInferencePart.index, count, least);
}

function batchNormInferencePart(part: i32): void {
  const p = <usize>start(part), at = p * LINE, skip = p * panelBytes(int(0));
  norm.batchNormInference(
    int(0), size(part) << 4, word(1) + skip, word(2) + skip, word(3) + at, word(4) + at, word(5) + at, word(6) + at, real(7),
  );
}

export function batchNormBackward(
  rows: i32, columns: i32, x: usize, dy: usize, dx: usize, gamma: usize, mean: usize, inverse: usize, dgamma: usize, dbeta: usize,
): void {
  const count = <i32>panels(columns), least = max(1, 64 / rows);
  if (!splits(count, least)) {
    return norm.batchNormBackward(rows, columns, x, dy, dx, gamma, mean, inverse, dgamma, dbeta);
  }
  put(0, rows), put(1, x), put(2, dy), put(3, dx), put(4, gamma), put(5, mean), put(6, inverse), put(7, dgamma), put(8, dbeta);
  fork(batchNormBackwardPart.index, count, least);
}

function batchNormBackwardPart(part: i32): void {
  const p = <usize>start(part), at = p * LINE, skip = p * panelBytes(int(0));
  const dx = word(3);
  norm.batchNormBackward(
    int(0), size(part) << 4, word(1) + skip, word(2) + skip, dx && dx + skip, word(4) + at, word(5) + at, word(6) + at, word(7) + at,
    word(8) + at,
  );
}

// ── optimizers ──

export function sgd(count: i32, p: usize, g: usize, velocity: usize, rate: f32, momentum: f32, nesterov: bool): void {
  if (!splits(count >> 4, FAIR)) return rules.sgd(count, p, g, velocity, rate, momentum, nesterov);
  put(0, p), put(1, g), put(2, velocity), put(3, rate), put(4, momentum), put<i32>(5, nesterov);
  fork(sgdPart.index, count >> 4, FAIR);
}

function sgdPart(part: i32): void {
  const at = offset(part), velocity = word(2);
  rules.sgd(floats(part), word(0) + at, word(1) + at, velocity && velocity + at, real(3), real(4), <bool>int(5));
}

export function adam(
  count: i32, p: usize, g: usize, m: usize, v: usize, stepSize: f32, scale: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  epsilon: f32, keep: f32,
): void {
  if (!splits(count >> 4, FAIR)) return rules.adam(count, p, g, m, v, stepSize, scale, beta1, rest1, beta2, rest2, epsilon, keep);
  put(0, p), put(1, g), put(2, m), put(3, v), put(4, stepSize), put(5, scale), put(6, beta1), put(7, rest1), put(8, beta2);
  put(9, rest2), put(10, epsilon), put(11, keep);
  fork(adamPart.index, count >> 4, FAIR);
}

function adamPart(part: i32): void {
  const at = offset(part);
  rules.adam(
    floats(part), word(0) + at, word(1) + at, word(2) + at, word(3) + at, real(4), real(5), real(6), real(7), real(8), real(9), real(10),
    real(11),
  );
}

export function rmsprop(
  count: i32, p: usize, g: usize, v: usize, velocity: usize, rate: f32, rho: f32, rest: f32, momentum: f32, epsilon: f32,
): void {
  if (!splits(count >> 4, FAIR)) return rules.rmsprop(count, p, g, v, velocity, rate, rho, rest, momentum, epsilon);
  put(0, p), put(1, g), put(2, v), put(3, velocity), put(4, rate), put(5, rho), put(6, rest), put(7, momentum), put(8, epsilon);
  fork(rmspropPart.index, count >> 4, FAIR);
}

function rmspropPart(part: i32): void {
  const at = offset(part), velocity = word(3);
  rules.rmsprop(
    floats(part), word(0) + at, word(1) + at, word(2) + at, velocity && velocity + at, real(4), real(5), real(6), real(7), real(8),
  );
}

export function adagrad(count: i32, p: usize, g: usize, v: usize, rate: f32, epsilon: f32): void {
  if (!splits(count >> 4, FAIR)) return rules.adagrad(count, p, g, v, rate, epsilon);
  put(0, p), put(1, g), put(2, v), put(3, rate), put(4, epsilon);
  fork(adagradPart.index, count >> 4, FAIR);
}

function adagradPart(part: i32): void {
  const at = offset(part);
  rules.adagrad(floats(part), word(0) + at, word(1) + at, word(2) + at, real(3), real(4));
}

// ── packing ──

export function packFloats(rows: i32, columns: i32, source: usize, order: usize, to: usize, panelRows: i32): void {
  const least = rowsOf(columns, CHEAP / 2);
  if (!splits(rows, least)) return packing.packFloats(rows, columns, source, order, to, panelRows);
  put(0, columns), put(1, source), put(2, order), put(3, to), put(4, panelRows);
  fork(packFloatsPart.index, rows, least);
}

function packFloatsPart(part: i32): void {
  const first = <usize>start(part), order = word(2);
  const skip: usize = order ? 0 : first * ((<usize>int(0)) << 2);
  packing.packFloats(size(part), int(0), word(1) + skip, order && order + (first << 2), word(3) + first * LINE, int(4));
}

export function packBytes(rows: i32, columns: i32, source: usize, order: usize, to: usize, panelRows: i32): void {
  const least = rowsOf(columns, CHEAP / 2);
  if (!splits(rows, least)) return packing.packBytes(rows, columns, source, order, to, panelRows);
  put(0, columns), put(1, source), put(2, order), put(3, to), put(4, panelRows);
  fork(packBytesPart.index, rows, least);
}

function packBytesPart(part: i32): void {
  const first = <usize>start(part), order = word(2);
  const skip: usize = order ? 0 : first * <usize>int(0);
  packing.packBytes(size(part), int(0), word(1) + skip, order && order + (first << 2), word(3) + first * LINE, int(4));
}

export function unpackFloats(rows: i32, columns: i32, from: usize, panelRows: i32, target: usize): void {
  const least = rowsOf(columns, CHEAP / 2);
  if (!splits(rows, least)) return packing.unpackFloats(rows, columns, from, panelRows, target);
  put(0, columns), put(1, from), put(2, panelRows), put(3, target);
  fork(unpackFloatsPart.index, rows, least);
}

function unpackFloatsPart(part: i32): void {
  const first = <usize>start(part);
  const target = word(3) + first * ((<usize>int(0)) << 2);
  packing.unpackFloats(size(part), int(0), word(1) + first * LINE, int(2), target);
}

// ── what is drawn ──

function putDraw(x: usize, y: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, a: f32, b: f32): void {
  put(0, x), put(1, y), put(2, seed0), put(3, seed1), put(4, purpose), put(5, step), put(6, first), put(7, a), put(8, b);
}

export function dropout(
  count: i32, x: usize, y: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, rate: f32,
): void {
  if (!splits(count >> 4, FAIR)) return random.dropout(count, x, y, seed0, seed1, purpose, step, first, rate);
  putDraw(x, y, seed0, seed1, purpose, step, first, rate, 0);
  fork(dropoutPart.index, count >> 4, FAIR);
}

function dropoutPart(part: i32): void {
  const at = offset(part);
  random.dropout(floats(part), word(0) + at, word(1) + at, int(2), int(3), int(4), int(5), int(6) + (start(part) << 4), real(7));
}

export function addNoise(
  count: i32, x: usize, y: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, deviation: f32,
): void {
  if (!splits(count >> 4, DEAR)) return random.addNoise(count, x, y, seed0, seed1, purpose, step, first, deviation);
  putDraw(x, y, seed0, seed1, purpose, step, first, deviation, 0);
  fork(addNoisePart.index, count >> 4, DEAR);
}

function addNoisePart(part: i32): void {
  const at = offset(part);
  random.addNoise(floats(part), word(0) + at, word(1) + at, int(2), int(3), int(4), int(5), int(6) + (start(part) << 4), real(7));
}

export function fillUniform(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, middle: f32, half: f32,
): void {
  if (!splits(count >> 4, FAIR)) return random.fillUniform(count, out, seed0, seed1, purpose, step, first, middle, half);
  putDraw(0, out, seed0, seed1, purpose, step, first, middle, half);
  put(9, count);
  fork(fillUniformPart.index, (count + 15) >> 4, FAIR);
}

function fillUniformPart(part: i32): void {
  const first = start(part) << 4, count = min(floats(part), int(9) - first);
  random.fillUniform(count, word(1) + offset(part), int(2), int(3), int(4), int(5), int(6) + first, real(7), real(8));
}

export function fillNormal(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, mean: f32, deviation: f32,
): void {
  if (!splits(count >> 4, DEAR)) return random.fillNormal(count, out, seed0, seed1, purpose, step, first, mean, deviation);
  putDraw(0, out, seed0, seed1, purpose, step, first, mean, deviation);
  put(9, count);
  fork(fillNormalPart.index, (count + 15) >> 4, DEAR);
}

function fillNormalPart(part: i32): void {
  const first = start(part) << 4, count = min(floats(part), int(9) - first);
  random.fillNormal(count, word(1) + offset(part), int(2), int(3), int(4), int(5), int(6) + first, real(7), real(8));
}

// ── images ──

export function shiftImages(
  rows: i32, width: i32, height: i32, x: usize, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: u32, most: i32,
): void {
  const least = rowsOf(width * height, CHEAP);
  if (!splits(rows, least)) return images.shiftImages(rows, width, height, x, out, seed0, seed1, purpose, step, first, most);
  putDraw(x, out, seed0, seed1, purpose, step, first, 0, 0), put(9, width), put(10, height), put(11, most);
  fork(shiftImagesPart.index, rows, least);
}

function shiftImagesPart(part: i32): void {
  const row = start(part), skip = <usize>(row * int(9) * int(10)) << 2;
  images.shiftImages(
    size(part), int(9), int(10), word(0) + skip, word(1) + skip, int(2), int(3), int(4), int(5), int(6) + row, int(11),
  );
}

export function rotateImages(
  rows: i32, width: i32, height: i32, x: usize, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: u32, radians: f32,
): void {
  const least = rowsOf(width * height, DEAR / 4);
  if (!splits(rows, least)) return images.rotateImages(rows, width, height, x, out, seed0, seed1, purpose, step, first, radians);
  putDraw(x, out, seed0, seed1, purpose, step, first, radians, 0), put(9, width), put(10, height);
  fork(rotateImagesPart.index, rows, least);
}

function rotateImagesPart(part: i32): void {
  const row = start(part), skip = <usize>(row * int(9) * int(10)) << 2;
  images.rotateImages(
    size(part), int(9), int(10), word(0) + skip, word(1) + skip, int(2), int(3), int(4), int(5), int(6) + row, real(7),
  );
}

// ── reductions ──

export function clamp(count: i32, x: usize, limit: f32): void {
  if (!splits(count >> 4, CHEAP)) return sums.clamp(count, x, limit);
  put(0, x), put(1, limit);
  fork(clampPart.index, count >> 4, CHEAP);
}

function clampPart(part: i32): void {
  sums.clamp(floats(part), word(0) + offset(part), real(1));
}

export function mix(count: i32, x: usize, y: usize, share: f32): void {
  if (!splits(count >> 4, CHEAP)) return sums.mix(count, x, y, share);
  put(0, x), put(1, y), put(2, share);
  fork(mixPart.index, count >> 4, CHEAP);
}

function mixPart(part: i32): void {
  const at = offset(part);
  sums.mix(floats(part), word(0) + at, word(1) + at, real(2));
}

/** The sums of up to so many runs at a time, f64. */
const SUMS: i32 = 1024;
const runSums = memory.data(1024 * 8, 64);

/** Adds the sums of `runs` runs in order. */
function addUp(sum: f64, runs: i32): f64 {
  for (let i: usize = 0; i < <usize>runs; i++) sum += load<f64>(runSums + (i << 3));
  return sum;
}

export function penalty(count: i32, w: usize, gradient: usize, l1: f32, l2: f32): f64 {
  if (!splits(count, 4 * sums.RUN)) return sums.penalty(count, w, gradient, l1, l2);
  let sum: f64 = 0;
  for (let from = 0; from < count; from += SUMS * sums.RUN) {
    const skip = <usize>from << 2, runs = min(SUMS, (count - from + sums.RUN - 1) / sums.RUN);
    put(0, count - from), put(1, w + skip), put(2, gradient && gradient + skip), put(3, l1), put(4, l2);
    fork(penaltyPart.index, runs, 4);
    sum = addUp(sum, runs);
  }
  return sum;
}

function penaltyPart(part: i32): void {
  const gradient = word(2);
  for (let run = start(part), end = run + size(part); run < end; run++) {
    const first = run * sums.RUN, at = <usize>first << 2, count = min(sums.RUN, int(0) - first);
    store<f64>(runSums + (<usize>run << 3), sums.penalty(count, word(1) + at, gradient && gradient + at, real(3), real(4)));
  }
}

export function sumOfSquares(count: i32, x: usize): f64 {
  if (!splits(count, 4 * sums.RUN)) return sums.sumOfSquares(count, x);
  let sum: f64 = 0;
  for (let from = 0; from < count; from += SUMS * sums.RUN) {
    const runs = min(SUMS, (count - from + sums.RUN - 1) / sums.RUN);
    put(0, count - from), put(1, x + (<usize>from << 2));
    fork(squaresPart.index, runs, 4);
    sum = addUp(sum, runs);
  }
  return sum;
}

function squaresPart(part: i32): void {
  for (let run = start(part), end = run + size(part); run < end; run++) {
    const first = run * sums.RUN, count = min(sums.RUN, int(0) - first);
    store<f64>(runSums + (<usize>run << 3), sums.sumOfSquares(count, word(1) + (<usize>first << 2)));
  }
}
