import { noMore, options, positiveInteger } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { floatsOf } from '../base/typed-arrays.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import type { Rows } from '../data/rows.js';
import type { Scaler } from '../data/scalers/index.js';
import { defaultEngine, Engine, type KernelInstance } from '../engine/engine.js';
import { instantiate } from '../engine/instantiate.js';
import type { Owner } from '../engine/owners.js';
import { checkModule } from '../engine/ready-module.js';
import { readPipeline } from '../evaluate/description.js';
import { labelsOf, probabilitiesOf } from '../evaluate/predictions.js';
import type { Layer } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { writeWeights } from '../nn/weights.js';
import { readModel } from '../train/description.js';
import { predict, predictInto } from '../train/predicting.js';
import { Staging } from '../train/staging.js';

export interface LoadPredictorOptions {
  /** The kernels, ready: simdense/simdense.wasm, compiled by the host, for runtimes that let nothing else compile. */
  module?: WebAssembly.Module;
  /** Most bytes that it may take; no limit but the runtime's (4 GiB). */
  maxMemory?: number;
}

/** The parts of a predictor. */
interface Parts {
  readonly network: Network;
  readonly layers: readonly Layer[];
  readonly scaler: Scaler | undefined;
  readonly targetScaler: Scaler | undefined;
  readonly classes: readonly Label[] | undefined;
}

/** A saved model or pipeline that predicts, and cannot be trained. */
export class Predictor {
  /** Also where the package has been minified. */
  static readonly name = 'Predictor';
  /** Columns of x. */
  readonly inputs: number;
  readonly outputs: number;
  readonly layers: readonly Layer[];
  /** Of a pipeline that classifies: labels in the order of the probabilities' columns. */
  readonly classes?: readonly Label[];
  readonly #network: Network;
  readonly #staging: Staging;
  readonly #scaler: Scaler | undefined;
  readonly #targetScaler: Scaler | undefined;
  readonly #owner: Owner;
  /** Holds the memory and not this, which may then be collected. */
  readonly #release: () => void;
  #disposed = false;

  /** @internal Use loadPredictor. */
  constructor({ network, layers, scaler, targetScaler, classes }: Parts) {
    this.inputs = network.inputs;
    this.outputs = network.outputs;
    this.layers = layers;
    if (classes) this.classes = classes;
    this.#network = network;
    const staging = new Staging(network);
    this.#staging = staging;
    this.#scaler = scaler;
    this.#targetScaler = targetScaler;
    this.#release = () => {
      staging.dispose();
      network.dispose();
    };
    this.#owner = network.engine.own(this.#release);
  }

  /** Outputs for all rows; of a pipeline probabilities, rows × classes, where it classifies, or numbers in the targets' own units. Throws SimdenseError 'SHAPE', 'DATA' or 'DISPOSED'. */
  predict(x: Rows, o?: { batchSize?: number }): Matrix {
    noMore('predict', arguments, 2);
    return probabilitiesOf(this.#predict('predict', x, o), this.classes);
  }

  /** Of a pipeline: a label for each row, or for a regression its number. Throws SimdenseError 'STATE' for a model that is no pipeline, and for several numbers a row. */
  predictLabels(x: Rows, o?: { batchSize?: number }): readonly Label[] {
    noMore('predictLabels', arguments, 2);
    if (!this.#scaler) throw new SimdenseError('STATE', 'predictLabels: a model has no labels; use predict');
    return labelsOf('predictLabels', 'predict', this.#predict('predictLabels', x, o), this.classes);
  }

  /**
   * The network's outputs for the rows in x, of a regression in the targets' own units, into the caller's array of rows × outputs numbers. Nothing is allocated after the first call, unless a scaler
   * needs a copy of x.
   */
  predictInto(out: Float32Array, x: Float32Array): Float32Array {
    noMore('predictInto', arguments, 2);
    this.#check('predictInto');
    const rows = this.#scaler && floatsOf(x) ? (this.#scaler.transform(x).data as Float32Array) : x;
    predictInto(this.#network, this.#staging, out, rows);
    if (this.#targetScaler) out.set(this.#targetScaler.inverse(new Matrix(out, this.outputs)).data);
    return out;
  }

  /** Gives the memory back, at once; one that is dropped gives it back when it is collected. Later use is a SimdenseError 'DISPOSED'. */
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

  #predict(where: string, x: Rows, o: { batchSize?: number } | undefined): Matrix {
    this.#check(where);
    const outputs = predict(this.#network, this.#staging, this.#scaler ? this.#scaler.transform(x) : x, o, where);
    return this.#targetScaler ? this.#targetScaler.inverse(outputs) : outputs;
  }

  #check(method: string): void {
    if (this.#disposed) throw new SimdenseError('DISPOSED', `${method}: the predictor has been disposed`);
    this.#owner.use();
  }
}

/**
 * What predicts of a file that Sequential's or a pipeline's `save` gave: the same bits as they predict, without what trains. Throws SimdenseError
 * 'FORMAT' for another file, 'ARGUMENT' for layers that cannot be built.
 */
export function loadPredictor(bytes: Uint8Array, o?: LoadPredictorOptions): Predictor {
  noMore('loadPredictor', arguments, 2);
  const { module, maxMemory } = options('loadPredictor', o, ['module', 'maxMemory']);
  const { inputs, layers, weights, metadata } = readModel('loadPredictor', bytes);
  const network = new Network(engineFor(module, maxMemory), inputs, layers);
  try {
    const pipeline = metadata['pipeline'] === undefined ? undefined : readPipeline('loadPredictor', metadata, network);
    writeWeights('loadPredictor', network, weights, 'FORMAT');
    const { scaler, targetScaler, classes } = pipeline ?? {};
    return new Predictor({ network, layers, scaler, targetScaler, classes });
  } catch (error) {
    network.dispose();
    throw error;
  }
}

function engineFor(module: WebAssembly.Module | undefined, maxMemory: number | undefined): Engine {
  if (maxMemory !== undefined) positiveInteger('loadPredictor(maxMemory)', maxMemory);
  if (module === undefined) return maxMemory === undefined ? defaultEngine() : new Engine(maxMemory);
  checkModule('loadPredictor(module)', module);
  const instance: KernelInstance = { calls: instantiate(() => module), threads: 1, relaxed: false, wide: false };
  return new Engine(maxMemory, instance);
}
