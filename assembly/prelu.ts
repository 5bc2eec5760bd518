// PReLU (He et al. 2015, arXiv 1502.01852) over panels [rows, columns]: a slope of each column where x is below 0. The slopes have one line a panel.

import { LINE, padded, panelBytes } from './layout';
import { high, join, low, rowBlock } from './sums';

/** y = x, and alpha·x where x < 0. */
export function preluForward(rows: i32, columns: i32, x: usize, y: usize, alpha: usize): void {
  for (let c = 0; c < padded(columns); c += 4) {
    const slope = v128.load(alpha + (<usize>c << 2)), first = start(rows, c);
    for (let at = first, end = first + <usize>rows * LINE; at < end; at += LINE) {
      const v = v128.load(x + at);
      v128.store(y + at, scaled(v, v, slope));
    }
  }
}

/** dx = dy, and alpha·dy where x < 0, in place where dx = dy, unless dx is 0; dalpha = Σ over rows of dy·min(x, 0), as in sums.ts. */
export function preluBackward(
  rows: i32, columns: i32, x: usize, dy: usize, dx: usize, alpha: usize, dalpha: usize,
): void {
  const block = <usize>rowBlock(rows) * LINE;
  for (let c = 0; c < padded(columns); c += 4) {
    const own = <usize>c << 2, slope = v128.load(alpha + own), first = start(rows, c);
    let lower = f64x2.splat(0), upper = lower;
    for (let at = first, end = first + <usize>rows * LINE; at < end; ) {
      let sum = f32x4.splat(0);
      for (const stop = min(end, at + block); at < stop; at += LINE) {
        const v = v128.load(x + at), g = v128.load(dy + at);
        sum = f32x4.add(sum, f32x4.mul(g, f32x4.min(v, f32x4.splat(0))));
        if (dx) v128.store(dx + at, scaled(g, v, slope));
      }
      lower = f64x2.add(lower, low(sum)), upper = f64x2.add(upper, high(sum));
    }
    v128.store(dalpha + own, join(lower, upper));
  }
}

/** The distance of the first row's four columns from `c` on from the beginning of an activation. */
// @ts-ignore: decorator
@inline
function start(rows: i32, c: i32): usize {
  return <usize>(c >> 4) * panelBytes(rows) + (<usize>(c & 15) << 2);
}

/** v, and slope·v where x < 0. */
// @ts-ignore: decorator
@inline
function scaled(v: v128, x: v128, slope: v128): v128 {
  return v128.bitselect(f32x4.mul(v, slope), v, f32x4.lt(x, f32x4.splat(0)));
}
