// The rows of a file in which the rows of its table stand.
import type { TableData } from './kind.js';

/** How many of some numbers, which never fall, are at most `most`. */
export function countUpTo(sorted: readonly number[], most: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] as number) <= most) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Below a header and with no other row between, the first row of a table is row 2 of its file. */
const inStep = (row: number): number => row + 2;

/** The row of the file of each row; undefined where each is as many as `inStep` says. */
export function linesOf(rows: number, rowOf: (row: number) => number): Int32Array | undefined {
  // The rows of a file only rise.
  if (rowOf(0) === inStep(0) && rowOf(rows - 1) === inStep(rows - 1)) return undefined;
  return Int32Array.from({ length: rows }, (_, row) => rowOf(row));
}

/** The row of the file in which a row of the table stands, from 1, as spreadsheets count: rows that are no rows of the table count too. */
export const lineOf = ({ lines }: Pick<TableData, 'lines'>, row: number): number => lines?.[row] ?? inStep(row);

/** The row of the table that stands in a row of the file; undefined if that is none. */
export function rowOfLine({ rows, lines }: TableData, line: number): number | undefined {
  const row = lines ? lines.indexOf(line) : line - inStep(0);
  return row >= 0 && row < rows ? row : undefined;
}
