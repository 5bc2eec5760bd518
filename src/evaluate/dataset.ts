// Rows and what is to be learnt from them, as plain data that any executor can ship.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { encodeLabels, type Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { isNumbers } from '../data/numbers.js';
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
 * whole numbers of at most 100 kinds that are seen ten times each on average, or are at most twenty.
 */
export function toDataset(where: string, x: Rows, y: Labels, task?: Task): Dataset {
  const matrix = toAnyMatrix(`${where}: x`, x);
  if (matrix.rows === 0) throw new SimdenseError('DATA', `${where}: x has no rows`);
  const rows = { data: matrix.data, columns: matrix.columns };
  const column = toColumn(y);
  const count = column ? column.length : toAnyMatrix(`${where}: y`, y as Rows).rows;
  if (count !== matrix.rows) throw new SimdenseError('SHAPE', `${where}: x has ${matrix.rows} rows, y has ${count}`);
  if (column) {
    const texts = typeof column[0] === 'string';
    if (texts && task === 'regression') refuse(`${where}: y`, 'numbers for a regression', column[0]);
    if ((task ?? (texts ? 'classification' : inferred(column as readonly number[]))) === 'classification') {
      const { classes, indices } = encodeLabels(column);
      if (classes.length < 2) {
        throw new SimdenseError(
          'DATA',
          `${where}: y has one class only, ${show(classes[0])}; there is nothing to tell apart`,
        );
      }
      return { task: 'classification', x: rows, classes, indices };
    }
    const bad = (column as readonly number[]).findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new SimdenseError('DATA', `${where}: y is ${column[bad]} in row ${bad}`);
    return { task: 'regression', x: rows, y: { data: Float32Array.from(column as readonly number[]), columns: 1 } };
  }
  const targets = toAnyMatrix(`${where}: y`, y as Rows);
  if (task !== 'regression' && isOneHot(targets)) {
    const classes = Array.from({ length: targets.columns }, (_, i) => i);
    const indices = targets.argmax();
    const missing = classes.find((label) => !indices.includes(label));
    if (missing !== undefined)
      throw new SimdenseError('DATA', `${where}: y has no row of class ${missing}, column ${missing} is all 0`);
    return { task: 'classification', x: rows, classes, indices };
  }
  if (task === 'classification') refuse(`${where}: y`, 'a class for each row, or one-hot rows', targets);
  return { task: 'regression', x: rows, y: { data: targets.data, columns: targets.columns } };
}

/** One label a row. */
function toColumn(y: Labels): readonly Label[] | undefined {
  if (isMatrix(y)) return y.columns === 1 ? Array.from(y.data) : undefined;
  if (isNumbers(y)) return y.length > 0 || !Array.isArray(y) ? Array.from(y as ArrayLike<number>) : [];
  if (!Array.isArray(y)) refuse('y', 'a label for each row, or rows of targets', y);
  return typeof y[0] === 'string' ? (y as readonly string[]) : undefined;
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
