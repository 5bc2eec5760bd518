import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { missingHint } from '../data/cells.js';
import { Matrix } from '../data/matrix.js';
import { isNumbers } from '../data/numbers.js';
import { isMatrix, type Targets, toMatrix } from '../data/rows.js';
import { isCrossentropy, type Loss } from '../nn/losses.js';

/** What the rows are to be: one class index a row, or rows × outputs numbers. */
export type TargetData =
  | { readonly classes: Int32Array; readonly numbers?: never }
  | { readonly numbers: Matrix; readonly classes?: never };

/**
 * Targets for `rows` rows of a model with `outputs` outputs. One number a row for several outputs is a class index; else they are
 * one-hot, probabilities or reals. `where` names the argument in errors, such as 'fit: y'.
 */
export function toTargets(where: string, y: Targets, rows: number, outputs: number, loss: Loss): TargetData {
  const given = countRows(y, outputs, rows);
  if (given !== rows) {
    const [caller, name = ''] = where.split(': ');
    const x = name.replace(/y$/, 'x');
    throw new SimdenseError('SHAPE', `${caller}: ${x} has ${rows} rows, ${name} has ${given}`);
  }
  if (outputs > 1 && isColumn(y, rows)) return { classes: toClasses(where, y, rows, outputs) };
  const numbers = toMatrix(where, y, outputs, "the model's outputs are");
  if (isCrossentropy(loss)) checkProbabilities(where, numbers, loss);
  return { numbers };
}

/** Whether there is one number a row. */
function isColumn(y: Targets, rows: number): boolean {
  if (isMatrix(y)) return y.columns === 1;
  return isNumbers(y) ? y.length === rows : Array.isArray(y) && isNumbers(y[0]) && y[0].length === 1;
}

function countRows(y: Targets, outputs: number, rows: number): number {
  if (isMatrix(y)) return y.rows;
  if (!isNumbers(y)) return Array.isArray(y) ? y.length : rows;
  // Flat numbers are class indices, or whole rows of outputs.
  return y.length === rows * outputs ? rows : y.length;
}

function toClasses(where: string, y: Targets, rows: number, outputs: number): Int32Array {
  const values = isMatrix(y) ? y.data : isNumbers(y) ? y : Matrix.from(y as readonly number[][], where).data;
  const classes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number;
    if (!Number.isInteger(value) || value < 0 || value >= outputs) {
      throw new SimdenseError(
        'DATA',
        `${where} is ${show(value)} in row ${row}, expected a class index from 0 to ${outputs - 1}${missingHint(value)}`,
      );
    }
    classes[row] = value;
  }
  return classes;
}

function checkProbabilities(where: string, { data, columns }: Matrix, loss: Loss): void {
  const at = (data as Float32Array).findIndex((value) => value < 0 || value > 1);
  if (at < 0) return;
  const place = `row ${Math.floor(at / columns)}, column ${at % columns}`;
  throw new SimdenseError('DATA', `${where} is ${data[at]} in ${place}, but ${loss} takes targets from 0 to 1`);
}
