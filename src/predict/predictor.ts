import { noMore, options, positiveInteger, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { floatsOf } from '../base/typed-arrays.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { isMatrix, type Rows } from '../data/rows.js';
import type { Scaler } from '../data/scalers/index.js';
import { defaultEngine, Engine, type KernelInstance } from '../engine/engine.js';
import { instantiate } from '../engine/instantiate.js';
import type { Owner } from '../engine/owners.js';
import { checkModule } from '../engine/ready-module.js';
import { type PipelineParts, readPipeline } from '../evaluate/description.js';
import { labelsOf, probabilitiesOf } from '../evaluate/predictions.js';
import { type AnyRows, type RowEncoder, rowEncoderOf } from '../evaluate/row-encoder.js';
import type { Layer } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { writeWeights } from '../nn/weights.js';
import { readModel } from '../train/description.js';
import { predict, predictInto } from '../train/predicting.js';
import { Staging } from '../train/staging.js';

export interface LoadPredictorOptions {
  /** The compiled kernels, simdense/simdense.wasm, for runtimes in which only the host may compile WebAssembly. */
  module?: WebAssembly.Module;
  /** The most bytes of memory that the kernels may use. Default: only the runtime's own limit of 4 GiB. */
  maxMemory?: number;
}

/** A saved model or pipeline that predicts but cannot be trained. Made by loadPredictor. */
export class Predictor {
  /** Keeps the name when the package is minified. */
  static readonly name = 'Predictor';
  /** The number of the network's inputs: the columns of x, or what a pipeline of a table makes of its columns. */
  readonly inputs: number;
  /** For a pipeline of a table: the columns that it reads of a table or of an object. */
  readonly columns?: readonly string[];
  /** The number of the network's outputs. */
  readonly outputs: number;
  /** The layers of the network. */
  readonly layers: readonly Layer[];
  /** For a pipeline that classifies: the labels, in the order of the probabilities' columns. */
  readonly classes?: readonly Label[];
  /** For a pipeline: the names of the columns of its predictions, which are the classes, the labels or the targets; undefined if they have none. */
  readonly outputNames?: readonly Label[];
  readonly #network: Network;
  readonly #staging: Staging;
  readonly #rowEncoder?: RowEncoder;
  readonly #targetScaler?: Scaler;
  readonly #owner: Owner;
  /** Frees the memory. It does not refer to this object, so that the object can be garbage-collected. */
  readonly #release: () => void;
  #disposed = false;

  /** @internal Use loadPredictor. */
  constructor(network: Network, layers: readonly Layer[], pipeline?: PipelineParts) {
    this.inputs = network.inputs;
    this.outputs = network.outputs;
    this.layers = layers;
    // A model takes rows as they are.
    if (pipeline) {
      const { encoder, classes, outputNames } = pipeline;
      if (classes) this.classes = classes;
      if (encoder) this.columns = encoder.columns;
      if (outputNames) this.outputNames = outputNames;
      this.#rowEncoder = rowEncoderOf(pipeline);
      this.#targetScaler = pipeline.targetScaler;
    }
    this.#network = network;
    const staging = new Staging(network);
    this.#staging = staging;
    this.#release = () => {
      staging.dispose();
      network.dispose();
    };
    this.#owner = network.engine.own(this.#release);
  }

  /**
   * Predicts all rows.
   *
   * @param x Rows of `inputs` columns, not scaled: a pipeline scales them itself. For a pipeline of a table a Table, or an object for each
   * row with a value for each of `columns`; null is a missing cell.
   * @param o Options.
   * @param o.batchSize The number of rows that are computed at a time; it does not change the results. Default: 256.
   * @returns For a model its outputs, rows × outputs. For a pipeline probabilities, rows × classes, or for a regression numbers in the
   * targets' own units.
   * @throws SimdenseError 'SHAPE' for another number of columns, 'DATA' for a number that is not finite.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'DISPOSED' after dispose.
   * @example
   * import { fitPipeline } from 'simdense/evaluate';
   *
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
   * const predictor = loadPredictor(fitted.save());
   * const { rows, columns } = predictor.predict([[0], [20], [39]]);
   * [rows, columns]; // [3, 2]
   */
  predict(x: AnyRows, o?: { batchSize?: number }): Matrix {
    noMore('predict', arguments, 2);
    return probabilitiesOf(this.#predict('predict', x, o), this.classes);
  }

  /**
   * Predicts a label for each row with a pipeline; for a regression a number.
   *
   * @param x Rows, as for predict.
   * @param o Options.
   * @param o.batchSize The number of rows that are computed at a time; it does not change the results. Default: 256.
   * @returns A label or number for each row.
   * @throws SimdenseError 'STATE' for a model that is not a pipeline, and for several labels or targets a row: use predict.
   * @throws SimdenseError 'SHAPE' for another number of columns, 'DATA' for a number that is not finite.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'DISPOSED' after dispose.
   * @example
   * import { fitPipeline } from 'simdense/evaluate';
   *
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
   * loadPredictor(fitted.save()).predictLabels([[0], [39]]); // ['low', 'high']
   */
  predictLabels(x: AnyRows, o?: { batchSize?: number }): readonly Label[] {
    noMore('predictLabels', arguments, 2);
    if (!this.#rowEncoder) throw new SimdenseError('STATE', 'predictLabels: a model has no labels; use predict');
    return labelsOf('predictLabels', 'predict', this.#predict('predictLabels', x, o), this.classes);
  }

  /**
   * Writes the outputs to `out`. After the first call nothing is allocated, unless a scaler needs a copy of x.
   *
   * @param out An array of rows × outputs numbers.
   * @param x The rows, flat, rows × inputs.
   * @returns `out`, filled; for a regression in the targets' own units.
   * @throws SimdenseError 'SHAPE' if the lengths do not fit, 'DATA' for a number that is not finite.
   * @throws SimdenseError 'ARGUMENT' for what is not a Float32Array, 'DISPOSED' after dispose.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })] });
   * const predictor = loadPredictor(model.save());
   * const out = new Float32Array(3);
   * predictor.predictInto(out, Float32Array.of(0, 0)); // [0.3333, 0.3333, 0.3333]
   */
  predictInto(out: Float32Array, x: Float32Array): Float32Array {
    noMore('predictInto', arguments, 2);
    this.#check('predictInto');
    const encoder = this.#rowEncoder;
    const encoded = encoder && floatsOf(x) ? encoder.encode('predictInto', x) : x;
    const rows = (isMatrix(encoded) ? encoded.data : encoded) as Float32Array;
    predictInto(this.#network, this.#staging, out, rows);
    if (this.#targetScaler) out.set(this.#targetScaler.inverse(new Matrix(out, this.outputs)).data);
    return out;
  }

  /**
   * Frees the memory at once; without it the memory is freed when the predictor is garbage-collected. Later use is a SimdenseError
   * 'DISPOSED'.
   *
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
   * const predictor = loadPredictor(model.save());
   * predictor.dispose();
   */
  dispose(): void {
    noMore('dispose', arguments, 0);
    if (this.#disposed) return;
    this.#disposed = true;
    this.#owner.end();
    this.#release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #predict(where: string, x: AnyRows, o: { batchSize?: number } | undefined): Matrix {
    this.#check(where);
    const outputs = predict(this.#network, this.#staging, this.#rowEncoder?.encode(where, x) ?? (x as Rows), o, where);
    return this.#targetScaler ? this.#targetScaler.inverse(outputs) : outputs;
  }

  #check(method: string): void {
    if (this.#disposed) throw new SimdenseError('DISPOSED', `${method}: the predictor has been disposed`);
    this.#owner.use();
  }
}

/**
 * Loads a saved model or pipeline for prediction, without the code for training.
 *
 * @param bytes The file that Sequential's or a fitted pipeline's `save` returned.
 * @param o Options; see LoadPredictorOptions.
 * @returns A predictor. It predicts the same bits as the model or pipeline that was saved.
 * @throws SimdenseError 'FORMAT' for bytes that are not such a file. An ensemble's file is for loadEnsemblePredictor.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, for what is not a Uint8Array, and for layers that cannot be built.
 * @throws SimdenseError 'OUT_OF_MEMORY' if the model needs more than `maxMemory`.
 * @example
 * import { fitPipeline } from 'simdense/evaluate';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
 * const predictor = loadPredictor(fitted.save());
 * predictor.classes; // ['high', 'low']
 * predictor.predictLabels([[3], [37]]); // ['low', 'high']
 */
export function loadPredictor(bytes: Uint8Array, o?: LoadPredictorOptions): Predictor {
  noMore('loadPredictor', arguments, 2);
  const file = toBytes('loadPredictor(bytes)', bytes);
  if (new TextDecoder().decode(file.subarray(0, 8)) === 'simdense')
    throw new SimdenseError('FORMAT', 'loadPredictor: the file holds several networks; use loadEnsemblePredictor');
  return predictorOf(file, engineFor(o));
}

/** The predictor of one network's file. Throws what loadPredictor throws. */
export function predictorOf(bytes: Uint8Array, engine: Engine): Predictor {
  const { inputs, layers, weights, metadata } = readModel('loadPredictor', bytes);
  const network = new Network(engine, inputs, layers);
  try {
    const pipeline = metadata['pipeline'] === undefined ? undefined : readPipeline('loadPredictor', metadata, network);
    writeWeights('loadPredictor', network, weights, 'FORMAT');
    return new Predictor(network, layers, pipeline);
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** The engine that options ask for. */
export function engineFor(o: LoadPredictorOptions | undefined): Engine {
  const { module, maxMemory } = options('loadPredictor', o, ['module', 'maxMemory']);
  if (maxMemory !== undefined) positiveInteger('loadPredictor(maxMemory)', maxMemory);
  if (module === undefined) return maxMemory === undefined ? defaultEngine() : new Engine(maxMemory);
  checkModule('loadPredictor(module)', module);
  const instance: KernelInstance = { calls: instantiate(() => module), threads: 1, relaxed: false, wide: false };
  return new Engine(maxMemory, instance);
}
