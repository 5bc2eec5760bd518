import { boolean, noMore, options, positiveInteger, refuse, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import type { Matrix } from '../data/matrix.js';
import type { Numbers } from '../data/numbers.js';
import type { Rows, Targets } from '../data/rows.js';
import { defaultEngine, Engine, type Owner } from '../engine/engine.js';
import { drawWeights } from '../nn/draw-weights.js';
import type { Layer } from '../nn/layers/index.js';
import { checkLayer } from '../nn/layers/index.js';
import { checkLoss, isCustom, type Loss } from '../nn/losses.js';
import { checkMetrics, type Metric } from '../nn/metrics/index.js';
import { Network } from '../nn/network.js';
import { checkOptimizer, type Optimizer } from '../nn/optimizers/index.js';
import { outputForm } from '../nn/output-form.js';
import { checkPairs, goalOf } from '../nn/pairs.js';
import { readWeights, type WeightSet, writeWeights } from '../nn/weights.js';
import { Batch } from './batch.js';
import type { CallbackState } from './callbacks.js';
import type { TrainingDescription } from './description.js';
import { evaluation } from './evaluate.js';
import { Fit } from './fit.js';
import { DivergedError, type History, type Logs } from './history.js';
import { Meters } from './meters.js';
import { checkBatch, type FitOptions, planFit } from './plan-fit.js';
import { checkBatchSize, finiteEvaluation, predictInto, prediction } from './predicting.js';
import { saveModel } from './saving.js';
import { select } from './selecting.js';
import type { BatchFunction, BatchSource } from './stream.js';
import { countParameters, summarize } from './summary.js';
import { Trainer } from './trainer.js';

export interface SequentialOptions {
  /** Columns of x. */
  inputs: number;
  layers: readonly Layer[];
  /** Draws initial weights, shuffles and masks; 0. The same seed gives the same bits in every runtime. */
  seed?: number;
  name?: string;
  engine?: Engine;
}

export interface CompileOptions {
  /** 'adam'. */
  optimizer?: Optimizer | string;
  loss: Loss;
  /** Beside the loss; none. */
  metrics?: readonly Metric[];
}

export interface WeighingOptions {
  /** What each row weighs; 1. The loss is Σ weight · loss ÷ rows, as in training; a metric is Σ weight · value ÷ Σ weight. */
  sampleWeight?: Numbers;
}

interface Resumption {
  readonly training: TrainingDescription;
  /** Not for a clone, whose optimizer begins anew. */
  readonly restore?: (trainer: Trainer) => void;
}

interface Owned {
  trainer: Trainer | undefined;
  release(): void;
}

/** Calls of trainOnBatch between two looks at the tiles. */
const TUNING_EVERY = 16;

const disposed = (method: string): SimdenseError =>
  new SimdenseError('DISPOSED', `${method}: the model has been disposed`);

/** A stack of layers. Throws SimdenseError 'ARGUMENT' for what it cannot build. */
export function sequential(o: SequentialOptions): Sequential {
  noMore('sequential', arguments, 1);
  return new Sequential(o);
}

export class Sequential {
  /** Also where the package has been minified. */
  static readonly name = 'Sequential';
  readonly inputs: number;
  readonly outputs: number;
  /** Numbers that training changes by gradients. */
  readonly parameterCount: number;
  readonly layers: readonly Layer[];
  readonly name: string;
  readonly seed: number;
  readonly #engine: Engine;
  readonly #network: Network;
  readonly #batch: Batch;
  /** What holds memory, apart from the model itself, so that an abandoned model can be collected. */
  readonly #owned: Owned;
  readonly #owner: Owner;
  /** The run that is under way, and what the callbacks of the last one knew where it may go on. */
  #fit: Fit | undefined;
  #states: readonly (CallbackState | undefined)[] = [];
  #disposed = false;
  /** The run that a file was saved in, where it had a loss or metric in JavaScript: the compile that gives them again restores it. */
  #resumption: Resumption | undefined;

  /** @internal Use sequential. Without `draw` its weights are zeros, for whoever writes them next. */
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
    const network = new Network(this.#engine, this.inputs, this.layers, this.seed);
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

  /** Epochs that fit has finished, those before a save({ optimizer: true }) included: where the next fit goes on. */
  get trainedEpochs(): number {
    return this.#owned.trainer?.epochs ?? this.#resumption?.training.epochs ?? 0;
  }

  /**
   * Settles how the model is trained; what an earlier optimizer had gathered is dropped, but for the first compile after loading a run with a loss or metric in JavaScript. Throws SimdenseError 'ARGUMENT' for a loss or a
   * metric that does not go with the last layer's activation.
   */
  compile(o: CompileOptions): this {
    noMore('compile', arguments, 1);
    return this.#compile(o, checkPairs);
  }

  /** @internal As a model has been compiled before: a file of 0.1.0 may hold a pair that compile refuses by now. */
  recompile(o: CompileOptions): this {
    return this.#compile(o, () => {});
  }

  #compile(o: CompileOptions, check: typeof checkPairs): this {
    this.checkAlive('compile');
    this.#checkFree('compile');
    const given = options('compile', o, ['optimizer', 'loss', 'metrics'], { optimizer: 'learningrate lr' });
    const loss = checkLoss('compile(loss)', given.loss);
    if (given.metrics !== undefined && !Array.isArray(given.metrics))
      refuse('compile(metrics)', 'an array', given.metrics);
    const metrics = checkMetrics(given.metrics ?? []);
    const optimizer = checkOptimizer('compile(optimizer)', given.optimizer ?? 'adam');
    const form = outputForm(this.layers, this.inputs);
    check(loss, metrics, form);
    const { trainer: former } = this.#owned;
    const trainer = new Trainer(this.#network, this.#batch, optimizer, loss, metrics, goalOf(loss, metrics, form));
    // What is drawn goes on where it was, and a pipeline's targets keep their units.
    if (former) [trainer.epochs, trainer.steps, trainer.units] = [former.epochs, former.steps, former.units];
    this.#states = [];
    const { training, restore } = this.#resumption ?? {};
    if (training) {
      [trainer.epochs, trainer.steps] = [training.epochs ?? 0, training.steps ?? 0];
      if (JSON.stringify(training.optimizer) === JSON.stringify(optimizer)) restore?.(trainer);
    }
    former?.dispose();
    this.#owned.trainer = trainer;
    return this;
  }

  /**
   * Trains on rows x and targets y. Lets the event loop turn between two batches, every 12 ms or as often as batches end. k calls of one epoch are one call of k epochs, to the bit: the model counts
   * its epochs, and callbacks go on with what they know, until one of them stops a run. Aborting rejects with the signal's reason and leaves a usable model. A loss
   * that is no longer finite rejects with code 'DIVERGED' and the history so far, with the parameters of the last finished epoch in place. While it runs, predict,
   * evaluate, getWeights, save and clone see the parameters as they are after the last update, and setWeights replaces them for the next one; another fit or
   * compile is refused with 'BUSY'. Where the model or its engine is disposed meanwhile it rejects with 'DISPOSED'.
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
      // A run that was stopped, or went wrong, is over; any other may go on.
      if (fit.end !== undefined) this.#states = fit.end === 'finished' || fit.end === 'aborted' ? fit.left : [];
      this.#fit = undefined;
      if (this.#disposed) this.#owned.release();
    }
  }

  /** One update on these rows; the loss and metrics before it. Nothing changes where float32 cannot hold the loss or the derivatives' squares ('DIVERGED'). */
  trainOnBatch(x: Rows, y: Targets, o?: WeighingOptions): Logs {
    noMore('trainOnBatch', arguments, 3);
    const trainer = this.#compiled('trainOnBatch');
    this.#checkFree('trainOnBatch');
    const given = options('trainOnBatch', o, ['sampleWeight']);
    const selection = select('trainOnBatch', trainer, this.#network, x, y, given);
    const { rows } = selection.x;
    checkBatch('trainOnBatch', this.#network, rows);
    this.#checkSame('trainOnBatch', trainer);
    this.#resumption = undefined;
    trainer.reserve(rows, true);
    this.#batch.loadRows(selection.x, undefined, 0, rows);
    this.#batch.loadTargets(selection.y, undefined, 0, rows);
    this.#batch.loadWeights(selection.weights, undefined, 0, rows);
    const loss = trainer.step(rows, true);
    if (!Number.isFinite(loss))
      throw new DivergedError(loss, 0, trainer.iteration, trainer.learningRate, undefined, isCustom(trainer.loss));
    if (trainer.iteration % TUNING_EVERY === 0) this.#engine.tuner.slice();
    const meters = new Meters(trainer, this.#network, this.#batch);
    meters.add(loss, selection, 0, rows);
    return atOnce(meters.logs());
  }

  /** Loss and metrics over all rows, without training. Throws SimdenseError 'DATA' where float32 cannot hold the loss. */
  evaluate(x: Rows, y: Targets, o?: { batchSize?: number } & WeighingOptions): Logs {
    noMore('evaluate', arguments, 3);
    return atOnce(this.evaluation(x, y, o));
  }

  /** @internal The same in steps, for those who let the event loop turn between two batches. */
  evaluation(x: Rows, y: Targets, o?: { batchSize?: number } & WeighingOptions): Generator<void, Logs> {
    const trainer = this.#compiled('evaluate');
    this.#checkWhole('evaluate');
    const given = options('evaluate', o, ['batchSize', 'sampleWeight']);
    const selection = select('evaluate', trainer, this.#network, x, y, given);
    const batchSize = checkBatchSize('evaluate', given.batchSize, selection.x.rows);
    this.#checkCompiled('evaluate', trainer);
    trainer.reserve(batchSize, false);
    return finiteEvaluation('evaluate', evaluation(trainer, this.#network, this.#batch, selection, batchSize));
  }

  /** Outputs for all rows, rows × outputs. Throws SimdenseError 'DATA' where float32 cannot hold one. */
  predict(x: Rows, o?: { batchSize?: number }): Matrix {
    noMore('predict', arguments, 2);
    return atOnce(this.prediction(x, o));
  }

  /** @internal predict in steps, for those who let the event loop turn between two batches. */
  prediction(x: Rows, o?: { batchSize?: number }): Generator<void, Matrix> {
    this.#checkIdle('predict');
    return prediction(this.#network, this.#batch, x, o);
  }

  /** Outputs for the rows in x, into the caller's array of rows × outputs numbers: nothing is allocated after the first call. */
  predictInto(out: Float32Array, x: Float32Array): Float32Array {
    noMore('predictInto', arguments, 2);
    this.#checkIdle('predictInto');
    return predictInto(this.#network, this.#batch, out, x);
  }

  /** Copies of the parameters by 'layer/variable'. Unnamed layers are dense, dense_1, … */
  getWeights(): WeightSet {
    noMore('getWeights', arguments, 0);
    this.checkAlive('getWeights');
    return readWeights(this.#network);
  }

  /** Replaces all parameters, or none where a name, a shape or a number is wrong. */
  setWeights(w: WeightSet): void {
    noMore('setWeights', arguments, 1);
    this.#checkIdle('setWeights');
    writeWeights('setWeights', this.#network, w);
  }

  /**
   * The model as a safetensors file, its description in the metadata: load it with loadModel, or the weights alone with any reader of
   * the format. With `optimizer` (false) also what the optimizer has gathered, so that a training goes on as if it had not stopped.
   * Same weights, same bytes.
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

  /** @internal What the callbacks of a saved run knew. */
  resume(states: readonly (CallbackState | undefined)[]): void {
    this.#states = states;
  }

  /** @internal For the next compile, which restores the run if it gives the same optimizer. */
  resumeWhenCompiled(training: TrainingDescription, restore: (trainer: Trainer) => void): void {
    this.#resumption = { training, restore };
  }

  /** @internal What the model is bound to, for loading and for simdense/diagnose. */
  get bound(): { network: Network; batch: Batch; trainer: Trainer | undefined } {
    return { network: this.#network, batch: this.#batch, trainer: this.#owned.trainer };
  }

  /** A table of the layers for people. */
  summary(): string {
    noMore('summary', arguments, 0);
    return summarize(this.name, this.inputs, this.layers, this.#network);
  }

  /**
   * A model of the same layers and compilation, on the same engine: with these weights, or with fresh ones of another seed. Its optimizer begins anew: to go on with
   * the optimizer's state load what save({ optimizer: true }) gives.
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
        copy.recompile({ optimizer: trainer.optimizer, loss: trainer.loss, metrics: trainer.metrics });
        const own = copy.bound.trainer as Trainer;
        own.units = trainer.units;
        // The same weights go on: what they have drawn they do not draw again.
        if (seed === undefined) [own.epochs, own.steps] = [trainer.epochs, trainer.steps];
      } else if (seed === undefined && this.#resumption) copy.#resumption = { training: this.#resumption.training };
      return copy;
    } catch (error) {
      copy.dispose();
      throw error;
    }
  }

  /** Gives the memory back, that of a training that is running when it ends; later use is a SimdenseError 'DISPOSED'. */
  dispose(): void {
    noMore('dispose', arguments, 0);
    if (this.#disposed) return;
    this.#checkWhole('dispose');
    this.#disposed = true;
    this.#owner.end();
    // A training that is running must not reach what others take meanwhile.
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

  /** Refuses what would change a batch half-way. */
  #checkWhole(method: string): void {
    if (this.#network.lent)
      throw new SimdenseError('BUSY', `${method}: not inside a loss or metric of the model that is being computed`);
  }

  /** Reading rows and options may have called the caller's own code: a getter, a Proxy, an iterator. */
  #checkSame(method: string, trainer: Trainer): void {
    this.#checkFree(method);
    this.#checkCompiled(method, trainer);
  }

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
