// Trains a model on the rows that are not held out, and then once more on all of them.
import type { Matrix, Split } from '../data/index.js';
import { type Diagnosis, diagnose } from '../diagnose/index.js';
import { type FittedPipeline, fitPipeline, type Pipeline } from '../evaluate/index.js';
import { linearPipeline, linearRows } from '../evaluate/linear.js';
import { truthOf } from '../evaluate/verdict/truth-of-set.js';
import type { RowGroups } from '../evaluate/verdict/words.js';
import type { Callback } from '../index.js';
import type { Table } from '../table/index.js';
import { imagesOf } from './images.js';
import type { Interrupt } from './interrupt.js';
import type { JudgedRows } from './judge.js';
import { type Model, networkOf } from './model.js';
import { lossOf } from './numbers.js';
import { text, type Values } from './options.js';
import { progress } from './output.js';
import { bestEpoch, type Refit, refitted } from './refit.js';
import { withLost } from './table-words.js';
import type { TrainingTable } from './training-table.js';

/** Fits a model on rows of a table. */
export type Fit = (rows: FitRows) => Promise<FittedPipeline>;

export interface FitRows {
  /** Their numbers; all rows without it. */
  readonly rows: Int32Array | undefined;
  /** The number of epochs if it is known; otherwise early stopping finds it. */
  readonly epochs: number | undefined;
  readonly callbacks: readonly Callback[];
}

export interface FitOrder {
  readonly train: Fit;
  readonly table: TrainingTable;
  /** Rows to train on and to test with. */
  readonly split: Split;
  readonly values: Values;
  /** Whether a linear model is compared with it. */
  readonly linearToo: boolean;
  readonly seed: number;
  /** Stops the training run early when a signal arrives; undefined if it cannot be interrupted. */
  readonly interrupt: Interrupt | undefined;
}

export interface Fitted {
  /** The model that is judged. */
  readonly model: Model;
  /** The rows that were held out. */
  readonly test: JudgedRows;
  readonly testRows: number;
  readonly diagnosis: Diagnosis;
  readonly refit: Refit;
  /** From which probability on the positive class is predicted, in words; '' or undefined where it is the most probable one. */
  readonly decided?: string;
}

/** Fits a pipeline on a table: the one for as many rows as are learnt from. */
export const fitsPipeline =
  (pipelineFor: (rows: number) => Pipeline, { table, targets, together }: TrainingTable, seed: number): Fit =>
  ({ rows, epochs, callbacks }) => {
    const pipeline = pipelineFor(rows?.length ?? table.rows);
    const { earlyStopping, ...always } = pipeline;
    const used = epochs === undefined ? pipeline : { ...always, fit: { ...always.fit, epochs } };
    return fitPipeline(used, rows ? table.select(rows) : table, targetArgument(targets), {
      seed,
      callbacks: [...callbacks],
      ...together,
    });
  };

/** Names as fitPipeline takes them. */
export const targetArgument = (targets: readonly string[]): string | string[] =>
  targets.length === 1 ? (targets[0] as string) : [...targets];

/** Trains on the training rows of the split, with a progress bar and a diagnosis; then on all rows, unless --no-refit is given. */
export async function fitTable({ train, table, split, values, interrupt, linearToo, seed }: FitOrder): Promise<Fitted> {
  const diagnosis = diagnose();
  const model = await watched('training', values, interrupt, (watch) =>
    train({ rows: split.train, epochs: undefined, callbacks: [diagnosis, watch] }),
  ).catch((error: unknown) => Promise.reject(withLost(error, table)));
  try {
    const epochs = bestEpoch(model);
    const refit = await refitted(epochs, values, interrupt, () =>
      watched('training on all rows', values, interrupt, (watch) =>
        train({ rows: undefined, epochs, callbacks: [watch] }),
      ),
    );
    const linear = linearToo ? await linearOn(table, split, { values, seed }) : undefined;
    return { model, test: { ...testedBy(model, table, split), linear }, testRows: split.test.length, diagnosis, refit };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** What a linear model that is trained on the training rows predicts for the others. */
export async function linearOn(
  table: TrainingTable,
  { train, test }: Split,
  { values, seed }: Pick<FitOrder, 'values' | 'seed'>,
): Promise<Matrix> {
  const balanced = values['balanced'] === true ? 'balanced' : undefined;
  const separator = text(values, 'separator');
  const wanted = { ...table.wanted, ...(separator !== undefined && { separator }) };
  const pipelineFor = (rows: number): Pipeline => ({ ...linearPipeline(table.set, rows, balanced), ...wanted });
  const trained = fitsPipeline(pipelineFor, table, seed);
  using linear = await trained({ rows: linearRows(train), epochs: undefined, callbacks: [] });
  return linear.predictProbabilities(table.table.select(test));
}

/** The rows that are held out to judge a model. */
export function testedBy(model: Model, table: TrainingTable, { test }: Split): JudgedRows {
  const rows: Table = table.table.select(test);
  return {
    rows,
    places: test,
    truth: truthOf(networkOf(model), table.set, test),
    images: imagesOf(rows, table.targets),
    groups: groupsOf(table, test),
  };
}

/** The groups of some rows, or their copies that are kept together; undefined where there are none. */
export function groupsOf({ set, together }: TrainingTable, rows: Int32Array): RowGroups | undefined {
  const { groups } = set;
  if (!groups) return undefined;
  const named = together.groups === undefined ? { copies: true } : { name: together.groups };
  return { ...named, of: Array.from(rows, (row) => groups[row] as number) };
}

/** Runs a training with a progress bar; a signal stops it after a batch. */
async function watched<T>(
  title: string,
  values: Values,
  interrupt: Interrupt | undefined,
  run: (watch: Callback) => Promise<T>,
): Promise<T> {
  const bar = progress(values, title);
  try {
    return await run(watch(interrupt, (epoch, epochs, note) => bar.update(epoch, epochs, note)));
  } finally {
    bar.stop();
  }
}

/** Watches a training: a signal stops it after a batch, and each epoch is told with its figures in words. */
export function watch(
  interrupt: Interrupt | undefined,
  tell: (epoch: number, epochs: number, figures: string) => void,
): Callback {
  let first = -1;
  return {
    onBatchEnd(t) {
      if (interrupt?.happened) t.stop('interrupted');
    },
    onEpochEnd({ epoch, epochs, logs }) {
      // A model that is trained further counts from what it has been trained before.
      if (first < 0) first = epoch;
      const { loss = 0, accuracy, valLoss } = logs;
      const accurate = accuracy === undefined ? '' : `  accuracy ${(accuracy * 100).toFixed(1)} %`;
      const validation = valLoss === undefined ? '' : ` (validation ${lossOf(valLoss)})`;
      tell(epoch + 1 - first, epochs - first, `loss ${lossOf(loss)}${validation}${accurate}`);
    },
  };
}
