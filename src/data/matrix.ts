import { positiveInteger, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array | readonly number[];
/** A matrix, flat numbers of the width that is expected, or rows. */
export type Rows = Matrix | Numbers | readonly Numbers[];
/** Class indices (length rows), one-hot or real targets (rows × outputs). */
export type Targets = Rows;

/** Whether a value holds numbers one after the other. */
export function isNumbers(value: unknown): value is Numbers {
  return isTyped(value) || (Array.isArray(value) && (value.length === 0 || typeof value[0] === 'number'));
}

function isTyped(value: unknown): value is Float32Array | Float64Array | Int32Array | Uint8Array {
  return (
    value instanceof Float32Array ||
    value instanceof Float64Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array
  );
}

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
      throw new SimdenseError('SHAPE', `Matrix: ${data.length} numbers do not fill rows of ${columns} columns`);
    }
    this.data = data instanceof Float32Array || data instanceof Uint8Array ? data : Float32Array.from(data);
    this.rows = data.length / columns;
    this.columns = columns;
  }

  /** A copy of rows of equal length. */
  static from(rows: readonly Numbers[]): Matrix {
    return fromRows('Matrix.from', rows);
  }

  /** A view of row `i`. */
  row(i: number): Float32Array | Uint8Array {
    checkRow('row', i, this.rows);
    return this.data.subarray(i * this.columns, (i + 1) * this.columns);
  }

  /** A copy of the rows with these numbers, in this order. */
  select(indices: Int32Array): Matrix {
    const { columns } = this;
    const count = indices.length * columns;
    const data = this.data instanceof Uint8Array ? new Uint8Array(count) : new Float32Array(count);
    for (const [to, from] of indices.entries()) {
      checkRow('select', from, this.rows);
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
    throw new SimdenseError('ARGUMENT', `Matrix.${method}: row ${i} is not among the ${rows} rows`);
  }
}

/** A Matrix, also one of another copy of this module, such as two versions of a package bring along. */
export function isMatrix(value: unknown): value is Matrix {
  const { data, columns } = (value ?? {}) as Partial<Matrix>;
  return value instanceof Matrix || (isTyped(data) && typeof columns === 'number');
}

function fromRows(where: string, rows: readonly Numbers[]): Matrix {
  const columns = rows[0]?.length;
  if (!Array.isArray(rows) || columns === undefined || columns === 0) {
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

/**
 * Any form of rows as a matrix of `columns` columns, finite throughout. `where` names the argument in errors, such as 'fit: x';
 * `what` names what takes the columns, such as 'the model takes'.
 */
export function toMatrix(where: string, rows: Rows, columns: number, what: string): Matrix {
  let matrix: Matrix;
  if (isMatrix(rows))
    matrix = rows instanceof Matrix ? rows : new Matrix((rows as Matrix).data, (rows as Matrix).columns);
  else if (isNumbers(rows)) {
    if (rows.length % columns !== 0) {
      throw new SimdenseError(
        'SHAPE',
        `${where} has ${rows.length} numbers, which do not fill rows of ${columns} columns`,
      );
    }
    matrix = new Matrix(rows, columns);
  } else if (Array.isArray(rows)) matrix = fromRows(where, rows);
  else
    throw new SimdenseError('ARGUMENT', `${where}: expected a Matrix, numbers or rows of numbers, got ${show(rows)}`);
  if (matrix.columns !== columns) {
    const hint = imagesHint(matrix.columns, columns);
    throw new SimdenseError('SHAPE', `${where} has ${matrix.columns} columns but ${what} ${columns}${hint}`);
  }
  checkFinite(where, matrix);
  return matrix;
}

/** The commonest cause: images of another size. */
function imagesHint(given: number, expected: number): string {
  const sides = [given, expected].map(Math.sqrt);
  if (!sides.every((side) => Number.isInteger(side) && side > 4)) return '';
  const [from, to] = sides.map((side) => `${side}×${side}`);
  return `. Did you pass ${from} images to a model for ${to}?`;
}

/** Throws SimdenseError 'DATA' that names the first number that is NaN or infinite. */
export function checkFinite(where: string, { data, columns }: Matrix): void {
  if (data instanceof Uint8Array || allFinite(data)) return;
  const at = data.findIndex((value) => !Number.isFinite(value));
  throw new SimdenseError('DATA', `${where} is ${data[at]} in row ${Math.floor(at / columns)}, column ${at % columns}`);
}

/** 0·v is NaN for NaN and infinity, and so is a sum with it: no branch an element. */
export function allFinite(data: Float32Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = data.length - (data.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += 0 * (data[i] as number);
    b += 0 * (data[i + 1] as number);
    c += 0 * (data[i + 2] as number);
    d += 0 * (data[i + 3] as number);
  }
  for (let i = whole; i < data.length; i++) a += 0 * (data[i] as number);
  return a + b + c + d === 0;
}
