// The rows of a CSV file, given to its columns.
import { SimdenseError } from '../../base/errors.js';
import { isBlank } from './csv-layout.js';

/** Where the cells of a column go; undefined for a column that is not read. */
export type Cells = { textBetween(text: string, from: number, to: number): void } | undefined;

const NEWLINE = 10;
const RETURN = 13;

export class CsvRows {
  /** Rows of the file so far. */
  fileRow = 0;
  /** For each row of the file that is none of the table: how many rows of the table are before it. */
  readonly #skipped: number[] = [];
  readonly #columns: readonly Cells[];
  /** The places of the delimiters in a row. */
  readonly #ends: Int32Array;
  #headed: boolean;

  constructor(columns: readonly Cells[], header: boolean) {
    this.#columns = columns;
    this.#headed = !header;
    this.#ends = new Int32Array(columns.length);
  }

  /** The row of the file, from 1, of a row of the table: blank rows of the file are no rows of the table. */
  rowOf(row: number): number {
    let before = 0;
    while (before < this.#skipped.length && (this.#skipped[before] as number) <= row) before++;
    return row + before + 1;
  }

  /** Takes a row's cells. */
  take(row: readonly string[]): void {
    const columns = this.#columns;
    this.fileRow++;
    if (!this.#headed || isBlank(row)) {
      this.#headed ||= !isBlank(row);
      this.#skipped.push(this.fileRow - this.#skipped.length - 1);
      return;
    }
    const { length } = columns;
    if (row.length !== length) this.#checkWidth(row);
    for (let c = 0; c < length; c++) columns[c]?.textBetween(row[c] as string, 0, (row[c] as string).length);
  }

  /** Takes the rows of a text without quotes from a place on; the last one only if it is the `last` of the file. Returns where they end. */
  takePlain(text: string, from: number, delimiter: number, last: boolean): number {
    const ends = this.#ends;
    const { length } = text;
    let start = from;
    let cells = 0;
    for (let at = from; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code === delimiter) {
        if (cells < ends.length) ends[cells] = at;
        cells++;
      } else if (code === NEWLINE) {
        this.#takeBetween(text, start, at, cells, delimiter);
        start = at + 1;
        cells = 0;
      }
    }
    if (!last) return start;
    if (start < length) this.#takeBetween(text, start, length, cells, delimiter);
    return length;
  }

  /** Takes a row that has so many delimiters. */
  #takeBetween(text: string, start: number, newline: number, delimiters: number, delimiter: number): void {
    const columns = this.#columns;
    const { length } = columns;
    const end = newline > start && text.charCodeAt(newline - 1) === RETURN ? newline - 1 : newline;
    if (!this.#headed || delimiters !== length - 1 || length === 1) {
      this.take(text.slice(start, end).split(String.fromCharCode(delimiter)));
      return;
    }
    this.fileRow++;
    const ends = this.#ends;
    ends[length - 1] = end;
    let from = start;
    for (let c = 0; c < length; c++) {
      const to = ends[c] as number;
      const column = columns[c];
      if (column !== undefined) column.textBetween(text, from, to);
      from = to + 1;
    }
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
