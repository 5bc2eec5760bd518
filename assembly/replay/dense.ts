// The products of a dense layer of at most 8 units, which fill a part of their one panel: only the vectors that have units are computed. Each sum has the order of
// assembly/gemm.ts.

import { LINE, padded, panelBytes } from '../layout';

/** The most units, and rows: those of more rows are summed in blocks. */
export const MOST_UNITS: i32 = 8;
export const MOST_ROWS: i32 = 256;

/** y[rows, units] = x[rows, inputs] · kernel + bias. */
export function forward(rows: i32, inputs: i32, units: i32, x: usize, kernel: usize, bias: usize, y: usize): void {
  const stride = panelBytes(rows);
  const zero = f32x4.splat(0);
  const b0 = bias ? v128.load(bias) : zero, b1 = bias ? v128.load(bias, 16) : zero;
  for (let row = 0; row < rows; ) {
    const at = x + <usize>row * LINE, to = y + <usize>row * LINE;
    if (units <= 4) {
      if (row + 8 <= rows) {
        rows8(inputs, at, stride, kernel, b0, to);
        row += 8;
        continue;
      }
      rows1(inputs, at, stride, kernel, b0, zero, to, false);
      row++;
    } else if (row + 4 <= rows) {
      rows4x8(inputs, at, stride, kernel, b0, b1, to);
      row += 4;
    } else {
      rows1(inputs, at, stride, kernel, b0, b1, to, true);
      row++;
    }
  }
}

// @ts-ignore: decorator
@inline
function add(c: v128, a: v128, b: v128): v128 {
  return f32x4.add(c, f32x4.mul(a, b));
}

/** Stores a line of y: zeros past the vectors. */
// @ts-ignore: decorator
@inline
function line(y: usize, c: v128, d: v128): void {
  v128.store(y, c);
  v128.store(y, d, 16);
  v128.store(y, f32x4.splat(0), 32);
  v128.store(y, f32x4.splat(0), 48);
}

function rows8(k: i32, a: usize, stride: usize, b: usize, initial: v128, y: usize): void {
  let c0 = initial, c1 = initial, c2 = initial, c3 = initial, c4 = initial, c5 = initial, c6 = initial, c7 = initial;
  for (; k > 0; k -= 16, a += stride) {
    let at = a;
    for (const end = a + (<usize>min(k, 16) << 2); at < end; at += 4, b += LINE) {
      const w = v128.load(b);
      c0 = add(c0, v128.load32_splat(at), w);
      c1 = add(c1, v128.load32_splat(at, 64), w);
      c2 = add(c2, v128.load32_splat(at, 128), w);
      c3 = add(c3, v128.load32_splat(at, 192), w);
      c4 = add(c4, v128.load32_splat(at, 256), w);
      c5 = add(c5, v128.load32_splat(at, 320), w);
      c6 = add(c6, v128.load32_splat(at, 384), w);
      c7 = add(c7, v128.load32_splat(at, 448), w);
    }
  }
  const zero = f32x4.splat(0);
  line(y, c0, zero), line(y + 64, c1, zero), line(y + 128, c2, zero), line(y + 192, c3, zero);
  line(y + 256, c4, zero), line(y + 320, c5, zero), line(y + 384, c6, zero), line(y + 448, c7, zero);
}

function rows4x8(k: i32, a: usize, stride: usize, b: usize, i0: v128, i1: v128, y: usize): void {
  let s: v128;
  let c0 = i0, c1 = i0, c2 = i0, c3 = i0, d0 = i1, d1 = i1, d2 = i1, d3 = i1;
  for (; k > 0; k -= 16, a += stride) {
    let at = a;
    for (const end = a + (<usize>min(k, 16) << 2); at < end; at += 4, b += LINE) {
      const w = v128.load(b), v = v128.load(b, 16);
      s = v128.load32_splat(at), c0 = add(c0, s, w), d0 = add(d0, s, v);
      s = v128.load32_splat(at, 64), c1 = add(c1, s, w), d1 = add(d1, s, v);
      s = v128.load32_splat(at, 128), c2 = add(c2, s, w), d2 = add(d2, s, v);
      s = v128.load32_splat(at, 192), c3 = add(c3, s, w), d3 = add(d3, s, v);
    }
  }
  line(y, c0, d0), line(y + 64, c1, d1), line(y + 128, c2, d2), line(y + 192, c3, d3);
}

function rows1(k: i32, a: usize, stride: usize, b: usize, i0: v128, i1: v128, y: usize, both: bool): void {
  let c = i0, d = i1;
  for (; k > 0; k -= 16, a += stride) {
    let at = a;
    for (const end = a + (<usize>min(k, 16) << 2); at < end; at += 4, b += LINE) {
      const s = v128.load32_splat(at);
      c = add(c, s, v128.load(b));
      if (both) d = add(d, s, v128.load(b, 16));
    }
  }
  line(y, c, d);
}

/** dkernel[inputs, units] = xᵀ · dy, and where `dbias` is not 0 dbias = Σ dy, for at most 256 rows. Their padding stays as it is. */
export function kernelGradient(rows: i32, inputs: i32, units: i32, x: usize, dy: usize, dkernel: usize, dbias: usize): void {
  const stride = panelBytes(rows), end = dy + <usize>rows * LINE;
  for (let vector = 0; vector < units; vector += 4) {
    const at = <usize>vector << 2;
    if (dbias) {
      let sum = f32x4.splat(0);
      for (let b = dy + at; b < end; b += LINE) sum = f32x4.add(sum, v128.load(b));
      v128.store(dbias + at, sum);
    }
  }
  for (let i = 0; i < inputs; ) {
    const from = x + <usize>(i >> 4) * stride + (<usize>(i & 15) << 2), to = dkernel + <usize>i * LINE;
    if (units <= 4 && i + 8 <= inputs) {
      columns8(from, dy, end, to);
      i += 8;
    } else if (i + 4 <= inputs) {
      if (units <= 4) columns4(from, dy, end, to);
      else columns4x8(from, dy, end, to);
      i += 4;
    } else {
      column(from, dy, end, to, units);
      i++;
    }
  }
}

function columns8(a: usize, b: usize, end: usize, w: usize): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
  for (; b < end; b += LINE, a += LINE) {
    const d = v128.load(b);
    c0 = add(c0, v128.load32_splat(a), d);
    c1 = add(c1, v128.load32_splat(a, 4), d);
    c2 = add(c2, v128.load32_splat(a, 8), d);
    c3 = add(c3, v128.load32_splat(a, 12), d);
    c4 = add(c4, v128.load32_splat(a, 16), d);
    c5 = add(c5, v128.load32_splat(a, 20), d);
    c6 = add(c6, v128.load32_splat(a, 24), d);
    c7 = add(c7, v128.load32_splat(a, 28), d);
  }
  v128.store(w, c0), v128.store(w, c1, 64), v128.store(w, c2, 128), v128.store(w, c3, 192);
  v128.store(w, c4, 256), v128.store(w, c5, 320), v128.store(w, c6, 384), v128.store(w, c7, 448);
}

function columns4(a: usize, b: usize, end: usize, w: usize): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  for (; b < end; b += LINE, a += LINE) {
    const d = v128.load(b);
    c0 = add(c0, v128.load32_splat(a), d);
    c1 = add(c1, v128.load32_splat(a, 4), d);
    c2 = add(c2, v128.load32_splat(a, 8), d);
    c3 = add(c3, v128.load32_splat(a, 12), d);
  }
  v128.store(w, c0), v128.store(w, c1, 64), v128.store(w, c2, 128), v128.store(w, c3, 192);
}

function columns4x8(a: usize, b: usize, end: usize, w: usize): void {
  let s: v128;
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0, d0 = c0, d1 = c0, d2 = c0, d3 = c0;
  for (; b < end; b += LINE, a += LINE) {
    const d = v128.load(b), e = v128.load(b, 16);
    s = v128.load32_splat(a), c0 = add(c0, s, d), d0 = add(d0, s, e);
    s = v128.load32_splat(a, 4), c1 = add(c1, s, d), d1 = add(d1, s, e);
    s = v128.load32_splat(a, 8), c2 = add(c2, s, d), d2 = add(d2, s, e);
    s = v128.load32_splat(a, 12), c3 = add(c3, s, d), d3 = add(d3, s, e);
  }
  v128.store(w, c0), v128.store(w, c1, 64), v128.store(w, c2, 128), v128.store(w, c3, 192);
  v128.store(w, d0, 16), v128.store(w, d1, 80), v128.store(w, d2, 144), v128.store(w, d3, 208);
}

function column(a: usize, b: usize, end: usize, w: usize, units: i32): void {
  let c = f32x4.splat(0), d = c;
  for (; b < end; b += LINE, a += LINE) {
    const s = v128.load32_splat(a);
    c = add(c, s, v128.load(b));
    if (units > 4) d = add(d, s, v128.load(b, 16));
  }
  v128.store(w, c);
  if (units > 4) v128.store(w, d, 16);
}

/** transposePanels of assembly/gemm.ts for a kernel of one panel: [inputs, units] becomes panels [units, inputs], zeros past the last input. */
export function transpose(inputs: i32, units: i32, kernel: usize, transposed: usize): void {
  const zero = f32x4.splat(0);
  for (let k = 0; k < padded(inputs); k += 4) {
    const from = kernel + <usize>k * LINE;
    for (let u = 0; u < units; u += 4) {
      const at = from + (<usize>u << 2);
      const to = transposed + (<usize>(k >> 4) * <usize>units + <usize>u) * LINE + (<usize>(k & 15) << 2);
      const r0 = k < inputs ? v128.load(at) : zero, r1 = k + 1 < inputs ? v128.load(at, 64) : zero;
      const r2 = k + 2 < inputs ? v128.load(at, 128) : zero, r3 = k + 3 < inputs ? v128.load(at, 192) : zero;
      const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
      if (u + 1 < units) v128.store(to, v128.shuffle<f32>(a, b, 2, 3, 6, 7), 64);
      if (u + 2 < units) v128.store(to, v128.shuffle<f32>(c, d, 0, 1, 4, 5), 128);
      if (u + 3 < units) v128.store(to, v128.shuffle<f32>(c, d, 2, 3, 6, 7), 192);
    }
  }
}
