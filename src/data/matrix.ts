import { positiveInteger, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { isNumbers, type Numbers } from './numbers.js';

/** rows × columns, row-major. A Float32Array or Uint8Array is kept, not copied; bytes stay bytes. */
export class Matrix {
  /** Also where the package has been minified. */
  static readonly name = 'Matrix';
  readonly data: Float32Array | Uint8Array;
  readonly rows: number;
  readonly columns: number;

  /** Throws SimdenseError 'SHAPE' where the numbers do not fill whole rows. */
  constructor(data: Numbers, columns: number) {
    positiveInteger('Matrix(columns)', columns);
    if (!isNumbers(data)) throw new SimdenseError('ARGUMENT', `Matrix(data): expected numbers, got ${show(data)}`);
    if (data.length % columns !== 0) {
      throw new SimdenseError('SHAPE', `Matrix(data): ${data.length} numbers do not fill rows of ${columns} columns`);
    }
    this.data = data instanceof Float32Array || data instanceof Uint8Array ? data : Float32Array.from(data);
    this.rows = data.length / columns;
    this.columns = columns;
  }

  /** A copy of rows of equal length. */
  static from(rows: readonly Numbers[]): Matrix;
  /** @internal `where` names the argument in errors. */
  static from(rows: readonly Numbers[], where?: string): Matrix;
  static from(rows: readonly Numbers[], where = 'Matrix.from'): Matrix {
    return fromRows(where, rows);
  }

  /** A view of row `i`. */
  row(i: number): Float32Array | Uint8Array {
    checkRow('row', i, this.rows);
    return this.data.subarray(i * this.columns, (i + 1) * this.columns);
  }

  /** A copy of the rows with these numbers, in this order. */
  select(indices: Int32Array | readonly number[]): Matrix {
    if (!isNumbers(indices)) refuse('Matrix.select(indices)', 'row numbers', indices);
    const { columns } = this;
    const count = indices.length * columns;
    const data = this.data instanceof Uint8Array ? new Uint8Array(count) : new Float32Array(count);
    for (const [to, from] of Array.from(indices).entries()) {
      checkRow('select(indices)', from, this.rows);
      data.set(this.data.subarray(from * columns, (from + 1) * columns), to * columns);
    }
    return new Matrix(data, columns);
  }

  /** Column of each row's largest number, the first of equals. */
  argmax(): Int32Array {
    const { rows, columns, data } = this;
    const best = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const from = row * columns;
      let top = 0;
      for (let c = 1; c < columns; c++) if ((data[from + c] as number) > (data[from + top] as number)) top = c;
      best[row] = top;
    }
    return best;
  }

  toArrays(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => Array.from(this.row(i)));
  }
}

function checkRow(method: string, i: number, rows: number): void {
  if (!Number.isInteger(i) || i < 0 || i >= rows) {
    throw new SimdenseError('ARGUMENT', `Matrix.${method}: row ${show(i)} is not among the ${rows} rows`);
  }
}

function fromRows(where: string, rows: readonly Numbers[]): Matrix {
  const columns = Array.isArray(rows) ? (rows[0] as Numbers | undefined | null)?.length : undefined;
  if (columns === undefined || columns === 0) {
    throw new SimdenseError('SHAPE', `${where}: expected at least one row of at least one number`);
  }
  const data = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    if (!isNumbers(row)) throw new SimdenseError('ARGUMENT', `${where}: row ${i} is ${show(row)}, expected numbers`);
    if (row.length !== columns) {
      throw new SimdenseError('SHAPE', `${where}: row ${i} has ${row.length} numbers, row 0 has ${columns}`);
    }
    data.set(row, i * columns);
  }
  return new Matrix(data, columns);
}
