import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { goneError } from './cells.js';
import { copyRows } from './copy-rows.js';
import { Matrix } from './matrix.js';
import { checkFloats, type Floats, type FloatsType, isNumbers, isTyped, keepFinite, type Numbers } from './numbers.js';

/** Rows of numbers: a Matrix, an array of rows, or flat numbers if the number of columns is known. */
export type Rows = Matrix | Numbers | readonly Numbers[];
/** The targets of the rows: class indices (one number for each row), one-hot rows or numbers (rows × outputs). */
export type Targets = Rows;

/** Whether a value is a Matrix, also of another copy of this module, as two versions of the package in one program have. */
export function isMatrix(value: unknown): value is Matrix {
  if (value instanceof Matrix) return true;
  const { data, columns } = (value ?? {}) as Partial<Matrix>;
  return isTyped(data) && typeof columns === 'number';
}

/** Rows as flat numbers, which may be float64, unlike those of a Matrix. */
export interface Grid<T extends Floats = Floats> {
  readonly data: T | Float32Array | Uint8Array;
  readonly columns: number;
}

/**
 * Any form of rows as a matrix of `columns` columns, all numbers finite. In error messages `where` names the argument, such as
 * 'fit: x', and `what` names what expects the columns, such as 'the model takes'.
 */
export function toMatrix(where: string, rows: Rows, columns: number, what: string): Matrix {
  return matrixOf(toGrid(where, rows, Float32Array, columns, what));
}

/** toMatrix for any number of columns; flat numbers, whose columns are unknown, are refused. */
export function toAnyMatrix(where: string, rows: Rows): Matrix {
  return matrixOf(toGrid(where, rows, Float32Array));
}

function matrixOf(grid: Grid<Float32Array>): Matrix {
  return grid instanceof Matrix ? grid : new Matrix(grid.data, grid.columns);
}

/** toMatrix, but copies have type `Type`: float64 for callers that compute in float64, such as a scaler. Without `columns` any number of columns is accepted. */
export function toGrid<T extends Floats>(
  where: string,
  rows: Rows,
  Type: FloatsType<T>,
  columns?: number,
  what?: string,
): Grid<T> {
  const grid = read(where, rows, Type, columns);
  if (columns !== undefined && grid.columns !== columns) {
    const hint = imagesHint(grid.columns, columns);
    throw new SimdenseError('SHAPE', `${where} has ${grid.columns} columns but ${what} ${columns}${hint}`);
  }
  return grid;
}

const refuseRows = (where: string, value: unknown): never =>
  refuse(where, 'a Matrix, numbers or rows of numbers', value);

function read<T extends Floats>(where: string, rows: Rows, Type: FloatsType<T>, columns: number | undefined): Grid<T> {
  if (isMatrix(rows)) {
    const { data, columns, rows: said } = rows;
    const matrix = rows instanceof Matrix ? rows : new Matrix(data, columns);
    if (said !== undefined && said !== matrix.rows)
      throw new SimdenseError('SHAPE', `${where} has ${matrix.rows} rows, and says ${show(said)}`);
    checkThere(where, matrix);
    // Bytes are always finite.
    if (!(matrix.data instanceof Uint8Array)) checkFloats(where, matrix.data, matrix.columns);
    return matrix;
  }
  if (isNumbers(rows)) {
    if (columns === undefined) {
      const message = 'is flat numbers with an unknown number of columns; pass new Matrix(numbers, columns) or rows';
      throw new SimdenseError('SHAPE', `${where} ${message}`);
    }
    const data = keepFinite(where, rows, Type, columns);
    if (data.length % columns !== 0) {
      const message = `has ${data.length} numbers, which do not fill rows of ${columns} columns`;
      throw new SimdenseError('SHAPE', `${where} ${message}`);
    }
    return { data, columns };
  }
  if (Array.isArray(rows)) return copyRows(where, rows, Type);
  return refuseRows(where, rows);
}

/** A hint for the most common cause: images of another size. */
function imagesHint(given: number, expected: number): string {
  const [a, b] = [Math.sqrt(given), Math.sqrt(expected)];
  if (!Number.isInteger(a) || !Number.isInteger(b) || a < 5 || b < 5) return '';
  return `. Did you pass ${a}×${a} images to a model for ${b}×${b}?`;
}

/** Throws SimdenseError 'ARGUMENT' if a matrix has lost its numbers because its buffer was transferred. For code that reads a matrix over some time. */
export function checkThere(where: string, { data, rows, columns }: Matrix): void {
  if (data.length !== rows * columns) throw goneError(where, data);
}
