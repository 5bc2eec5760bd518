import { Pacer } from '../base/pause.js';
import { Matrix } from '../data/matrix.js';
import type { Logs } from '../train/history.js';
import { type Dataset, rowsOf } from './dataset.js';
import type { FitJob, FitResult } from './fit-job.js';

/** The mean predictions for the rows that some member has not seen. */
interface Means {
  /** The numbers of these rows. */
  readonly rows: readonly number[];
  readonly columns: number;
  of(row: number, column: number): number;
}

/** Predictions of rows by members that have not learnt from them. */
export interface OutOfFold {
  /** The numbers of these rows among those that have a target. */
  readonly rows: Int32Array;
  /** A row for each of them: probabilities, or for a regression numbers in the targets' own units. */
  readonly predictions: Matrix;
  /** What linear models of the same rows predict, where some were trained for comparison. */
  readonly linear?: Matrix;
}

/** Each row's mean prediction by the members whose sample does not contain the row, and the figures of these. */
export async function outOfBag(
  data: Dataset,
  jobs: readonly FitJob[],
  results: readonly FitResult[],
  signal: AbortSignal | undefined,
): Promise<{ figures: Logs; outOfFold: OutOfFold }> {
  const columns = results[0]?.predictions?.columns ?? 0;
  const sums = new Float64Array(rowsOf(data) * columns);
  const counts = new Int32Array(rowsOf(data));
  const pacer = new Pacer();
  for (const [m, { predictions }] of results.entries()) {
    const { test } = jobs[m] as FitJob;
    for (let i = 0; i < test.length; i++) {
      const row = test[i] as number;
      (counts[row] as number) += 1;
      for (let c = 0; c < columns; c++)
        (sums[row * columns + c] as number) += predictions?.data[i * columns + c] as number;
    }
    if (pacer.due) await pacer.pause();
    signal?.throwIfAborted();
  }
  const rows = Array.from(counts.keys()).filter((row) => (counts[row] as number) > 0);
  const of = (row: number, c: number): number => (sums[row * columns + c] as number) / (counts[row] as number);
  const predictions = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries()) for (let c = 0; c < columns; c++) predictions[i * columns + c] = of(row, c);
  return {
    figures: { ...figuresOf(data, { rows, columns, of }), rows: rows.length },
    outOfFold: { rows: Int32Array.from(rows), predictions: new Matrix(predictions, columns) },
  };
}

function figuresOf({ task, indices, y }: Dataset, means: Means): Logs {
  if (indices) return classFigures(means, indices);
  const targets = y?.data as Float32Array;
  return task === 'multilabel' ? labelFigures(means, targets) : numberFigures(means, targets);
}

/** The crossentropy, and the share of rows that are right. */
function classFigures({ rows, columns, of }: Means, indices: Int32Array): Logs {
  let [loss, right] = [0, 0];
  for (const row of rows) {
    let top = 0;
    for (let c = 1; c < columns; c++) if (of(row, c) > of(row, top)) top = c;
    right += Number(top === indices[row]);
    loss -= Math.log(Math.max(1e-7, of(row, indices[row] as number)));
  }
  return { loss: loss / rows.length, accuracy: right / rows.length };
}

/** The binary crossentropy, and the share of labels that are right. */
function labelFigures({ rows, columns, of }: Means, targets: ArrayLike<number>): Logs {
  let [loss, right] = [0, 0];
  for (const row of rows)
    for (let c = 0; c < columns; c++) {
      const p = of(row, c);
      const has = targets[row * columns + c] === 1;
      loss -= Math.log(Math.max(1e-7, has ? p : 1 - p));
      right += Number(p >= 0.5 === has);
    }
  const labels = rows.length * columns;
  return { loss: loss / labels, accuracy: right / labels };
}

/** The mean squared error, and r2 as a mean over the targets. */
function numberFigures({ rows, columns, of }: Means, targets: ArrayLike<number>): Logs {
  let [squares, r2] = [0, 0];
  for (let c = 0; c < columns; c++) {
    let [errors, spread] = [0, 0];
    const target = (row: number): number => targets[row * columns + c] as number;
    const middle = rows.reduce((sum, row) => sum + target(row), 0) / rows.length;
    for (const row of rows) {
      errors += (of(row, c) - target(row)) ** 2;
      spread += (target(row) - middle) ** 2;
    }
    squares += errors;
    // As the metric r2 has it, also for a constant target.
    r2 += rows.length < 2 ? Number.NaN : spread > 0 ? 1 - errors / spread : Number(errors === 0);
  }
  return { loss: squares / (rows.length * columns), r2: r2 / columns };
}
