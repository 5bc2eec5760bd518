// Misclassified rows as images.
import { largest } from '../base/extremes.js';
import type { Label } from '../data/index.js';
import type { Misread, ReportContents } from '../report/index.js';
import type { Table } from '../table/index.js';

/** Rows of grey values. */
export interface ImageRows {
  readonly side: number;
  readonly brightest: number;
  pixel(row: number, column: number): number;
}

/** The rows as images; undefined unless each row is a square of grey values (whole numbers from 0 to 255), at least 8×8. Constant columns are pixels too. */
export function imagesOf({ data }: Table, targets: readonly string[]): ImageRows | undefined {
  const columns = data.columns.filter(({ name }) => !targets.includes(name));
  const side = Math.sqrt(columns.length);
  if (!Number.isInteger(side) || side < 8) return undefined;
  const lists: Float64Array[] = [];
  for (const { cells, holds } of columns) {
    if (!('values' in cells) || holds === 'date') return undefined;
    if (!cells.values.every((value) => Number.isInteger(value) && value >= 0 && value < 256)) return undefined;
    lists.push(cells.values);
  }
  const brightest = lists.reduce((most, values) => Math.max(most, largest(values, 1)), 1);
  return { side, brightest, pixel: (row, column) => lists[column]?.[row] as number };
}

/** The rows that were predicted wrongly. */
export function misread(
  { side, brightest, pixel }: ImageRows,
  labels: readonly Label[],
  predicted: readonly Label[],
): NonNullable<ReportContents['images']> {
  const wrong = Array.from(labels.keys()).filter((row) => labels[row] !== predicted[row]);
  const image = (row: number): Misread => ({
    pixels: Uint8Array.from({ length: side * side }, (_, c) => Math.round((pixel(row, c) * 255) / brightest)),
    actual: String(labels[row]),
    predicted: String(predicted[row]),
  });
  return { width: side, height: side, misread: wrong.map(image) };
}
