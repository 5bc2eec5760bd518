// The three matrix products of a dense layer over panels (see layout.ts), computed by the generated tiles.
// Every output element sums over k in order, in one float32 accumulator, whatever the tile and the blocking: blocks of k
// store the sum and load it again, which keeps its bits. Only the gradients of kernel and bias, which sum over the rows of a
// batch, begin a new accumulator for each block of at most 256 rows, and add up the blocks in float64: see sums.ts.

import { panelColumns, panelRows } from './generated/tiles';
import { LINE, panelBytes, panels } from './layout';
import { SUM_INPUTS, SUM_PANELS, addBlock, blockSize, high, join, low, rowBlock, sums } from './sums';

/** The most steps of k in one pass, so that a panel of the right operand (16 KB) stays in the first-level cache. */
const K_BLOCK: i32 = 256;

const zeros = memory.data(64, 64);

/** The numbers of the chosen row tile and column tile, in memory, so that all threads see them. */
const chosen = memory.data(8, 8);

/**
 * Chooses the tiles by their numbers in scripts/generate-tiles.mjs: `rows` for the forward and input gradient products, `columns` for the
 * kernel's gradient. All tiles of a build give the same bits.
 */
export function setTiles(rows: i32, columns: i32): void {
  store<i32>(chosen, rows);
  store<i32>(chosen, columns, 4);
}

/** Workspace of `tileTrial`: x of four panels of 31 lines, w and dw of 64 lines, y of 31. */
const trial = memory.data((4 * 31 + 64 + 31) * 64, 64);

/**
 * Work for timing a tile, on zeros, `repeats` times: x[30, 64]·w[64, 16] by row tile `rows`, or if that is negative, the kernel's
 * gradient of the same shapes by column tile `columns`.
 */
export function tileTrial(rows: i32, columns: i32, repeats: i32): void {
  const before = load<i32>(chosen), columnsBefore = load<i32>(chosen, 4);
  setTiles(rows, columns);
  const w = trial + 124 * LINE, y = trial + 188 * LINE;
  for (let i = 0; i < repeats; i++) {
    if (rows < 0) denseKernelGradient(30, 64, 16, trial, y, w);
    else denseForward(30, 64, 16, trial, w, 0, y);
  }
  setTiles(before, columnsBefore);
}

/**
 * y = initial + x[rows, k] · w, for `count` panels of w (of k rows) and of y. `initial` is one row of these panels, or 0 for zeros. `stride` is
 * the number of bytes from one panel of x or y to the next, which may have more than `rows` rows.
 */
export function multiply(
  stride: usize, rows: i32, k: i32, count: usize, x: usize, w: usize, initial: usize, y: usize,
): void {
  const tile = load<i32>(chosen);
  const kBlock = blockSize(k, K_BLOCK);
  const block = rowBlock(rows);
  for (let row = 0; row < rows; row += block) {
    const height = min(block, rows - row);
    for (let from = 0; from < k; from += kBlock) {
      const depth = min(kBlock, k - from);
      const a = x + <usize>(from >> 4) * stride + <usize>row * LINE;
      for (let p: usize = 0; p < count; p++) {
        const b = w + (p * <usize>k + <usize>from) * LINE;
        const c = y + p * stride + <usize>row * LINE;
        let start = c;
        let startRow: usize = LINE;
        if (from == 0) {
          start = initial ? initial + p * LINE : zeros;
          startRow = 0;
        }
        panelRows(tile, height, depth, a, stride - LINE, b, c, start, startRow);
      }
    }
  }
}

/** y[rows, units] = x[rows, inputs] · kernel + bias. `bias` 0 means none; `y` may not overlap `x`. Sums over inputs in order. */
export function denseForward(rows: i32, inputs: i32, units: i32, x: usize, kernel: usize, bias: usize, y: usize): void {
  multiply(panelBytes(rows), rows, inputs, panels(units), x, kernel, bias, y);
}

/**
 * dx[rows, inputs] = dy[rows, units] · kernelᵀ. `transposed` is workspace for the kernel's transpose, panels(inputs) × units
 * lines; `dx` may not overlap `dy`. Sums over units in order.
 */
export function denseInputGradient(
  rows: i32, inputs: i32, units: i32, dy: usize, kernel: usize, transposed: usize, dx: usize,
): void {
  transposePanels(inputs, units, 0, inputs, kernel, transposed);
  multiply(panelBytes(rows), rows, units, panels(inputs), dy, transposed, 0, dx);
}

/** dkernel[inputs, units] = xᵀ[inputs, rows] · dy[rows, units], in the kernel's panels. Sums over rows as in sums.ts. */
export function denseKernelGradient(rows: i32, inputs: i32, units: i32, x: usize, dy: usize, dkernel: usize): void {
  multiplyTransposed(panelBytes(rows), rows, inputs, inputs, panels(units), x, dy, dkernel);
}

/**
 * The kernel's gradient for `height` inputs and `count` panels of units; x, dy and dkernel point at the first of these. If the rows need several
 * blocks, computes as many lines of the gradient at a time as the float64 sums have room for, over all blocks.
 */
export function multiplyTransposed(
  stride: usize, rows: i32, inputs: i32, height: i32, count: usize, x: usize, dy: usize, dkernel: usize,
): void {
  const tile = load<i32>(chosen, 4);
  const block = rowBlock(rows), several = block < rows;
  const width = several ? SUM_PANELS : count, lines = several ? SUM_INPUTS : height;
  for (let panel: usize = 0; panel < count; panel += width) {
    const panelEnd = min(count, panel + width);
    for (let first = 0; first < height; first += lines) {
      const end = min(height, first + lines);
      for (let row = 0; row < rows; row += block) {
        const depth = min(block, rows - row);
        let sum = sums;
        for (let p = panel; p < panelEnd; p++) {
          const b = dy + p * stride + <usize>row * LINE;
          let a = x + <usize>(first >> 4) * stride + <usize>row * LINE;
          let c = dkernel + (p * <usize>inputs + <usize>first) * LINE;
          for (let from = first; from < end; from += 16) {
            const size = min(16, end - from);
            panelColumns(tile, size, depth, a, b, c, zeros, 0);
            if (several) {
              addBlock(size, c, sum, row == 0, row + depth == rows);
              sum += 32 * LINE;
            }
            a += stride;
            c += 16 * LINE;
          }
        }
      }
    }
  }
}

/** The gradients of a dense layer from `dy`. `dx` and `dbias` may be 0 if they are not needed. */
export function denseBackward(
  rows: i32, inputs: i32, units: i32, x: usize, dy: usize, kernel: usize, transposed: usize, dx: usize, dkernel: usize, dbias: usize,
): void {
  denseKernelGradient(rows, inputs, units, x, dy, dkernel);
  if (dbias) denseBiasGradient(rows, units, dy, dbias);
  if (dx) denseInputGradient(rows, inputs, units, dy, kernel, transposed, dx);
}

/** dbias[units] = Σ over rows of dy, as in sums.ts; one line a panel. */
export function denseBiasGradient(rows: i32, units: i32, dy: usize, dbias: usize): void {
  const stride = panelBytes(rows), block = <usize>rowBlock(rows) * LINE;
  for (let p: usize = 0, count = panels(units); p < count; p++) {
    const to = dbias + p * LINE;
    let l0 = f64x2.splat(0), l1 = l0, l2 = l0, l3 = l0, h0 = l0, h1 = l0, h2 = l0, h3 = l0;
    let at = dy + p * stride;
    for (const end = at + <usize>rows * LINE; at < end; ) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (const stop = min(end, at + block); at < stop; at += LINE) {
        s0 = f32x4.add(s0, v128.load(at));
        s1 = f32x4.add(s1, v128.load(at, 16));
        s2 = f32x4.add(s2, v128.load(at, 32));
        s3 = f32x4.add(s3, v128.load(at, 48));
      }
      l0 = f64x2.add(l0, low(s0)), h0 = f64x2.add(h0, high(s0));
      l1 = f64x2.add(l1, low(s1)), h1 = f64x2.add(h1, high(s1));
      l2 = f64x2.add(l2, low(s2)), h2 = f64x2.add(h2, high(s2));
      l3 = f64x2.add(l3, low(s3)), h3 = f64x2.add(h3, high(s3));
    }
    v128.store(to, join(l0, h0));
    v128.store(to, join(l1, h1), 16);
    v128.store(to, join(l2, h2), 32);
    v128.store(to, join(l3, h3), 48);
  }
}

/**
 * Transposes the panels of kernel[inputs, units] into panels [units, inputs]: only the columns from `first`, a multiple of 16, to `end`. Columns past
 * `inputs` become zeros.
 */
export function transposePanels(inputs: i32, units: i32, first: i32, end: i32, kernel: usize, transposed: usize): void {
  for (let u = 0; u < units; u += 16) {
    const unitCount = <usize>min(16, units - u);
    for (let k = first; k < end; k += 16) {
      const from = kernel + (<usize>(u >> 4) * <usize>inputs + <usize>k) * LINE;
      const to = transposed + (<usize>(k >> 4) * <usize>units + <usize>u) * LINE;
      if (unitCount == 16 && inputs - k >= 16) {
        for (let i: usize = 0; i < 4; i++) {
          for (let j: usize = 0; j < 4; j++) transpose4x4(from + i * 256 + j * 16, to + j * 256 + i * 16);
        }
      } else {
        const inputCount = <usize>min(16, inputs - k);
        for (let j: usize = 0; j < unitCount; j++) {
          for (let i: usize = 0; i < 16; i++) {
            const value: f32 = i < inputCount ? load<f32>(from + i * LINE + j * 4) : 0;
            store<f32>(to + j * LINE + i * 4, value);
          }
        }
      }
    }
  }
}

/** Transposes a 4×4 block of floats, whose rows are 64 bytes apart. */
// @ts-ignore: decorator
@inline
function transpose4x4(from: usize, to: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from, 64), r2 = v128.load(from, 128), r3 = v128.load(from, 192);
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(a, b, 2, 3, 6, 7), 64);
  v128.store(to, v128.shuffle<f32>(c, d, 0, 1, 4, 5), 128);
  v128.store(to, v128.shuffle<f32>(c, d, 2, 3, 6, 7), 192);
}
