import type { Grid } from '../rows.js';

/** Numbers that are read in one slice: about a millisecond. */
export const SLICE = 2 ** 18;

/** Measures each column: `measure` gets a copy of the column's numbers, which it may reorder. */
export function* ofColumns<T>(
  grid: Grid,
  measure: (values: Float64Array) => Generator<undefined, T>,
): Generator<undefined, T[]> {
  const found: T[] = [];
  for (let c = 0; c < grid.columns; c++) found.push(yield* measure(column(grid, c)));
  return found;
}

function column({ data, columns }: Grid, c: number): Float64Array {
  const rows = data.length / columns;
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = data[row * columns + c] as number;
  return values;
}

/** The quantile of sorted numbers at a share between 0 and 1: the number at rank share·(n − 1), as numpy's default. */
export const quantile = (sorted: Float64Array, share: number): number => atRank(sorted, share * (sorted.length - 1));

/** The number at a rank among n sorted numbers, from 0 to n − 1. Interpolates between neighbours. */
export function atRank(sorted: ArrayLike<number>, rank: number): number {
  const below = Math.floor(rank);
  const low = sorted[below] as number;
  return low + ((sorted[Math.min(below + 1, sorted.length - 1)] as number) - low) * (rank - below);
}
