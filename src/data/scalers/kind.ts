import type { Grid } from '../rows.js';

/** What a kind of scaler does with the numbers of each column. `Data` is what a fitted one keeps: plain JSON. */
export interface ScalerKind<Data extends { readonly type: string }> {
  /** A copy of data, such as from a file, whose type is right already; undefined for anything that is not whole. */
  read(data: Partial<Data>): Data | undefined;
  /** Columns that it takes; 0 for any. */
  columns(data: Data): number;
  /** Scales one number of a column, in float64. */
  transform(data: Data): (value: number, column: number) => number;
  /** The way back. */
  inverse(data: Data): (value: number, column: number) => number;
}

/** Fits a kind on rows, in slices, between which the event loop may turn. */
export type ScalerFit<Data extends { readonly type: string }> = (grid: Grid) => Generator<undefined, Data>;

export const isFiniteList = (list: unknown): list is number[] =>
  Array.isArray(list) && [...list].every(Number.isFinite);
