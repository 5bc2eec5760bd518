// The first rows of a CSV file, cut by each delimiter that it may have, and which of these is its own.
import Papa from '../../data/papa.js';
import { numberOf } from '../kinds/number-text.js';
import { rowsIn } from './csv-cut.js';
import type { Dialect } from './csv-dialect.js';
import { isTableOfSpaces } from './csv-spaces.js';
import { LOOKED, titleRows } from './titles.js';

export interface Sample {
  readonly dialect: Dialect;
  /** The rows that are not blank, titles among them. */
  readonly all: readonly (readonly string[])[];
  /** Those from the header on. */
  readonly rows: readonly (readonly string[])[];
  /** How many rows of the text stand above these, with blank ones. */
  readonly above: number;
}

/** In the order in which they are preferred: a comma is a decimal sign as well. */
const DELIMITERS = ['\t', ';', '|', ','];
/** That of a file with one column, whose cells may have any sign: ASCII's own for this, which no text has. */
const NONE = Papa.UNIT_SEP;
/** Rows that are looked at. */
const ROWS = 100;

export const isBlank = (row: readonly string[]): boolean => row.length === 1 && (row[0] as string).trim() === '';
const isNumber = (cell: string): boolean => (numberOf(cell.trim(), '.') ?? numberOf(cell.trim(), ',')) !== undefined;

/** The first rows of a text, by the delimiter that is asked for, or by the one that fits best. */
export function sampleOf(text: string, whole: boolean, newline: Dialect['newline'], asked: string | undefined): Sample {
  const by = (delimiter: string, spaces = false): Sample =>
    cutBy(text, whole, { delimiter, newline, spaces, escapedBy: '"' });
  if (asked !== undefined) {
    const own = by(asked);
    if (asked !== ' ' || agree(own.rows)) return own;
    const runs = by(' ', true);
    return agree(runs.rows) ? runs : own;
  }
  const quoted = text.split(newline, ROWS).every((line) => line.startsWith('"') || line.trim() === '');
  const [best, share] = bestOf(
    DELIMITERS.map((delimiter) => by(delimiter)),
    quoted,
  );
  // Columns that spaces bring in line may have a tab before the last.
  const aligned = best?.dialect.delimiter === '\t' && best.rows.every(([first = '']) => /\S {2,}\S/.test(first));
  if (!best || share < 1 || aligned) {
    const lines = text.split(newline, 2 * ROWS).filter((line) => line.trim() !== '');
    for (const runs of [false, true]) {
      const { rows, dialect, above } = by(' ', runs);
      const strict = runs || rows.every((row) => row.every((cell) => cell !== ''));
      if (strict && isTableOfSpaces(rows, lines.slice(above))) return { rows, dialect, above, all: rows };
    }
  }
  return best ?? by(NONE);
}

/** Whether all rows have the same number of cells, two or more; the first may have one less. */
function agree(rows: Sample['rows']): boolean {
  const width = rows.at(-1)?.length ?? 0;
  return width > 1 && rows.every((row, i) => row.length === width || (i === 0 && row.length === width - 1));
}

function cutBy(text: string, whole: boolean, dialect: Dialect): Sample {
  const cut = (how: Dialect) => {
    const parsed = rowsIn(text, how, whole, ROWS);
    const { data, faults } = parsed.data.length > 0 || whole ? parsed : rowsIn(text, how, true, ROWS);
    return { how, data, sound: !faults.some(({ row }) => row < data.length) };
  };
  let found = cut(dialect);
  if (!found.sound && text.includes('\\"')) {
    const escaped = cut({ ...dialect, escapedBy: '\\' });
    if (escaped.sound) found = escaped;
  }
  const { data, how } = found;
  const full = data.flatMap((row, i) => (isBlank(row) ? [] : [i]));
  const all = full.map((i) => data[i] as string[]);
  const titles = how.spaces || how.delimiter === ' ' ? 0 : titlesIn(all);
  return { dialect: how, all, rows: all.slice(titles), above: titles > 0 ? (full[titles] as number) : 0 };
}

/** How many rows are titles. A line of text alone is one only above what is surely a table: a sentence has commas too. */
function titlesIn(rows: Sample['rows']): number {
  const titles = titleRows(rows.slice(0, LOOKED).map(toldCells));
  if (!rows.slice(0, titles).some(({ length }) => length === 1)) return titles;
  const [head = [], ...others] = rows.slice(titles);
  const sure =
    others.length > 0 && agree([head, ...others]) && !head.some(isNumber) && others.every((row) => row.some(isNumber));
  return sure ? titles : 0;
}

/** The cells of a row that are not empty; all of them if the last is not: such a row is a header whose other columns have no name, since programs fill up a title behind its text. */
function toldCells(row: readonly string[]): string[] {
  const cells = row.map((cell) => cell.trim());
  return cells.length > 1 && cells.at(-1) ? cells : cells.filter(Boolean);
}

/** The sample in which all rows have the same number of cells, at least 2; else the one in which most have, and their share. */
function bestOf(samples: readonly Sample[], quoted: boolean): [Sample | undefined, share: number] {
  let best: Sample | undefined;
  let most = 0;
  for (const sample of samples) {
    const { rows } = sample;
    const widths = new Map<number, number>();
    for (const { length } of rows) widths.set(length, (widths.get(length) ?? 0) + 1);
    const [width, count] = [...widths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0];
    const header = rows[0]?.length ?? 0;
    // R writes a table of one column with the names of its rows, which have no header.
    const named = header === 1 && width === 2 && quoted && agree(rows);
    if (width < 2 || (header < 2 && !named)) continue;
    const share = count / rows.length;
    if (share > most + 1e-9) [best, most] = [sample, agree(rows) ? 1 : share];
  }
  return [best, most];
}
