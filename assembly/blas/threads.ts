// The kernels of simdense/kernels in the builds with threads: those that are worth sharing are divided by rows or by lines of 16 floats, the others are as they are.
// Each element is computed by the same code whatever the division, so the bits do not depend on the number of threads.

import * as activations from '../generated/blas-activations';
import { LINE, panels } from '../layout';
import * as draws from '../random';
import { sums } from '../sums';
import { backwardCost, CHEAP, DEAR, FAIR, forwardCost, rowsOf } from '../threads/costs';
import { crewSize, floats, fork, put, size, splits, splitsWork, start, word } from '../threads/crew';
import * as elementwise from './elementwise';
import * as alone from './matrix-vector';
import * as order from './order';
import * as product from './product';
import * as softmax from './softmax-rows';

export { affine } from '../affine';
export { heapStart } from '../memory';
export { adagrad, adam, lion, rmsprop, sgd } from '../optimizer';
export { shuffle } from '../random';
export { crewControl, serve, setThreads } from '../threads/crew';
export { combine, combineRows } from './elementwise';
export { crossEntropy, elementLoss } from './losses';
export { gemvTransposed, ger } from './matrix-vector';
export { argsort, fromProducts, normalizeRows, rowSquares, topK } from './order';
export { scaleRow, setTile, tileTrial } from './product';
export { reduce, reduceRow } from './reductions';
export { gemmSmall } from './small';
export { softmaxRowsBackward } from './softmax-rows';
export { asum, axpy, dot, iamax, nrm2 } from './vectors';

/** Multiplications that take about a microsecond. */
const MICROSECOND: i64 = 24000;
/** Rows of a unit of a product. */
const RUN: i32 = 12;
/** The address of the sums over rows before a worker is given its own. A worker's memory begins there, and has room for OWN_BYTES: see BLAS_ROOM in src/kernels. */
const firstSums: usize = sums;

/** The workspace of this thread. */
function workspace(): usize {
  return sums == firstSums ? product.own : sums;
}

export function gemm(
  shift: i32, m: i32, n: i32, k: i32, alpha: f64, a: usize, aRow: usize, aTransposed: bool, b: usize, bRow: usize, bTransposed: bool,
  beta: f64, c: usize, cRow: usize,
): void {
  const runs = (m + RUN - 1) / RUN;
  if (runs < crewSize() || alpha == 0 || !splitsWork(<i64>m * <i64>n * <i64>k, MICROSECOND)) {
    return product.gemm(shift, m, n, k, alpha, a, aRow, aTransposed, b, bRow, bTransposed, beta, c, cRow);
  }
  const perLine = 64 >> shift, columns = product.PANELS * perLine, kBlock = product.evenly(k, product.K_BYTES >> shift);
  if (beta != 1 && beta != 0) {
    for (let i = 0; i < m; i++) product.scaleRow(shift, n, c + <usize>i * cRow, beta);
  }
  for (let j = 0; j < n; j += columns) {
    const width = min(columns, n - j), count = (width + perLine - 1) / perLine;
    for (let from = 0; from < k; from += kBlock) {
      const depth = min(kBlock, k - from);
      put<i32>(0, shift), put<i32>(1, j), put<i32>(2, width), put<i32>(3, from), put<i32>(4, depth);
      put<usize>(5, b), put<usize>(6, bRow), put<i32>(7, bTransposed);
      fork(packPart.index, count, max(1, (CHEAP * 2) / depth));
      put<i32>(8, m), put<f64>(10, alpha), put<usize>(12, a), put<usize>(13, aRow), put<i32>(14, aTransposed);
      put<usize>(15, c), put<usize>(16, cRow), put<i32>(17, beta == 0 && from == 0);
      fork(rowsPart.index, runs, <i32>max(<i64>1, MICROSECOND / (<i64>RUN * <i64>width * <i64>depth)));
    }
  }
}

function packPart(part: i32): void {
  const shift = word<i32>(0), width = word<i32>(2), depth = word<i32>(4), perLine = 64 >> shift;
  const first = start(part) * perLine, end = min(width, start(part + 1) * perLine);
  const to = product.packedB + <usize>start(part) * <usize>depth * LINE;
  product.packB(shift, word<i32>(1) + first, end - first, word<i32>(3), depth, word<usize>(5), word<usize>(6), word<i32>(7) != 0, to);
}

function rowsPart(part: i32): void {
  const m = word<i32>(8), first = start(part) * RUN, end = min(m, start(part + 1) * RUN);
  product.multiplyBlock(
    workspace(), word<i32>(0), first, end, word<i32>(1), word<i32>(2), word<i32>(3), word<i32>(4), word<f64>(10), word<usize>(12),
    word<usize>(13), word<i32>(14) != 0, word<usize>(15), word<usize>(16), word<i32>(17) != 0,
  );
}

export function gemv(
  shift: i32, first: i32, end: i32, n: i32, alpha: f64, a: usize, aRow: usize, x: usize, beta: f64, y: usize,
): void {
  const units = (end - first + 3) / 4, least = rowsOf(max(1, n) << 2, CHEAP);
  if (!splits(units, least)) return alone.gemv(shift, first, end, n, alpha, a, aRow, x, beta, y);
  put<i32>(0, shift), put<i32>(1, first), put<i32>(2, end), put<i32>(3, n), put<f64>(4, alpha), put<usize>(6, a), put<usize>(7, aRow);
  put<usize>(8, x), put<f64>(10, beta), put<usize>(12, y);
  fork(gemvPart.index, units, least);
}

function gemvPart(part: i32): void {
  const first = word<i32>(1), from = first + start(part) * 4, end = min(word<i32>(2), first + start(part + 1) * 4);
  alone.gemv(
    word<i32>(0), from, end, word<i32>(3), word<f64>(4), word<usize>(6), word<usize>(7), word<usize>(8), word<f64>(10),
    word<usize>(12),
  );
}

export function map(kind: i32, count: i32, x: usize, y: usize): void {
  const units = <i32>panels(count), least = kind < 4 || kind > 7 ? DEAR : CHEAP;
  if (!splits(units, least)) return elementwise.map(kind, count, x, y);
  put<i32>(0, kind), put<i32>(1, count), put<usize>(2, x), put<usize>(3, y);
  fork(mapPart.index, units, least);
}

function mapPart(part: i32): void {
  const far = <usize>start(part) * LINE;
  elementwise.map(word<i32>(0), floats(part, word<i32>(1)), word<usize>(2) + far, word<usize>(3) + far);
}

export function activationForward(kind: i32, count: i32, x: usize, y: usize, alpha: f32): void {
  const units = <i32>panels(count), least = forwardCost(kind);
  if (!splits(units, least)) return activations.activationForward(kind, count, x, y, alpha);
  put<i32>(0, kind), put<i32>(1, count), put<usize>(2, x), put<usize>(3, y), put<f32>(4, alpha);
  fork(forwardPart.index, units, least);
}

function forwardPart(part: i32): void {
  const far = <usize>start(part) * LINE, count = floats(part, word<i32>(1));
  activations.activationForward(word<i32>(0), count, word<usize>(2) + far, word<usize>(3) + far, word<f32>(4));
}

export function activationBackward(kind: i32, count: i32, saved: usize, dy: usize, dx: usize, alpha: f32): void {
  const units = <i32>panels(count), least = backwardCost(kind);
  if (!splits(units, least)) return activations.activationBackward(kind, count, saved, dy, dx, alpha);
  put<i32>(0, kind), put<i32>(1, count), put<usize>(2, saved), put<usize>(3, dy), put<usize>(4, dx), put<f32>(5, alpha);
  fork(backwardPart.index, units, least);
}

function backwardPart(part: i32): void {
  const far = <usize>start(part) * LINE, count = floats(part, word<i32>(1));
  activations.activationBackward(
    word<i32>(0), count, word<usize>(2) + far, word<usize>(3) + far, word<usize>(4) + far, word<f32>(5),
  );
}

export function distances(many: i32, rows: i32, columns: i32, q: usize, r: usize, out: usize): void {
  const least = rowsOf(max(1, columns), CHEAP);
  // Of one query the rows are shared, of many the queries.
  const units = many == 1 ? rows : many, one = many == 1 ? least : max(1, least / max(1, rows));
  if (!splits(units, one)) return order.distances(many, rows, columns, q, r, out);
  put<i32>(0, many), put<i32>(1, rows), put<i32>(2, columns), put<usize>(3, q), put<usize>(4, r), put<usize>(5, out);
  fork(distancesPart.index, units, one);
}

function distancesPart(part: i32): void {
  const many = word<i32>(0), rows = word<i32>(1), columns = word<i32>(2), width = <usize>columns << 2, first = <usize>start(part);
  const q = word<usize>(3), r = word<usize>(4), out = word<usize>(5);
  if (many == 1) order.distances(1, size(part), columns, q, r + first * width, out + (first << 2));
  else order.distances(size(part), rows, columns, q + first * width, r, out + first * (<usize>rows << 2));
}

export function softmaxRows(kind: i32, rows: i32, columns: i32, x: usize, y: usize): void {
  const least = rowsOf(max(1, columns), DEAR);
  if (!splits(rows, least)) return softmax.softmaxRows(kind, rows, columns, x, y);
  put<i32>(0, kind), put<i32>(1, columns), put<usize>(2, x), put<usize>(3, y);
  fork(softmaxPart.index, rows, least);
}

function softmaxPart(part: i32): void {
  const kind = word<i32>(0), columns = word<i32>(1), row = <usize>start(part), width = <usize>columns << 2;
  const step: usize = kind == softmax.LOG_SUM_EXP ? 4 : width;
  softmax.softmaxRows(kind, size(part), columns, word<usize>(2) + row * width, word<usize>(3) + row * step);
}

export function fillUniform(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, middle: f32, half: f32,
): void {
  fill(FAIR, 0, count, out, seed0, seed1, purpose, step, first, middle, half);
}

export function fillNormal(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, mean: f32, deviation: f32,
): void {
  fill(DEAR, 1, count, out, seed0, seed1, purpose, step, first, mean, deviation);
}

function fill(
  least: i32, kind: i32, count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, middle: f32, half: f32,
): void {
  const units = <i32>panels(count);
  put<i32>(0, kind), put<i32>(1, count), put<usize>(2, out), put<u32>(3, seed0), put<u32>(4, seed1), put<u32>(5, purpose);
  put<u32>(6, step), put<i32>(7, first), put<f32>(8, middle), put<f32>(9, half);
  if (splits(units, least)) fork(fillPart.index, units, least);
  else fillLines(0, count);
}

function fillPart(part: i32): void {
  fillLines(start(part), floats(part, word<i32>(1)));
}

function fillLines(line: i32, count: i32): void {
  const to = word<usize>(2) + <usize>line * LINE, first = word<i32>(7) + (line << 4);
  const a = word<u32>(3), b = word<u32>(4), purpose = word<u32>(5), step = word<u32>(6), middle = word<f32>(8), half = word<f32>(9);
  if (word<i32>(0) == 0) draws.fillUniform(count, to, a, b, purpose, step, first, middle, half);
  else draws.fillNormal(count, to, a, b, purpose, step, first, middle, half);
}
