import type { ColumnData, TableData } from './kind.js';

/** Cells that are copied in one slice: about a millisecond. */
const SLICE = 2 ** 18;

/** A copy of some rows of a table, in this order. Texts are shared. In slices; the event loop may turn between them. */
export function* selectingColumns(table: TableData, rows: Int32Array): Generator<undefined, TableData> {
  const selected: ColumnData[] = [];
  for (const column of table.columns) {
    const { cells } = column;
    if ('values' in cells) selected.push({ ...column, cells: { values: yield* picking(cells.values, rows) } });
    else selected.push({ ...column, cells: { ...cells, codes: yield* picking(cells.codes, rows) } });
  }
  const { lines, ...others } = table;
  const own = lines && { lines: yield* picking(lines, rows) };
  return { ...others, rows: rows.length, columns: selected, ...own };
}

function* picking<A extends Float64Array | Int32Array>(from: A, rows: Int32Array): Generator<undefined, A> {
  const to = (from instanceof Float64Array ? new Float64Array(rows.length) : new Int32Array(rows.length)) as A;
  for (let start = 0; start < rows.length; start += SLICE) {
    const stop = Math.min(rows.length, start + SLICE);
    for (let i = start; i < stop; i++) to[i] = from[rows[i] as number] as number;
    yield;
  }
  return to;
}
