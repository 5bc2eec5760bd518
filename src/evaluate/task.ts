// What is to be learnt of labels, and labels in the form that a task takes.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { checkLabel, type Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { isNumbers, toFloats } from '../data/numbers.js';
import { isMatrix, type Rows, type Targets, toAnyMatrix } from '../data/rows.js';

/** What to learn for a row: one of several classes, numbers, or any of several labels. */
export type Task = 'classification' | 'regression' | 'multilabel';
export const tasks: readonly Task[] = ['classification', 'regression', 'multilabel'];

/** What a pipeline says of its targets; see Pipeline. */
export interface Wanted {
  readonly task?: Task | undefined;
  readonly separator?: string | undefined;
  readonly positive?: Label | undefined;
  /** A clause that says why whole numbers that repeat are no classes: something that is asked for is for numbers. */
  readonly numbers?: string | undefined;
  /** What the targets are called in errors; y by default. */
  readonly name?: string | undefined;
}

/** The targets as users give them: a label for each row, one-hot rows, or rows of numbers. */
export type Labels = readonly Label[] | Targets;
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

/** The task that labels suggest, where nothing that is asked for is for numbers. */
export function taskFor(labels: readonly Label[] | Matrix, numbers: string | undefined): TaskReason {
  const found = taskOfLabels(labels);
  const repeat = found.task === 'classification' && !(labels instanceof Matrix) && typeof labels[0] === 'number';
  return numbers !== undefined && repeat && !labels.some((label) => typeof label === 'string')
    ? { task: 'regression', why: numbers }
    : found;
}

/** Throws SimdenseError 'ARGUMENT', which names the option, unless there are two classes, of which the positive one is the last. */
export function checkPositive(option: string, positive: unknown, classes: readonly Label[] | undefined): void {
  if (positive === undefined) return;
  if (classes?.length !== 2) {
    const what = classes ? `there are ${classes.length}` : 'these are none';
    throw new SimdenseError('ARGUMENT', `${option}: is about two classes, and ${what}`);
  }
  if (positive !== classes[1]) refuse(option, `one of the classes ${classes.map(show).join(', ')}`, positive);
}

/** Classes and their rows, with the positive class last. */
export function positiveLast(
  found: { readonly classes: readonly Label[]; readonly indices: Int32Array },
  positive: Label | undefined,
): { classes: readonly Label[]; indices: Int32Array } {
  const { classes, indices } = found;
  if (positive === undefined || classes.length !== 2 || positive !== classes[0]) return found;
  return { classes: [classes[1] as Label, positive], indices: indices.map((index) => 1 - index) };
}

export function taskOfLabels(labels: readonly Label[] | Matrix): TaskReason {
  if (!(labels instanceof Matrix)) return taskOfColumn(labels);
  if (isOneHot(labels)) return { task: 'classification', why: 'the labels are one-hot rows' };
  if (labels.columns > 1 && labels.data.every((value: number) => value === 0 || value === 1))
    return { task: 'multilabel', why: 'the labels are rows of 0 and 1, of which a row may have several, or none' };
  return { task: 'regression', why: `the labels are rows of ${labels.columns} numbers` };
}

/** The targets of a regression. Throws SimdenseError 'ARGUMENT' for texts. */
export function numbersOf(
  where: string,
  labels: readonly Label[] | Matrix,
  expected = 'numbers for a regression',
): Matrix {
  if (labels instanceof Matrix) return labels;
  const text = labels.find((label) => typeof label === 'string');
  if (text !== undefined) refuse(`${where}: y`, expected, text);
  return new Matrix(toFloats(`${where}: y`, labels as readonly number[]), 1);
}

/** Rows of 0 and 1. Throws SimdenseError 'DATA' for others. */
export function flagsOf(where: string, labels: readonly Label[] | Matrix): Matrix {
  const flags = numbersOf(where, labels, 'rows of 0 and 1 for several labels');
  const { data, columns } = flags;
  const bad = data.findIndex((value) => value !== 0 && value !== 1);
  if (bad < 0) return flags;
  const message = `${show(data[bad])} in row ${Math.floor(bad / columns)}, expected 1 for each label that a row has and otherwise 0`;
  throw new SimdenseError('DATA', `${where}: y has ${message}`);
}

/** The class of each one-hot row. Throws SimdenseError 'ARGUMENT' for other rows, and 'DATA' for a class without rows. */
export function oneHotClasses(where: string, rows: Matrix): { classes: number[]; indices: Int32Array } {
  if (!isOneHot(rows)) refuse(`${where}: y`, 'a class for each row, or one-hot rows', rows);
  const classes = Array.from({ length: rows.columns }, (_, i) => i);
  const indices = rows.argmax();
  const missing = classes.find((label) => !indices.includes(label));
  if (missing !== undefined)
    throw new SimdenseError('DATA', `${where}: y has no row of class ${missing}: column ${missing} is all 0`);
  return { classes, indices };
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

/** The task that a column of labels suggests: all of them, or the distinct ones of `rows` rows. */
export function taskOfColumn(values: readonly Label[], rows = values.length): TaskReason {
  if (values.some((value) => typeof value === 'string')) return { task: 'classification', why: 'the labels are texts' };
  const real = values.find((value) => !Number.isInteger(value));
  if (real !== undefined) return { task: 'regression', why: `the labels are not all whole: ${show(real)}` };
  const found = new Set(values);
  const kinds = found.size;
  if ([...found].every((value) => value === 0 || value === 1))
    return { task: 'classification', why: 'the labels are 0 and 1' };
  const least = kinds <= MANY_CLASSES ? ROWS_A_CLASS : ROWS_OF_MANY;
  const repeat = kinds <= MOST_CLASSES && kinds * least <= rows;
  const counted = `the labels are ${kinds} different whole numbers in ${rows} rows`;
  if (repeat) return { task: 'classification', why: counted };
  const few = kinds > MOST_CLASSES ? `more than ${MOST_CLASSES}` : `fewer than ${least} rows each`;
  return { task: 'regression', why: `${counted}, ${few}` };
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
 * The index of each label among a pipeline's classes. When one-hot rows are fitted, their classes are named by column: 0, 1, …. So one-hot rows are
 * accepted only if the classes have these names. Throws SimdenseError 'DATA' or 'SHAPE' for other rows.
 */
export function indicesAmong(where: string, labels: readonly Label[] | Matrix, classes: readonly Label[]): Int32Array {
  if (!(labels instanceof Matrix)) {
    const numbers = new Map(classes.map((label, index) => [label, index]));
    return Int32Array.from<Label>(labels, (label, row) => {
      const index = numbers.get(label);
      if (index !== undefined) return index;
      const known = classes.slice(0, 12).map(show).join(', ');
      const message = `y is ${show(label)} in row ${row}, which is not among the classes ${known}`;
      throw new SimdenseError('DATA', `${where}: ${message}`);
    });
  }
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
  return labels.argmax();
}
