import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Matrix } from './matrix.js';
import { isNumbers, isTyped, type Numbers } from './numbers.js';

/** A matrix, flat numbers of the width that is expected, or rows. */
export type Rows = Matrix | Numbers | readonly Numbers[];
/** Class indices (length rows), one-hot or real targets (rows × outputs). */
export type Targets = Rows;

/** A Matrix, also one of another copy of this module, such as two versions of a package bring along. */
export function isMatrix(value: unknown): value is Matrix {
  const { data, columns } = (value ?? {}) as Partial<Matrix>;
  return value instanceof Matrix || (isTyped(data) && typeof columns === 'number');
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
  } else if (Array.isArray(rows)) matrix = Matrix.from(rows, where);
  else
    throw new SimdenseError('ARGUMENT', `${where}: expected a Matrix, numbers or rows of numbers, got ${show(rows)}`);
  if (matrix.columns !== columns) {
    const hint = imagesHint(matrix.columns, columns);
    throw new SimdenseError('SHAPE', `${where} has ${matrix.columns} columns but ${what} ${columns}${hint}`);
  }
  checkFinite(where, matrix);
  return matrix;
}

/** The same for any number of columns, which flat numbers do not tell. */
export function toAnyMatrix(where: string, rows: Rows): Matrix {
  if (isNumbers(rows) && !isMatrix(rows)) {
    throw new SimdenseError(
      'SHAPE',
      `${where} is flat numbers, of how many columns? Give new Matrix(numbers, columns) or rows`,
    );
  }
  const columns = isMatrix(rows) ? rows.columns : (rows as readonly Numbers[] | null)?.[0]?.length;
  return toMatrix(where, rows, columns ?? 0, 'the first row has');
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
