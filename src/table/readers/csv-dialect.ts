// How the cells of a CSV file are kept apart.

export interface Dialect {
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
  /** Whether any run of spaces and tabs is one delimiter, as R's read.table has it. */
  readonly spaces: boolean;
  /** What makes a quote part of a quoted cell: a second quote as in RFC 4180, or a backslash as R's write.table writes. */
  readonly escapedBy: '"' | '\\';
}

/** What is wrong with the quotes of a cell. */
export interface QuoteFault {
  /** The row within the text, from 0. */
  readonly row: number;
  /** Whether the cell does not end; otherwise text stands behind the quote that ends it. */
  readonly open: boolean;
  /** Where the cell begins in the text. */
  readonly at: number;
}

export interface ParsedRows {
  readonly data: string[][];
  readonly faults: readonly QuoteFault[];
  /** Where the last whole row ends. */
  readonly cursor: number;
}
