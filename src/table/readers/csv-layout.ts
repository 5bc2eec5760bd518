// How a CSV file is laid out: its delimiter, its header, its columns. Found from its beginning.
import Papa from '../../data/papa.js';
import { numberOf } from '../kinds/number-text.js';
import type { ReadTableOptions } from '../options.js';
import { placeName } from './place-name.js';

export interface CsvLayout {
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
  readonly header: boolean;
  /** The names of all columns; '' where the file has none. */
  readonly names: readonly string[];
  readonly notes: readonly string[];
}

/** In the order in which they are preferred: a comma is a decimal sign as well. */
const DELIMITERS = ['\t', ';', '|', ','];
/** That of a file with one column, whose cells may have any sign: ASCII's own for this, which no text has. */
const NONE = Papa.UNIT_SEP;
/** Rows that are looked at. */
const ROWS = 100;

/** The layout of a file that begins with `head`; `whole` if that is all of it. Undefined for a file without a row. */
export function csvLayout(head: string, whole: boolean, o: ReadTableOptions): CsvLayout | undefined {
  const newline = /^[^\r\n]*\r(?!\n|$)/.test(head) && !head.includes('\n') ? '\r' : '\n';
  // The last row may be cut.
  const rowsBy = (delimiter: string): string[][] => {
    const parser = new Papa.Parser({ delimiter, newline, preview: ROWS });
    const { data } = parser.parse(head, 0, !whole) as { data: string[][] };
    const rows = data.length > 0 || whole ? data : (parser.parse(head, 0, false) as { data: string[][] }).data;
    return rows.filter((row) => !isBlank(row));
  };
  const delimiter = o.delimiter ?? bestOf(DELIMITERS, rowsBy);
  const [first, ...others] = rowsBy(delimiter);
  if (!first) return undefined;
  const cells = first.map((cell) => cell.trim());
  const header = o.header ?? isHeader(cells, others);
  const notes: string[] = [];
  let names = header ? cells : cells.map((_, place) => placeName(place));
  // R writes the names of the rows without a name above them.
  if (
    header &&
    others.length > 0 &&
    cells.length > 1 &&
    others.every((row) => row.length === cells.length + 1 && row[cells.length]?.trim() !== '')
  ) {
    names = ['', ...cells];
    notes.push('The header has one name less than the rows have cells: the first column has no name.');
  }
  if (!header)
    notes.push(
      'The file has no header: its columns are named by their places. header: true takes the first row for names.',
    );
  return { delimiter, newline, header, names, notes };
}

export const isBlank = (row: readonly string[]): boolean => row.length === 1 && (row[0] as string).trim() === '';

/** The delimiter by which all rows have the same number of cells, at least 2; else the one by which most have. */
function bestOf(delimiters: readonly string[], rowsBy: (delimiter: string) => string[][]): string {
  let best: string = NONE;
  let most = 0;
  for (const delimiter of delimiters) {
    const rows = rowsBy(delimiter);
    const widths = new Map<number, number>();
    for (const { length } of rows) widths.set(length, (widths.get(length) ?? 0) + 1);
    const [width, count] = [...widths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0];
    const header = rows[0]?.length ?? 0;
    if (width < 2 || header < 2) continue;
    const share = count / rows.length;
    if (share > most + 1e-9) [best, most] = [delimiter, share];
  }
  return best;
}

/** The first row is a header if none of its cells is a number, and its cells are no categories that repeat below it. */
function isHeader(cells: readonly string[], others: readonly (readonly string[])[]): boolean {
  if (cells.some((cell) => numberOf(cell, '.') ?? numberOf(cell, ','))) return false;
  const named = cells.filter((cell) => cell !== '');
  if (named.length === 0) return false;
  if (new Set(named).size === named.length) return true;
  return !cells.every((cell, i) => others.some((row) => row[i]?.trim() === cell));
}
