// Rows with their labels or targets, as plain data that any executor can send.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { gather } from '../data/gather.js';
import { checkLabel, encodingLabels, type Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { isNumbers, toFloats } from '../data/numbers.js';
import { checkingPrecision } from '../data/precision.js';
import { isMatrix, type Rows, type Targets, toAnyMatrix } from '../data/rows.js';

/** Whether the targets are classes or numbers. */
export type Task = 'classification' | 'regression';

/** The targets as users give them: a label for each row, one-hot rows, or rows of numbers. */
export type Labels = readonly Label[] | Targets;

/** A checked data set. */
export interface Dataset {
  readonly task: Task;
  readonly x: { readonly data: Float32Array | Uint8Array; readonly columns: number };
  /** For a classification: the classes, and each row's index in them. */
  readonly classes?: readonly Label[];
  readonly indices?: Int32Array;
  /** For a regression: the targets. */
  readonly y?: { readonly data: Float32Array | Uint8Array; readonly columns: number };
  /** The reason for the task: a clause such as 'the labels are texts'. Lost when the data set is packed. */
  readonly why?: string;
}

/** The task that the labels suggest, and the reason: a clause such as 'the labels are texts'. */
export interface TaskReason {
  readonly task: Task;
  readonly why: string;
}

/** The most distinct whole numbers that count as classes. */
const MOST_CLASSES = 100;
/** The rows that each class must have on average: five folds, scikit-learn's default, need five rows of each class. */
const ROWS_A_CLASS = 5;
/** More than 20 distinct numbers are often measurements, such as years, so each must then have more rows. */
const MANY_CLASSES = 20;
const ROWS_OF_MANY = 10;

/**
 * Guesses the task from labels. Texts and one-hot rows are classes, and so are 0 and 1 alone. Other whole numbers are classes if they
 * repeat: up to 20 distinct ones with 5 rows each on average, or up to 100 with 10. Anything else is a regression.
 */
export function taskOf(y: Labels): TaskReason {
  return taskOfLabels(atOnce(toLabels('taskOf: y', y)));
}

function taskOfLabels(labels: readonly Label[] | Matrix): TaskReason {
  if (!(labels instanceof Matrix)) return taskOfColumn(labels);
  if (isOneHot(labels)) return { task: 'classification', why: 'the labels are one-hot rows' };
  return { task: 'regression', why: `the labels are rows of ${labels.columns} numbers` };
}

/**
 * Checks rows and labels and makes a data set of them. Without `task` the labels decide, see `taskOf`. If `fitting`, numbers must be
 * precise enough in float32; data for a fitted pipeline need not be, since their range may be narrower.
 */
export function toDataset(where: string, x: Rows, y: Labels, task?: Task, fitting = true): Dataset {
  return atOnce(readingDataset(where, x, y, task, fitting));
}

/** toDataset in slices; the event loop may turn between them. */
export function* readingDataset(
  where: string,
  x: Rows,
  y: Labels,
  task?: Task,
  fitting = true,
): Generator<undefined, Dataset> {
  const matrix = toAnyMatrix(`${where}: x`, x);
  if (matrix.rows === 0) throw new SimdenseError('DATA', `${where}: x has no rows`);
  const rows = { data: matrix.data, columns: matrix.columns };
  yield;
  if (fitting) yield* checkingPrecision(`${where}: x`, x);
  yield;
  const targets = yield* toLabels(`${where}: y`, y);
  const count = targets instanceof Matrix ? targets.rows : targets.length;
  if (count !== matrix.rows) throw new SimdenseError('SHAPE', `${where}: x has ${matrix.rows} rows, y has ${count}`);
  const found = taskOfLabels(targets);
  yield;
  const why = task ? 'the task was given' : found.why;
  if (!(targets instanceof Matrix)) {
    const text = targets.find((label) => typeof label === 'string');
    if (text !== undefined && task === 'regression') refuse(`${where}: y`, 'numbers for a regression', text);
    if ((task ?? found.task) === 'classification') {
      const { classes, indices } = yield* encodingLabels(targets);
      if (classes.length < 2) {
        throw new SimdenseError(
          'DATA',
          `${where}: y has only one class, ${show(classes[0])}; a classification needs at least two`,
        );
      }
      return { task: 'classification', x: rows, classes, indices, why };
    }
    if (fitting) yield* checkingPrecision(`${where}: y`, y as Rows);
    const data = toFloats(`${where}: y`, targets as readonly number[]);
    return { task: 'regression', x: rows, y: { data, columns: 1 }, why };
  }
  if (task !== 'regression' && isOneHot(targets)) {
    const classes = Array.from({ length: targets.columns }, (_, i) => i);
    const indices = targets.argmax();
    const missing = classes.find((label) => !indices.includes(label));
    if (missing !== undefined)
      throw new SimdenseError('DATA', `${where}: y has no row of class ${missing}: column ${missing} is all 0`);
    return { task: 'classification', x: rows, classes, indices, why };
  }
  if (task !== 'regression') refuseLabels(where, targets);
  if (task === 'classification') refuse(`${where}: y`, 'a class for each row, or one-hot rows', targets);
  if (fitting) yield* checkingPrecision(`${where}: y`, y as Rows);
  return { task: 'regression', x: rows, y: { data: targets.data, columns: targets.columns }, why };
}

/** Labels that are read in one slice: about a millisecond. */
const LABELS = 2 ** 14;

/** One label for each row, a string or a finite number; or a matrix of targets. In slices; the event loop may turn between them. */
export function* toLabels(where: string, y: Labels): Generator<undefined, readonly Label[] | Matrix> {
  if (!isMatrix(y)) {
    if (isNumbers(y)) {
      const labels: Label[] = [];
      const place = `${where} is`;
      for (let row = 0; row < y.length; row++) {
        labels.push(checkLabel(place, y[row], row));
        if (row % LABELS === 0) yield;
      }
      return labels;
    }
    if (!Array.isArray(y)) refuse(where, 'a label for each row, or rows of targets', y);
  }
  const targets = toAnyMatrix(where, y as Rows);
  return targets.columns === 1 ? Array.from(targets.data) : targets;
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

/** The columns of a fitted pipeline's predictions: one for each class or target. */
export const predictedColumns = ({ classes, y }: Pick<Dataset, 'classes' | 'y'>): number =>
  classes?.length ?? y?.columns ?? 0;

/** Throws SimdenseError 'DATA' for rows of zeros and ones that are not one-hot: they have several labels. */
function refuseLabels(where: string, { data, rows, columns }: Matrix): void {
  if (columns < 2 || !data.every((value: number) => value === 0 || value === 1)) return;
  const ones = (row: number): number => data.subarray(row * columns, (row + 1) * columns).filter(Boolean).length;
  let row = 0;
  while (row < rows - 1 && ones(row) === 1) row++;
  const instead = `dense({ units: ${columns}, activation: 'sigmoid' }) with binaryCrossentropy in sequential`;
  const message = `${where}: y has ${ones(row)} labels in row ${row}; pipelines take one class for each row. For several use ${instead}`;
  throw new SimdenseError('DATA', `${message}, or task 'regression' for numbers`);
}

const isOneHot = (rows: Matrix): boolean => rows.columns > 1 && notOneHot(rows) < 0;

/** The first row that is not one 1 and zeros; −1 if there is none. */
function notOneHot({ data, rows, columns }: Matrix): number {
  for (let row = 0; row < rows; row++) {
    let ones = 0;
    for (let c = 0; c < columns; c++) {
      const value = data[row * columns + c];
      if (value === 1) ones++;
      else if (value !== 0) return row;
    }
    if (ones !== 1) return row;
  }
  return -1;
}

/**
 * Labels for a pipeline with these classes. When one-hot rows are fitted, their classes are named by column: 0, 1, …. So one-hot rows are
 * accepted only if the classes have these names. Throws SimdenseError 'DATA' or 'SHAPE' for other rows.
 */
export function labelsAmong(
  where: string,
  labels: readonly Label[] | Matrix,
  classes: readonly Label[],
): readonly Label[] {
  if (!(labels instanceof Matrix)) return labels;
  const { columns } = labels;
  if (classes.some((label, column) => label !== column)) {
    const names = classes.slice(0, 12).map(show).join(', ');
    const message = `y is rows of ${columns} numbers, but the pipeline was fitted on labels. Give one of the labels ${names} for each row`;
    throw new SimdenseError('DATA', `${where}: ${message}`);
  }
  if (columns !== classes.length) {
    const message = `one-hot rows of y need a column for each of the ${classes.length} classes, got ${columns}`;
    throw new SimdenseError('SHAPE', `${where}: ${message}`);
  }
  const row = notOneHot(labels);
  if (row >= 0)
    throw new SimdenseError('DATA', `${where}: y is not one-hot in row ${row}: expected one 1 and otherwise 0`);
  return Array.from(labels.argmax());
}

/** The number of rows of a data set. */
export const rowsOf = ({ x }: Dataset): number => x.data.length / x.columns;

/** Numbers that are copied in one slice: about a millisecond. */
const SLICE = 2 ** 18;

/** A copy of some rows of a data set, in this order. In slices; the event loop may turn between them. */
export function* selectingRows(set: Dataset, rows: Int32Array): Generator<undefined, Dataset> {
  const { x, y, indices } = set;
  return {
    ...set,
    x: yield* selecting(x, rows),
    ...(indices && { indices: rows.map((row) => indices[row] as number) }),
    ...(y && { y: yield* selecting(y, rows) }),
  };
}

function* selecting({ data, columns }: Dataset['x'], rows: Int32Array): Generator<undefined, Dataset['x']> {
  const to = new (data instanceof Uint8Array ? Uint8Array : Float32Array)(rows.length * columns);
  const slice = Math.ceil(SLICE / columns);
  for (let from = 0; from < rows.length; from += slice) {
    gather(data, columns, rows, from, Math.min(slice, rows.length - from), to, from * columns);
    yield;
  }
  return { data: to, columns };
}
