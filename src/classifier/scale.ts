// Rows around their mean, in the unit of their mean spread: one unit for all columns, since the columns of an embedding have one, and each by its own spread would make noise of those that say little as
// loud as the others.
import { type Matrix, ownMatrix } from '../data/matrix.js';
import type { Grid } from '../data/rows.js';
import { type Scaler, scalerFromJson } from '../data/scalers/index.js';

/** Numbers that are read in one slice: about a millisecond. */
const SLICE = 2 ** 18;
/** A spread below this share of the mean is taken for rounding: the rows are equal. */
const ROUNDING = 2 ** -22;

/** Measures the mean of each column, and the root of the mean variance of all. */
export function* fittingScale(grid: Grid): Generator<void, Scaler> {
  const { data, columns } = grid;
  const center = new Float64Array(columns);
  yield* eachRow(grid, (at) => {
    for (let c = 0; c < columns; c++) center[c] = (center[c] as number) + (data[at + c] as number);
  });
  const rows = data.length / columns;
  for (let c = 0; c < columns; c++) center[c] = (center[c] as number) / rows;
  let squares = 0;
  yield* eachRow(grid, (at) => {
    for (let c = 0; c < columns; c++) {
      const off = (data[at + c] as number) - (center[c] as number);
      squares += off * off;
    }
  });
  const spread = Math.sqrt(squares / data.length);
  const size = Math.sqrt(center.reduce((sum, c) => sum + c * c, 0) / columns);
  const scale = Array<number>(columns).fill(spread > size * ROUNDING ? spread : 1);
  return scalerFromJson({ type: 'standard', center: Array.from(center), scale });
}

/** What the scaler makes of rows, to the bit, in slices. */
export function* scaling(scaler: Scaler, grid: Grid): Generator<void, Matrix> {
  const { data, columns } = grid;
  const { center, scale } = scaler.toJSON() as { center: readonly number[]; scale: readonly number[] };
  const out = new Float32Array(data.length);
  yield* eachRow(grid, (at) => {
    for (let c = 0; c < columns; c++)
      out[at + c] = ((data[at + c] as number) - (center[c] as number)) / (scale[c] as number);
  });
  return ownMatrix(out, columns);
}

/** Calls `visit` with the place of each row, and yields after each slice. */
function* eachRow({ data, columns }: Grid, visit: (at: number) => void): Generator<void, void> {
  const slice = Math.ceil(SLICE / columns) * columns;
  for (let from = 0; from < data.length; from += slice) {
    const end = Math.min(from + slice, data.length);
    for (let at = from; at < end; at += columns) visit(at);
    yield;
  }
}
