// Predictions as CSV, behind the table that they are for.
import type { Label } from '../data/index.js';
import type { PredictedColumn } from './predictions.js';

/** A column as it stands in a file. */
export interface OwnColumn {
  readonly name: string;
  of(row: number): string;
}

/** How CSV is written. */
export interface CsvStyle {
  /** What stands between two cells. */
  readonly delimiter: string;
  /** The sign before the decimals of predictions. */
  readonly decimal: '.' | ',';
  readonly lineEnd: '\n' | '\r\n';
}

/** Rows of a part: a text of all rows may be longer than a string can be. */
const PART = 2 ** 14;

/** The parts of a CSV file. The table's own cells are written as they stand in the file; predictions are made harmless for spreadsheets. */
export function* csvParts(
  rows: number,
  own: readonly OwnColumn[],
  predicted: readonly PredictedColumn[],
  { delimiter, decimal, lineEnd }: CsvStyle,
): Generator<string> {
  /** A cell of RFC 4180. */
  const quoted = (text: string): string =>
    /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  // A label may begin or end with a space, which readers leave out.
  const kept = (text: string): string => (/^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : quoted(text));
  /** What a spreadsheet would run as a formula gets a quote in front. */
  const harmless = (cell: Label): string =>
    typeof cell === 'number'
      ? quoted(decimal === ',' ? String(cell).replace('.', ',') : String(cell))
      : kept(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
  const line = (before: readonly string[], after: readonly Label[]): string =>
    [...before.map(quoted), ...after.map(harmless)].join(delimiter);
  yield line(
    own.map(({ name }) => name),
    predicted.map(({ name }) => name),
  );
  for (let from = 0; from < rows; from += PART) {
    let part = '';
    for (let row = from; row < Math.min(rows, from + PART); row++) {
      const cells = own.map(({ of }) => of(row));
      part += `${lineEnd}${line(
        cells,
        predicted.map(({ of }) => of(row)),
      )}`;
    }
    yield part;
  }
  yield lineEnd;
}
