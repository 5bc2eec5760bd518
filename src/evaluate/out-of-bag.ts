// The predictions for rows by the members of an ensemble that have not learnt from them, and figures of these predictions.
import { inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import type { Logs } from '../train/history.js';
import { type Dataset, rowsOf } from './dataset.js';
import type { FitJob, FitResult } from './fit-job.js';

/** The mean predictions for the rows that some member of an ensemble has not learnt from, beside what is true. */
export interface OutOfFold {
  /** The numbers of these rows in what the ensemble was fitted on, rising. */
  readonly rows: Int32Array;
  /** As predictProbabilities returns them for these rows: rows × classes, or rows × targets. */
  readonly predictions: Matrix;
  /** The label of each of these rows; of a regression its number. Of several targets all their numbers, row by row. */
  readonly actual: readonly Label[];
  /** What linear models of the same rows predict for these, where some were trained for comparison. */
  readonly linear?: Matrix;
  /** For each of these rows the member, from 0, that predicts it, where one alone has not learnt from it. */
  readonly members?: Int32Array;
}

/** Each row's mean prediction by the members whose sample does not contain the row, each as often as its weight says. Rejects with the signal's reason. */
export function outOfFold(
  data: Dataset,
  jobs: readonly Pick<FitJob, 'test'>[],
  results: readonly Pick<FitResult, 'predictions'>[],
  signal: AbortSignal | undefined,
  weights?: readonly number[],
): Promise<OutOfFold> {
  return inTurnsUntil(averaging(data, jobs, results, weights), signal);
}

function* averaging(
  data: Dataset,
  jobs: readonly Pick<FitJob, 'test'>[],
  results: readonly Pick<FitResult, 'predictions'>[],
  weights: readonly number[] | undefined,
): Generator<undefined, OutOfFold> {
  const columns = results[0]?.predictions?.columns ?? 1;
  const sums = new Float64Array(rowsOf(data) * columns);
  const [counts, networks] = [new Int32Array(rowsOf(data)), new Int32Array(rowsOf(data))];
  const last = new Int32Array(rowsOf(data));
  for (const [m, { predictions }] of results.entries()) {
    const { test } = jobs[m] as Pick<FitJob, 'test'>;
    const weight = weights?.[m] ?? 1;
    for (let i = 0; i < test.length; i++) {
      const row = test[i] as number;
      (counts[row] as number) += weight;
      (networks[row] as number) += 1;
      last[row] = m;
      for (let c = 0; c < columns; c++)
        (sums[row * columns + c] as number) += weight * (predictions?.data[i * columns + c] as number);
    }
    yield;
  }
  const rows = Int32Array.from(counts.keys()).filter((row) => (counts[row] as number) > 0);
  const means = new Float32Array(rows.length * columns);
  for (let i = 0; i < means.length; i++) {
    const row = rows[Math.floor(i / columns)] as number;
    means[i] = (sums[row * columns + (i % columns)] as number) / (counts[row] as number);
  }
  const alone = rows.every((row) => networks[row] === 1);
  const members = alone ? { members: rows.map((row) => last[row] as number) } : {};
  return { rows, predictions: new Matrix(means, columns), actual: actualOf(data, rows), ...members };
}

function actualOf({ indices, classes, y }: Dataset, rows: Int32Array): readonly Label[] {
  if (indices) return Array.from(rows, (row) => classes?.[indices[row] as number] as Label);
  const { data, columns } = y as NonNullable<Dataset['y']>;
  return Array.from(
    { length: rows.length * columns },
    (_, i) => data[(rows[Math.floor(i / columns)] as number) * columns + (i % columns)] as number,
  );
}

/** Figures of these predictions. */
export function outOfBag({ task, indices }: Dataset, { rows, predictions, actual }: OutOfFold): Logs {
  const figures = indices
    ? classFigures(
        predictions,
        Int32Array.from(rows, (row) => indices[row] as number),
      )
    : task === 'multilabel'
      ? labelFigures(predictions, actual as readonly number[])
      : numberFigures(predictions, actual as readonly number[]);
  return { ...figures, rows: rows.length };
}

/** The crossentropy, and the share of rows that are right. */
function classFigures(predictions: Matrix, indices: Int32Array): Logs {
  const { rows, columns, data } = predictions;
  let loss = 0;
  for (const [row, index] of indices.entries()) loss -= Math.log(Math.max(1e-7, data[row * columns + index] as number));
  const right = predictions.argmax().reduce((sum, top, row) => sum + Number(top === indices[row]), 0);
  return { loss: loss / rows, accuracy: right / rows };
}

/** The binary crossentropy, and the share of labels that are right. */
function labelFigures({ data }: Matrix, targets: readonly number[]): Logs {
  let [loss, right] = [0, 0];
  for (const [i, p] of data.entries()) {
    const has = targets[i] === 1;
    loss -= Math.log(Math.max(1e-7, has ? p : 1 - p));
    right += Number(p >= 0.5 === has);
  }
  return { loss: loss / data.length, accuracy: right / data.length };
}

/** The mean squared error, and r2 as a mean over the targets. */
function numberFigures({ rows, columns, data }: Matrix, targets: readonly number[]): Logs {
  let [squares, r2] = [0, 0];
  for (let c = 0; c < columns; c++) {
    let [sum, errors, spread] = [0, 0, 0];
    for (let i = c; i < data.length; i += columns) sum += targets[i] as number;
    for (let i = c; i < data.length; i += columns) {
      errors += ((data[i] as number) - (targets[i] as number)) ** 2;
      spread += ((targets[i] as number) - sum / rows) ** 2;
    }
    squares += errors;
    // As the metric r2 has it, also for a constant target.
    r2 += rows < 2 ? Number.NaN : spread > 0 ? 1 - errors / spread : Number(errors === 0);
  }
  return { loss: squares / (rows * columns), r2: r2 / columns };
}
