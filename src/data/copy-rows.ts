import { SimdenseError } from '../base/errors.js';
import { countOf } from '../base/typed-arrays.js';
import { cellError, rowError } from './cells.js';
import { checkFloats, copyCells, type Floats, type FloatsType, isList, type Numbers } from './numbers.js';

/** Copies rows of equal length one after the other, and checks each cell. */
export function copyRows<T extends Floats>(
  where: string,
  rows: readonly Numbers[],
  Type: FloatsType<T>,
): { data: T; columns: number } {
  const first: unknown = Array.isArray(rows) ? rows[0] : [];
  const columns = isList(first) ? countOf(first) : 1;
  if (!Array.isArray(rows) || rows.length === 0 || columns === 0)
    throw new SimdenseError('SHAPE', `${where}: expected at least one row of at least one number`);
  const rowOf = (i: number): Numbers => {
    const row: unknown = rows[i];
    if (!isList(row)) throw rowError(where, i, row);
    const length = countOf(row);
    if (length !== columns)
      throw new SimdenseError('SHAPE', `${where}: row ${i} has ${length} numbers, row 0 has ${columns}`);
    return row;
  };
  const { length } = rows;
  // Check before allocating: a sparse array can claim far more rows than it holds.
  for (let i = 0; i < length; i++) rowOf(i);
  const data = new Type(length * columns);
  for (let i = 0; i < length; i++) {
    // Check again: a getter of another row may have changed this one.
    const row = rowOf(i);
    if (!Array.isArray(row)) {
      data.set(row, i * columns);
      continue;
    }
    const bad = copyCells(data, i * columns, row, columns);
    if (bad >= 0) throw cellError(where, row[bad], i * columns + bad, columns);
  }
  checkFloats(where, data, columns, (at) => rows[Math.floor(at / columns)]?.[at % columns]);
  return { data, columns };
}
