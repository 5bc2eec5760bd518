// What a data set's rows are made of: a matrix of numbers, or the columns of a table.
import { gather } from '../data/gather.js';
import type { ColumnData, TableData } from '../table/kind.js';
import { selectingColumns } from '../table/select.js';

/** Rows of numbers, row-major. */
export interface Grid {
  readonly data: Float32Array | Uint8Array;
  readonly columns: number;
}

export type Inputs = Grid | TableData;

export const isTable = (x: Inputs): x is TableData => 'rows' in x;

/** The number of rows. */
export const inputRows = (x: Inputs): number => (isTable(x) ? x.rows : x.data.length / x.columns);

/** The number of columns as they were given: an encoder may make several numbers of one. */
export const inputColumns = (x: Inputs): number => (isTable(x) ? x.columns.length : x.columns);

/** A copy of some rows, in this order. In slices; the event loop may turn between them. */
export function* selectingInputs<X extends Inputs>(x: X, rows: Int32Array): Generator<undefined, X> {
  return (yield* isTable(x) ? selectingColumns(x, rows) : selectingGrid(x, rows)) as X;
}

/** Numbers that are copied in one slice: about a millisecond. */
const SLICE = 2 ** 18;

function* selectingGrid({ data, columns }: Grid, rows: Int32Array): Generator<undefined, Grid> {
  const to = new (data instanceof Uint8Array ? Uint8Array : Float32Array)(rows.length * columns);
  const slice = Math.ceil(SLICE / columns);
  for (let from = 0; from < rows.length; from += slice) {
    gather(data, columns, rows, from, Math.min(slice, rows.length - from), to, from * columns);
    yield;
  }
  return { data: to, columns };
}

type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array;

/** The numbers of all cells: one array of a matrix, one for each column of a table. */
export const arraysOf = (x: Inputs): readonly Numbers[] =>
  isTable(x) ? x.columns.map(({ cells }) => ('values' in cells ? cells.values : cells.codes)) : [x.data];

/** The same rows with other arrays, such as copies in memory that threads share. */
export function withArrays<X extends Inputs>(x: X, arrays: readonly Numbers[]): X {
  if (!isTable(x)) return { ...x, data: arrays[0] };
  const columns = x.columns.map((column, c): ColumnData => {
    const { cells } = column;
    if ('values' in cells) return { ...column, cells: { values: arrays[c] as Float64Array } };
    return { ...column, cells: { texts: cells.texts, codes: arrays[c] as Int32Array } };
  });
  return { ...x, columns };
}
