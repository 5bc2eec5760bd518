// Order: argsort by radix, the k largest numbers of a row, and what nearest rows need.

import { fullLines } from '../layout';
import { lanesSum } from '../math';
import { sumOfSquares } from './vectors';

/** An unsigned number that is ordered as the floats are: −0 as 0, NaN last. `flip` turns the order of all but NaN round. */
// @ts-ignore: decorator
@inline
function keyOf(at: usize, flip: u32): u32 {
  const value = load<f32>(at);
  if (isNaN(value)) return 0xffffffff;
  const bits = reinterpret<u32>(value + 0);
  return (bits ^ (<u32>(<i32>bits >> 31) | 0x80000000)) ^ flip;
}

const counts = memory.data(4 * 256 * 4, 16);

/**
 * out[count] = the indices that sort x: stable, ascending or descending, NaN last. `scratch` has three times `count` words. Radix sort by bytes, from the lowest on
 * (Knuth, The Art of Computer Programming, volume 3, 5.2.5).
 */
export function argsort(count: i32, x: usize, descending: bool, out: usize, scratch: usize): void {
  const flip: u32 = descending ? 0xffffffff : 0, bytes = <usize>count << 2;
  let keys = scratch, otherKeys = scratch + bytes, order = out, otherOrder = scratch + 2 * bytes;
  memory.fill(counts, 0, 4096);
  for (let i: usize = 0; i < bytes; i += 4) {
    // A descending key of a number could be that of NaN only if the number had all bits set, which is a NaN.
    const key = keyOf(x + i, flip);
    store<u32>(keys + i, key);
    store<u32>(order + i, <u32>(i >> 2));
    for (let byte: usize = 0; byte < 4; byte++) {
      const at = counts + (byte << 10) + (<usize>((key >> <u32>(byte << 3)) & 255) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
  for (let byte: usize = 0; byte < 4; byte++) {
    const table = counts + (byte << 10), move = <u32>(byte << 3);
    // Where all keys have the same byte nothing moves.
    if (count > 0 && load<u32>(table + (<usize>((load<u32>(keys) >> move) & 255) << 2)) == <u32>count) continue;
    let sum: u32 = 0;
    for (let i: usize = 0; i < 1024; i += 4) {
      const size = load<u32>(table + i);
      store<u32>(table + i, sum);
      sum += size;
    }
    for (let i: usize = 0; i < bytes; i += 4) {
      const key = load<u32>(keys + i), at = table + (<usize>((key >> move) & 255) << 2), place = load<u32>(at);
      store<u32>(at, place + 1);
      store<u32>(otherKeys + (<usize>place << 2), key);
      store<u32>(otherOrder + (<usize>place << 2), load<u32>(order + i));
    }
    let swap = keys;
    keys = otherKeys, otherKeys = swap;
    swap = order;
    order = otherOrder, otherOrder = swap;
  }
  if (order != out) memory.copy(out, order, bytes);
}

/**
 * The `k` largest numbers of each row of x[rows, columns], or the smallest, and their columns: the best first, equal ones by column, NaN last. For few:
 * each better number is moved to its place among those kept.
 */
export function topK(rows: i32, columns: i32, k: i32, x: usize, smallest: bool, values: usize, indices: usize): void {
  const sign: f32 = smallest ? -1 : 1;
  const width = <usize>k << 2;
  for (let row = 0; row < rows; row++, x += <usize>columns << 2, values += width, indices += width) {
    let kept = 0;
    let last: f32 = -Infinity;
    for (let column = 0; column < columns; column++) {
      const one = load<f32>(x + (<usize>column << 2));
      const rank = one * sign;
      if (kept == k && !(rank > last) && !(isNaN(last) && !isNaN(rank))) continue;
      let place = kept < k ? kept++ : k - 1;
      for (; place > 0; place--) {
        const before = load<f32>(values + (<usize>(place - 1) << 2)), other = before * sign;
        if (isNaN(rank) || !(rank > other || isNaN(other))) break;
        store<f32>(values + (<usize>place << 2), before);
        store<i32>(indices + (<usize>place << 2), load<i32>(indices + (<usize>(place - 1) << 2)));
      }
      store<f32>(values + (<usize>place << 2), one);
      store<i32>(indices + (<usize>place << 2), column);
      last = load<f32>(values + (<usize>(kept - 1) << 2)) * sign;
    }
  }
}

/** out[rows] = Σ x² of each row of x[rows, columns], in float64, or its root. */
export function rowSquares(rows: i32, columns: i32, x: usize, root: bool, out: usize): void {
  for (let row = 0; row < rows; row++, x += <usize>columns << 2, out += 8) {
    const sum = sumOfSquares(2, columns, x, 1);
    store<f64>(out, root ? sqrt(sum) : sum);
  }
}

/** The power of two by which a row is divided, so that its norm, the root of `square`, becomes at least ½ and less than 1; 1 for a norm that is not finite. */
// @ts-ignore: decorator
@inline
function powerOf(square: f64): f64 {
  return square < Infinity ? reinterpret<f64>(((reinterpret<u64>(sqrt(square)) >> 52) + 1) << 52) : 1;
}

/**
 * products[rows, columns] of x's and y's rows become cosines, product / (|x|·|y|), and 0 where a row is zero. In the products, x's rows are divided by their powers of two: see
 * normalizeRows. `xs` are the squares of their norms; `ys` the norms.
 */
export function fromProducts(rows: i32, columns: i32, products: usize, xs: usize, ys: usize): void {
  for (let row = 0; row < rows; row++, xs += 8) {
    const a = load<f64>(xs), power = powerOf(a), norm = sqrt(a);
    for (let column: usize = 0; column < <usize>columns; column++, products += 4) {
      const size = norm * load<f64>(ys + (column << 3)), product = <f64>load<f32>(products) * power;
      // Rounding may leave a little more than 1; NaN stays.
      store<f32>(products, size == 0 ? 0 : <f32>max(min(product / size, 1), -1));
    }
  }
}

/** out[many, rows] = √Σ (q − r)² of each query with each row, of differences, so that it has all its digits wherever the rows lie. */
export function distances(many: i32, rows: i32, columns: i32, q: usize, r: usize, out: usize): void {
  const width = <usize>columns << 2, end = q + <usize>many * width;
  // Rows in blocks of 128 KB, which stay in the second-level cache for all queries.
  const block = max(1, 32768 / max(1, columns));
  for (let first = 0; first < rows; first += block) {
    const last = min(rows, first + block);
    for (let x = q, to = out; x < end; x += width, to += <usize>rows << 2) {
      for (let i = first; i < last; i++) store<f32>(to + (<usize>i << 2), <f32>sqrt(squaredDistance(columns, x, r + <usize>i * width)));
    }
  }
}

/** Σ (x − y)²: in 16 lanes of float32, and the last few in float64; or all, where squares leave float32's range. */
function squaredDistance(columns: i32, x: usize, y: usize): f64 {
  const end = x + (<usize>columns << 2), lines = x + (<usize>fullLines(columns) << 2), fours = x + (<usize>(columns & ~3) << 2);
  let from = x, to = y, a = f32x4.splat(0), b = a, c = a, d = a;
  for (; from < lines; from += 64, to += 64) {
    a = f32x4.add(a, square(from, to)), b = f32x4.add(b, square(from + 16, to + 16));
    c = f32x4.add(c, square(from + 32, to + 32)), d = f32x4.add(d, square(from + 48, to + 48));
  }
  for (; from < fours; from += 16, to += 16) a = f32x4.add(a, square(from, to));
  let sum = <f64>lanesSum(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  if (!(sum > 1e-30 && sum < Infinity)) sum = 0, from = x, to = y;
  for (; from < end; from += 4, to += 4) {
    const p = <f64>load<f32>(from) - <f64>load<f32>(to);
    sum += p * p;
  }
  return sum;
}

/** (x − y)² of four numbers. */
// @ts-ignore: decorator
@inline
function square(x: usize, y: usize): v128 {
  const p = f32x4.sub(v128.load(x), v128.load(y));
  return f32x4.mul(p, p);
}

/** y = x / |x| for each row; a zero row stays. With `roughly`, x is divided by a power of two near |x|, so that products with y neither overflow nor vanish. */
export function normalizeRows(rows: i32, columns: i32, x: usize, roughly: bool, y: usize): void {
  for (let row = 0; row < rows; row++) {
    const square = sumOfSquares(2, columns, x, 1), norm = square == 0 ? 1 : sqrt(square);
    const divisor = roughly ? powerOf(square) : norm;
    for (const end = x + (<usize>columns << 2); x < end; x += 4, y += 4) store<f32>(y, <f32>(<f64>load<f32>(x) / divisor));
  }
}
