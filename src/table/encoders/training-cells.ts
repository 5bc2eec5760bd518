// The cells of the rows that an encoder is fitted on.
import type { ColumnData, TableData } from '../kind.js';
import { cellsOf, type Wanted } from './column-cells.js';

/** The rows of a column that an encoder is fitted on; without `rows` all. */
export interface Training {
  readonly where: string;
  readonly table: Pick<TableData, 'lines'>;
  readonly column: ColumnData;
  readonly count: number;
  readonly rows: Int32Array | undefined;
}

/** Cells that are read in one slice: a few milliseconds. */
const SLICE = 2 ** 15;

/** Hands over each training cell, in slices; the event loop may turn between them. */
export function* readingCells<T>(
  { where, table, column, count, rows }: Training,
  wanted: Wanted<T>,
  take: (cell: T) => void,
): Generator<undefined, void> {
  const cell = cellsOf(where, table, column, wanted);
  for (let i = 0; i < count; i++) {
    take(cell(rows ? (rows[i] as number) : i));
    if (i % SLICE === SLICE - 1) yield;
  }
  yield;
}

/** The numbers of a column's training cells, and whether some are missing, which are left out. */
export function* readingNumbers(
  training: Training,
  wanted: Wanted<number>,
): Generator<undefined, { present: Float64Array; flag: boolean }> {
  const values = new Float64Array(training.count);
  let count = 0;
  yield* readingCells(training, wanted, (value) => {
    if (!Number.isNaN(value)) values[count++] = value;
  });
  return { present: values.subarray(0, count), flag: count < training.count };
}
