import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { holdOut, type Label, type Matrix, type Split } from '../data/index.js';
import { type Diagnosis, diagnose } from '../diagnose/index.js';
import { type FittedPipeline, fitPipeline, type Pipeline } from '../evaluate/index.js';
import type { Callback } from '../index.js';
import type { Interrupt } from './interrupt.js';
import { lossOf } from './numbers.js';
import { number, type Values } from './options.js';
import { progress } from './output.js';
import type { TrainingTable } from './table.js';
import { withSkipped } from './table-words.js';

export interface Rows {
  readonly x: Matrix;
  readonly labels: readonly Label[];
}

export const pick = ({ x, labels }: Rows, rows: Int32Array): Rows => ({
  x: x.select(rows),
  labels: Array.from(rows, (row) => labels[row] as Label),
});

export interface FitOrder {
  readonly pipeline: Pipeline;
  readonly table: TrainingTable;
  /** Rows to train on and to test with. */
  readonly split: Split;
  readonly values: Values;
  readonly seed: number;
  /** Stops the training run early when a signal arrives; undefined if it cannot be interrupted. */
  readonly interrupt: Interrupt | undefined;
}

export interface Fitted {
  readonly model: FittedPipeline;
  /** The rows that were held out. */
  readonly test: Rows;
  readonly diagnosis: Diagnosis;
}

/** The split that the command's options ask for. */
export function askedSplit(table: TrainingTable, values: Values, seed: number): Split {
  try {
    return splitOf(table, number(values, 'test', 0.25), seed);
  } catch (error) {
    throw withSkipped(error, table);
  }
}

/** Trains on the training rows of the split, with a progress bar and a diagnosis. */
export async function fitTable({ pipeline, table, split, values, seed, interrupt }: FitOrder): Promise<Fitted> {
  const bar = progress(values, 'training');
  const diagnosis = diagnose();
  const watch: Callback = {
    onBatchEnd(t) {
      if (interrupt?.happened) t.stop('interrupted');
    },
    onEpochEnd({ epoch, epochs, logs }) {
      const { loss = 0, accuracy, valLoss } = logs;
      const accurate = accuracy === undefined ? '' : `  accuracy ${(accuracy * 100).toFixed(1)} %`;
      bar.update(
        epoch + 1,
        epochs,
        `loss ${lossOf(loss)}${valLoss === undefined ? '' : ` (validation ${lossOf(valLoss)})`}${accurate}`,
      );
    },
  };
  try {
    const { x, labels } = pick(table, split.train);
    const names = { columns: table.names, target: table.target };
    const model = await fitPipeline(pipeline, x, labels, { seed, callbacks: [diagnosis, watch], ...names });
    return { model, test: pick(table, split.test), diagnosis };
  } catch (error) {
    throw withSkipped(error, table);
  } finally {
    bar.stop();
  }
}

/**
 * Splits the rows for training and testing. The split is stratified unless there are too many classes, and every class has a row in the training set, since
 * an unseen class cannot be learnt. Throws SimdenseError 'DATA' if no row is left to test with.
 */
export function splitOf(
  { x, labels, target, task }: Rows & Pick<TrainingTable, 'target' | 'task'>,
  testSize: number,
  seed: number,
): { train: Int32Array; test: Int32Array } {
  const kinds = [...new Set(labels)];
  const few = kinds.length <= Math.sqrt(labels.length) * 2;
  const numbers = new Map(kinds.map((kind, i) => [kind, i]));
  const codes = Int32Array.from(labels, (label) => numbers.get(label) as number);
  const [split] = holdOut(x.rows, { testSize, seed, ...(few && { stratify: codes }) });
  if (!split || task === 'regression') return split as Split;
  const trained = new Set(Array.from(split.train, (row) => codes[row]));
  const moved: number[] = [];
  const test = split.test.filter((row) => {
    if (trained.has(codes[row])) return true;
    trained.add(codes[row]);
    moved.push(row);
    return false;
  });
  const train = new Int32Array(split.train.length + moved.length);
  train.set(split.train);
  train.set(moved, split.train.length);
  if (test.length > 0) return { train, test };
  const message = `column ${show(target)} has ${kinds.length} different values in ${labels.length} rows: none is left to test with. Give --target a column whose values repeat${typeof kinds[0] === 'number' ? ', or --task regression' : ''}`;
  throw new SimdenseError('DATA', message);
}
