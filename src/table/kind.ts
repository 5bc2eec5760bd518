// What the columns of a table hold, as plain data: executors send it, and encoders are fitted on it.

/** What a column is used as. 'ignore' is left out: names, ids, constants, empty columns, and what the caller asks to leave out. */
export type Kind = 'number' | 'category' | 'boolean' | 'date' | 'text' | 'ignore';
export const columnKinds: readonly Kind[] = ['number', 'category', 'boolean', 'date', 'text', 'ignore'];

/** A cell as JavaScript has it. null is a missing cell. */
export type Cell = number | string | boolean | Date | null;

/** Numbers in float64; 0 and 1 of booleans; milliseconds since 1970, UTC, of dates. NaN is a missing cell. */
export interface NumberCells {
  readonly values: Float64Array;
}

/** The code of a missing cell that is an empty text: to a target of labels it has none, where another missing cell says nothing. */
export const EMPTY = -2;

/** Each cell's index among the distinct texts; −1 is a missing cell, and so is −2, an empty text. */
export interface TextCells {
  readonly texts: readonly string[];
  readonly codes: Int32Array;
}

/** How a column's cells are written where that is not how JavaScript writes them: what reads records for a fitted pipeline reads them in the same way. */
export interface CellFormat {
  /** The sign before the decimals. Default: '.'. */
  readonly decimal?: '.' | ',';
  /** Whether the other decimal sign stands between thousands in some cell. Without it nothing tells whether 1,234 is one: it is not read. */
  readonly grouped?: true;
  /** Of numbers in %: that all are 0 or beyond 1. Nothing tells then whether a bare 0.2 is a share: it is not read. */
  readonly beyondOne?: true;
  /** The two words of a boolean, such as ['no', 'yes']. Default: false and true. */
  readonly words?: readonly [no: string, yes: string];
  /** Of a column that was read: that no cell settles `decimal` or `order`. A pipeline refuses such a column where it has learnt the other way. */
  readonly guessed?: true;
  /** The order of day, month and year in dates that are not ISO 8601. */
  readonly order?: 'dmy' | 'mdy';
  /** Whether numbers are times, in seconds, which texts such as 03:21 and 3:21 PM are too. */
  readonly time?: true;
  /** What stands behind each number, such as kg. */
  readonly unit?: string;
  /** Whether texts are whole numbers, of which 7.0 is 7: ids. Of numbers: that all are whole, without any sign, and some beyond 999: a file of cells such as 1.234 may mean these. */
  readonly whole?: true;
  /** Whether texts that are no numbers are missing cells. */
  readonly othersMissing?: true;
  /** Words that mean a missing cell in this column, besides those of `missingWords`. */
  readonly missing?: readonly string[];
  /** Whether those of `missingWords` mean nothing in this column. */
  readonly missingOnly?: true;
  /** Whether cells are lists or objects, which are kept as JSON: all are 'lists', all are 'objects', or 'some' are one of these. */
  readonly json?: 'lists' | 'objects' | 'some';
  /** Whether a later column of the file has the same name, which is another here. A pipeline refuses such a column unless it has learnt from one. */
  readonly twice?: true;
  /** What a number means in a column of dates: so many of these since 1970, UTC. Default: milliseconds, but 2024 and 20241231 are what they look like. */
  readonly since?: 'seconds' | 'milliseconds';
}

/** A column with its cells. */
export interface ColumnData {
  readonly name: string;
  readonly kind: Kind;
  /** Why it is of this kind: a clause such as 'each of its texts is another: names or ids'. */
  readonly why: string;
  /** Whether the caller asked for this kind. Free text that was asked for is learnt from. */
  readonly asked?: true;
  /** What the cells are, also of a column that is left out. */
  readonly cells: NumberCells | TextCells;
  /** What numbers mean, also of a column that is left out: dates and booleans are numbers too. */
  readonly holds: 'number' | 'boolean' | 'date' | 'text';
  readonly format?: CellFormat;
}

/** A table as plain data. */
export interface TableData {
  readonly rows: number;
  readonly columns: readonly ColumnData[];
  /** What was found out about the whole file, in sentences: such as that it has no header, or is windows-1252. */
  readonly notes?: readonly string[];
  /** The row of the file, from 1, of each row: of a CSV file or a sheet where row 0 of the table is not row 2, or rows such as blank ones stand between. */
  readonly lines?: Int32Array;
}
