// Level 2 of BLAS on a row-major matrix a[m, n], in float32 (`shift` 2) and float64 (`shift` 3).

import { multiplyAdd } from '../multiply-add';
import { words } from '../random';
import { high, low } from '../sums';
import { multiplyAddDouble } from './multiply-add-double';
import { scaleRow } from './product';
import { axpyDoubles, axpyFloats, lanesSumDouble } from './vectors';

/**
 * y = alpha·a·x + beta·y for the rows from `first` to `end`; y is not read where beta is 0. A row's sum has eight lanes (four in float64) for at most 1,024
 * columns, whose sums are added in float64; then the last columns, fewer than the lanes.
 */
export function gemv(
  shift: i32, first: i32, end: i32, n: i32, alpha: f64, a: usize, aRow: usize, x: usize, beta: f64, y: usize,
): void {
  a += <usize>first * aRow;
  for (let row = first; row < end; ) {
    const height = end - row >= 4 ? 4 : 1, step = height == 4 ? aRow : 0;
    if (shift == 3) doubles(height, n, a, step, x);
    else floats(height, n, a, step, x);
    for (let i = 0; i < height; i++, row++) finish(shift, alpha, load<f64>(sumsAt() + (<usize>i << 3)), beta, y + (<usize>row << shift));
    a += <usize>height * aRow;
  }
}

/** y = alpha·sum + beta·y. */
function finish(shift: i32, alpha: f64, sum: f64, beta: f64, y: usize): void {
  if (shift == 2) {
    const value = <f32>alpha * <f32>sum;
    store<f32>(y, beta == 0 ? value : value + <f32>beta * load<f32>(y));
  } else {
    const value = alpha * sum;
    store<f64>(y, beta == 0 ? value : value + beta * load<f64>(y));
  }
}

/** The sums of four rows, in the address of this thread's random words: each thread has its own. */
// @ts-ignore: decorator
@inline
function sumsAt(): usize {
  return words;
}

/** Sums of the lanes of four registers, each as lanesSum adds them. */
// @ts-ignore: decorator
@inline
function lanesSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const p = v128.shuffle<i32>(a, b, 0, 4, 1, 5), q = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const r = v128.shuffle<i32>(a, b, 2, 6, 3, 7), s = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  const left = f32x4.add(v128.shuffle<i64>(p, q, 0, 2), v128.shuffle<i64>(p, q, 1, 3));
  const right = f32x4.add(v128.shuffle<i64>(r, s, 0, 2), v128.shuffle<i64>(r, s, 1, 3));
  return f32x4.add(left, right);
}

function floats(height: i32, n: i32, a: usize, step: usize, x: usize): void {
  const end = x + (<usize>n << 2), whole = x + (<usize>(n & ~7) << 2);
  let a1 = a + step, a2 = a1 + step, a3 = a2 + step;
  let s0 = f64x2.splat(0), s1 = s0;
  while (x < whole) {
    let p0 = f32x4.splat(0), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0, p3 = p0, q3 = p0;
    const stop = min(whole, x + 4096);
    if (height == 4) {
      for (; x < stop; x += 32, a += 32, a1 += 32, a2 += 32, a3 += 32) {
        const v = v128.load(x), w = v128.load(x, 16);
        p0 = multiplyAdd(v, v128.load(a), p0), q0 = multiplyAdd(w, v128.load(a, 16), q0);
        p1 = multiplyAdd(v, v128.load(a1), p1), q1 = multiplyAdd(w, v128.load(a1, 16), q1);
        p2 = multiplyAdd(v, v128.load(a2), p2), q2 = multiplyAdd(w, v128.load(a2, 16), q2);
        p3 = multiplyAdd(v, v128.load(a3), p3), q3 = multiplyAdd(w, v128.load(a3, 16), q3);
      }
    } else {
      for (; x < stop; x += 32, a += 32) {
        p0 = multiplyAdd(v128.load(x), v128.load(a), p0), q0 = multiplyAdd(v128.load(x, 16), v128.load(a, 16), q0);
      }
    }
    const sums = lanesSums(f32x4.add(p0, q0), f32x4.add(p1, q1), f32x4.add(p2, q2), f32x4.add(p3, q3));
    s0 = f64x2.add(s0, low(sums)), s1 = f64x2.add(s1, high(sums));
  }
  const at = sumsAt();
  v128.store(at, s0), v128.store(at, s1, 16);
  for (; x < end; x += 4, a += 4, a1 += 4, a2 += 4, a3 += 4) {
    const v = <f64>load<f32>(x);
    store<f64>(at, load<f64>(at) + v * <f64>load<f32>(a));
    if (height == 1) continue;
    store<f64>(at, load<f64>(at, 8) + v * <f64>load<f32>(a1), 8);
    store<f64>(at, load<f64>(at, 16) + v * <f64>load<f32>(a2), 16);
    store<f64>(at, load<f64>(at, 24) + v * <f64>load<f32>(a3), 24);
  }
}

function doubles(height: i32, n: i32, a: usize, step: usize, x: usize): void {
  const end = x + (<usize>n << 3), whole = x + (<usize>(n & ~3) << 3);
  let a1 = a + step, a2 = a1 + step, a3 = a2 + step;
  let p0 = f64x2.splat(0), q0 = p0, p1 = p0, q1 = p0, p2 = p0, q2 = p0, p3 = p0, q3 = p0;
  if (height == 4) {
    for (; x < whole; x += 32, a += 32, a1 += 32, a2 += 32, a3 += 32) {
      const v = v128.load(x), w = v128.load(x, 16);
      p0 = multiplyAddDouble(v, v128.load(a), p0), q0 = multiplyAddDouble(w, v128.load(a, 16), q0);
      p1 = multiplyAddDouble(v, v128.load(a1), p1), q1 = multiplyAddDouble(w, v128.load(a1, 16), q1);
      p2 = multiplyAddDouble(v, v128.load(a2), p2), q2 = multiplyAddDouble(w, v128.load(a2, 16), q2);
      p3 = multiplyAddDouble(v, v128.load(a3), p3), q3 = multiplyAddDouble(w, v128.load(a3, 16), q3);
    }
  } else {
    for (; x < whole; x += 32, a += 32) {
      p0 = multiplyAddDouble(v128.load(x), v128.load(a), p0), q0 = multiplyAddDouble(v128.load(x, 16), v128.load(a, 16), q0);
    }
  }
  let s0 = lanesSumDouble(f64x2.add(p0, q0)), s1 = lanesSumDouble(f64x2.add(p1, q1));
  let s2 = lanesSumDouble(f64x2.add(p2, q2)), s3 = lanesSumDouble(f64x2.add(p3, q3));
  for (; x < end; x += 8, a += 8, a1 += 8, a2 += 8, a3 += 8) {
    const v = load<f64>(x);
    s0 += v * load<f64>(a);
    if (height == 1) continue;
    s1 += v * load<f64>(a1);
    s2 += v * load<f64>(a2);
    s3 += v * load<f64>(a3);
  }
  const at = sumsAt();
  store<f64>(at, s0), store<f64>(at, s1, 8), store<f64>(at, s2, 16), store<f64>(at, s3, 24);
}

/** y = alpha·aᵀ·x + beta·y for a[m, n]: alpha·x times a row is added to y row by row, in order. */
export function gemvTransposed(
  shift: i32, m: i32, n: i32, alpha: f64, a: usize, aRow: usize, x: usize, beta: f64, y: usize,
): void {
  if (beta != 1) scaleRow(shift, n, y, beta);
  // Columns in blocks, so that y's stay in the first-level cache.
  const block = 2048, lanes = 16 >> shift, many = shift == 2 ? 8 : 4;
  for (let from = 0; from < n; from += block) {
    const width = min(block, n - from), whole = width & -lanes, at = a + (<usize>from << shift), to = y + (<usize>from << shift);
    const together = m - m % many;
    for (let row = 0; row < together; row += many) {
      const first = x + (<usize>row << shift), start = at + <usize>row * aRow;
      if (shift == 2) eightRows(whole, <f32>alpha, first, start, aRow, to);
      else fourRowsDouble(whole, alpha, first, start, aRow, to);
    }
    // The last columns of these rows, and the last rows.
    for (let row = whole == width ? together : 0; row < m; row++) {
      const skip = row < together ? whole : 0, far = <usize>skip << shift;
      const start = at + <usize>row * aRow + far, factor = x + (<usize>row << shift);
      if (shift == 2) axpyFloats(width - skip, <f32>alpha * load<f32>(factor), start, to + far);
      else axpyDoubles(width - skip, alpha * load<f64>(factor), start, to + far);
    }
  }
}

/** y += alpha·x·a for eight rows of a and `n` columns, a multiple of four. */
function eightRows(n: i32, alpha: f32, x: usize, a: usize, aRow: usize, y: usize): void {
  const f0 = f32x4.splat(alpha * load<f32>(x, 0));
  const f1 = f32x4.splat(alpha * load<f32>(x, 4));
  const f2 = f32x4.splat(alpha * load<f32>(x, 8));
  const f3 = f32x4.splat(alpha * load<f32>(x, 12));
  const f4 = f32x4.splat(alpha * load<f32>(x, 16));
  const f5 = f32x4.splat(alpha * load<f32>(x, 20));
  const f6 = f32x4.splat(alpha * load<f32>(x, 24));
  const f7 = f32x4.splat(alpha * load<f32>(x, 28));
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let a4 = a3 + aRow;
  let a5 = a4 + aRow;
  let a6 = a5 + aRow;
  let a7 = a6 + aRow;
  const end = y + (<usize>n << 2);
  for (; y < end; y += 16, a += 16, a1 += 16, a2 += 16, a3 += 16, a4 += 16, a5 += 16, a6 += 16, a7 += 16) {
    let v = multiplyAdd(f0, v128.load(a), v128.load(y));
    v = multiplyAdd(f1, v128.load(a1), v);
    v = multiplyAdd(f2, v128.load(a2), v);
    v = multiplyAdd(f3, v128.load(a3), v);
    v = multiplyAdd(f4, v128.load(a4), v);
    v = multiplyAdd(f5, v128.load(a5), v);
    v = multiplyAdd(f6, v128.load(a6), v);
    v = multiplyAdd(f7, v128.load(a7), v);
    v128.store(y, v);
  }
}

/** The same for four rows in float64, and an even number of columns. */
function fourRowsDouble(n: i32, alpha: f64, x: usize, a: usize, aRow: usize, y: usize): void {
  const f0 = f64x2.splat(alpha * load<f64>(x)), f1 = f64x2.splat(alpha * load<f64>(x, 8));
  const f2 = f64x2.splat(alpha * load<f64>(x, 16)), f3 = f64x2.splat(alpha * load<f64>(x, 24));
  let a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
  const end = y + (<usize>n << 3);
  for (; y < end; y += 16, a += 16, a1 += 16, a2 += 16, a3 += 16) {
    let v = multiplyAddDouble(f0, v128.load(a), v128.load(y));
    v = multiplyAddDouble(f1, v128.load(a1), v);
    v = multiplyAddDouble(f2, v128.load(a2), v);
    v128.store(y, multiplyAddDouble(f3, v128.load(a3), v));
  }
}

/** a[m, n] += alpha·x·yᵀ. */
export function ger(shift: i32, m: i32, n: i32, alpha: f64, x: usize, y: usize, a: usize, aRow: usize): void {
  for (let row = 0; row < m; row++, a += aRow) {
    if (shift == 2) axpyFloats(n, <f32>alpha * load<f32>(x + (<usize>row << 2)), y, a);
    else axpyDoubles(n, alpha * load<f64>(x + (<usize>row << 3)), y, a);
  }
}
