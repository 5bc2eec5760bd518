// Softmax of rows, and its kin.
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Arithmetic } from './arithmetic.js';
import { exactly, float32, isCount } from './checks.js';

/** The numbers of assembly/blas/softmax-rows.ts. */
const SOFTMAX = 0;
const LOG_SOFTMAX = 1;
const LOG_SUM_EXP = 2;

/** Softmax of rows, and its kin. */
export class Softmax extends Arithmetic {
  /**
   * Softmax of each row: eˣ / Σ eˣ. The row's largest number is subtracted first, so nothing overflows; sums are kept in float64.
   * @param x Rows of numbers.
   * @param columns Numbers of a row; all of x by default.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the lengths do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.softmax(Float32Array.of(1, 2, 3)); // [0.0900, 0.2447, 0.6652]
   */
  softmax(x: Float32Array, columns?: number, out?: Float32Array): Float32Array {
    return this.#softmax('softmax', arguments, SOFTMAX, x, columns, out);
  }

  /**
   * Logarithm of softmax of each row: x − log Σ eˣ.
   * @param x Rows of numbers.
   * @param columns Numbers of a row; all of x by default.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the lengths do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.logSoftmax(Float32Array.of(1, 2, 3)); // [-2.4076, -1.4076, -0.4076]
   */
  logSoftmax(x: Float32Array, columns?: number, out?: Float32Array): Float32Array {
    return this.#softmax('logSoftmax', arguments, LOG_SOFTMAX, x, columns, out);
  }

  /**
   * log Σ eˣ of each row.
   * @param x Rows of numbers.
   * @param columns Numbers of a row; all of x by default.
   * @param out One number a row; a new array by default.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the lengths do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.logSumExp(Float32Array.of(1000, 1000)); // [1000.693]
   */
  logSumExp(x: Float32Array, columns?: number, out?: Float32Array): Float32Array {
    return this.#softmax('logSumExp', arguments, LOG_SUM_EXP, x, columns, out);
  }

  /**
   * The backward pass of softmax: dx = s · (dy − Σ s · dy) for each row.
   * @param s The outputs of softmax.
   * @param dy The gradient by them.
   * @param columns Numbers of a row; all by default.
   * @param out The gradient by softmax's inputs; a new array by default. It may be dy.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the lengths do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.softmaxGradient(Float32Array.of(0.25, 0.75), Float32Array.of(1, 0)); // [0.1875, -0.1875]
   */
  softmaxGradient(s: Float32Array, dy: Float32Array, columns?: number, out?: Float32Array): Float32Array {
    const where = 'softmaxGradient';
    this.begin(where, arguments, 4);
    const [saved, gradient] = [float32(`${where}(s)`, s), float32(`${where}(dy)`, dy)];
    exactly(`${where}(dy)`, gradient, saved.length);
    const [rows, width] = rowsOf(where, saved, columns);
    const result = this.outLike(where, saved.length, out);
    const to = this.enterOut(where, result, result === saved || result === gradient);
    this.calls.softmaxRowsBackward(
      rows,
      width,
      this.input(where, saved, result, to),
      this.input(where, gradient, result, to),
      to,
    );
    this.leave();
    return result;
  }

  #softmax(
    where: string,
    given: IArguments,
    kind: number,
    x: Float32Array,
    columns: number | undefined,
    out: Float32Array | undefined,
  ): Float32Array {
    this.begin(where, given, 3);
    const from = float32(`${where}(x)`, x);
    const [rows, width] = rowsOf(where, from, columns);
    const result = this.outLike(where, kind === LOG_SUM_EXP ? rows : from.length, out, 'out', 'columns');
    const to = this.enterOut(where, result, result === from);
    const read = kind === LOG_SUM_EXP ? this.enterApart : this.input;
    this.calls.softmaxRows(kind, rows, width, read.call(this, where, from, result, to), to);
    this.leave();
    return result;
  }
}

/** The number of rows and of columns; `columns` are all by default. */
export function rowsOf(
  where: string,
  x: ArrayLike<number>,
  columns: number = x.length,
): [rows: number, columns: number] {
  if (!isCount(columns) || (columns === 0 && x.length > 0)) refuse(`${where}(columns)`, 'a positive integer', columns);
  const rows = columns && x.length / columns;
  if (!Number.isInteger(rows))
    throw new SimdenseError('SHAPE', `${where}: ${x.length} numbers do not fill rows of ${columns}`);
  return [rows, columns];
}
