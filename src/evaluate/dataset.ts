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
  /** Why it is this task: a clause such as 'the labels are texts'. Not kept where a set is packed. */
  readonly why?: string;
}

/** The task of labels, and why it is that one: a clause such as 'the labels are texts'. */
export interface TaskReason {
  readonly task: Task;
  readonly why: string;
}

/** Different whole numbers up to which a column of them is taken for classes. */
const MOST_CLASSES = 100;
/** How often each must be there on average: five folds, scikit-learn's default, need five rows of a class. */
const ROWS_A_CLASS = 5;
/** The same above 20 different ones, which are more often numbers, such as years. */
const MANY_CLASSES = 20;
const ROWS_OF_MANY = 10;

/**
 * What is to be learnt of labels: texts and one-hot rows are classes. Whole numbers are where they repeat: at most 20 different ones in 5 rows each
 * on average, or 100 in 10; 0 and 1 alone always are. Anything else is a regression.
 */
export function taskOf(y: Labels): TaskReason {
  const column = toColumn(y);
  if (column) return taskOfColumn(column);
  const targets = toAnyMatrix('taskOf: y', y as Rows);
  if (isOneHot(targets)) return { task: 'classification', why: 'the labels are one-hot rows' };
  return { task: 'regression', why: `the labels are rows of ${targets.columns} numbers` };
}

/** The rows and labels of a task; where that is left out it follows from the labels, see `taskOf`. */
export function toDataset(where: string, x: Rows, y: Labels, task?: Task): Dataset {
  const set = readDataset(where, x, y, task);
  return { ...set, why: task ? 'the task was given' : taskOf(y).why };
}

function readDataset(where: string, x: Rows, y: Labels, task?: Task): Dataset {
  const matrix = toAnyMatrix(`${where}: x`, x);
  if (matrix.rows === 0) throw new SimdenseError('DATA', `${where}: x has no rows`);
  const rows = { data: matrix.data, columns: matrix.columns };
  const column = toColumn(y);
  const count = column ? column.length : toAnyMatrix(`${where}: y`, y as Rows).rows;
  if (count !== matrix.rows) throw new SimdenseError('SHAPE', `${where}: x has ${matrix.rows} rows, y has ${count}`);
  if (column) {
    const texts = typeof column[0] === 'string';
    if (texts && task === 'regression') refuse(`${where}: y`, 'numbers for a regression', column[0]);
    if ((task ?? taskOfColumn(column).task) === 'classification') {
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
  if (task !== 'regression') refuseLabels(where, targets);
  if (task === 'classification') refuse(`${where}: y`, 'a class for each row, or one-hot rows', targets);
  return { task: 'regression', x: rows, y: { data: targets.data, columns: targets.columns } };
}

/** One label a row. */
function toColumn(y: Labels): readonly Label[] | undefined {
  if (isMatrix(y)) return y.columns === 1 ? Array.from(y.data) : undefined;
  if (isNumbers(y)) return y.length > 0 || !Array.isArray(y) ? Array.from(y as ArrayLike<number>) : [];
  if (!Array.isArray(y)) refuse('y', 'a label for each row, or rows of targets', y);
  if (isNumbers(y[0]) && y[0].length === 1) return Array.from(toAnyMatrix('y', y as Rows).data);
  return typeof y[0] === 'string' ? (y as readonly string[]) : undefined;
}

function taskOfColumn(values: readonly Label[]): TaskReason {
  if (values.some((value) => typeof value === 'string')) return { task: 'classification', why: 'the labels are texts' };
  const real = values.find((value) => !Number.isInteger(value));
  if (real !== undefined) return { task: 'regression', why: `the labels are not all whole: ${show(real)}` };
  const found = new Set(values);
  const kinds = found.size;
  if ([...found].every((value) => value === 0 || value === 1))
    return { task: 'classification', why: 'the labels are 0 and 1' };
  const least = kinds <= MANY_CLASSES ? ROWS_A_CLASS : ROWS_OF_MANY;
  const repeat = kinds <= MOST_CLASSES && kinds * least <= values.length;
  const counted = `the labels are ${kinds} different whole numbers in ${values.length} rows`;
  if (repeat) return { task: 'classification', why: counted };
  const few = kinds > MOST_CLASSES ? `more than ${MOST_CLASSES}` : `fewer than ${least} rows each`;
  return { task: 'regression', why: `${counted}, ${few}` };
}

/** Rows of zeros and ones that are not one-hot: several labels a row. */
function refuseLabels(where: string, { data, rows, columns }: Matrix): void {
  if (columns < 2 || !data.every((value: number) => value === 0 || value === 1)) return;
  const ones = (row: number): number => data.subarray(row * columns, (row + 1) * columns).filter(Boolean).length;
  let row = 0;
  while (row < rows - 1 && ones(row) === 1) row++;
  const instead = `dense({ units: ${columns}, activation: 'sigmoid' }) with binaryCrossentropy in sequential`;
  const message = `${where}: y has ${ones(row)} labels in row ${row}; pipelines take one class a row. For several use ${instead}`;
  throw new SimdenseError('DATA', `${message}, or task 'regression' for numbers`);
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
