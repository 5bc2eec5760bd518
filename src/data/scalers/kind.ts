import type { Grid } from '../rows.js';

/** How a kind of scaler scales the numbers of each column. `Data` are the data of a fitted scaler: plain JSON. */
export interface ScalerKind<Data extends { readonly type: string }> {
  /** A checked copy of data of this type, such as from a file; undefined for invalid data. */
  read(data: Partial<Data>): Data | undefined;
  /** The number of columns; 0 if the scaler takes any number. */
  columns(data: Data): number;
  /** Scales one number of a column, in float64. */
  transform(data: Data): (value: number, column: number) => number;
  /** Undoes `transform` for one number, in float64. */
  inverse(data: Data): (value: number, column: number) => number;
}

/** Fits a scaler on rows, in slices; the event loop may turn between them. */
export type ScalerFit<Data extends { readonly type: string }> = (grid: Grid) => Generator<undefined, Data>;

export const isFiniteList = (list: unknown): list is number[] =>
  Array.isArray(list) && [...list].every(Number.isFinite);
