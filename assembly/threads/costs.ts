// What kernels cost, which decides whether a call is shared and into how many parts.

import { ELU, LEAKY_RELU, RELU, SIGMOID, TANH } from '../kinds';
import { panels } from '../layout';

/** Lines of 16 floats that a pass computes in a microsecond, at most: where a float costs next to nothing, some arithmetic, or a polynomial. */
export const CHEAP: i32 = 256;
export const FAIR: i32 = 64;
export const DEAR: i32 = 32;

/** Rows of `columns` that make `lines`. */
export function rowsOf(columns: i32, lines: i32): i32 {
  return max(1, lines / <i32>panels(columns));
}

/** Panels of `rows` rows that make `lines`. */
export function panelsOf(rows: i32, lines: i32): i32 {
  return max(1, lines / rows);
}

/** Lines of an activation; one that is not named here is dear. */
// @ts-ignore: decorator
@inline
export function forwardCost(kind: i32): i32 {
  return kind == RELU || kind == LEAKY_RELU ? CHEAP : DEAR;
}

/** Lines of its derivative. */
// @ts-ignore: decorator
@inline
export function backwardCost(kind: i32): i32 {
  return kind == RELU || kind == LEAKY_RELU || kind == SIGMOID || kind == TANH || kind == ELU ? CHEAP : DEAR;
}
