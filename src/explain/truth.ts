// What is true of rows whose predictions are judged.
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Matrix } from '../data/matrix.js';
import { inWords } from '../evaluate/actual.js';
import type { AnyRows } from '../evaluate/row-encoder.js';
import { readingKnown } from '../evaluate/table-dataset.js';
import { tableOf } from '../evaluate/table-of.js';
import { flagsOf, indicesAmong, type Labels, numbersOf, toLabels } from '../evaluate/task.js';
import type { Cell } from '../table/kind.js';
import type { Subject } from './subject.js';

/** The class of each row, or its numbers: of several labels 1 for each that it has, otherwise 0. */
export type Truth = { readonly indices: Int32Array } | { readonly numbers: Matrix };

/** What is true of each row: `y`, or what a table has in the columns of the targets. Throws SimdenseError 'ARGUMENT', 'DATA' and 'SHAPE'. */
export function* readingTruth(
  where: string,
  { classes, targets, task, outputs }: Subject,
  x: AnyRows,
  y: Labels | readonly Cell[] | undefined,
): Generator<void, Truth> {
  const table = tableOf(x);
  const own = y === undefined && table !== undefined && targets !== undefined;
  if (y === undefined && !own) refuse(`${where}(y)`, 'a label or targets for each row, since x does not have them', y);
  const labels = own
    ? yield* readingKnown(where, targets, table)
    : yield* toLabels(`${where}: y`, inWords(y as Labels, classes));
  if (classes) return { indices: indicesAmong(where, labels, classes) };
  const numbers = (task === 'multilabel' ? flagsOf : numbersOf)(where, labels);
  if (numbers.columns !== outputs.length) {
    const message = `y has ${numbers.columns} columns, the model predicts ${outputs.length}`;
    throw new SimdenseError('SHAPE', `${where}: ${message}`);
  }
  return { numbers: new Matrix(numbers.data, numbers.columns) };
}

/** Throws SimdenseError 'SHAPE' unless there is a target for each row. */
export function checkCount(where: string, rows: number, truth: Truth): void {
  const count = 'indices' in truth ? truth.indices.length : truth.numbers.rows;
  if (rows !== count) throw new SimdenseError('SHAPE', `${where}: x has ${rows} rows, y has ${count}`);
}
