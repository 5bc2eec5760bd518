import { isRecord, optionalSignal, options, refuse, toBytes, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { isNumbers } from '../data/numbers.js';
import { type Rows, toAnyMatrix } from '../data/rows.js';
import { fitScaler, type Scaler } from '../data/scalers.js';
import { holdOut } from '../data/splits.js';
import type { Callback } from '../train/callbacks.js';
import type { History, Logs } from '../train/history.js';
import { loadModel } from '../train/loading.js';
import { earlyStopping } from '../train/monitors.js';
import { decode, encode } from '../train/safetensors.js';
import { type Sequential, sequential } from '../train/sequential.js';
import { type Dataset, type Labels, rowsOf, selectRows, toDataset } from './dataset.js';
import { checkNames, type Names, type PipelineDescription, readPipeline } from './description.js';
import { checkPipeline, type Pipeline, type SettledPipeline, settle } from './pipeline.js';
import { labelsOf, probabilitiesOf } from './predictions.js';

export interface FitPipelineOptions {
  /** Draws initial weights, shuffles, masks and the validation split; 0. */
  seed?: number;
  callbacks?: readonly Callback[];
  signal?: AbortSignal;
  /** What x's columns are called, and what is predicted: kept with the pipeline, for whoever reads tables for it. */
  columns?: readonly string[];
  target?: string;
}

/**
 * Fits a scaler and a network. The output layer, the loss and the labels' encoding follow from `task` and the labels where they are left out: one sigmoid for two classes, softmax for more, linear outputs for a
 * regression. Throws SimdenseError 'ARGUMENT', 'SHAPE', 'DATA', and what fit throws.
 */
export async function fitPipeline(p: Pipeline, x: Rows, y: Labels, o?: FitPipelineOptions): Promise<FittedPipeline> {
  return fitDataset('fitPipeline', p, toDatasetOf('fitPipeline', p, x, y), o);
}

/** The checked set of a pipeline. */
export function toDatasetOf(where: string, p: Pipeline, x: Rows, y: Labels): Dataset {
  return toDataset(where, x, y, checkPipeline(where, p).task);
}

/** The same for a set that has been checked. */
export async function fitDataset(
  where: string,
  p: Pipeline,
  set: Dataset,
  o?: FitPipelineOptions,
): Promise<FittedPipeline> {
  const known = ['seed', 'callbacks', 'signal', 'columns', 'target'];
  const { seed = 0, callbacks = [], signal, columns, target } = options(where, o, known);
  wholeNumber(`${where}(seed)`, seed);
  if (!Array.isArray(callbacks)) refuse(`${where}(callbacks)`, 'an array of callbacks', callbacks);
  optionalSignal(`${where}(signal)`, signal);
  checkNames(where, { columns, target }, set.x.columns);
  const names = { ...(columns && { columns: [...columns] }), ...(target !== undefined && { target }) };
  const settled = settle(where, p, set);
  const { validationSplit, classWeight, ...fit } = settled.fit;
  const [train, validation] = validationSplit === undefined ? [set, undefined] : splitOff(set, validationSplit, seed);
  const scaler = fitScaler(settled.scale, new Matrix(train.x.data, train.x.columns));
  const model = sequential({ inputs: set.x.columns, layers: settled.layers, seed });
  try {
    const { optimizer, loss, metrics, earlyStopping: stopping } = settled;
    model.compile({ optimizer, loss, metrics });
    const [rows, targets] = prepare(train, scaler, model.outputs);
    const history = await model.fit(rows, targets, {
      ...fit,
      ...(validation && { validationData: prepare(validation, scaler, model.outputs) }),
      ...(classWeight !== undefined && { classWeight: weightsByIndex(where, classWeight, set) }),
      callbacks: [...(stopping ? [earlyStopping(stopping)] : []), ...callbacks],
      ...(signal && { signal }),
    });
    return new FittedPipeline(model, scaler, set.classes, history, settled, names);
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function splitOff(set: Dataset, share: number, seed: number): [Dataset, Dataset] {
  const stratify = set.indices ? { stratify: set.indices } : {};
  for (const { train, test } of holdOut(rowsOf(set), { testSize: share, seed, ...stratify })) {
    return [selectRows(set, train.sort()), selectRows(set, test.sort())];
  }
  throw new SimdenseError('DATA', 'fitPipeline: nothing to split');
}

/** Scaled rows, and targets in the form that the model takes. */
function prepare(set: Dataset, scaler: Scaler, outputs: number): [Matrix, Matrix | Int32Array] {
  const { x, y, indices } = set;
  const rows = scaler.transform(new Matrix(x.data, x.columns));
  if (y) return [rows, new Matrix(y.data, y.columns)];
  return [rows, outputs === 1 ? new Matrix(Float32Array.from(indices as Int32Array), 1) : (indices as Int32Array)];
}

/** Weights by label as weights by the class's index. */
function weightsByIndex(
  where: string,
  weights: NonNullable<NonNullable<Pipeline['fit']>['classWeight']>,
  { classes }: Dataset,
): Readonly<Record<number, number>> | 'balanced' {
  if (weights === 'balanced') return weights;
  if (!isRecord(weights)) refuse(`${where}(fit.classWeight)`, "weights by class, or 'balanced'", weights);
  if (!classes) throw new SimdenseError('ARGUMENT', `${where}(fit.classWeight): a regression has no classes`);
  return Object.fromEntries(
    Object.entries(weights).map(([label, weight]) => {
      const index = classes.findIndex((known) => String(known) === label);
      if (index < 0)
        throw new SimdenseError('DATA', `${where}(fit.classWeight): no class ${label} among ${classes.join(', ')}`);
      return [index, weight];
    }),
  );
}

/** A scaler and a network that have been fitted together. */
export class FittedPipeline {
  /** Also where the package has been minified. */
  static readonly name = 'FittedPipeline';
  readonly model: Sequential;
  readonly scaler: Scaler;
  /** Labels in the order of the probabilities' columns; none for a regression. */
  readonly classes?: readonly Label[];
  readonly history: History;
  /** With everything that the labels have settled. */
  readonly pipeline: SettledPipeline;
  /** What x's columns are called, and what is predicted, where fitPipeline was told. */
  readonly columns?: readonly string[];
  readonly target?: string;

  /** @internal Use fitPipeline or loadPipeline. */
  constructor(
    model: Sequential,
    scaler: Scaler,
    classes: readonly Label[] | undefined,
    history: History,
    pipeline: SettledPipeline,
    { columns, target }: Names = {},
  ) {
    this.model = model;
    this.scaler = scaler;
    if (classes) this.classes = classes;
    this.history = history;
    this.pipeline = pipeline;
    if (columns) this.columns = columns;
    if (target !== undefined) this.target = target;
  }

  /** A label for each row of x; for a regression its number, with several outputs the first. */
  predict(x: Rows): readonly Label[] {
    return labelsOf(this.#outputs(x), this.classes);
  }

  /** Rows × classes; for a regression its outputs. */
  predictProbabilities(x: Rows): Matrix {
    return probabilitiesOf(this.#outputs(x), this.classes);
  }

  /** Loss and metrics on rows whose labels are among the classes. */
  evaluate(x: Rows, y: Labels): Logs {
    return this.model.evaluate(...this.#known('evaluate', x, y));
  }

  /**
   * One update of the network on these rows, scaled as the training's were, with labels among the classes: learning goes on as they come in. The loss
   * and metrics before it. Throws SimdenseError 'DATA' for another label, 'DIVERGED' where the loss is not finite; nothing has changed then.
   */
  trainOnBatch(x: Rows, y: Labels): Logs {
    return this.model.trainOnBatch(...this.#known('trainOnBatch', x, y));
  }

  /** @internal */
  evaluateDataset(set: Dataset): Logs {
    const [rows, targets] = prepare(set, this.scaler, this.model.outputs);
    return this.model.evaluate(rows, targets);
  }

  /**
   * Scaler, classes and network in one safetensors file; loadModel reads the network alone of it. With `optimizer` (false) also what the optimizer has
   * gathered, so that learning goes on as if it had not stopped.
   */
  save(o?: { optimizer?: boolean }): Uint8Array {
    const { tensors, metadata } = decode(this.model.save(o));
    const description: PipelineDescription = {
      version: 1,
      pipeline: this.pipeline,
      scaler: this.scaler.toJSON(),
      ...(this.classes && { classes: this.classes }),
      history: this.history,
      ...(this.columns && { columns: this.columns }),
      ...(this.target !== undefined && { target: this.target }),
    };
    return encode(tensors, { ...metadata, pipeline: JSON.stringify(description) });
  }

  dispose(): void {
    this.model.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Scaled rows, and labels in the form that the model takes. */
  #known(where: string, x: Rows, y: Labels): [Matrix, Matrix | Int32Array] {
    const { classes, scaler, model } = this;
    if (!classes) return prepare(toDataset(where, x, y, 'regression', false), scaler, model.outputs);
    const numbers = new Map(classes.map((label, index) => [label, index]));
    const indices = Int32Array.from(givenLabels(where, y), (label, row) => {
      const index = numbers.get(label);
      if (index === undefined) {
        throw new SimdenseError(
          'DATA',
          `${where}: y is ${String(label)} in row ${row}, which is not among the classes ${classes.slice(0, 12).join(', ')}`,
        );
      }
      return index;
    });
    const matrix = scaler.transform(x);
    if (matrix.rows !== indices.length)
      throw new SimdenseError('SHAPE', `${where}: x has ${matrix.rows} rows, y has ${indices.length}`);
    return [matrix, model.outputs === 1 ? new Matrix(Float32Array.from(indices), 1) : indices];
  }

  #outputs(x: Rows): Matrix {
    return this.model.predict(this.scaler.transform(x));
  }
}

/** Labels of any form. */
function givenLabels(where: string, y: Labels): readonly Label[] {
  if (typeof y !== 'object' || y === null) refuse(`${where}: y`, 'a label for each row', y);
  const { data, columns } = y as Partial<Matrix>;
  if (data && columns !== undefined) return columns === 1 ? Array.from(data) : Array.from((y as Matrix).argmax());
  if (Array.isArray(y) && !isNumbers(y)) return Array.from(toAnyMatrix(`${where}: y`, y).argmax());
  return Array.from(y as ArrayLike<Label>);
}

/** A pipeline from what `save` gave: the same predictions in every runtime. Throws SimdenseError 'FORMAT' for anything else. */
export function loadPipeline(bytes: Uint8Array): FittedPipeline {
  const { metadata } = decode(toBytes('loadPipeline(bytes)', bytes));
  const model = loadModel(bytes);
  try {
    const { scaler, classes, history, pipeline, ...names } = readPipeline('loadPipeline', metadata, model);
    return new FittedPipeline(model, scaler, classes, history, pipeline, names);
  } catch (error) {
    model.dispose();
    throw error;
  }
}
