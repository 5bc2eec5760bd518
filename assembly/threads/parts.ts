// What passes over blocks are shared by: runs of lines, of rows or of panels.

import { LINE, panels } from '../layout';
import { size, start } from './crew';

/** Lines of 16 floats that a pass takes a microsecond for, at the least: where a float costs next to nothing, some arithmetic, or a polynomial. */
export const CHEAP: i32 = 256;
export const FAIR: i32 = 64;
export const DEAR: i32 = 32;

/** Bytes to the first line of a part. */
// @ts-ignore: decorator
@inline
export function offset(part: i32): usize {
  return <usize>start(part) * LINE;
}

/** Floats of a part. */
// @ts-ignore: decorator
@inline
export function floats(part: i32): i32 {
  return size(part) << 4;
}

/** Rows of `columns` that make `lines`. */
// @ts-ignore: decorator
@inline
export function rowsOf(columns: i32, lines: i32): i32 {
  return max(1, lines / <i32>panels(columns));
}
