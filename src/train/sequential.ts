import { boolean, noMore, options, positiveInteger, refuse, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import type { Matrix } from '../data/matrix.js';
import type { Numbers } from '../data/numbers.js';
import type { Rows, Targets } from '../data/rows.js';
import { defaultEngine, Engine } from '../engine/engine.js';
import type { Owner } from '../engine/owners.js';
import { drawWeights } from '../nn/draw-weights.js';
import type { Layer } from '../nn/layers/index.js';
import { checkLayer } from '../nn/layers/index.js';
import { checkLoss, isCustom, type Loss } from '../nn/losses.js';
import { checkMetrics, type Metric } from '../nn/metrics/index.js';
import type { LayerRates } from '../nn/network.js';
import { checkOptimizer, type Optimizer } from '../nn/optimizers/index.js';
import { outputForm } from '../nn/output-form.js';
import { checkPairs, goalOf } from '../nn/pairs.js';
import { TrainableNetwork } from '../nn/trainable-network.js';
import { readWeights, type WeightSet, writeWeights } from '../nn/weights.js';
import { Batch } from './batch.js';
import type { CallbackOf, CallbackState, TrainingOf } from './callbacks.js';
import type { TrainingDescription } from './description.js';
import { Fit } from './fit.js';
import type { FitOptionsOf } from './fit-options.js';
import { DivergedError, type History, type Logs } from './history.js';
import { checkLayerRates } from './layer-rates.js';
import { measuring } from './measuring.js';
import { Meters } from './meters.js';
import { checkBatch, planFit } from './plan-fit.js';
import { checkBatchSize, finiteEvaluation, predictInto, prediction } from './predicting.js';
import { saveModel } from './saving.js';
import { select } from './selection.js';
import type { BatchFunction, BatchSource } from './stream.js';
import { countParameters, summarize } from './summary.js';
import { Trainer } from './trainer.js';

export interface SequentialOptions {
  /** Number of columns of x. */
  inputs: number;
  /** The layers, from input to output. */
  layers: readonly Layer[];
  /** The seed of initial weights, shuffles and masks; 0 by default. The same seed gives the same bits in every runtime. */
  seed?: number;
  /** The name, for summaries and files; 'sequential' by default. */
  name?: string;
  /** The engine; by default one that is shared by all models. */
  engine?: Engine;
}

export interface CompileOptions {
  /** An optimizer, or the name of one with its defaults; 'adam' by default. */
  optimizer?: Optimizer | string;
  /** The loss. */
  loss: Loss;
  /** The metrics that are computed in addition to the loss; none by default. */
  metrics?: readonly Metric[];
  /**
   * For layers by name, as in getWeights before the slash, a factor on the learning rate of their parameters, on top of schedules; 1 by default. 0 freezes a layer:
   * its parameters keep their bits, clipNorm and penalties leave it out, and a frozen batchNormalization uses its moving figures and leaves them as they are.
   */
  layerRates?: LayerRates;
}

export interface WeighingOptions {
  /** The weight of each row; 1 by default. The loss is Σ weight · loss ÷ rows, as in training; a metric is Σ weight · value ÷ Σ weight. */
  sampleWeight?: Numbers;
}

/** A training run, as callbacks see it. Epochs and batches count from 0. */
export interface Training extends TrainingOf<Sequential> {}

/**
 * Functions that are called while a model trains. Each method is optional. fit waits for a returned promise, unless the signal aborts. An error ends the fit.
 * onTrainEnd is always called once onTrainBegin has returned; after an abort, fit does not wait for its promise.
 */
export interface Callback extends CallbackOf<Sequential> {}

/** The options of `fit`. */
export interface FitOptions extends FitOptionsOf<Sequential> {}

/** A loaded run that the next compile can restore. */
interface Resumption {
  readonly training: TrainingDescription;
  /** Restores the run; absent in a clone, whose optimizer starts anew. */
  readonly restore?: (trainer: Trainer) => void;
}

interface Owned {
  trainer: Trainer | undefined;
  release(): void;
}

/** Number of calls of trainOnBatch for each slice of the tile tuner. */
const TUNING_EVERY = 16;

const disposed = (method: string): SimdenseError =>
  new SimdenseError('DISPOSED', `${method}: the model has been disposed`);

/**
 * Makes a model: a stack of layers, with initial weights drawn from the seed.
 *
 * @param o The options; `inputs` and `layers` are required.
 * @returns The model. Call `compile` before it is trained; `predict` works at once.
 * @throws SimdenseError 'ARGUMENT' for an option that is missing, unknown or out of range, or for layers that cannot be built.
 * @throws SimdenseError 'OUT_OF_MEMORY' if its memory cannot be reserved.
 * @throws SimdenseError 'UNSUPPORTED' if this runtime has no WebAssembly SIMD.
 * @example
 * import { adam, dense, sequential } from 'simdense';
 *
 * const model = sequential({
 *   inputs: 2,
 *   layers: [dense({ units: 8, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })],
 *   seed: 1,
 * }).compile({ optimizer: adam({ learningRate: 0.1 }), loss: 'binaryCrossentropy' });
 * const x = [[0, 0], [0, 1], [1, 0], [1, 1]];
 * await model.fit(x, [0, 1, 1, 0], { epochs: 200 });
 * model.predict(x).toArrays().flat().map(Math.round); // [0, 1, 1, 0]
 */
export function sequential(o: SequentialOptions): Sequential {
  noMore('sequential', arguments, 1);
  return new Sequential(o);
}

/**
 * A stack of layers, made by `sequential`: `fit` trains it, and `predict` computes its outputs.
 *
 * Its memory is freed by `dispose`, by `using`, or after garbage collection.
 */
export class Sequential {
  /** Keeps the name when the package is minified. */
  static readonly name = 'Sequential';
  readonly inputs: number;
  readonly outputs: number;
  /** Number of the parameters that gradients train. */
  readonly parameterCount: number;
  readonly layers: readonly Layer[];
  readonly name: string;
  readonly seed: number;
  readonly #engine: Engine;
  readonly #network: TrainableNetwork;
  readonly #batch: Batch;
  /** Owns the memory. It does not refer to the model, so that an unreferenced model can be garbage-collected. */
  readonly #owned: Owned;
  readonly #owner: Owner;
  /** The current run. */
  #fit: Fit<Sequential> | undefined;
  /** The states of the last run's callbacks, if the next fit can continue that run. */
  #states: readonly (CallbackState | undefined)[] = [];
  #disposed = false;
  /** The run of the loaded file, if it had a custom loss or metric: compile restores it when it gets these again. */
  #resumption: Resumption | undefined;

  /** @internal Use sequential. Without `draw` the weights are zeros, and the caller sets them. */
  constructor(o: SequentialOptions, draw = true) {
    const given = options('sequential', o, ['inputs', 'layers', 'seed', 'name', 'engine']);
    this.inputs = positiveInteger('sequential(inputs)', given.inputs);
    if (!Array.isArray(given.layers) || given.layers.length === 0) {
      refuse('sequential(layers)', 'an array of at least one layer', given.layers);
    }
    this.layers = Object.freeze(Array.from(given.layers, (layer, i) => checkLayer(`sequential(layers[${i}])`, layer)));
    this.seed = wholeNumber('sequential(seed)', given.seed ?? 0);
    if (given.name !== undefined && typeof given.name !== 'string') refuse('sequential(name)', 'a string', given.name);
    this.name = given.name ?? 'sequential';
    if (given.engine !== undefined && !(given.engine instanceof Engine))
      refuse('sequential(engine)', 'an Engine', given.engine);
    this.#engine = given.engine ?? defaultEngine();
    const network = new TrainableNetwork(this.#engine, this.inputs, this.layers, this.seed);
    if (draw) drawWeights(network, this.seed);
    const batch = new Batch(network);
    this.#network = network;
    this.#batch = batch;
    this.outputs = network.outputs;
    this.parameterCount = countParameters(network, true);
    const owned: Owned = {
      trainer: undefined,
      release() {
        owned.trainer?.dispose();
        batch.dispose();
        network.dispose();
      },
    };
    this.#owned = owned;
    this.#owner = this.#engine.own(owned.release);
  }

  /** Number of epochs that `fit` has finished, including those before a `save({ optimizer: true })`. The next fit continues after them. */
  get trainedEpochs(): number {
    return this.#owned.trainer?.epochs ?? this.#resumption?.training.epochs ?? 0;
  }

  /**
   * Sets the optimizer, the loss and the metrics.
   *
   * The state of an earlier optimizer is dropped, except in the first compile after a run with a custom loss or metric was loaded.
   * @param o The options; only `loss` is required.
   * @returns The model itself.
   * @throws SimdenseError 'ARGUMENT' for an option that is missing or unknown, or for a loss or metric that does not fit the last layer's activation.
   * @throws SimdenseError 'BUSY' while the model is training, 'DISPOSED' after dispose.
   * @example
   * import { adamw, dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 4, layers: [dense({ units: 3, activation: 'softmax' })] });
   * model.compile({ optimizer: adamw(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
   */
  compile(o: CompileOptions): this {
    noMore('compile', arguments, 1);
    return this.#compile(o, checkPairs);
  }

  /** @internal compile without the check of loss and activation: a file of version 0.1.0 may have a pair that compile now refuses. */
  recompile(o: CompileOptions): this {
    return this.#compile(o, () => {});
  }

  #compile(o: CompileOptions, check: typeof checkPairs): this {
    this.checkAlive('compile');
    this.#checkFree('compile');
    const given = options('compile', o, ['optimizer', 'loss', 'metrics', 'layerRates'], {
      optimizer: 'learningrate lr',
    });
    const loss = checkLoss('compile(loss)', given.loss);
    if (given.metrics !== undefined && !Array.isArray(given.metrics))
      refuse('compile(metrics)', 'an array', given.metrics);
    const metrics = checkMetrics(given.metrics ?? []);
    const optimizer = checkOptimizer('compile(optimizer)', given.optimizer ?? 'adam');
    const rates = checkLayerRates(this.#network, given.layerRates);
    const form = outputForm(this.layers, this.inputs);
    check(loss, metrics, form);
    const { trainer: former } = this.#owned;
    if (former?.units && isCustom(loss))
      throw new SimdenseError(
        'ARGUMENT',
        "compile(loss): the targets are scaled, and a loss of your own would not be in their units; fit with targetScale: 'none'",
      );
    const goal = goalOf(loss, metrics, form);
    const trainer = new Trainer(this.#network, this.#batch, optimizer, loss, metrics, goal, rates);
    // Random draws continue from the same counts, and a pipeline's targets keep their units.
    if (former) [trainer.epochs, trainer.steps, trainer.units] = [former.epochs, former.steps, former.units];
    this.#states = [];
    const { training, restore } = this.#resumption ?? {};
    if (training) {
      [trainer.epochs, trainer.steps] = [training.epochs ?? 0, training.steps ?? 0];
      const { layerRates } = trainer.compilation;
      const same =
        JSON.stringify([training.optimizer, training.layerRates]) === JSON.stringify([optimizer, layerRates]);
      if (same) restore?.(trainer);
    }
    former?.dispose();
    this.#owned.trainer = trainer;
    return this;
  }

  /**
   * Trains on rows and their targets.
   *
   * The event loop turns between batches, at least every 12 ms unless a batch takes longer. k calls with one epoch give the same bits as one call with
   * k epochs: the model counts its epochs, and callbacks keep their state until one of them stops a run. While it runs, predict, evaluate, getWeights,
   * save and clone see the parameters after the last update, and setWeights replaces them for the next one.
   * @param x Rows, rows × inputs. Or a stream: an async iterable of `[x, y]` batches, or a function that returns one for each epoch.
   * @param y Targets: class indices, one-hot rows, probabilities or real numbers. Left out for a stream.
   * @param o The options; all have defaults.
   * @returns The figures of each epoch, and the reason if the run ended early. If the signal aborts, the promise rejects with its reason, and the
   * model stays usable.
   * @throws SimdenseError 'STATE' before compile.
   * @throws SimdenseError 'ARGUMENT', 'SHAPE' or 'DATA' for options, rows or targets that cannot be used, before anything changes.
   * @throws SimdenseError 'BUSY' if the model is training already.
   * @throws SimdenseError 'DISPOSED' if the model or its engine is disposed of, also during the run.
   * @throws DivergedError if the loss becomes infinite or NaN. The parameters of the last finished epoch are restored.
   * @example
   * import { adam, dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 });
   * model.compile({ optimizer: adam({ learningRate: 0.1 }), loss: 'meanSquaredError' });
   * const { epochs } = await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 300 });
   * epochs.length; // 300
   * console.log(model.predict([[10]]).toArrays()); // close to 21
   */
  async fit(x: Rows | BatchSource | BatchFunction, y?: Targets, o?: FitOptions): Promise<History> {
    noMore('fit', arguments, 3);
    const trainer = this.#compiled('fit');
    this.#checkFree('fit');
    const plan = planFit(trainer, this.#network, this.seed, x, y, o);
    this.#checkSame('fit', trainer);
    this.#resumption = undefined;
    const fit = new Fit(plan, { model: this, trainer, network: this.#network, staging: this.#batch });
    this.#fit = fit;
    try {
      return await fit.run(plan.initialEpoch > 0 ? this.#states : []);
    } finally {
      // The next fit can continue a run that finished or was aborted, but not one that was stopped or failed.
      if (fit.end !== undefined) this.#states = fit.end === 'finished' || fit.end === 'aborted' ? fit.left : [];
      this.#fit = undefined;
      if (this.#disposed) this.#owned.release();
    }
  }

  /**
   * Makes one update on these rows.
   *
   * @param x Rows, rows × inputs; all of them are one batch.
   * @param y Targets, as `fit` takes them.
   * @param o The options.
   * @returns The loss and metrics before the update.
   * @throws SimdenseError 'STATE' before compile.
   * @throws SimdenseError 'ARGUMENT', 'SHAPE' or 'DATA' for options, rows or targets that cannot be used.
   * @throws SimdenseError 'BUSY' while `fit` runs, 'DISPOSED' after dispose.
   * @throws DivergedError if float32 cannot hold the loss or the squares of its derivatives. Nothing has changed then.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const layers = [dense({ units: 1 })];
   * const model = sequential({ inputs: 1, layers, seed: 1 }).compile({ loss: 'meanSquaredError' });
   * const { loss } = model.trainOnBatch([[0], [1]], [1, 3]);
   * console.log(loss); // before the update
   */
  trainOnBatch(x: Rows, y: Targets, o?: WeighingOptions): Logs {
    noMore('trainOnBatch', arguments, 3);
    const trainer = this.#compiled('trainOnBatch');
    this.#checkFree('trainOnBatch');
    const given = options('trainOnBatch', o, ['sampleWeight']);
    const selection = select('trainOnBatch', trainer, this.#network, x, y, given);
    const { rows } = selection.x;
    checkBatch('trainOnBatch', trainer, rows);
    this.#checkSame('trainOnBatch', trainer);
    this.#resumption = undefined;
    trainer.reserve(rows, true);
    this.#batch.loadRows(selection.x, undefined, 0, rows);
    this.#batch.loadTargets(selection.y, undefined, 0, rows);
    this.#batch.loadWeights(selection.weights, undefined, 0, rows);
    const loss = trainer.step(rows, true);
    if (!Number.isFinite(loss)) {
      const what = `trainOnBatch: the loss or its derivatives came to ${loss}`;
      throw new DivergedError(what, 0, trainer.iteration, trainer.learningRate, undefined, isCustom(trainer.loss));
    }
    if (trainer.iteration % TUNING_EVERY === 0) this.#engine.tuner.slice();
    const meters = new Meters(trainer, this.#network, this.#batch);
    meters.add(loss, selection, 0, rows);
    return atOnce(meters.logs());
  }

  /**
   * Computes the loss and the metrics over all rows, without training.
   *
   * @param x Rows, rows × inputs.
   * @param y Targets, as `fit` takes them.
   * @param o The options.
   * @param o.batchSize Rows that are computed at a time; it changes no metric, and the loss only by rounding.
   * @param o.sampleWeight The weight of each row; 1 by default.
   * @returns The figures by name.
   * @throws SimdenseError 'STATE' before compile.
   * @throws SimdenseError 'ARGUMENT', 'SHAPE' or 'DATA' for options, rows or targets that cannot be used; 'DATA' also if float32 cannot hold the loss.
   * @throws SimdenseError 'DISPOSED' after dispose.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const layers = [dense({ units: 1, kernelInitializer: 'ones' })];
   * const model = sequential({ inputs: 1, layers }).compile({ loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] });
   * model.evaluate([[1], [2]], [2, 5]); // { loss: 5, meanAbsoluteError: 2 }
   */
  evaluate(x: Rows, y: Targets, o?: { batchSize?: number } & WeighingOptions): Logs {
    noMore('evaluate', arguments, 3);
    return atOnce(this.evaluation(x, y, o));
  }

  /** @internal evaluate as a generator that yields after each batch, so that the event loop can turn. */
  evaluation(x: Rows, y: Targets, o?: { batchSize?: number } & WeighingOptions): Generator<void, Logs> {
    const trainer = this.#compiled('evaluate');
    this.#checkWhole('evaluate');
    const given = options('evaluate', o, ['batchSize', 'sampleWeight']);
    const selection = select('evaluate', trainer, this.#network, x, y, given);
    const batchSize = checkBatchSize('evaluate', given.batchSize, selection.x.rows);
    this.#checkCompiled('evaluate', trainer);
    trainer.reserve(batchSize, false);
    return finiteEvaluation('evaluate', measuring(trainer, this.#network, this.#batch, selection, batchSize));
  }

  /**
   * Computes the outputs for all rows.
   *
   * @param x Rows, rows × inputs.
   * @param o The options.
   * @param o.batchSize Rows that are computed at a time; the bits do not depend on it.
   * @returns The outputs, rows × outputs.
   * @throws SimdenseError 'ARGUMENT', 'SHAPE' or 'DATA' for rows that cannot be used; 'DATA' also if float32 cannot hold an output.
   * @throws SimdenseError 'DISPOSED' after dispose.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 2, layers: [dense({ units: 1, kernelInitializer: 'ones' })] });
   * model.predict([[1, 2], [3, 4]]).toArrays(); // [[3], [7]]
   */
  predict(x: Rows, o?: { batchSize?: number }): Matrix {
    noMore('predict', arguments, 2);
    return atOnce(this.prediction(x, o));
  }

  /** @internal predict as a generator that yields after each batch, so that the event loop can turn. */
  prediction(x: Rows, o?: { batchSize?: number }): Generator<void, Matrix> {
    this.#checkIdle('predict');
    return prediction(this.#network, this.#batch, x, o);
  }

  /**
   * Computes the outputs for the rows in `x` and writes them to `out`. Allocates nothing after the first call.
   *
   * @param out Receives the outputs: rows × outputs numbers, row-major.
   * @param x The rows: rows × inputs numbers, row-major.
   * @returns `out`.
   * @throws SimdenseError 'ARGUMENT' or 'SHAPE' for anything but Float32Arrays of these lengths.
   * @throws SimdenseError 'DATA' for a number that is not finite, or if float32 cannot hold an output.
   * @throws SimdenseError 'DISPOSED' after dispose.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 2, layers: [dense({ units: 1, kernelInitializer: 'ones' })] });
   * const [x, out] = [new Float32Array(2), new Float32Array(1)];
   * x.set([1, 2]);
   * model.predictInto(out, x); // [3]
   */
  predictInto(out: Float32Array, x: Float32Array): Float32Array {
    noMore('predictInto', arguments, 2);
    this.#checkIdle('predictInto');
    return predictInto(this.#network, this.#batch, out, x);
  }

  /**
   * Returns copies of all parameters.
   *
   * @returns The parameters by 'layer/variable'. Layers without a name are called dense, dense_1, …
   * @throws SimdenseError 'DISPOSED' after dispose.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 2, layers: [dense({ units: 3 })] });
   * [...model.getWeights().keys()]; // ['dense/kernel', 'dense/bias']
   * model.getWeights().get('dense/kernel')?.shape; // [2, 3]
   */
  getWeights(): WeightSet {
    noMore('getWeights', arguments, 0);
    this.checkAlive('getWeights');
    return readWeights(this.#network);
  }

  /**
   * Replaces all parameters, or none if a name, a shape or a number is wrong.
   *
   * @param w The parameters by 'layer/variable', as `getWeights` returns them.
   * @throws SimdenseError 'ARGUMENT' for a missing or unknown name, 'SHAPE' for another shape, 'DATA' for a number that is not finite, or a variance
   * below 0.
   * @throws SimdenseError 'BUSY' inside a custom loss or metric, 'DISPOSED' after dispose.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 2, layers: [dense({ units: 1, useBias: false })] });
   * model.setWeights(new Map([['dense/kernel', { shape: [2, 1], data: Float32Array.of(1, 10) }]]));
   * model.predict([[2, 3]]).toArrays(); // [[32]]
   */
  setWeights(w: WeightSet): void {
    noMore('setWeights', arguments, 1);
    this.#checkIdle('setWeights');
    writeWeights('setWeights', this.#network, w);
  }

  /**
   * Returns the model as a safetensors file. The same weights give the same bytes.
   *
   * The description is in the metadata. `loadModel` reads the model, and any reader of the format reads the weights.
   * @param o The options.
   * @param o.optimizer Whether to save the state of the optimizer and of the callbacks too, so that `fit` can continue as if the run had not stopped;
   * false by default.
   * @returns The bytes of the file.
   * @throws SimdenseError 'ARGUMENT' for an unknown option.
   * @throws SimdenseError 'STATE' for `optimizer` if the model was loaded from a run with a custom loss and is not compiled with it yet.
   * @throws SimdenseError 'DISPOSED' after dispose.
   * @example
   * import { loadModel } from 'simdense';
   * import { dense, sequential } from 'simdense';
   *
   * const layers = [dense({ units: 1 })];
   * const model = sequential({ inputs: 1, layers, seed: 1 }).compile({ loss: 'meanSquaredError' });
   * const x = [[0], [1], [2]];
   * const y = [1, 3, 5];
   * await model.fit(x, y, { epochs: 2 });
   * const again = loadModel(model.save({ optimizer: true }));
   * await model.fit(x, y, { epochs: 2 });
   * await again.fit(x, y, { epochs: 2 });
   * model.predict([[5]]).data[0] === again.predict([[5]]).data[0]; // true
   */
  save(o?: { optimizer?: boolean }): Uint8Array {
    noMore('save', arguments, 1);
    this.checkAlive('save');
    const { optimizer = false } = options('save', o, ['optimizer']);
    const { trainer } = this.#owned;
    if (optimizer && !trainer && this.#resumption) {
      const message = 'the loaded run had a loss in JavaScript: call compile with it first, or its state would be lost';
      throw new SimdenseError('STATE', `save(optimizer): ${message}`);
    }
    const states = this.#fit?.states() ?? this.#states;
    return saveModel(this, this.#network, trainer, boolean('save(optimizer)', optimizer) ? states : undefined);
  }

  /** @internal Sets the states of a saved run's callbacks, for the next fit. */
  resume(states: readonly (CallbackState | undefined)[]): void {
    this.#states = states;
  }

  /** @internal Lets the next compile restore the run, if it gets the same optimizer. */
  resumeWhenCompiled(training: TrainingDescription, restore: (trainer: Trainer) => void): void {
    this.#resumption = { training, restore };
  }

  /** @internal The network, batch and trainer, for loading, simdense/diagnose and simdense/classifier. */
  get bound(): { network: TrainableNetwork; batch: Batch; trainer: Trainer | undefined } {
    return { network: this.#network, batch: this.#batch, trainer: this.#owned.trainer };
  }

  /**
   * Describes the layers in a table for people.
   *
   * @returns The table, several lines.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
   * console.log(model.summary());
   */
  summary(): string {
    noMore('summary', arguments, 0);
    return summarize(this.name, this.inputs, this.layers, this.#network, this.#owned.trainer?.layerRates);
  }

  /**
   * Makes a model with the same layers and the same compilation, on the same engine.
   *
   * The optimizer of the clone starts anew. To continue with its state, load the bytes of `save({ optimizer: true })`.
   * @param o The options.
   * @param o.seed If given, the clone draws new weights from this seed; otherwise it gets a copy of the weights.
   * @returns The new model.
   * @throws SimdenseError 'ARGUMENT' for an unknown option or an invalid seed.
   * @throws SimdenseError 'OUT_OF_MEMORY' if its memory cannot be reserved, 'DISPOSED' after dispose.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const layers = [dense({ units: 1 })];
   * const model = sequential({ inputs: 1, layers, seed: 1 }).compile({ loss: 'meanSquaredError' });
   * const copy = model.clone();
   * model.trainOnBatch([[1]], [5]);
   * copy.predict([[1]]).data[0] === model.predict([[1]]).data[0]; // false
   */
  clone(o?: { seed?: number }): Sequential {
    noMore('clone', arguments, 1);
    this.checkAlive('clone');
    const { seed } = options('clone', o, ['seed']);
    const { inputs, layers, name } = this;
    const copy = new Sequential(
      { inputs, layers, name, seed: seed ?? this.seed, engine: this.#engine },
      seed !== undefined,
    );
    try {
      if (seed === undefined) copy.setWeights(this.getWeights());
      const { trainer } = this.#owned;
      if (trainer) {
        copy.recompile(trainer.compilation);
        const own = copy.bound.trainer as Trainer;
        own.units = trainer.units;
        // With the same weights, continue the random draws instead of repeating them.
        if (seed === undefined) [own.epochs, own.steps] = [trainer.epochs, trainer.steps];
      } else if (seed === undefined && this.#resumption) copy.#resumption = { training: this.#resumption.training };
      return copy;
    } catch (error) {
      copy.dispose();
      throw error;
    }
  }

  /**
   * Frees the memory of the model; if `fit` is running, that rejects with SimdenseError 'DISPOSED'. Later use throws SimdenseError 'DISPOSED'.
   *
   * @throws SimdenseError 'BUSY' inside a custom loss or metric.
   * @example
   * import { dense, sequential } from 'simdense';
   *
   * const model = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
   * model.dispose();
   * {
   *   using other = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
   *   other.predict([[1, 2]]);
   * } // other is disposed of here
   */
  dispose(): void {
    noMore('dispose', arguments, 0);
    if (this.#disposed) return;
    this.#checkWhole('dispose');
    this.#disposed = true;
    this.#owner.end();
    // A running fit releases the memory when it ends: released now, it could be given to another model while the run still writes to it.
    if (this.#fit) this.#fit.abandon(disposed('fit'));
    else this.#owned.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  checkAlive(method: string): void {
    if (this.#disposed) throw disposed(method);
    this.#owner.use();
    this.#engine.check();
  }

  #checkIdle(method: string): void {
    this.checkAlive(method);
    this.#checkWhole(method);
  }

  /** Throws SimdenseError 'BUSY' while a custom loss or metric computes: the call would change its batch. */
  #checkWhole(method: string): void {
    if (this.#network.lent)
      throw new SimdenseError('BUSY', `${method}: not inside a loss or metric of the model that is being computed`);
  }

  /** Checks again that the model is not training and not recompiled: reading rows and options may have run the caller's code, such as a getter or an iterator. */
  #checkSame(method: string, trainer: Trainer): void {
    this.#checkFree(method);
    this.#checkCompiled(method, trainer);
  }

  /** Throws if the model has been compiled again since `trainer` was read. */
  #checkCompiled(method: string, trainer: Trainer): void {
    if (this.#compiled(method) !== trainer)
      throw new SimdenseError('BUSY', `${method}: the model was compiled anew while its rows were read`);
  }

  #checkFree(method: string): void {
    this.#checkWhole(method);
    if (this.#fit)
      throw new SimdenseError('BUSY', `${method}: the model is training; wait for fit to end, or train a clone`);
  }

  #compiled(method: string): Trainer {
    this.checkAlive(method);
    const { trainer } = this.#owned;
    if (!trainer) throw new SimdenseError('STATE', `${method}: call compile({ loss }) first`);
    return trainer;
  }
}
