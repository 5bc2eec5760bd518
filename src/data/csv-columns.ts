// The columns of a text of comma-separated values: numbers, and which of the different texts a cell is.

import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type Row, rowsOf } from './csv-rows.js';

const MISSING = /^(|na|n\/a|nan|null|none|\?)$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export const isNumber = (cell: string): boolean => NUMBER.test(cell);

/** The cells of one column of the rows that are kept, without spaces around them. */
export class Column {
  readonly name: string;
  /** How many are numbers. */
  numeric = 0;
  /** What is not a number, or too large for one, each text once; in a column of texts also what is one. */
  readonly texts: string[] = [];
  readonly #numbers: number[] = [];
  /** Which of the texts a cell is, −1 where it is a number. */
  readonly #codes: number[] = [];
  #known: Map<string, number> | undefined;
  readonly #allTexts: boolean;

  /** With `allTexts` numbers are texts too, as they stand in the file. */
  constructor(name: string, allTexts: boolean) {
    this.name = name;
    this.#allTexts = allTexts;
  }

  get length(): number {
    return this.#codes.length;
  }

  add(cell: string): void {
    const isNumber = NUMBER.test(cell);
    const value = isNumber && !this.#allTexts ? Number(cell) : Number.NaN;
    if (isNumber) this.numeric++;
    this.#numbers.push(value);
    // The text also of what float32 cannot hold, for whoever refuses it.
    this.#codes.push(Number.isFinite(Math.fround(value)) ? -1 : this.#codeOf(cell));
  }

  number(row: number): number {
    return this.#numbers[row] as number;
  }

  code(row: number): number {
    return this.#codes[row] as number;
  }

  text(row: number): string {
    return this.texts[this.code(row)] as string;
  }

  /** The code of a text; undefined where no cell holds it. */
  find(text: string): number | undefined {
    return this.#known?.get(text);
  }

  #codeOf(text: string): number {
    this.#known ??= new Map();
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** Where the columns are to be found: the text, its delimiter, the names of all columns, and whether its first row names them. */
export interface Source {
  readonly text: string;
  readonly delimiter: string | undefined;
  readonly names: readonly string[];
  readonly named: boolean;
  readonly missing: 'error' | 'skip';
}

export interface Columns {
  /** By their number in the file. */
  readonly columns: ReadonlyMap<number, Column>;
  /** Number in the file of a row that was kept. */
  place(row: number): number;
}

/**
 * Reads the columns of these numbers, or of them only those that are `wanted`, as texts; of rows that lack one of the used cells nothing, or an error. Throws SimdenseError
 * 'FORMAT' and 'DATA'.
 */
export function readColumns(source: Source, used: readonly number[], wanted?: ReadonlySet<number>): Columns {
  const { text, delimiter, names, named, missing } = source;
  const columns = new Map(Array.from(wanted ?? used, (c) => [c, new Column(names[c] as string, wanted !== undefined)]));
  const rows: number[] = [];
  let head: Row | undefined;
  let first: number | undefined;
  let lacking: { row: number; column: number } | undefined;
  let lackingRows = 0;
  for (const row of rowsOf(text, delimiter)) {
    const { cells } = row;
    head ??= row;
    if (cells.length !== head.cells.length) {
      const message = `row ${row.row} has ${cells.length} cells, row ${head.row} has ${head.cells.length}`;
      throw new SimdenseError('FORMAT', `parseCsv: ${message}`);
    }
    if (named && row === head) continue;
    first ??= row.row;
    const lacks = used.find((c) => MISSING.test((cells[c] as string).trim()));
    if (lacks !== undefined) {
      lacking ??= { row: row.row, column: lacks };
      lackingRows++;
      continue;
    }
    rows.push(row.row);
    for (const [c, column] of columns) column.add((cells[c] as string).trim());
  }
  if (first === undefined) throw new SimdenseError('DATA', 'parseCsv: there is no row below the header');
  if (lacking && missing === 'error') {
    const others = lackingRows > 1 ? `, and ${lackingRows - 1} more rows have missing cells` : '';
    throw new SimdenseError(
      'DATA',
      `parseCsv: row ${lacking.row}, column ${show(names[lacking.column])} is missing${others}. missing: 'skip' leaves such rows out`,
    );
  }
  if (rows.length === 0) throw new SimdenseError('DATA', `parseCsv: every row from row ${first} on has a missing cell`);
  return { columns, place: (row) => rows[row] as number };
}
