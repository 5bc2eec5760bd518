// Sums and their kin along the middle axis of x[outer, length, inner], float32. Sums are kept in float64 and rounded once, by the caller or when they are stored.

import { high, low } from '../sums';
import { storePart } from './parts';
import { rowMax } from './softmax-rows';
import { lanesSumDouble } from './vectors';

export const SUM = 0;
export const MEAN = 1;
export const VARIANCE = 2;
export const MAX = 3;
export const MIN = 4;
export const ARGMAX = 5;
export const ARGMIN = 6;

/** Σ (x − middle), or with `squares` Σ (x − middle)², of numbers in a row. */
export function sumRow(count: i32, x: usize, middle: f64, squares: bool): f64 {
  const m = f64x2.splat(middle), whole = x + (<usize>(count & ~7) << 2), end = x + (<usize>count << 2);
  let a = f64x2.splat(0), b = a, c = a, d = a;
  if (squares) {
    for (; x < whole; x += 32) {
      const p = f64x2.sub(low(v128.load(x)), m), q = f64x2.sub(high(v128.load(x)), m);
      const r = f64x2.sub(low(v128.load(x, 16)), m), s = f64x2.sub(high(v128.load(x, 16)), m);
      a = f64x2.add(a, f64x2.mul(p, p)), b = f64x2.add(b, f64x2.mul(q, q));
      c = f64x2.add(c, f64x2.mul(r, r)), d = f64x2.add(d, f64x2.mul(s, s));
    }
  } else {
    for (; x < whole; x += 32) {
      a = f64x2.add(a, low(v128.load(x))), b = f64x2.add(b, high(v128.load(x)));
      c = f64x2.add(c, low(v128.load(x, 16))), d = f64x2.add(d, high(v128.load(x, 16)));
    }
  }
  let sum = lanesSumDouble(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  for (; x < end; x += 4) {
    const one = <f64>load<f32>(x) - middle;
    sum += squares ? one * one : one;
  }
  return sum;
}

/** One number's reduction, in float64: the caller decides what an index or a float32 is. `off`: variance divides by count − off. */
export function reduceRow(kind: i32, count: i32, x: usize, off: f64): f64 {
  if (kind == SUM) return sumRow(count, x, 0, false);
  if (kind == MEAN) return sumRow(count, x, 0, false) / <f64>count;
  if (kind == VARIANCE) return sumRow(count, x, sumRow(count, x, 0, false) / <f64>count, true) / (<f64>count - off);
  if (kind == MAX) return <f64>rowMax(count, x);
  return reduceStrided(kind, count, x, 4);
}

/** Max, min and where they are, of numbers that are `step` bytes apart. A NaN is both the largest and the smallest number. The minimum of none is ∞, a place −1. */
function reduceStrided(kind: i32, count: i32, x: usize, step: usize): f64 {
  if (count == 0) return kind == MIN ? Infinity : -1;
  let best = load<f32>(x), at = 0;
  const least = kind == MIN || kind == ARGMIN;
  for (let i = 1; i < count; i++) {
    if (isNaN(best)) break;
    x += step;
    const one = load<f32>(x);
    if (isNaN(one) || (least ? one < best : one > best)) {
      best = one;
      at = i;
    }
  }
  return kind == ARGMAX || kind == ARGMIN ? <f64>at : <f64>best;
}

/** out[outer, inner] = the reduction of x[outer, length, inner] along `length`: float32, or for ARGMAX and ARGMIN int32. */
export function reduce(kind: i32, outer: i32, length: i32, inner: i32, x: usize, out: usize, off: f64): void {
  const width = <usize>inner << 2;
  for (let i = 0; i < outer; i++, x += <usize>length * width) {
    if (inner > 1 && kind <= VARIANCE) {
      for (let column = 0; column < inner; column += 4) {
        fourColumns(kind, length, x + (<usize>column << 2), width, inner - column, out + (<usize>column << 2), off);
      }
      out += width;
      continue;
    }
    for (let column = 0; column < inner; column++, out += 4) {
      const at = x + (<usize>column << 2);
      const value = inner == 1 ? reduceRow(kind, length, at, off) : reduceStrided(kind, length, at, width);
      if (kind >= ARGMAX) store<i32>(out, <i32>value);
      else store<f32>(out, <f32>value);
    }
  }
}

/** Of four columns, of which the first `count` are stored. Up to 12 bytes behind the array are read. */
function fourColumns(kind: i32, length: i32, x: usize, step: usize, count: i32, out: usize, off: f64): void {
  let a = f64x2.splat(0), b = a;
  const end = x + <usize>length * step;
  for (let at = x; at < end; at += step) a = f64x2.add(a, low(v128.load(at))), b = f64x2.add(b, high(v128.load(at)));
  if (kind != SUM) {
    const n = f64x2.splat(<f64>length);
    a = f64x2.div(a, n), b = f64x2.div(b, n);
  }
  if (kind == VARIANCE) {
    let p = f64x2.splat(0), q = p;
    for (let at = x; at < end; at += step) {
      const r = f64x2.sub(low(v128.load(at)), a), s = f64x2.sub(high(v128.load(at)), b);
      p = f64x2.add(p, f64x2.mul(r, r)), q = f64x2.add(q, f64x2.mul(s, s));
    }
    const n = f64x2.splat(<f64>length - off);
    a = f64x2.div(p, n), b = f64x2.div(q, n);
  }
  const v = v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5);
  if (count >= 4) v128.store(out, v);
  else storePart(out, count, v);
}
