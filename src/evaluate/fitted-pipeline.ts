import { noMore, optionalSignal, options, refuse, show, toBytes, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce, inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import type { Numbers } from '../data/numbers.js';
import type { Rows } from '../data/rows.js';
import { fittingScaler, type Scaler } from '../data/scalers/index.js';
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
  /** Draws initial weights, shuffles, masks and the validation split; 0. */
  seed?: number;
  callbacks?: readonly Callback[];
  signal?: AbortSignal;
  /** What x's columns are called, and what is predicted: kept with the pipeline, for whoever reads tables for it. */
  columns?: readonly string[];
  target?: string;
  /** What each row weighs in the training's loss and metrics; 1. Not in validation. */
  sampleWeight?: Numbers;
}

/**
 * Fits a scaler and a network. The output layer, the loss and the labels' encoding follow from `task` and the labels where they are left out: one sigmoid for two classes, softmax for more, linear outputs for a
 * regression. Throws SimdenseError 'ARGUMENT', 'SHAPE', 'DATA', and what fit throws.
 */
export async function fitPipeline(p: Pipeline, x: Rows, y: Labels, o?: FitPipelineOptions): Promise<FittedPipeline> {
  noMore('fitPipeline', arguments, 4);
  refuseParts('fitPipeline', o);
  const given = options('fitPipeline', o, besides);
  optionalSignal('fitPipeline(signal)', given.signal);
  const reading = readingDatasetOf('fitPipeline', p, x, y);
  return fitDataset('fitPipeline', p, await inTurnsUntil(reading, given.signal), given);
}

/** The checked set of a pipeline, in slices. */
export function readingDatasetOf(where: string, p: Pipeline, x: Rows, y: Labels): Generator<undefined, Dataset> {
  return readingDataset(where, x, y, checkPipeline(where, p).task);
}

/** The same for a set and options that have been checked. */
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
    tellUnits(model, targetScaler);
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

/** Losses and metrics are told in the targets' own units. */
function tellUnits({ bound: { trainer } }: Sequential, targetScaler: TargetScaler): void {
  if (trainer) trainer.units = unitsOf(targetScaler);
}

function withTargetScale(resolved: SettledPipeline, { type }: TargetScaler): SettledPipeline {
  return resolved.task === 'regression' ? { ...resolved, targetScale: type } : resolved;
}

/** Scalers and a network that have been fitted together. */
export class FittedPipeline {
  /** Also where the package has been minified. */
  static readonly name = 'FittedPipeline';
  /** Works on scaled rows, and gives the scaled targets of a regression. */
  readonly model: Sequential;
  readonly scaler: Scaler;
  /** Of a regression's targets: what `model` gives is its transform; 'none' for a classification. */
  readonly targetScaler: TargetScaler;
  /** Labels in the order of the probabilities' columns; none for a regression. */
  readonly classes?: readonly Label[];
  readonly history: History;
  /** With its defaults filled in. */
  readonly pipeline: SettledPipeline;
  /** Why it is this task, where fitPipeline has just chosen it: a clause such as 'the labels are texts'. Not in the file. */
  why?: string;
  /** What x's columns are called, and what is predicted, where fitPipeline was told. */
  readonly columns?: readonly string[];
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
   * A label for each row of x; for a regression its number, in the target's own units. Throws SimdenseError 'STATE' for a regression of several outputs, which
   * predictProbabilities gives.
   */
  predict(x: Rows): readonly Label[] {
    noMore('predict', arguments, 1);
    return labelsOf('predict', 'predictProbabilities', this.#outputs(x), this.classes);
  }

  /** Rows × classes; for a regression its outputs, in the targets' own units. */
  predictProbabilities(x: Rows): Matrix {
    noMore('predictProbabilities', arguments, 1);
    return probabilitiesOf(this.#outputs(x), this.classes);
  }

  /** Loss and metrics on rows whose labels are among the classes; for a regression in the target's own units. */
  evaluate(x: Rows, y: Labels, o?: { batchSize?: number } & WeighingOptions): Logs {
    noMore('evaluate', arguments, 3);
    return this.model.evaluate(...this.#known('evaluate', x, y), o);
  }

  /**
   * One update of the network on these rows, scaled as the training's were, with labels among the classes: learning goes on as they come in. The loss
   * and metrics before it. Throws SimdenseError 'DATA' for another label, 'DIVERGED' where the loss is not finite; nothing has changed then.
   */
  trainOnBatch(x: Rows, y: Labels, o?: WeighingOptions): Logs {
    noMore('trainOnBatch', arguments, 3);
    return this.model.trainOnBatch(...this.#known('trainOnBatch', x, y), o);
  }

  /** @internal The figures of a set, letting the event loop turn between batches; rejects with the signal's reason. */
  async evaluateDataset(set: Dataset, signal?: AbortSignal): Promise<Logs> {
    const [rows, targets] = await inTurnsUntil(preparing(set, this, this.model.outputs), signal);
    const work = this.model.evaluation(rows, targets);
    return inTurnsUntil(work, signal);
  }

  /** @internal predictProbabilities, letting the event loop turn between batches; rejects with the signal's reason. */
  async predictDataset({ x }: Dataset, signal?: AbortSignal): Promise<Matrix> {
    const rows = await inTurnsUntil(scaling(this.scaler, new Matrix(x.data, x.columns)), signal);
    const work = this.model.prediction(rows);
    const outputs = await inTurnsUntil(work, signal);
    return probabilitiesOf(this.targetScaler.inverse(outputs), this.classes);
  }

  /**
   * Scaler, classes and network in one safetensors file; loadModel reads the network alone of it. With `optimizer` (false) also what the optimizer has
   * gathered, so that learning goes on as if it had not stopped.
   */
  save(o?: { optimizer?: boolean }): Uint8Array {
    noMore('save', arguments, 1);
    const { tensors, metadata } = decode(this.model.save(o));
    const description: PipelineDescription = {
      version: 1,
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

  dispose(): void {
    noMore('dispose', arguments, 0);
    this.model.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Scaled rows, and labels in the form that the model takes. */
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
    const matrix = scaler.transform(x);
    if (matrix.rows !== indices.length)
      throw new SimdenseError('SHAPE', `${where}: x has ${matrix.rows} rows, y has ${indices.length}`);
    return [matrix, model.outputs === 1 ? new Matrix(Float32Array.from(indices), 1) : indices];
  }

  #outputs(x: Rows): Matrix {
    return this.targetScaler.inverse(this.model.predict(this.scaler.transform(x)));
  }
}

/** Throws SimdenseError 'FORMAT' for a pipeline that lacks a part, or has one that no pipeline has. */
function checkSaved(pipeline: SettledPipeline): void {
  try {
    checkPipeline('loadPipeline: pipeline', pipeline);
    for (const name of ['scale', 'loss', 'metrics', 'fit', 'optimizer', 'task'] as const)
      if (pipeline[name] === undefined) refuse(`loadPipeline: pipeline(${name})`, 'what save writes', undefined);
  } catch (cause) {
    throw new SimdenseError('FORMAT', (cause as Error).message, { cause });
  }
}

/** A pipeline from what `save` gave: the same predictions in every runtime. Throws SimdenseError 'FORMAT' for anything else. */
export function loadPipeline(bytes: Uint8Array): FittedPipeline {
  noMore('loadPipeline', arguments, 1);
  const { metadata } = decode(toBytes('loadPipeline(bytes)', bytes));
  const model = loadModel(bytes, { networkOnly: true });
  try {
    const { classes, history, pipeline, ...rest } = readPipeline('loadPipeline', metadata, model);
    checkSaved(pipeline);
    tellUnits(model, rest.targetScaler);
    return new FittedPipeline(model, rest, classes, history, pipeline, rest);
  } catch (error) {
    model.dispose();
    throw error;
  }
}
