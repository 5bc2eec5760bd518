// Reads CSV and its kin part by part. papaparse finds the cells.
import Papa from 'papaparse';
import { SimdenseError } from '../../base/errors.js';
import { type CsvLayout, isBlank } from './csv-layout.js';
import { type Decoding, type TextSource, textParts } from './text-parts.js';

/** Where the cells of a column go; undefined for a column that is not read. */
export type Cells = { text(cell: string): void } | undefined;

interface Parsed {
  readonly data: string[][];
  readonly errors: readonly { readonly type: string; readonly message: string; readonly row?: number }[];
  readonly meta: { readonly cursor: number };
}

/** The rows that were read. */
export interface CsvRows {
  rows: number;
  /** The row of the file, from 1, of a row of the table: blank rows of the file are no rows. */
  rowOf(row: number): number;
}

/** Gives all cells to their columns. Pauses are possible between the steps. Throws SimdenseError 'FORMAT'. */
export function* readCsv(
  source: TextSource,
  decoding: Decoding,
  layout: CsvLayout,
  columns: readonly Cells[],
): Generator<void, CsvRows> {
  const { delimiter, newline, header } = layout;
  const parser = new Papa.Parser({ delimiter, newline });
  const places = new Places();
  const width = columns.length;
  let headed = !header;
  for (const data of parsed(parser, source, decoding, places)) {
    for (let r = 0; r < data.length; r++) {
      const row = data[r] as string[];
      places.fileRow++;
      if (row.length === 1 && isBlank(row)) {
        places.skip();
        continue;
      }
      if (!headed) {
        headed = true;
        places.skip();
        continue;
      }
      if (row.length !== width) checkWidth(row, width, places.fileRow);
      for (let c = 0; c < width; c++) columns[c]?.text(row[c] as string);
    }
    yield;
  }
  return { rows: places.rows, rowOf: (row) => places.rowOf(row) };
}

function* parsed(parser: Papa.Parser, source: TextSource, decoding: Decoding, places: Places): Generator<string[][]> {
  let rest = '';
  const parts = textParts(source, decoding);
  let next = parts.next();
  while (!next.done || rest !== '') {
    let text = rest;
    // A row that is longer than all before it takes twice as much at a time, so that the time stays linear.
    for (const wanted = 2 * rest.length; !next.done && (text === rest || text.length < wanted); next = parts.next())
      text += next.value;
    const last = next.done === true;
    const { data, errors, meta } = parser.parse(text, 0, !last) as Parsed;
    const [first, second] = errors.filter(({ type }) => type === 'Quotes');
    // A single error after the last whole row may only come from the cut.
    if (first && (last || second || (first.row ?? 0) < data.length)) {
      const message = `row ${places.fileRow + (first.row ?? 0) + 1}: ${first.message.toLowerCase()}`;
      throw new SimdenseError('FORMAT', `readTable: ${message}`);
    }
    rest = last ? '' : text.slice(meta.cursor);
    yield data;
    if (last) return;
  }
}

/** Cells beyond the last column are taken if they are empty: some programs end each row with a delimiter. */
function checkWidth(row: readonly string[], width: number, at: number): void {
  if (row.length > width && row.slice(width).every((cell) => cell.trim() === '')) return;
  const cells = `${row.length} cell${row.length === 1 ? '' : 's'}`;
  throw new SimdenseError('FORMAT', `readTable: row ${at} has ${cells}, the table ${width} columns`);
}

/** The rows of the file that are rows of the table. */
class Places {
  /** Rows of the file so far. */
  fileRow = 0;
  /** For each row that is none of the table: how many rows of the table are before it. */
  readonly #skipped: number[] = [];

  skip(): void {
    this.#skipped.push(this.rows);
  }

  get rows(): number {
    return this.fileRow - this.#skipped.length;
  }

  rowOf(row: number): number {
    let before = 0;
    while (before < this.#skipped.length && (this.#skipped[before] as number) <= row) before++;
    return row + before + 1;
  }
}
