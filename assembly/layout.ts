// The layout of matrices in linear memory: panels of 16 columns, one cache line a row, padded with zero columns.
// A kernel's panels have `inputs` rows and are contiguous. An activation's panels are an odd number of rows apart,
// so that the same row of many panels does not map to the same cache set.

/** Columns of a panel. */
export const PANEL: i32 = 16;
/** Bytes of one row of a panel. */
export const LINE: usize = 64;

/** Number of panels that hold `columns`. */
// @ts-ignore: decorator
@inline
export function panels(columns: i32): usize {
  return <usize>((columns + 15) >> 4);
}

/** `columns` with their padding. */
// @ts-ignore: decorator
@inline
export function padded(columns: i32): i32 {
  return (columns + 15) & ~15;
}

/** `count` without the last numbers, which do not fill a line. */
// @ts-ignore: decorator
@inline
export function fullLines(count: i32): i32 {
  return count & ~15;
}

/** An odd number of rows from one panel to the next, for so many. */
// @ts-ignore: decorator
@inline
export function oddRows(rows: i32): i32 {
  return rows | 1;
}

/** Bytes from one panel of an activation of `rows` rows to the next. */
// @ts-ignore: decorator
@inline
export function panelBytes(rows: i32): usize {
  return <usize>((rows | 1) << 6);
}

/** A mask for four columns from `from` on, which is set for those below `columns`. */
// @ts-ignore: decorator
@inline
export function columnMask(from: i32, columns: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4.splat(from), i32x4(0, 1, 2, 3)), i32x4.splat(columns));
}

/** Address of four columns from `from` in row `row` of an activation. */
// @ts-ignore: decorator
@inline
export function cell(x: usize, row: i32, from: i32, stride: usize): usize {
  return x + <usize>(from >> 4) * stride + <usize>row * LINE + (<usize>(from & 15) << 2);
}
