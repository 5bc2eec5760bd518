// What a kind of column encoder is: from one column of a table to one or more features.
import type { CellFormat, ColumnData } from '../kind.js';

/** What each fitted column keeps, in plain JSON, besides what its own kind needs. */
export interface ColumnBase<Kind extends string = string> {
  readonly kind: Kind;
  /** The name of the table's column. */
  readonly name: string;
  /** How the cells were written in the table that it was fitted on. */
  readonly format?: CellFormat;
}

/** Turns cells into features, in two steps, so that a text that many rows have is read only once. `Cell` is what stands between them. */
export interface Writer<Cell> {
  /** Reads a cell as a record has it; undefined for what cannot be of this kind. */
  read(value: unknown): Cell | undefined;
  /** Writes the features of a cell to `out`, from `at` on. What it does not write is 0. */
  write(cell: Cell, out: Float32Array, at: number): void;
}

/** A kind of column encoder. Fitting it is in a file apart, since what only predicts does not load that. */
export interface ColumnKind<Data extends ColumnBase, Cell> {
  /** What a record's cell is expected to be, for messages: 'a number'. */
  readonly expects: string;
  /** What a column holds whose numbers are `Cell` already. */
  readonly takes: ColumnData['holds'];
  /** A checked copy of what is this kind's own in data from a file; undefined for anything that is not whole. */
  check(given: Partial<Data>): Omit<Data, keyof ColumnBase> | undefined;
  /** The names of the features, in order. */
  features(data: Data): readonly string[];
  writer(data: Data): Writer<Cell>;
}
