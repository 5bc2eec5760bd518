// Rows and what is to be learnt from them, as plain data that any executor can ship.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { checkLabel, encodeLabels, type Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { isNumbers, toFloats } from '../data/numbers.js';
import { checkPrecision } from '../data/precision.js';
import { isMatrix, type Rows, type Targets, toAnyMatrix } from '../data/rows.js';

export type Task = 'classification' | 'regression';

/** Targets as users give them: a label a row, one-hot or real rows. */
export type Labels = readonly Label[] | Targets;

export interface Dataset {
  readonly task: Task;
  readonly x: { readonly data: Float32Array | Uint8Array; readonly columns: number };
  /** A classification's classes, and for each row its class among them. */
  readonly classes?: readonly Label[];
  readonly indices?: Int32Array;
  /** A regression's targets. */
  readonly y?: { readonly data: Float32Array | Uint8Array; readonly columns: number };
}

/** Different whole numbers up to which a column of them is taken for classes. */
const MOST_CLASSES = 100;

/**
 * The rows and labels of a task; where that is left out it follows from the labels: strings and one-hot rows are classes, and so are
 * whole numbers of at most 100 kinds that are seen ten times each on average, or are at most twenty. What is to be fitted must be precise enough in float32: what is scaled by
 * an earlier fit need not, since its range is another.
 */
export function toDataset(where: string, x: Rows, y: Labels, task?: Task, fitting = true): Dataset {
  const matrix = toAnyMatrix(`${where}: x`, x);
  if (matrix.rows === 0) throw new SimdenseError('DATA', `${where}: x has no rows`);
  const rows = { data: matrix.data, columns: matrix.columns };
  if (fitting) checkPrecision(`${where}: x`, x);
  const targets = toLabels(`${where}: y`, y);
  const count = targets instanceof Matrix ? targets.rows : targets.length;
  if (count !== matrix.rows) throw new SimdenseError('SHAPE', `${where}: x has ${matrix.rows} rows, y has ${count}`);
  if (!(targets instanceof Matrix)) {
    const text = targets.find((label) => typeof label === 'string');
    if (text !== undefined && task === 'regression') refuse(`${where}: y`, 'numbers for a regression', text);
    const found = text === undefined ? inferred(targets as readonly number[]) : 'classification';
    if ((task ?? found) === 'classification') {
      const { classes, indices } = encodeLabels(targets);
      if (classes.length < 2) {
        throw new SimdenseError(
          'DATA',
          `${where}: y has one class only, ${show(classes[0])}; there is nothing to tell apart`,
        );
      }
      return { task: 'classification', x: rows, classes, indices };
    }
    if (fitting) checkPrecision(`${where}: y`, y as Rows);
    const data = toFloats(`${where}: y`, targets as readonly number[]);
    return { task: 'regression', x: rows, y: { data, columns: 1 } };
  }
  if (task !== 'regression' && isOneHot(targets)) {
    const classes = Array.from({ length: targets.columns }, (_, i) => i);
    const indices = targets.argmax();
    const missing = classes.find((label) => !indices.includes(label));
    if (missing !== undefined)
      throw new SimdenseError('DATA', `${where}: y has no row of class ${missing}, column ${missing} is all 0`);
    return { task: 'classification', x: rows, classes, indices };
  }
  if (task === 'classification') refuse(`${where}: y`, 'a class for each row, or one-hot rows', targets);
  if (fitting) checkPrecision(`${where}: y`, y as Rows);
  return { task: 'regression', x: rows, y: { data: targets.data, columns: targets.columns } };
}

/** One label a row, each a string or a finite number; or rows of targets. */
function toLabels(where: string, y: Labels): readonly Label[] | Matrix {
  if (!isMatrix(y)) {
    if (isNumbers(y)) return Array.from<unknown, Label>(y, (label, row) => checkLabel(`${where} is`, label, row));
    if (!Array.isArray(y)) refuse(where, 'a label for each row, or rows of targets', y);
  }
  const targets = toAnyMatrix(where, y as Rows);
  return targets.columns === 1 && isMatrix(y) ? Array.from(targets.data) : targets;
}

function inferred(values: readonly number[]): Task {
  if (!values.every(Number.isInteger)) return 'regression';
  const kinds = new Set(values).size;
  return kinds <= 20 || (kinds <= MOST_CLASSES && kinds * 10 <= values.length) ? 'classification' : 'regression';
}

function isOneHot({ data, rows, columns }: Matrix): boolean {
  if (columns < 2) return false;
  for (let row = 0; row < rows; row++) {
    let ones = 0;
    for (let c = 0; c < columns; c++) {
      const value = data[row * columns + c];
      if (value === 1) ones++;
      else if (value !== 0) return false;
    }
    if (ones !== 1) return false;
  }
  return true;
}

export const rowsOf = ({ x }: Dataset): number => x.data.length / x.columns;

/** These rows of a set, in this order. */
export function selectRows(set: Dataset, rows: Int32Array): Dataset {
  const select = ({ data, columns }: Dataset['x']): Dataset['x'] => ({
    data: new Matrix(data, columns).select(rows).data,
    columns,
  });
  return {
    ...set,
    x: select(set.x),
    ...(set.indices && { indices: rows.map((row) => set.indices?.[row] as number) }),
    ...(set.y && { y: select(set.y) }),
  };
}
