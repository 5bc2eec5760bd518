// What a data set's rows are made of: a matrix of numbers, or the columns of a table.
import { gather } from '../data/gather.js';
import { selectingColumns } from '../table/select.js';
import type { TableData } from '../table/kind.js';

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
