// Rows with their labels or targets, as plain data that any executor can send.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { encodingLabels, type Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { checkingColumn, checkingPrecision } from '../data/precision.js';
import { type Rows, toAnyMatrix } from '../data/rows.js';
import type { HoldOutOptions } from '../data/splits.js';
import type { TargetData } from '../table/encoders/target-kinds.js';
import { type Grid, type Inputs, inputRows, selectingInputs } from './inputs.js';
import { type RowsTogether, readTogether, type Together } from './rows-together.js';
import type { Suspicions } from './suspicions.js';
import { readingTable, whyClasses } from './table-dataset.js';
import { type HasTable, tableOf } from './table-of.js';
import {
  checkPositive,
  flagsOf,
  type Labels,
  numbersOf,
  oneHotClasses,
  positiveLast,
  type Task,
  taskFor,
  toLabels,
  type Wanted,
} from './task.js';

/** What rows are learnt from: numbers, or a Table of simdense/table. */
export type TrainingRows = Rows | HasTable;

/** A checked data set. */
export interface Dataset extends Together {
  readonly task: Task;
  readonly x: Inputs;
  /** For a classification: the classes, and each row's index in them. */
  readonly classes?: readonly Label[];
  readonly indices?: Int32Array;
  /** For a regression: the targets. For several labels: 1 for each label that a row has, otherwise 0. */
  readonly y?: Grid;
  /** The reason for the task: a clause such as 'the labels are texts'. Lost when the data set is packed. */
  readonly why?: string;
  /** Of a table: the columns that are predicted. */
  readonly targets?: TargetData;
  /** Where somebody has looked; see suspecting. Lost when the data set is packed. */
  readonly suspicions?: Suspicions;
}

/** Checks rows and labels and makes a data set of them. Without a task the labels decide, see `taskOf`. Numbers must be precise enough in float32. */
export function toDataset(
  where: string,
  x: TrainingRows,
  y: Labels | string,
  wanted: Wanted = {},
  together: RowsTogether = {},
): Dataset {
  return atOnce(readingDataset(where, x, y, wanted, together));
}

/** toDataset in slices; the event loop may turn between them. */
export function* readingDataset(
  where: string,
  x: TrainingRows,
  y: Labels | string,
  { task, separator, positive, numbers }: Wanted,
  together: RowsTogether,
): Generator<undefined, Dataset> {
  const table = tableOf(x);
  if (table) {
    if (table.rows === 0) throw new SimdenseError('DATA', `${where}: the table has no rows`);
    const { labels, targets, x: all } = yield* readingTable(where, table, y, { task, separator });
    const several = targets.kind === 'flags' || targets.kind === 'list';
    if (several && task !== undefined && task !== 'multilabel')
      refuse(`${where}(task)`, "'multilabel' for targets of several labels", task);
    const [target, ...others] = targets.parts;
    const name = target && others.length === 0 ? show(target.name) : undefined;
    const wanted = { task: several ? ('multilabel' as const) : task, positive, numbers, name };
    const learnt = yield* learnable(where, labels, wanted);
    if (learnt.task === 'regression' && !(labels instanceof Matrix))
      yield* checkingColumn(`${where}: column ${show(targets.parts[0]?.name)}`, labels as readonly number[]);
    checkVaries(where, learnt, name);
    // A group's name says nothing of other groups.
    const x = { ...all, columns: all.columns.filter(({ name }) => name !== together.groups) };
    for (const [name, column] of Object.entries({ groups: together.groups, time: together.time }))
      if (typeof column === 'string' && targets.parts.some((part) => part.name === column))
        refuse(`${where}(${name})`, 'a column that is not the target', column);
    const why = whyClasses(learnt.why, table, targets);
    return { x, ...learnt, ...(why && { why }), targets, ...readTogether(where, together, table.rows, table) };
  }
  if (separator !== undefined)
    throw new SimdenseError('ARGUMENT', `${where}(separator): is about the cells of a Table; y is not in one`);
  if (typeof y === 'string') refuse(`${where}: y`, 'a label or targets for each row; a name only with a Table', y);
  const matrix = toAnyMatrix(`${where}: x`, x as Rows);
  if (matrix.rows === 0) throw new SimdenseError('DATA', `${where}: x has no rows`);
  yield;
  yield* checkingPrecision(`${where}: x`, x as Rows);
  yield;
  const labels = yield* toLabels(`${where}: y`, y);
  const count = labels instanceof Matrix ? labels.rows : labels.length;
  if (count !== matrix.rows) throw new SimdenseError('SHAPE', `${where}: x has ${matrix.rows} rows, y has ${count}`);
  const learnt = yield* learnable(where, labels, { task, positive, numbers });
  if (learnt.task === 'regression') yield* checkingPrecision(`${where}: y`, y as Rows);
  checkVaries(where, learnt);
  const grid = { data: matrix.data, columns: matrix.columns };
  return { x: grid, ...learnt, ...readTogether(where, together, matrix.rows) };
}

/** Throws SimdenseError 'DATA' where all rows have the same numbers: as for a single class, there is nothing to learn. */
function checkVaries(where: string, { y, task }: Pick<Dataset, 'y' | 'task'>, name = 'y'): void {
  if (!y) return;
  const { data, columns } = y;
  if (data.length === columns || data.some((value, i) => value !== data[i % columns])) return;
  const each =
    columns === 1
      ? Number((data[0] as number).toPrecision(7))
      : `the same ${columns} ${task === 'multilabel' ? 'labels' : 'numbers'}`;
  throw new SimdenseError('DATA', `${where}: ${name} is ${each} in every row, so there is nothing to learn`);
}

/** What is to be learnt of labels, which are checked for the task: the one that was given, or the one that they suggest. */
function* learnable(
  where: string,
  labels: readonly Label[] | Matrix,
  { task: given, positive, numbers, name = 'y' }: Wanted,
): Generator<undefined, Omit<Dataset, 'x'>> {
  const found = taskFor(labels, numbers);
  yield;
  const task = given ?? found.task;
  const why = given ? 'the task was given' : found.why;
  if (task !== 'classification') {
    checkPositive(`${where}(positive)`, positive, undefined);
    const { data, columns } = task === 'multilabel' ? flagsOf(where, labels) : numbersOf(where, labels);
    return { task, y: { data, columns }, why };
  }
  const { classes, indices } = positiveLast(
    labels instanceof Matrix ? oneHotClasses(where, labels) : yield* encodingLabels(labels),
    positive,
  );
  if (classes.length < 2) {
    const message = `${name} has only one class, ${show(classes[0])}; a classification needs at least two`;
    throw new SimdenseError('DATA', `${where}: ${message}`);
  }
  checkPositive(`${where}(positive)`, positive, classes);
  return { task, classes, indices, why };
}

/** The columns of a fitted pipeline's predictions: one for each class or target. */
export const predictedColumns = ({ classes, y }: Pick<Dataset, 'classes' | 'y'>): number =>
  classes?.length ?? y?.columns ?? 0;

/** What holdOut and kFold take of a data set. */
type SplitBy = Pick<HoldOutOptions, 'groups' | 'stratify' | 'time'>;

/**
 * By what a data set's rows are dealt to parts: groups stay together, time has an order, and otherwise each part has the same share of each
 * class, if the rarest has `least` rows.
 */
export function splitBy({ groups, time, indices, classes }: Dataset, least = 1): SplitBy {
  if (groups) return { groups };
  if (time) return { time };
  if (!indices) return {};
  const counts = new Int32Array(classes?.length ?? 0);
  for (const index of indices) (counts[index] as number)++;
  // A data set's class may be in none of some rows.
  return counts.some((count) => count > 0 && count < least) ? {} : { stratify: indices };
}

/** The number of rows of a data set. */
export const rowsOf = ({ x }: Dataset): number => inputRows(x);

/** A copy of some rows of a data set, in this order. In slices; the event loop may turn between them. */
export function* selectingRows(set: Dataset, rows: Int32Array): Generator<undefined, Dataset> {
  const { x, y, indices, groups, time } = set;
  return {
    ...set,
    x: yield* selectingInputs(x, rows),
    ...(groups && { groups: rows.map((row) => groups[row] as number) }),
    ...(time && { time: Float64Array.from(rows, (row) => time[row] as number) }),
    ...(indices && { indices: rows.map((row) => indices[row] as number) }),
    ...(y && { y: yield* selectingInputs(y, rows) }),
  };
}
