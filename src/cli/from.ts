// train --from: goes on with a saved model.
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import { atOnce } from '../base/pause.js';
import type { Label } from '../data/index.js';
import type { Dataset } from '../evaluate/dataset.js';
import { selectingRows } from '../evaluate/dataset.js';
import { areFiles } from '../evaluate/files.js';
import { type FittedPipeline, loadPipeline } from '../evaluate/index.js';
import type { Optimizer } from '../index.js';
import { Table } from '../table/index.js';
import { lineOf } from '../table/lines.js';
import type { Fit } from './fit-table.js';
import { rateOf } from './model.js';
import { type ModelFile, readModelFile } from './model-file.js';
import { modelRows } from './model-rows.js';
import { readModel, refuseNetwork } from './models.js';
import { number, text, type Values } from './options.js';
import { type TrainingTable, targetsOf } from './training-table.js';
import { truthIn } from './truth.js';

/** Options that a saved model has answered already. */
export const kept: readonly string[] = [
  'hidden',
  'dropout',
  'activation',
  'l2',
  'optimizer',
  'clip-norm',
  'scale',
  'balanced',
  'task',
  'separator',
  'positive',
  'group',
  'time',
  'cv',
  'ignore',
  'kind',
  'dates',
  'no-missing-words',
];

/** Throws SimdenseError 'ARGUMENT' for an option about what a saved model keeps. */
export function refuseWithFrom(values: Values): void {
  const idle = kept.find((name) => values[name] !== undefined);
  if (idle !== undefined)
    throw new SimdenseError('ARGUMENT', `--${idle}: has no effect with --from, which goes on with a model as it is`);
}

/** A saved model, and the table that it goes on with. */
export interface SavedModel {
  readonly bytes: Uint8Array;
  readonly table: TrainingTable;
}

/** Reads a model, and a table for it. Rejects with a SimdenseError 'DATA' if they do not fit. */
export async function readFrom(path: string, data: string, values: Values): Promise<SavedModel> {
  let bytes = new Uint8Array();
  using model = await readModel(path, (read) => {
    if (areFiles(read))
      throw new SimdenseError(
        'UNSUPPORTED',
        `--from: ${path} holds several networks that predict together, and only one can be trained further; train --quick makes one`,
      );
    refuseNetwork(`--from: ${path}`, read, 'train it further in a program: loadModel, compile and fit');
    bytes = read as Uint8Array<ArrayBuffer>;
    return loadPipeline(read);
  });
  if (!model.encoder) {
    const message = `${path} was trained on numbers, by an earlier version or by a program; train it anew on the table`;
    throw new SimdenseError('UNSUPPORTED', `--from: ${message}`);
  }
  const file = await readModelFile(data, values);
  refuseOtherTarget(model, file, text(values, 'target'));
  const used = modelRows(model, file, values);
  const { rows, truth, names } = truthIn(model, file, undefined);
  if ('unknown' in truth && truth.unknown.length > 0) {
    const message = `there are labels that the model does not know: ${listed([...truth.unknown])}. Train a new model without --from`;
    throw new SimdenseError('DATA', `${data}: ${message}`);
  }
  const chosen = used.select(rows) as Table;
  const task = model.pipeline.task;
  const x = chosen.data;
  const targets = model.targets as NonNullable<Dataset['targets']>;
  const common = { x, task, targets };
  const set: Dataset =
    'labels' in truth
      ? {
          ...common,
          classes: model.classes as Label[],
          indices: indicesOf(model, truth.labels, (i) => lineOf(file.found.data, rows[i] as number), data),
        }
      : { ...common, y: { data: truth.numbers.data as Float32Array, columns: truth.numbers.columns } };
  const read = file.found;
  const table = new Table({ ...x });
  return {
    bytes,
    table: {
      read: leftOut(read, model, names),
      table,
      targets: names,
      set,
      together: {},
      task,
      wanted: { task },
      why: `${path} was trained for it`,
    },
  };
}

/** Throws SimdenseError 'ARGUMENT' for a target that is not the model's. */
function refuseOtherTarget({ targets, target }: FittedPipeline, { found }: ModelFile, given: string | undefined): void {
  if (given === undefined) return;
  const own = targets?.parts.map(({ name }) => name) ?? (target === undefined ? [] : [target]);
  const asked = targetsOf(found, given).targets;
  if (asked.length === own.length && asked.every((name) => own.includes(name))) return;
  const message = `the model of --from predicts ${own.map(show).join(', ')}; leave out --target, or train a new model without --from`;
  throw new SimdenseError('ARGUMENT', `--target: ${message}`);
}

/** The table as it was read, with the columns that the model does not read left out. */
function leftOut({ data }: Table, { encoder }: FittedPipeline, targets: readonly string[]): Table {
  const kinds = encoder?.kinds ?? {};
  const columns = data.columns.map((column) => {
    const kind = kinds[column.name];
    if (kind) return { ...column, kind };
    return targets.includes(column.name)
      ? column
      : { ...column, kind: 'ignore' as const, why: 'the model does not read it' };
  });
  return new Table({ ...data, columns });
}

function indicesOf(
  { classes = [] }: FittedPipeline,
  labels: readonly Label[],
  line: (row: number) => number,
  path: string,
): Int32Array {
  const places = new Map(classes.map((label, i) => [label, i]));
  return Int32Array.from<Label>(labels, (label, i) => {
    const place = places.get(label);
    if (place !== undefined) return place;
    const known = classes.slice(0, 12).map(show).join(', ');
    const message = `row ${line(i)} has the class ${show(label)}, which the model does not know; it knows ${known}. Train a new model without --from`;
    throw new SimdenseError('DATA', `${path}: ${message}`);
  });
}

/** Trains a copy of the saved model further. */
export const fitsFurther =
  ({ bytes, table }: SavedModel, values: Values, seed: number): Fit =>
  async ({ rows, epochs, callbacks }) => {
    const model = loadPipeline(bytes);
    try {
      const set = rows ? atOnce(selectingRows(table.set, rows)) : table.set;
      const { optimizer, fit } = model.pipeline;
      const patience = number(values, 'patience', 20);
      const early = epochs === undefined && patience > 0;
      const batchSize = values['batch-size'] === 'full' ? 'full' : number(values, 'batch-size', 0);
      return await model.fitFurther(set, {
        optimizer: { ...(optimizer as Optimizer), ...furtherRate(model, values) },
        fit: {
          ...withoutSplit(fit),
          ...(batchSize !== 0 && { batchSize }),
          epochs: epochs ?? number(values, 'epochs', 200),
          ...(early && { validationSplit: 0.1 }),
        },
        ...(early && { earlyStopping: { patience, monitor: 'valLoss' } }),
        seed,
        callbacks,
      });
    } catch (error) {
      model.dispose();
      throw error;
    }
  };

/** The rate of a schedule that has ended, of what it began with: a trained network takes smaller steps. */
const OF_BEGINNING = 0.1;

function furtherRate(model: FittedPipeline, values: Values): { learningRate?: number } {
  if (values['learning-rate'] !== undefined) return { learningRate: number(values, 'learning-rate', 0) };
  const { learningRate } = model.pipeline.optimizer as { learningRate?: unknown };
  const rate = rateOf(model);
  return typeof learningRate === 'number' || rate === undefined ? {} : { learningRate: rate * OF_BEGINNING };
}

function withoutSplit({ validationSplit: _, ...fit }: FittedPipeline['pipeline']['fit']) {
  return fit;
}
