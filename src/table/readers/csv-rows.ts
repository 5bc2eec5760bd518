// The rows of a CSV file, given to its columns.
import { SimdenseError } from '../../base/errors.js';
import { endOfCell } from '../end-of-cell.js';
import { countUpTo } from '../lines.js';
import { isBlank } from './csv-sample.js';

/** Where the cells of a column go; undefined for a column that is not read. */
export type Cells =
  | {
      text(cell: string): void;
      /** Takes the part of a text up to a delimiter, a line break or `end`, and returns the place of that. */
      textUpTo(text: string, from: number, end: number, delimiter: number): number;
    }
  | undefined;

const NEWLINE = 10;
const SPACE = 32;

export class CsvRows {
  /** Rows of the file so far. */
  fileRow: number;
  /** For each row of the file that is none of the table: how many rows of the table are before it. */
  readonly #skipped: number[];
  readonly #columns: readonly Cells[];
  #headed: boolean;
  /** Blank rows of a table of one column, which are its missing cells where another row follows. */
  #blank = 0;
  /** How many of them were taken. */
  blanks = 0;

  /** `above` are the rows of the file above the header, which do not come here. */
  constructor(columns: readonly Cells[], header: boolean, above: number) {
    this.fileRow = above;
    this.#skipped = new Array(above).fill(0);
    this.#columns = columns;
    this.#headed = !header;
  }

  /** The row of the file, from 1, of a row of the table: blank rows of the file are no rows of the table. */
  rowOf(row: number): number {
    return row + countUpTo(this.#skipped, row) + 1;
  }

  /** Takes a row's cells. */
  take(row: readonly string[]): void {
    const columns = this.#columns;
    this.fileRow++;
    if (this.#headed && columns.length === 1) {
      if (isBlank(row)) this.#blank++;
      else {
        this.takeBlank();
        if (row.length !== 1) this.#checkWidth(row);
        columns[0]?.text(row[0] as string);
      }
      return;
    }
    if (!this.#headed || isBlank(row)) {
      this.#headed ||= !isBlank(row);
      this.#skipped.push(this.fileRow - this.#skipped.length - 1);
      return;
    }
    const { length } = columns;
    if (row.length !== length) this.#checkWidth(row);
    for (let c = 0; c < length; c++) columns[c]?.text(row[c] as string);
  }

  /** Takes the blank rows of a table of one column so far, but for the last ones. */
  takeBlank(except = 0): void {
    for (; this.#blank > except; this.#blank--) {
      this.#columns[0]?.text('');
      this.blanks++;
    }
  }

  /** Takes the rows of a text without quotes from a place on; the last one only if it is the `last` of the file. Returns where they end. */
  takePlain(text: string, from: number, delimiter: number, last: boolean): number {
    const end = last ? text.length : text.lastIndexOf('\n') + 1;
    let at = from;
    while (at < end) {
      const code = text.charCodeAt(at);
      // The header, and rows that may be blank.
      const slowly = !this.#headed || this.#columns.length === 1 || (code <= SPACE && code !== delimiter);
      at = slowly ? this.#takeSlowly(text, at, end, delimiter) : this.#takeRow(text, at, end, delimiter);
    }
    return Math.min(at, end);
  }

  /** Takes a row that is not blank, and returns the place after it. */
  #takeRow(text: string, from: number, end: number, delimiter: number): number {
    const columns = this.#columns;
    const { length } = columns;
    this.fileRow++;
    let at = from;
    for (let c = 0; c < length; c++) {
      const column = columns[c];
      at = column ? column.textUpTo(text, at, end, delimiter) : endOfCell(text, at, end, delimiter);
      const over = at >= end || text.charCodeAt(at) === NEWLINE;
      if (over !== (c === length - 1)) {
        // Too few cells, or too many.
        const line = lineFrom(text, from, end);
        this.#checkWidth(line.split(String.fromCharCode(delimiter)));
        return from + line.length + 1;
      }
      at++;
    }
    return at;
  }

  #takeSlowly(text: string, from: number, end: number, delimiter: number): number {
    const line = lineFrom(text, from, end);
    const cells = line.endsWith('\r') ? line.slice(0, -1) : line;
    this.take(cells.split(String.fromCharCode(delimiter)));
    return from + line.length + 1;
  }

  /** Cells beyond the last column are taken if they are empty: some programs end each row with a delimiter. */
  #checkWidth(row: readonly string[]): void {
    const { length } = this.#columns;
    if (row.length > length && row.slice(length).every((cell) => cell.trim() === '')) return;
    const cells = `${row.length} cell${row.length === 1 ? '' : 's'}`;
    const columns = `${length} column${length === 1 ? '' : 's'}`;
    throw new SimdenseError('FORMAT', `readTable: row ${this.fileRow} has ${cells}, the table ${columns}`);
  }
}

/** The text of a row, without its line break. */
function lineFrom(text: string, from: number, end: number): string {
  const newline = text.indexOf('\n', from);
  return text.slice(from, newline < 0 ? end : newline);
}
