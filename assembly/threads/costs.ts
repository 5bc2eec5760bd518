// The costs of kernels, which decide whether a call is shared among threads, and into how many parts.

import { ELU, LEAKY_RELU, RELU, SIGMOID, TANH } from '../kinds';
import { panels } from '../layout';

/** The most lines of 16 floats that a pass computes in a microsecond, if each float costs almost nothing, some arithmetic, or a polynomial. */
export const CHEAP: i32 = 256;
export const FAIR: i32 = 64;
export const DEAR: i32 = 32;

/** The number of rows of `columns` columns that have `lines` lines. */
export function rowsOf(columns: i32, lines: i32): i32 {
  return max(1, lines / <i32>panels(columns));
}

/** The number of panels of `rows` rows that have `lines` lines. */
export function panelsOf(rows: i32, lines: i32): i32 {
  return max(1, lines / rows);
}

/** Lines that an activation computes in a microsecond. */
// @ts-ignore: decorator
@inline
export function forwardCost(kind: i32): i32 {
  return kind == RELU || kind == LEAKY_RELU ? CHEAP : DEAR;
}

/** The same for its derivative. */
// @ts-ignore: decorator
@inline
export function backwardCost(kind: i32): i32 {
  return kind == RELU || kind == LEAKY_RELU || kind == SIGMOID || kind == TANH || kind == ELU ? CHEAP : DEAR;
}
