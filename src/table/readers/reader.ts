// What a reader is: it turns a file into cells, and knows nothing of kinds.
import type { ColumnBuilder } from '../builder.js';
import type { ReadTableOptions } from '../options.js';

/** Where a reader puts what it reads. */
export interface Sheet {
  /**
   * A new column, to the right of the others. Its cells are added to it one by one: all of a column, or row by row. An empty name, and one
   * that another column has, are replaced.
   */
  addColumn(name: string): ColumnBuilder;
  /** Says something of the whole file: a sentence, such as 'The first of 3 sheets is read: "Prices".' */
  note(sentence: string): void;
  /** The rows above the first one with cells, for messages: 1 where there is a header. Default: 1. */
  before: number;
  /** The row of the file, from 1, of a row of the table from 0, for messages. Default: by `before`. */
  rowOf?: ((row: number) => number) | undefined;
}

/** Reads a whole file. */
export type Reader = (bytes: Uint8Array, sheet: Sheet, o: ReadTableOptions) => void | Promise<void>;
