import { noMore, positiveInteger, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { argmax } from '../base/extremes.js';
import { copyRows } from './copy-rows.js';
import { isNumbers, keep, type Numbers } from './numbers.js';

/**
 * rows × columns, row-major. A Float32Array or bytes (Uint8Array, Uint8ClampedArray) are kept, not copied, unless their buffer may change its size, and looked at where they
 * are used; bytes stay bytes.
 */
export class Matrix {
  /** Also where the package has been minified. */
  static readonly name = 'Matrix';
  readonly data: Float32Array | Uint8Array;
  readonly rows: number;
  readonly columns: number;

  /** Throws SimdenseError 'SHAPE' where the numbers do not fill whole rows, 'DATA' for a cell that is no finite number, or too large for float32. */
  constructor(data: Numbers, columns: number) {
    noMore('Matrix', arguments, 2);
    positiveInteger('Matrix(columns)', columns);
    if (!isNumbers(data)) throw new SimdenseError('ARGUMENT', `Matrix(data): expected numbers, got ${show(data)}`);
    if (data.length % columns !== 0) {
      throw new SimdenseError(
        'SHAPE',
        `Matrix(data): ${data.length} numbers, which do not fill rows of ${columns} columns`,
      );
    }
    this.data = keep('Matrix(data)', data, Float32Array, columns);
    this.rows = this.data.length / columns;
    this.columns = columns;
  }

  /** A copy of rows of equal length. Throws SimdenseError 'SHAPE', 'ARGUMENT' or 'DATA'. */
  static from(rows: readonly Numbers[]): Matrix {
    noMore('Matrix.from', arguments, 1);
    const { data, columns } = copyRows('Matrix.from', rows, Float32Array);
    return new Matrix(data, columns);
  }

  /** A view of row `i`. */
  row(i: number): Float32Array | Uint8Array {
    noMore('row', arguments, 1);
    checkRow('row', i, this.rows);
    return this.data.subarray(i * this.columns, (i + 1) * this.columns);
  }

  /** A copy of the rows with these numbers, in this order. */
  select(indices: Int32Array | readonly number[]): Matrix {
    noMore('select', arguments, 1);
    if (!isNumbers(indices)) refuse('Matrix.select(indices)', 'row numbers', indices);
    const { columns } = this;
    const count = indices.length * columns;
    const data = this.data instanceof Uint8Array ? new Uint8Array(count) : new Float32Array(count);
    for (let to = 0; to < indices.length; to++) {
      const from = indices[to] as number;
      checkRow('select(indices)', from, this.rows);
      data.set(this.data.subarray(from * columns, (from + 1) * columns), to * columns);
    }
    return new Matrix(data, columns);
  }

  /** Column of each row's largest number, the first of equals. */
  argmax(): Int32Array {
    noMore('argmax', arguments, 0);
    const { rows, columns, data } = this;
    const best = new Int32Array(rows);
    for (let row = 0; row < rows; row++) best[row] = argmax(data, row * columns, columns);
    return best;
  }

  toArrays(): number[][] {
    noMore('toArrays', arguments, 0);
    return Array.from({ length: this.rows }, (_, i) => Array.from(this.row(i)));
  }
}

function checkRow(method: string, i: number, rows: number): void {
  if (!Number.isInteger(i) || i < 0 || i >= rows) {
    throw new SimdenseError('ARGUMENT', `Matrix.${method}: row ${show(i)} is not among the ${rows} rows`);
  }
}
