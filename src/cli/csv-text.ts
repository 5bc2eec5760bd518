// Predictions as CSV, behind the table that they are for.
import type { Label } from '../data/index.js';
import type { PredictedColumn } from './predictions.js';

/** A column as it stands in a file. */
export interface OwnColumn {
  readonly name: string;
  of(row: number): string;
}

/** A cell of RFC 4180. */
const quoted = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** What a spreadsheet would run as a formula gets a quote in front. */
const harmless = (cell: Label): string =>
  typeof cell === 'number' ? String(cell) : quoted(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

/** The table's own cells are written as they stand in the file; predictions are made harmless for spreadsheets. */
export function csvText(rows: number, own: readonly OwnColumn[], predicted: readonly PredictedColumn[]): string {
  const line = (before: readonly string[], after: readonly Label[]): string =>
    [...before.map(quoted), ...after.map(harmless)].join(',');
  const names = line(
    own.map(({ name }) => name),
    predicted.map(({ name }) => name),
  );
  const lines = Array.from({ length: rows }, (_, row) =>
    line(
      own.map(({ of }) => of(row)),
      predicted.map(({ of }) => of(row)),
    ),
  );
  return `${[names, ...lines].join('\r\n')}\n`;
}
