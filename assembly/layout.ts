// How matrices lie in linear memory: panels of 16 columns, one cache line a row, zeros in the columns past the last.
// A kernel's panels have `inputs` rows, one after the other. An activation's panels stand an odd number of rows apart,
// so that the same row of many panels does not fall into the same set of the cache.

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

/** Bytes from one panel of an activation of `rows` rows to the next. */
// @ts-ignore: decorator
@inline
export function panelBytes(rows: i32): usize {
  return <usize>((rows | 1) << 6);
}
