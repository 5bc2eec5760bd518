import { noMore, optionalSignal, options, refuse, show, toBytes, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce, inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import type { Numbers } from '../data/numbers.js';
import { type Rows, toMatrix } from '../data/rows.js';
import { fittingScaler, type Scaler, scaledRows } from '../data/scalers/index.js';
import type { History, Logs } from '../train/history.js';
import { loadModel } from '../train/loading.js';
import { earlyStopping } from '../train/monitors.js';
import { decode, encode } from '../train/safetensors.js';
import { type Callback, type Sequential, sequential, type WeighingOptions } from '../train/sequential.js';
import { type Dataset, type Labels, labelsAmong, readingDataset, rowsOf, toDataset, toLabels } from './dataset.js';
import { checkNames, type Names, type PipelineDescription, readPipeline } from './description.js';
import {
  besides,
  checkPipeline,
  type Pipeline,
  refuseParts,
  resolvePipeline,
  type SettledPipeline,
} from './pipeline.js';
import { labelsOf, probabilitiesOf } from './predictions.js';
import { preparing, type Scalers, scaling, splittingOff, weightsByIndex, weightsOf } from './prepared.js';
import { fittingTargetScaler, noScaler, type TargetScaler, unitsOf } from './target-scale.js';

export interface FitPipelineOptions {
  /** The seed of the initial weights, the shuffles, dropout and the validation split. Default: 0. */
  seed?: number;
  /** Called during training; see Callback. */
  callbacks?: readonly Callback[];
  /** Aborts the fit, which then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** The names of x's columns. They are saved with the pipeline, for programs that read tables for it. */
  columns?: readonly string[];
  /** The name of the target. It is saved with the pipeline. */
  target?: string;
  /** The weight of each row in the training loss and metrics, not in those of validation. Default: 1. */
  sampleWeight?: Numbers;
}

/**
 * Fits scalers and a network on rows and labels.
 *
 * The task, the output layer, the loss and the encoding of the labels follow from the labels if they are not in the pipeline: one sigmoid
 * output for two classes, softmax for more, linear outputs for a regression.
 *
 * @param p The pipeline: layers, scalers, optimizer and training options as plain data.
 * @param x Rows: a Matrix or an array of rows.
 * @param y For each row a label (a string or a number), a one-hot row, or for a regression a number or a row of numbers.
 * @param o Options; see FitPipelineOptions.
 * @returns The fitted pipeline. Dispose it when it is no longer needed.
 * @throws SimdenseError 'ARGUMENT' for an option or a part of the pipeline that is unknown, out of range or does not suit the task.
 * @throws SimdenseError 'SHAPE' if x, y and sampleWeight do not have the same number of rows.
 * @throws SimdenseError 'DATA' for numbers that are not finite or too coarse in float32, and for labels of one class only.
 * @throws SimdenseError 'DIVERGED' if the loss becomes infinite or NaN. It also rejects with the signal's reason.
 * @example
 * import { dense } from 'simdense';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const pipeline = { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 200 } };
 * const fitted = await fitPipeline(pipeline, x, y, { seed: 1 });
 * fitted.classes; // ['high', 'low']
 * fitted.predict([[3], [37]]); // ['low', 'high']
 * fitted.dispose();
 */
export async function fitPipeline(p: Pipeline, x: Rows, y: Labels, o?: FitPipelineOptions): Promise<FittedPipeline> {
  noMore('fitPipeline', arguments, 4);
  refuseParts('fitPipeline', o);
  const given = options('fitPipeline', o, besides);
  optionalSignal('fitPipeline(signal)', given.signal);
  const reading = readingDatasetOf('fitPipeline', p, x, y);
  return fitDataset('fitPipeline', p, await inTurnsUntil(reading, given.signal), given);
}

/** Checks a pipeline, then rows and labels for it. In slices; the event loop may turn between them. */
export function readingDatasetOf(where: string, p: Pipeline, x: Rows, y: Labels): Generator<undefined, Dataset> {
  return readingDataset(where, x, y, checkPipeline(where, p).task);
}

/** fitPipeline for a checked data set. */
export async function fitDataset(
  where: string,
  p: Pipeline,
  set: Dataset,
  o?: FitPipelineOptions,
): Promise<FittedPipeline> {
  const { seed = 0, callbacks = [], signal, columns, target, sampleWeight } = o ?? {};
  wholeNumber(`${where}(seed)`, seed);
  if (!Array.isArray(callbacks)) refuse(`${where}(callbacks)`, 'an array of callbacks', callbacks);
  optionalSignal(`${where}(signal)`, signal);
  checkNames(where, { columns, target }, set.x.columns);
  const names = { ...(columns && { columns: [...columns] }), ...(target !== undefined && { target }) };
  const resolved = resolvePipeline(where, p, set);
  const { validationSplit, classWeight, ...fit } = resolved.fit;
  const { train, validation, rows } =
    validationSplit === undefined
      ? { train: set }
      : await inTurnsUntil(splittingOff(set, validationSplit, seed), signal);
  const weights = weightsOf(where, sampleWeight, rowsOf(set), rows);
  const fitting = fittingScaler(resolved.scale, new Matrix(train.x.data, train.x.columns));
  const scaler = await inTurnsUntil(fitting, signal);
  const targetScaler = train.y
    ? await inTurnsUntil(fittingTargetScaler(train.y, resolved.targetScale), signal)
    : noScaler;
  const scalers = { scaler, targetScaler };
  const model = sequential({ inputs: set.x.columns, layers: resolved.layers, seed });
  try {
    const { optimizer, loss, metrics, earlyStopping: stopping } = resolved;
    model.compile({ optimizer, loss, metrics });
    setUnits(model, targetScaler);
    const prepared = (part: Dataset) => inTurnsUntil(preparing(part, scalers, model.outputs), signal);
    const [x, targets] = await prepared(train);
    const history = await model.fit(x, targets, {
      ...fit,
      ...(weights && { sampleWeight: weights }),
      ...(validation && { validationData: await prepared(validation) }),
      ...(classWeight !== undefined && { classWeight: weightsByIndex(where, classWeight, set) }),
      callbacks: [...(stopping ? [earlyStopping(stopping)] : []), ...callbacks],
      ...(signal && { signal }),
    });
    const fitted = new FittedPipeline(
      model,
      scalers,
      set.classes,
      history,
      withTargetScale(resolved, targetScaler),
      names,
    );
    if (set.why !== undefined) fitted.why = set.why;
    return fitted;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Makes the model report losses and metrics in the targets' own units. */
function setUnits({ bound: { trainer } }: Sequential, targetScaler: TargetScaler): void {
  if (trainer) trainer.units = unitsOf(targetScaler);
}

function withTargetScale(resolved: SettledPipeline, { type }: TargetScaler): SettledPipeline {
  return resolved.task === 'regression' ? { ...resolved, targetScale: type } : resolved;
}

/** Scalers and a network that have been fitted together; fitPipeline and loadPipeline make it. */
export class FittedPipeline {
  /** Keeps the name when the package is minified. */
  static readonly name = 'FittedPipeline';
  /** The network. It takes scaled rows; for a regression it predicts scaled targets. */
  readonly model: Sequential;
  /** Scales the rows for the network. */
  readonly scaler: Scaler;
  /** The scaler of a regression's targets; 'none' for a classification. */
  readonly targetScaler: TargetScaler;
  /** The labels, in the order of the probabilities' columns; undefined for a regression. */
  readonly classes?: readonly Label[];
  /** The figures of each epoch. */
  readonly history: History;
  /** The pipeline, including the parts that followed from the labels. */
  readonly pipeline: SettledPipeline;
  /** Why fitPipeline chose this task: a clause such as 'the labels are texts'. Not saved in the file. */
  why?: string;
  /** The names of x's columns, if fitPipeline was given them. */
  readonly columns?: readonly string[];
  /** The name of the target, if fitPipeline was given it. */
  readonly target?: string;

  /** @internal Use fitPipeline or loadPipeline. */
  constructor(
    model: Sequential,
    { scaler, targetScaler }: Scalers,
    classes: readonly Label[] | undefined,
    history: History,
    pipeline: SettledPipeline,
    { columns, target }: Names = {},
  ) {
    this.model = model;
    this.scaler = scaler;
    this.targetScaler = targetScaler;
    if (classes) this.classes = classes;
    this.history = history;
    this.pipeline = pipeline;
    if (columns) this.columns = columns;
    if (target !== undefined) this.target = target;
  }

  /**
   * Predicts a label for each row; for a regression a number, in the target's own units.
   *
   * @param x Rows with the columns that the pipeline was fitted on.
   * @returns A label or number for each row.
   * @throws SimdenseError 'SHAPE' or 'DATA' for rows that do not fit, 'DISPOSED' after dispose.
   * @throws SimdenseError 'STATE' for a regression of several targets: use predictProbabilities.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
   * fitted.predict([[0], [39]]); // ['low', 'high']
   */
  predict(x: Rows): readonly Label[] {
    noMore('predict', arguments, 1);
    return labelsOf('predict', 'predictProbabilities', this.#outputs(x), this.classes);
  }

  /**
   * Predicts the probability of each class; for a regression the numbers, in the targets' own units.
   *
   * @param x Rows with the columns that the pipeline was fitted on.
   * @returns rows × classes, with the columns in the order of `classes`; or rows × targets.
   * @throws SimdenseError 'SHAPE' or 'DATA' for rows that do not fit, 'DISPOSED' after dispose.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
   * const { rows, columns } = fitted.predictProbabilities([[0], [20], [39]]);
   * [rows, columns]; // [3, 2]
   */
  predictProbabilities(x: Rows): Matrix {
    noMore('predictProbabilities', arguments, 1);
    return probabilitiesOf(this.#outputs(x), this.classes);
  }

  /**
   * Measures the pipeline on rows.
   *
   * @param x Rows with the columns that the pipeline was fitted on.
   * @param y A label for each row, one of `classes`; for a regression targets.
   * @param o Options: `batchSize` and `sampleWeight`; see the evaluate method of Sequential.
   * @returns Loss and metrics; for a regression in the targets' own units.
   * @throws SimdenseError 'DATA' for a label that is not among the classes, and for numbers that are not finite.
   * @throws SimdenseError 'SHAPE' if x and y do not fit together or do not fit the pipeline.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'DISPOSED' after dispose.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
   * const { loss, accuracy } = fitted.evaluate([[0], [39]], ['low', 'high']);
   * accuracy; // 1
   */
  evaluate(x: Rows, y: Labels, o?: { batchSize?: number } & WeighingOptions): Logs {
    noMore('evaluate', arguments, 3);
    return this.model.evaluate(...this.#known('evaluate', x, y), o);
  }

  /**
   * Updates the network once on these rows, so that learning goes on as new rows come in. The scalers stay as they are.
   *
   * @param x Rows with the columns that the pipeline was fitted on; all of them are one batch.
   * @param y A label for each row, one of `classes`; for a regression targets.
   * @param o Options: `sampleWeight`; see the trainOnBatch method of Sequential.
   * @returns Loss and metrics before the update.
   * @throws SimdenseError 'DATA' for a label that is not among the classes, and for numbers that are not finite.
   * @throws SimdenseError 'SHAPE' if x and y do not fit together or do not fit the pipeline.
   * @throws SimdenseError 'DIVERGED' if the loss is not finite. As with every error, nothing has changed then.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'DISPOSED' after dispose.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
   * const { loss } = fitted.trainOnBatch([[1], [38]], ['low', 'high']);
   */
  trainOnBatch(x: Rows, y: Labels, o?: WeighingOptions): Logs {
    noMore('trainOnBatch', arguments, 3);
    return this.model.trainOnBatch(...this.#known('trainOnBatch', x, y), o);
  }

  /** @internal Evaluates a data set and lets the event loop turn between batches. Rejects with the signal's reason. */
  async evaluateDataset(set: Dataset, signal?: AbortSignal): Promise<Logs> {
    const [rows, targets] = await inTurnsUntil(preparing(set, this, this.model.outputs), signal);
    const work = this.model.evaluation(rows, targets);
    return inTurnsUntil(work, signal);
  }

  /** @internal predictProbabilities for a data set; lets the event loop turn between batches. Rejects with the signal's reason. */
  async predictDataset({ x }: Dataset, signal?: AbortSignal): Promise<Matrix> {
    const rows = await inTurnsUntil(scaling(this.scaler, new Matrix(x.data, x.columns)), signal);
    const work = this.model.prediction(rows);
    const outputs = await inTurnsUntil(work, signal);
    return probabilitiesOf(this.targetScaler.inverse(outputs), this.classes);
  }

  /**
   * Writes scalers, classes and network into one safetensors file.
   *
   * @param o Options.
   * @param o.optimizer Whether to save the optimizer's state too, so that learning can go on exactly as without the save. Default: false.
   * @returns The bytes of the file. loadPipeline and loadPredictor read it; loadModel reads only its network.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'DISPOSED' after dispose.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
   * const again = loadPipeline(fitted.save());
   * again.predict([[0], [39]]); // ['low', 'high']
   */
  save(o?: { optimizer?: boolean }): Uint8Array {
    noMore('save', arguments, 1);
    const { tensors, metadata } = decode(this.model.save(o));
    const description: PipelineDescription = {
      version: this.targetScaler.type === 'none' ? 1 : 2,
      pipeline: this.pipeline,
      scaler: this.scaler.toJSON(),
      ...(this.targetScaler.type !== 'none' && { targetScaler: this.targetScaler.toJSON() }),
      ...(this.classes && { classes: this.classes }),
      history: this.history,
      ...(this.columns && { columns: this.columns }),
      ...(this.target !== undefined && { target: this.target }),
    };
    return encode(tensors, { ...metadata, pipeline: JSON.stringify(description) });
  }

  /**
   * Frees the memory. Later use is a SimdenseError 'DISPOSED'.
   *
   * @throws SimdenseError 'BUSY' inside a loss or metric that the model is computing.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 1 } }, x, y);
   * fitted.dispose();
   */
  dispose(): void {
    noMore('dispose', arguments, 0);
    this.model.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Scaled rows, and labels in the form that the network takes. */
  #known(where: string, x: Rows, y: Labels): [Matrix, Matrix | Int32Array] {
    const { classes, scaler, model } = this;
    if (!classes) return atOnce(preparing(toDataset(where, x, y, 'regression', false), this, model.outputs));
    const numbers = new Map(classes.map((label, index) => [label, index]));
    const labels = labelsAmong(where, atOnce(toLabels(`${where}: y`, y)), classes);
    const indices = Int32Array.from<Label>(labels, (label, row) => {
      const index = numbers.get(label);
      if (index === undefined) {
        throw new SimdenseError(
          'DATA',
          `${where}: y is ${show(label)} in row ${row}, which is not among the classes ${classes.slice(0, 12).map(show).join(', ')}`,
        );
      }
      return index;
    });
    const matrix = toMatrix(`${where}: x`, scaledRows(scaler, x), model.inputs, 'the pipeline was fitted on');
    if (matrix.rows !== indices.length)
      throw new SimdenseError('SHAPE', `${where}: x has ${matrix.rows} rows, y has ${indices.length}`);
    return [matrix, model.outputs === 1 ? new Matrix(Float32Array.from(indices), 1) : indices];
  }

  #outputs(x: Rows): Matrix {
    return this.targetScaler.inverse(this.model.predict(scaledRows(this.scaler, x)));
  }
}

/** Throws SimdenseError 'FORMAT' for a saved pipeline with an invalid, missing or unknown part. */
function checkSaved(pipeline: SettledPipeline): void {
  try {
    checkPipeline('loadPipeline: pipeline', pipeline);
    for (const name of ['scale', 'loss', 'metrics', 'fit', 'optimizer', 'task'] as const)
      if (pipeline[name] === undefined) refuse(`loadPipeline: pipeline(${name})`, 'what save writes', undefined);
  } catch (cause) {
    throw new SimdenseError('FORMAT', (cause as Error).message, { cause });
  }
}

/**
 * Reads a fitted pipeline from the file that its `save` returned.
 *
 * @param bytes The file.
 * @returns The pipeline; it predicts the same bits in every runtime.
 * @throws SimdenseError 'FORMAT' for bytes that are not such a file.
 * @throws SimdenseError 'ARGUMENT' for what is not a Uint8Array.
 * @example
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
 * const again = loadPipeline(fitted.save());
 * again.classes; // ['high', 'low']
 */
export function loadPipeline(bytes: Uint8Array): FittedPipeline {
  noMore('loadPipeline', arguments, 1);
  const file = toBytes('loadPipeline(bytes)', bytes);
  const model = loadModel(file, { networkOnly: true });
  try {
    const { classes, history, pipeline, ...rest } = readPipeline('loadPipeline', decode(file).metadata, model);
    checkSaved(pipeline);
    setUnits(model, rest.targetScaler);
    return new FittedPipeline(model, rest, classes, history, pipeline, rest);
  } catch (error) {
    model.dispose();
    throw error;
  }
}
