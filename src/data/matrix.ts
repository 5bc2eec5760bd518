import { noMore, positiveInteger, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { argmax } from '../base/extremes.js';
import { copyRows } from './copy-rows.js';
import { isNumbers, keep, type Numbers } from './numbers.js';

/** What ownMatrix is making a matrix of. */
let own: Float32Array | undefined;

/** A matrix of an array that nobody else has, which is kept unchecked: V8 makes a buffer for a small array only if it is asked for, as the check does, in half a microsecond. */
export function ownMatrix(data: Float32Array, columns: number): Matrix {
  own = data;
  const matrix = new Matrix(data, columns);
  // Or the array would stay as long as the program.
  own = undefined;
  return matrix;
}

/**
 * A matrix of rows × columns numbers, stored row by row.
 *
 * A Float32Array, a Uint8Array or a Uint8ClampedArray is kept, not copied, unless its buffer is resizable; bytes stay bytes. Kept numbers
 * are checked where they are used.
 */
export class Matrix {
  /** Keeps the name when the package is minified. */
  static readonly name = 'Matrix';
  /** The numbers, row by row. */
  readonly data: Float32Array | Uint8Array;
  readonly rows: number;
  readonly columns: number;

  /**
   * Makes a matrix of flat numbers.
   *
   * @param data The numbers, row by row. An array or another typed array is copied to float32.
   * @param columns The number of columns, a positive integer.
   * @throws SimdenseError 'ARGUMENT' for data that are not numbers, and for a `columns` that is not a positive integer.
   * @throws SimdenseError 'SHAPE' if the numbers do not fill whole rows.
   * @throws SimdenseError 'DATA' for a copied number that is not finite in float32.
   * @example
   * const m = new Matrix([1, 2, 3, 4, 5, 6], 3);
   * m.rows; // 2
   * m.toArrays(); // [[1, 2, 3], [4, 5, 6]]
   */
  constructor(data: Numbers, columns: number) {
    noMore('Matrix', arguments, 2);
    positiveInteger('Matrix(columns)', columns);
    if (!isNumbers(data)) throw new SimdenseError('ARGUMENT', `Matrix(data): expected numbers, got ${show(data)}`);
    this.data = data === own ? own : keep('Matrix(data)', data, Float32Array, columns);
    this.rows = this.data.length / columns;
    if (this.data.length % columns !== 0)
      throw new SimdenseError(
        'SHAPE',
        `Matrix(data): ${this.data.length} numbers do not fill rows of ${columns} columns`,
      );
    this.columns = columns;
  }

  /**
   * Copies rows of equal length into a matrix of float32.
   *
   * @param rows Arrays or typed arrays of numbers, one for each row.
   * @returns The matrix.
   * @throws SimdenseError 'SHAPE' for no rows, rows without numbers, and rows of different lengths.
   * @throws SimdenseError 'ARGUMENT' for a row that is not a list of numbers.
   * @throws SimdenseError 'DATA' for a number that is not finite in float32.
   * @example
   * const m = Matrix.from([[1, 2], [3, 4], [5, 6]]);
   * m.columns; // 2
   */
  static from(rows: readonly Numbers[]): Matrix {
    noMore('Matrix.from', arguments, 1);
    const { data, columns } = copyRows('Matrix.from', rows, Float32Array);
    return new Matrix(data, columns);
  }

  /**
   * One row, as a view: what is written to it changes the matrix.
   *
   * @param i The index of the row, from 0.
   * @returns A subarray of `data`.
   * @throws SimdenseError 'ARGUMENT' for an index out of range.
   * @example
   * Matrix.from([[1, 2], [3, 4]]).row(1); // [3, 4]
   */
  row(i: number): Float32Array | Uint8Array {
    noMore('row', arguments, 1);
    checkRow('row', i, this.rows);
    return this.data.subarray(i * this.columns, (i + 1) * this.columns);
  }

  /**
   * Copies some of the rows, in the given order.
   *
   * @param indices The indices of the rows, from 0; one may appear several times.
   * @returns A new matrix, indices.length × columns.
   * @throws SimdenseError 'ARGUMENT' for an index out of range.
   * @example
   * Matrix.from([[1, 2], [3, 4], [5, 6]]).select([2, 0]).toArrays(); // [[5, 6], [1, 2]]
   */
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

  /**
   * Finds the largest number of each row.
   *
   * @returns The column of each row's largest number; of equal ones the first.
   * @example
   * Matrix.from([[0.1, 0.9], [0.7, 0.3]]).argmax(); // [1, 0]
   */
  argmax(): Int32Array {
    noMore('argmax', arguments, 0);
    const { rows, columns, data } = this;
    const best = new Int32Array(rows);
    for (let row = 0; row < rows; row++) best[row] = argmax(data, row * columns, columns);
    return best;
  }

  /**
   * Copies the matrix into plain arrays.
   *
   * @returns An array for each row.
   * @example
   * new Matrix([1, 2, 3, 4], 2).toArrays(); // [[1, 2], [3, 4]]
   */
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
