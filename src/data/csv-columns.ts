// The columns of a CSV text: each cell is a number, or the index of a text among the column's distinct texts.

import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type Row, rowsOf } from './csv-rows.js';

const MISSING = /^(|na|n\/a|nan|null|none|\?)$/i;
const isMissing = (cell: string): boolean => {
  const trimmed = cell.trim();
  return trimmed.length < 5 && MISSING.test(trimmed);
};
/** A number. The pattern is unambiguous, so matching never backtracks: a cell of a million digits and an x takes linear time. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

export const isNumber = (cell: string): boolean => NUMBER.test(cell);

/** The cells of all columns, row by row, in one array: a table of a million columns takes no more memory than one of a million rows. */
class Cells {
  readonly width: number;
  rows = 0;
  numbers: Float64Array;
  /** The index of a cell among its column's texts; −1 for a number. Undefined while all cells are numbers. */
  codes: Int32Array | undefined;

  constructor(width: number) {
    this.width = width;
    this.numbers = new Float64Array(Math.max(width, 256));
  }

  /** Makes room for one more row. */
  add(): void {
    const { numbers, codes, width } = this;
    if (++this.rows * width <= numbers.length) return;
    this.numbers = new Float64Array(2 * numbers.length);
    this.numbers.set(numbers);
    if (!codes) return;
    this.codes = new Int32Array(2 * codes.length).fill(-1, codes.length);
    this.codes.set(codes);
  }

  setCode(at: number, code: number): void {
    this.codes ??= new Int32Array(this.numbers.length).fill(-1);
    this.codes[at] = code;
  }
}

/** The trimmed cells of one column, without skipped rows. The code of a text is its index in `texts`. */
export class Column {
  readonly name: string;
  /** The number of cells that are numbers. */
  numeric = 0;
  readonly #cells: Cells;
  readonly #place: number;
  readonly #allTexts: boolean;
  /** The code of each text. */
  #known: Map<string, number> | undefined;
  #texts: string[] | undefined;

  /** Column number `place` of the cells. With `allTexts` numbers are kept as texts, exactly as the file has them. */
  constructor(name: string, cells: Cells, place: number, allTexts: boolean) {
    this.name = name;
    this.#cells = cells;
    this.#place = place;
    this.#allTexts = allTexts;
  }

  get length(): number {
    return this.#cells.rows;
  }

  /** The distinct cells that are not numbers, or too large for float32; in a text column, all distinct cells. */
  get texts(): readonly string[] {
    return this.#texts ?? [];
  }

  /** Sets the cell of the last row. */
  set(cell: string): void {
    const isNumber = NUMBER.test(cell);
    const value = isNumber && !this.#allTexts ? Number(cell) : Number.NaN;
    if (isNumber) this.numeric++;
    const at = this.#at(this.#cells.rows - 1);
    this.#cells.numbers[at] = value;
    // Keep the text of a number that float32 cannot hold, for the error message.
    if (!Number.isFinite(Math.fround(value))) this.#cells.setCode(at, this.#codeOf(cell));
  }

  number(row: number): number {
    return this.#cells.numbers[this.#at(row)] as number;
  }

  code(row: number): number {
    return this.#cells.codes?.[this.#at(row)] ?? -1;
  }

  text(row: number): string {
    return this.texts[this.code(row)] as string;
  }

  /** The code of a text; undefined if no cell has it. */
  find(text: string): number | undefined {
    return this.#known?.get(text);
  }

  #at(row: number): number {
    return row * this.#cells.width + this.#place;
  }

  #codeOf(text: string): number {
    this.#known ??= new Map();
    this.#texts ??= [];
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}

/** A CSV text, its delimiter, the names of all columns, and whether its first row is the header. */
export interface Source {
  readonly text: string;
  readonly delimiter: string | undefined;
  readonly names: readonly string[];
  readonly named: boolean;
  readonly missing: 'error' | 'skip';
}

export interface Columns {
  /** The columns by their index in the file; undefined for a column that was not read. */
  readonly columns: readonly (Column | undefined)[];
  /** The row number in the file of a row that was kept. */
  place(row: number): number;
  /** Rows that were skipped because a cell is missing. */
  readonly skipped: number;
  /** How many of those lack a column's cell, by the column's name; complete columns are not listed. */
  readonly lacking: Readonly<Record<string, number>>;
}

/**
 * Reads the `used` columns; or, with `wanted`, only these, with numbers as texts. A row in which a `used` cell is missing is skipped, or is an
 * error. Throws SimdenseError 'FORMAT' and 'DATA'.
 */
export function readColumns(source: Source, used: readonly number[], wanted?: ReadonlySet<number>): Columns {
  const { text, delimiter, names, named, missing } = source;
  const read = [...(wanted ?? used)];
  const cellsRead = new Cells(read.length);
  const columns = read.map((c, i) => new Column(names[c] as string, cellsRead, i, wanted !== undefined));
  const rows: number[] = [];
  let head: Row | undefined;
  let first: number | undefined;
  let firstLacking: { row: number; column: number } | undefined;
  let lackingRows = 0;
  const lackingOf = new Float64Array(names.length);
  for (const row of rowsOf(text, delimiter)) {
    const { cells } = row;
    head ??= row;
    if (cells.length !== head.cells.length) {
      const message = `row ${row.row} has ${cells.length} cells, row ${head.row} has ${head.cells.length}`;
      throw new SimdenseError('FORMAT', `parseCsv: ${message}`);
    }
    if (named && row === head) continue;
    first ??= row.row;
    const lacks = used.find((c) => isMissing(cells[c] as string));
    if (lacks !== undefined) {
      firstLacking ??= { row: row.row, column: lacks };
      lackingRows++;
      for (const c of used) if (isMissing(cells[c] as string)) (lackingOf[c] as number)++;
      continue;
    }
    rows.push(row.row);
    cellsRead.add();
    for (let i = 0; i < read.length; i++) (columns[i] as Column).set((cells[read[i] as number] as string).trim());
  }
  if (first === undefined) throw new SimdenseError('DATA', 'parseCsv: there are no rows below the header');
  if (firstLacking && missing === 'error') {
    const others = lackingRows > 1 ? `, and ${lackingRows - 1} more rows have missing cells` : '';
    throw new SimdenseError(
      'DATA',
      `parseCsv: row ${firstLacking.row}, column ${show(names[firstLacking.column])} is missing${others}. missing: 'skip' leaves such rows out`,
    );
  }
  const lacking = Object.fromEntries(names.flatMap((name, c) => (lackingOf[c] ? [[name, lackingOf[c]]] : [])));
  if (rows.length === 0)
    throw new SimdenseError(
      'DATA',
      `parseCsv: every row from row ${first} on has a missing cell: ${mostLacking(lacking)}`,
    );
  const byNumber: (Column | undefined)[] = Array.from(names, () => undefined);
  for (const [i, column] of columns.entries()) byNumber[read[i] as number] = column;
  return {
    columns: byNumber,
    place: (row) => rows[row] as number,
    skipped: lackingRows,
    lacking,
  };
}

/** The columns with the most missing cells, for a message: 'column "a" lacks 10 cells, column "b" 5'. */
export function mostLacking(lacking: Readonly<Record<string, number>>): string {
  const most = Object.entries(lacking).sort(([, a], [, b]) => b - a);
  return most
    .slice(0, 3)
    .map(
      ([name, cells], i) => `column ${show(name)} ${i === 0 ? `lacks ${cells} cell${cells === 1 ? '' : 's'}` : cells}`,
    )
    .join(', ');
}
