import { noMore, refuse, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce, inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { toMatrix } from '../data/rows.js';
import type { Scaler } from '../data/scalers/index.js';
import type { Encoder } from '../table/encoders/encoder.js';
import type { TargetData } from '../table/encoders/target-kinds.js';
import { targetsFromJson } from '../table/encoders/targets.js';
import type { Cell } from '../table/kind.js';
import type { History, Logs } from '../train/history.js';
import { loadModel } from '../train/loading.js';
import { earlyStopping } from '../train/monitors.js';
import { decode, encode } from '../train/safetensors.js';
import type { Callback, Sequential, WeighingOptions } from '../train/sequential.js';
import { actualIn, inWords } from './actual.js';
import { dataEncoderOf } from './data-encoder.js';
import type { Dataset } from './dataset.js';
import { outputNamesOf, type PipelineDescription, type PipelineParts, readPipeline } from './description.js';
import { areFiles } from './files.js';
import { checkPipeline, type Pipeline, type SettledPipeline } from './pipeline.js';
import { labelsOf, probabilitiesOf } from './predictions.js';
import { type Preparation, preparing, splittingOff, weightsByIndex } from './prepared.js';
import { readLogs } from './read-logs.js';
import type { AnyRows, Records } from './row-encoder.js';
import { readingKnown } from './table-dataset.js';
import { type HasTable, tableOf } from './table-of.js';
import { type TargetScaler, unitsOf } from './target-scale.js';
import { indicesAmong, type Labels, numbersOf, toLabels } from './task.js';

/** A network, and what was fitted together with it. */
export interface FittedParts extends Omit<PipelineParts, 'outputNames'> {
  readonly model: Sequential;
}

/** How a fitted pipeline is trained further. */
export interface FurtherOptions extends Pick<Pipeline, 'optimizer' | 'earlyStopping'> {
  /** Its `epochs` are trained beyond those that the pipeline has been trained for. */
  readonly fit: NonNullable<Pipeline['fit']> & { readonly epochs: number };
  readonly seed: number;
  readonly callbacks: readonly Callback[];
}

/** Makes the model report losses and metrics in the targets' own units. */
export function setUnits({ bound: { trainer } }: Sequential, targetScaler: TargetScaler): void {
  if (trainer) trainer.units = unitsOf(targetScaler);
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
  /**
   * The names of the columns of predictProbabilities: the classes, the labels of several labels a row, or the targets; undefined if they
   * have none.
   */
  readonly outputNames?: readonly Label[];
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

  /** Turns the columns of a table into the network's numbers; undefined if the pipeline was fitted on numbers. */
  readonly encoder?: Encoder;
  readonly #preparation: Preparation;
  /** @internal The columns of a table that are predicted. */
  readonly targets?: TargetData;

  /** @internal Use fitPipeline or loadPipeline. */
  constructor(parts: FittedParts) {
    const { model, scaler, encoder, targetScaler, classes, history, pipeline, targets, columns, target } = parts;
    this.model = model;
    this.scaler = scaler;
    if (encoder) this.encoder = encoder;
    this.targetScaler = targetScaler;
    this.#preparation = { rowEncoder: dataEncoderOf(parts), targetScaler };
    if (classes) this.classes = Object.freeze([...classes]);
    this.history = history;
    this.pipeline = pipeline;
    if (targets) this.targets = targets;
    if (columns) this.columns = Object.freeze([...columns]);
    if (target !== undefined) this.target = target;
    const outputNames = outputNamesOf(parts, model.outputs);
    if (outputNames) this.outputNames = Object.freeze([...outputNames]);
  }

  /**
   * Predicts a label for each row; for a regression a number, in the target's own units.
   *
   * @param x Rows with the columns that the pipeline was fitted on; of a pipeline that was fitted on a table, a Table, or an object for each row.
   * @returns A label or number for each row.
   * @throws SimdenseError 'SHAPE' or 'DATA' for rows that do not fit, 'DISPOSED' after dispose.
   * @throws SimdenseError 'STATE' for several labels or targets a row: use predictProbabilities.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
   * fitted.predict([[0], [39]]); // ['low', 'high']
   */
  predict(x: AnyRows): readonly Label[] {
    noMore('predict', arguments, 1);
    return labelsOf('predict', 'predictProbabilities', this.#outputs('predict', x), this.classes);
  }

  /**
   * Predicts the probability of each class; for a regression the numbers, in the targets' own units.
   *
   * @param x Rows with the columns that the pipeline was fitted on; of a pipeline that was fitted on a table, a Table, or an object for each row.
   * @returns rows × classes, with the columns in the order of `classes`; or rows × targets.
   * @throws SimdenseError 'SHAPE' or 'DATA' for rows that do not fit, 'DISPOSED' after dispose.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
   * const { rows, columns } = fitted.predictProbabilities([[0], [20], [39]]);
   * [rows, columns]; // [3, 2]
   */
  predictProbabilities(x: AnyRows): Matrix {
    noMore('predictProbabilities', arguments, 1);
    return this.probabilities('predictProbabilities', x);
  }

  /** @internal predictProbabilities, whose errors name another function. */
  probabilities(where: string, x: AnyRows): Matrix {
    noMore('probabilities', arguments, 2);
    return probabilitiesOf(this.#outputs(where, x), this.classes);
  }

  /**
   * What is true of rows, in the words of `predict`, to be compared with what it predicts: a Table has booleans as true and false, predict gives words such as Yes and No.
   *
   * @param x A Table with the column of the target, or an object with it for each row.
   * @returns A label or number for each row; null where it is missing. A label that the pipeline does not know stays as it is.
   * @throws SimdenseError 'DATA' for a table or an object without the target, and for a cell that cannot be one.
   * @throws SimdenseError 'STATE' for a pipeline that was not fitted on a Table, and for several labels or numbers a row. 'ARGUMENT' for other rows.
   * @example
   * import { readTable } from 'simdense/table';
   *
   * const lines = Array.from({ length: 40 }, (_, i) => `${i},${i < 20 ? 'No' : 'Yes'}`);
   * const table = await readTable(`size,open\n${lines.join('\n')}`);
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, table, 'open');
   * table.row(0).open; // false
   * const actual = fitted.actual(table);
   * actual[0]; // 'No'
   * fitted.predict(table).filter((label, row) => label === actual[row]).length; // 40
   */
  actual(x: HasTable | Records): (Label | null)[] {
    noMore('actual', arguments, 1);
    return actualIn('actual', this.targets, x);
  }

  /**
   * Measures the pipeline on rows.
   *
   * @param x Rows with the columns that the pipeline was fitted on; of a pipeline that was fitted on a table, a Table, or an object for each row.
   * @param y A label for each row, one of `classes`, where true and false mean such as Yes and No; for a regression targets. Default: what x, a Table, has in the column of the target, whose name may also be given.
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
  evaluate(x: AnyRows, y?: Labels | readonly Cell[] | string, o?: { batchSize?: number } & WeighingOptions): Logs {
    noMore('evaluate', arguments, 3);
    return this.model.evaluate(...this.#known('evaluate', x, y), o);
  }

  /**
   * Updates the network once on these rows, so that learning goes on as new rows come in. The scalers stay as they are.
   *
   * @param x Rows with the columns that the pipeline was fitted on; of a pipeline that was fitted on a table, a Table, or an object for each row; all of them are one batch.
   * @param y A label for each row, one of `classes`, where true and false mean such as Yes and No; for a regression targets. Default: what x, a Table, has in the column of the target, whose name may also be given.
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
  trainOnBatch(x: AnyRows, y?: Labels | readonly Cell[] | string, o?: WeighingOptions): Logs {
    noMore('trainOnBatch', arguments, 3);
    return this.model.trainOnBatch(...this.#known('trainOnBatch', x, y), o);
  }

  /** @internal Evaluates a data set and lets the event loop turn between batches. Rejects with the signal's reason. */
  async evaluateDataset(set: Dataset, signal?: AbortSignal): Promise<Logs> {
    const [rows, targets] = await inTurnsUntil(preparing(set, this.#preparation, this.model.outputs), signal);
    const work = this.model.evaluation(rows, targets);
    return inTurnsUntil(work, signal);
  }

  /** @internal predictProbabilities for a data set; lets the event loop turn between batches. Rejects with the signal's reason. */
  async predictDataset({ x }: Dataset, signal?: AbortSignal): Promise<Matrix> {
    const rows = await inTurnsUntil(this.#preparation.rowEncoder.encoding(x), signal);
    const work = this.model.prediction(rows);
    const outputs = await inTurnsUntil(work, signal);
    return probabilitiesOf(this.targetScaler.inverse(outputs), this.classes);
  }

  /**
   * @internal Trains the network further on a data set with the same columns, classes and targets. Scalers and encoder stay as they are. Returns the pipeline with its
   * new history, which has the same network as this one.
   */
  async fitFurther(set: Dataset, { optimizer, earlyStopping: stopping, fit, seed, callbacks }: FurtherOptions) {
    const { model, pipeline, targetScaler } = this;
    const { validationSplit, classWeight, epochs, ...others } = fit;
    const { train, validation } =
      validationSplit === undefined
        ? { train: set }
        : await inTurnsUntil(splittingOff(set, validationSplit, seed), undefined);
    const prepared = (part: Dataset) => inTurnsUntil(preparing(part, this.#preparation, model.outputs), undefined);
    const used = optimizer ?? pipeline.optimizer;
    const { loss, metrics, layerRates } = pipeline;
    model.compile({ optimizer: used, loss, metrics, ...(layerRates && { layerRates }) });
    setUnits(model, targetScaler);
    const [x, targets] = await prepared(train);
    const history = await model.fit(x, targets, {
      ...others,
      epochs: model.trainedEpochs + epochs,
      ...(classWeight !== undefined && { classWeight: weightsByIndex('fitFurther', classWeight, set) }),
      ...(validation && { validationData: await prepared(validation) }),
      callbacks: [...(stopping ? [earlyStopping(stopping)] : []), ...callbacks],
    });
    const { scaler, encoder, classes, columns, target } = this;
    const settled = { ...pipeline, optimizer: used, fit };
    return new FittedPipeline({
      ...{ model, scaler, encoder, targetScaler, classes, columns, target },
      targets: this.targets,
      history,
      pipeline: stopping ? { ...settled, earlyStopping: stopping } : settled,
    });
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
      version: this.encoder ? 3 : this.targetScaler.type === 'none' ? 1 : 2,
      pipeline: this.pipeline,
      scaler: this.scaler.toJSON(),
      ...(this.encoder && { encoder: this.encoder.toJSON() }),
      ...(this.targets && { targets: this.targets }),
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

  /** Encoded rows, and labels in the form that the network takes. */
  #known(where: string, x: AnyRows, y: Labels | readonly Cell[] | string | undefined): [Matrix, Matrix | Int32Array] {
    const { classes, model } = this;
    const { rowEncoder, targetScaler } = this.#preparation;
    // A table has the targets itself; their name may be said.
    const own = y === undefined || (tableOf(x) !== undefined && isOwnName(y, this.targets));
    const labels = own ? this.#targetsOf(where, x) : atOnce(toLabels(`${where}: y`, inWords(y as Labels, classes)));
    const rows = toMatrix(`${where}: x`, rowEncoder.encode(where, x), model.inputs, 'the pipeline was fitted on');
    const count = labels instanceof Matrix ? labels.rows : labels.length;
    const checked = classes ? indicesAmong(where, labels, classes) : numbersOf(where, labels);
    if (rows.rows !== count) throw new SimdenseError('SHAPE', `${where}: x has ${rows.rows} rows, y has ${count}`);
    if (checked instanceof Matrix) return [rows, targetScaler.transform(checked)];
    return [rows, model.outputs === 1 ? new Matrix(Float32Array.from(checked), 1) : checked];
  }

  /** The target of each row of a table. Throws SimdenseError 'ARGUMENT' for other rows, and 'DATA' where a row has none. */
  #targetsOf(where: string, x: AnyRows): readonly Label[] | Matrix {
    const table = tableOf(x);
    if (!table || !this.targets) return refuse(`${where}: y`, 'a label or targets for each row', undefined);
    return atOnce(readingKnown(where, this.targets, table));
  }

  #outputs(where: string, x: AnyRows): Matrix {
    const { rowEncoder, targetScaler } = this.#preparation;
    return targetScaler.inverse(this.model.predict(rowEncoder.encode(where, x)));
  }
}

/** Whether these are the names of the columns that are predicted. */
function isOwnName(y: unknown, targets: TargetData | undefined): boolean {
  const names = targets?.parts.map(({ name }) => name) ?? [];
  return typeof y === 'string'
    ? names.length === 1 && names[0] === y
    : Array.isArray(y) && y.length === names.length && names.every((name, i) => name === y[i]);
}

/** Throws SimdenseError 'FORMAT' for a saved pipeline with an invalid, missing or unknown part. */
function checkSaved({ pipeline, encoder }: PipelineParts): void {
  try {
    checkPipeline('loadPipeline: pipeline', pipeline);
    for (const name of [encoder ? 'encode' : 'scale', 'loss', 'metrics', 'fit', 'optimizer', 'task'] as const)
      if (pipeline[name] === undefined) refuse(`loadPipeline: pipeline(${name})`, 'what save writes', undefined);
  } catch (cause) {
    throw new SimdenseError('FORMAT', (cause as Error).message, { cause });
  }
}

/** The network of a file. Its errors name loadPipeline. */
function networkOf(file: Uint8Array): Sequential {
  try {
    return loadModel(file, { networkOnly: true });
  } catch (cause) {
    if (!(cause instanceof SimdenseError)) throw cause;
    throw new SimdenseError(cause.code, cause.message.replace(/^loadModel\b/, 'loadPipeline'), { cause });
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
  if (areFiles(file))
    throw new SimdenseError('FORMAT', 'loadPipeline: the file holds several pipelines; use loadEnsemble');
  const model = networkOf(file);
  try {
    const parts = readPipeline('loadPipeline', decode(file).metadata, model);
    checkSaved(parts);
    setUnits(model, parts.targetScaler);
    const history = { ...parts.history, epochs: parts.history.epochs.map(readLogs) };
    return new FittedPipeline({ model, ...parts, history, targets: parts.targets && targetsFromJson(parts.targets) });
  } catch (error) {
    model.dispose();
    throw error;
  }
}
