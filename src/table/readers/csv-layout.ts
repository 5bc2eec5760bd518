// How a CSV file is laid out: its delimiter, its header, its columns. Found from its beginning.
import { show } from '../../base/checks.js';
import { numberOf } from '../kinds/number-text.js';
import type { ReadTableOptions } from '../options.js';
import type { Dialect } from './csv-dialect.js';
import { looseRows } from './csv-loose.js';
import { commentsAbove, separatorIn } from './csv-preamble.js';
import { type Sample, sampleOf } from './csv-sample.js';
import { placeName } from './place-name.js';

export interface CsvLayout extends Dialect {
  /** Characters above the header, or above the first row without one, and the lines that they are. */
  readonly skip: number;
  readonly above: number;
  readonly header: boolean;
  /** The names of all columns; '' where the file has none. */
  readonly names: readonly string[];
  readonly notes: readonly string[];
}

/** The layout of a file that begins with `head`; `whole` if that is all of it. Undefined for a file without a row. */
export function csvLayout(head: string, whole: boolean, o: ReadTableOptions): CsvLayout | undefined {
  const newline = /^[^\r\n]*\r(?!\n|$)/.test(head) && !head.includes('\n') ? '\r' : '\n';
  const separator = separatorIn(head);
  const sample = (text: string): Sample => sampleOf(text, whole, newline, o.delimiter ?? separator?.delimiter);
  const notes: string[] = separator ? [separator.note] : [];
  let skip = separator?.skip ?? 0;
  const comments = commentsAbove(head.slice(skip), sample, isHeader);
  skip += comments?.skip ?? 0;
  if (comments?.note) notes.push(comments.note);
  const { dialect, rows, above, all } = sample(head.slice(skip));
  const titles = all.slice(0, all.length - rows.length).flatMap((row) => row.filter((cell) => cell.trim() !== ''));
  if (titles.length > 0) {
    const what = titles.map((title) => show(title.trim())).join(', ');
    notes.push(`What stands above the header is taken for a title: ${what}.`);
  }
  if (above > 0) skip += looseRows(head.slice(skip), dialect, true, above).cursor;
  const [first, ...others] = rows;
  if (!first) return undefined;
  const cells = first.map((cell) => cell.trim());
  const header = o.header ?? isHeader(cells, others);
  let names = header ? cells : cells.map((_, place) => placeName(place));
  // R writes the names of the rows without a name above them.
  if (
    header &&
    (dialect.delimiter !== ',' || head.startsWith('"', skip) || areNames(others)) &&
    others.length > 0 &&
    others.every((row) => row.length === cells.length + 1 && row[cells.length]?.trim() !== '')
  ) {
    names = ['', ...cells];
    notes.push('The header has one name less than the rows have cells: the first column has no name.');
  }
  if (!header)
    notes.push(
      'The file has no header: its columns are named by their places. header: true takes the first row for names.',
    );
  return { ...dialect, skip, above: linesIn(head.slice(0, skip), newline), header, names, notes };
}

/** Whether rows with a comma more than the header has begin with names, which are all different. In '40,5,a' it may be a decimal comma. */
const areNames = (rows: readonly (readonly string[])[]): boolean =>
  new Set(rows.map(([name]) => name)).size === rows.length &&
  !rows.every(([first = '', second = '']) => /^[+-]?\d+$/.test(first.trim()) && /^\d+$/.test(second.trim()));

const linesIn = (text: string, newline: string): number => text.split(newline).length - 1;

/** The first row is a header if none of its cells is a number, and its cells are no categories that repeat below it. */
function isHeader(cells: readonly string[], others: readonly (readonly string[])[]): boolean {
  const own = cells.map((cell) => cell.trim());
  if (own.some((cell) => numberOf(cell, '.') ?? numberOf(cell, ','))) return false;
  const named = own.filter((cell) => cell !== '');
  if (named.length === 0) return false;
  if (new Set(named).size === named.length) return true;
  return !own.every((cell, i) => others.some((row) => row[i]?.trim() === cell));
}
