// c = alpha·a·b + beta·c for row-major matrices, in float32 (`shift` 2) and float64 (`shift` 3): Goto and van de Geijn 2008, "Anatomy of
// high-performance matrix multiplication". Every element of c is beta·c, and then (alpha·a)·b is added over k in order, in one accumulator of the matrices'
// type: blocks of k store the sum and load it again, which keeps its bits. So tiles, blocks and threads agree to the bit.

import { f32Panel, f64Panel } from '../generated/blas-tiles';
import { LINE, oddRows, padded } from '../layout';
import { packColumns, packRows } from './pack';

/** Bytes of a row of a's block, so that a panel of b (at most 16 KB) stays in the first-level cache. */
export const K_BYTES: i32 = 1024;
/** Rows of a's block, 256 KB, which stay in the second-level cache. */
export const ROWS: i32 = 256;
/** Panels of b's block. */
export const PANELS: i32 = 64;

/** Bytes of a's packed block, and of the part of c at its right edge: what each thread needs for itself. */
export const A_BYTES: usize = 16 * 257 * 64;
export const EDGE_BYTES: usize = 256 * 64;
export const OWN_BYTES: usize = A_BYTES + EDGE_BYTES;

/** b's packed block, 1 MB, and what the first thread needs. */
export const packedB = memory.data(64 * 256 * 64, 64);
export const own = memory.data(16 * 257 * 64 + 256 * 64, 64);
const zeros = memory.data(64, 64);

/** The number of the tile that is used, in memory, so that all threads see it. */
const chosen = memory.data(4, 8);

/** Chooses the tile by its number in scripts/generate-blas-tiles.mjs. All tiles of a build give the same bits. */
export function setTile(tile: i32): void {
  store<i32>(chosen, tile);
}

/** Work for timing a tile, `repeats` times: a[30, 64]·b[64, 16], on the workspace, in float32. */
export function tileTrial(tile: i32, repeats: i32): void {
  const c = own + A_BYTES, step: usize = 30 * LINE;
  for (let i = 0; i < repeats; i++) f32Panel(tile, 30, false, 64, own, step, packedB, c, LINE, zeros, 0);
}

/** The size of blocks of at most `most` that divide `total` evenly, in multiples of 16. */
// @ts-ignore: decorator
@inline
export function evenly(total: i32, most: i32): i32 {
  const blocks = (total + most - 1) / most;
  return blocks <= 1 ? total : padded((total + blocks - 1) / blocks);
}

/** c[m, n] = alpha·a[m, k]·b[k, n] + beta·c. A matrix that is transposed is stored as its transpose. Where beta is 0, c is not read; where alpha is 0, a and b are not. */
export function gemm(
  shift: i32, m: i32, n: i32, k: i32, alpha: f64, a: usize, aRow: usize, aTransposed: bool, b: usize, bRow: usize, bTransposed: bool,
  beta: f64, c: usize, cRow: usize,
): void {
  if (alpha == 0) k = 0;
  if (beta != 1 && (beta != 0 || k == 0)) {
    for (let i = 0; i < m; i++) scaleRow(shift, n, c + <usize>i * cRow, beta);
  }
  if (k == 0) return;
  const columns = PANELS * (64 >> shift), kBlock = evenly(k, K_BYTES >> shift);
  for (let j = 0; j < n; j += columns) {
    const width = min(columns, n - j);
    for (let from = 0; from < k; from += kBlock) {
      const depth = min(kBlock, k - from);
      packB(shift, j, width, from, depth, b, bRow, bTransposed, packedB);
      const fresh = beta == 0 && from == 0;
      multiplyBlock(own, shift, 0, m, j, width, from, depth, alpha, a, aRow, aTransposed, c, cRow, fresh);
    }
  }
}

/** Packs b[from…from + depth, j…j + width] into the panels `to`. */
export function packB(
  shift: i32, j: i32, width: i32, from: i32, depth: i32, b: usize, bRow: usize, transposed: bool, to: usize,
): void {
  if (transposed) packColumns(shift, depth, width, b + <usize>j * bRow + (<usize>from << shift), bRow, to, depth);
  else packRows(shift, depth, width, b + <usize>from * bRow + (<usize>j << shift), bRow, to, depth);
}

/**
 * Adds alpha·a[…, from…from + depth] times the packed block of b to the rows of c from `first` to `end`, its columns from j on; sets them if `fresh`.
 * `work` is the thread's workspace of OWN_BYTES.
 */
export function multiplyBlock(
  work: usize, shift: i32, first: i32, end: i32, j: i32, width: i32, from: i32, depth: i32, alpha: f64, a: usize, aRow: usize,
  transposed: bool, c: usize, cRow: usize, fresh: bool,
): void {
  const tile = load<i32>(chosen), perLine = 64 >> shift, edge = work + A_BYTES;
  const block = evenly(end - first, ROWS);
  for (let i = first; i < end; i += block) {
    const height = min(block, end - i), between = oddRows(height), stride = <usize>between * LINE;
    if (transposed) packColumns(shift, height, depth, a + <usize>from * aRow + (<usize>i << shift), aRow, work, between);
    else packRows(shift, height, depth, a + <usize>i * aRow + (<usize>from << shift), aRow, work, between);
    if (alpha != 1) scaleRow(shift, <i32>((<usize>((depth + perLine - 1) / perLine) * stride) >> shift), work, alpha);
    let panel = packedB, to = c + <usize>i * cRow + (<usize>j << shift);
    for (let at = 0; at < width; at += perLine, panel += <usize>depth * LINE, to += LINE) {
      const count = min(perLine, width - at), narrow = count <= perLine >> 1;
      let target = to, targetRow = cRow;
      if (count < perLine) {
        target = edge;
        targetRow = LINE;
        if (!fresh) packRows(shift, height, count, to, cRow, edge, height);
      }
      const initial = fresh ? zeros : target, initialRow: usize = fresh ? 0 : targetRow;
      if (shift == 2) f32Panel(tile, height, narrow, depth, work, stride - LINE, panel, target, targetRow, initial, initialRow);
      else f64Panel(tile, height, narrow, depth, work, stride - LINE, panel, target, targetRow, initial, initialRow);
      if (count < perLine) copyBack(height, <usize>count << shift, edge, to, cRow);
    }
  }
}

/** Copies the first `bytes` of lines to rows. */
function copyBack(rows: i32, bytes: usize, lines: usize, to: usize, rowBytes: usize): void {
  for (let row = 0; row < rows; row++, lines += LINE, to += rowBytes) {
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(lines + i));
    for (; i < bytes; i += 4) store<u32>(to + i, load<u32>(lines + i));
  }
}

/** x = factor·x; zeros if the factor is 0, also for NaN. */
export function scaleRow(shift: i32, count: i32, x: usize, factor: f64): void {
  const bytes = <usize>count << shift, end = x + bytes;
  if (factor == 0) {
    memory.fill(x, 0, bytes);
    return;
  }
  if (shift == 2) {
    const f = f32x4.splat(<f32>factor);
    for (; x + 16 <= end; x += 16) v128.store(x, f32x4.mul(v128.load(x), f));
    for (; x < end; x += 4) store<f32>(x, load<f32>(x) * <f32>factor);
  } else {
    const f = f64x2.splat(factor);
    for (; x + 16 <= end; x += 16) v128.store(x, f64x2.mul(v128.load(x), f));
    for (; x < end; x += 8) store<f64>(x, load<f64>(x) * factor);
  }
}
