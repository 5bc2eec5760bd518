import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { missingHint, placeOf, textHint } from '../data/cells.js';
import { copyRows } from '../data/copy-rows.js';
import type { Matrix } from '../data/matrix.js';
import { isNumbers } from '../data/numbers.js';
import { isMatrix, type Targets, toMatrix } from '../data/rows.js';
import type { Goal } from '../nn/pairs.js';

/** Checked targets: a class index for each row, or rows × outputs numbers. */
export type TargetData =
  | { readonly classes: Int32Array; readonly numbers?: never }
  | { readonly numbers: Matrix; readonly classes?: never };

/** How far the sum of a row of probabilities may be from 1: they are often rounded to two digits. */
const SLACK = 0.02;

/**
 * Checks the targets of `rows` rows for a model with `outputs` outputs. If there is one number a row and the model has several outputs, the numbers
 * are class indices; otherwise they are one-hot rows, probabilities or reals. `where` names the argument in errors, such as 'fit: y'. Throws SimdenseError
 * 'DATA' for targets that the model's outputs cannot reach, or that its metrics cannot count.
 */
export function toTargets(where: string, y: Targets, rows: number, outputs: number, goal: Goal): TargetData {
  const given = countRows(y, outputs, rows);
  if (given !== rows) {
    const [caller, name = ''] = where.split(': ');
    const x = name.replace(/y$/, 'x');
    throw new SimdenseError('SHAPE', `${caller}: ${x} has ${rows} rows, ${name} has ${given}`);
  }
  if (outputs > 1 && isColumn(y, rows)) {
    const classes = toClasses(where, y, rows, outputs);
    if (goal.low > 0 || goal.high < 1)
      throw new SimdenseError('DATA', `${where}: class indices are 0 and 1 for each output, but ${limitsOf(goal)}`);
    return { classes };
  }
  const numbers = toMatrix(where, y, outputs, "the model's outputs are");
  checkRange(where, numbers, goal);
  if (outputs > 1 && goal.sums) checkSums(where, numbers);
  if (goal.classesFor !== undefined) {
    const takes = `${goal.classesFor} takes ${
      outputs > 1
        ? 'one class a row: for several labels a row use accuracy with binaryCrossentropy'
        : '0 or 1: for other numbers use meanAbsoluteError or r2'
    }`;
    const found = oneHotClasses(numbers);
    if (!(found instanceof Int32Array))
      throw new SimdenseError('DATA', `${where} is ${found.found} in row ${found.row}, but ${takes}`);
  }
  return { numbers };
}

/** Whether the targets are one number for each row. */
function isColumn(y: Targets, rows: number): boolean {
  if (isMatrix(y)) return y.columns === 1;
  return isNumbers(y) ? y.length === rows : Array.isArray(y) && isNumbers(y[0]) && y[0].length === 1;
}

function countRows(y: Targets, outputs: number, rows: number): number {
  if (isMatrix(y)) return y.rows;
  if (!isNumbers(y)) return Array.isArray(y) ? y.length : rows;
  // Flat numbers are whole rows of outputs, or else one number for each row.
  return y.length === rows * outputs ? rows : y.length;
}

function toClasses(where: string, y: Targets, rows: number, outputs: number): Int32Array {
  const values = isMatrix(y) ? y.data : isNumbers(y) ? y : copyRows(where, y, Float32Array).data;
  const classes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number;
    if (!Number.isInteger(value) || value < 0 || value >= outputs) {
      throw new SimdenseError(
        'DATA',
        `${where} is ${show(value)} in row ${row}, expected a class index from 0 to ${outputs - 1}${missingHint(value)}${textHint(value)}`,
      );
    }
    classes[row] = value;
  }
  return classes;
}

/** The end of a message: the range of the targets, and which activation and loss take others. */
function limitsOf({ limits, low, high, form: { outputs } }: Goal): string {
  const [least, most] = [low, high].map((end) => Number(end.toPrecision(4)));
  const { MAX_VALUE } = Number;
  const range = high > MAX_VALUE ? `from ${least} up` : low < -MAX_VALUE ? `up to ${most}` : `from ${least} to ${most}`;
  const classes = outputs > 1 ? '' : "; for classes by number use 'softmax' with categoricalCrossentropy";
  return `${limits} ${range}: for other numbers use 'linear' with meanSquaredError${classes}`;
}

function checkRange(where: string, { data, columns }: Matrix, goal: Goal): void {
  const { low, high } = goal;
  if (low < -Number.MAX_VALUE && high > Number.MAX_VALUE) return;
  for (let at = 0; at < data.length; at++) {
    const value = data[at] as number;
    if (value >= low && value <= high) continue;
    throw new SimdenseError('DATA', `${where} is ${value} in ${placeOf(at, columns)}, but ${limitsOf(goal)}`);
  }
}

function checkSums(where: string, { data, rows, columns }: Matrix): void {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += data[row * columns + c] as number;
    if (Math.abs(sum - 1) <= SLACK) continue;
    const found = `${where} adds up to ${Number(sum.toPrecision(6))} in row ${row}, but a softmax to 1`;
    throw new SimdenseError('DATA', `${found}: for several labels a row use 'sigmoid' with binaryCrossentropy`);
  }
}

/** The class of each row, if all rows are one-hot or, with one column, all numbers are 0 or 1. Otherwise the first other row, and what was found there. */
export function oneHotClasses({
  data,
  rows,
  columns,
}: Matrix): Int32Array | { readonly found: string; readonly row: number } {
  const classes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let ones = 0;
    for (let c = 0; c < columns; c++) {
      const value = data[row * columns + c] as number;
      if (value === 1) {
        ones++;
        classes[row] = columns === 1 ? 1 : c;
      } else if (value !== 0) return { found: columns === 1 ? `${value}` : `${value} in column ${c}`, row };
    }
    if (columns > 1 && ones !== 1) return { found: `1 in ${ones} columns`, row };
  }
  return classes;
}
