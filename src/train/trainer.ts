import { own } from '../base/checks.js';
import { largest } from '../base/extremes.js';
import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import { parameterFloats } from '../nn/layout.js';
import { type CustomLoss, computed, isCustom, type Loss, type LossKernel, lossKernel } from '../nn/losses.js';
import type { Metric } from '../nn/metrics/index.js';
import { type LayerRates, rateOf } from '../nn/network.js';
import { type Optimizer, optimizerKind } from '../nn/optimizers/index.js';
import type { Update } from '../nn/optimizers/optimizer.js';
import type { Goal } from '../nn/pairs.js';
import { INFERENCE } from '../nn/plan.js';
import { rateAt } from '../nn/schedules.js';
import type { TrainableNetwork } from '../nn/trainable-network.js';
import type { Batch } from './batch.js';

/** All layers learn at the same rate. */
export const NO_RATES: LayerRates = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ own({}));

/** Converts losses and metrics of scaled targets to the targets' own units. */
export interface Units {
  /** Converts scaled numbers, rows × outputs, row-major, to the targets' own units. */
  restored(scaled: Float32Array): Float32Array;
  /** The factor for a loss in scaled units. If the outputs have different units, it is the mean of their factors, which is used for penalties only. */
  factor(loss: Loss): number;
  /** Whether there is one output, so that the factor is exact. */
  readonly single: boolean;
  /** The mean loss of a batch in the targets' own units, from scaled predictions and targets; row-major. */
  lossOf(loss: Loss, predicted: Float32Array, targets: Float32Array, weights: Float32Array | undefined): number;
}

/** The optimizer, loss and metrics given to `compile`, bound to the network's memory. Makes updates, and measures the loss without one. */
export class Trainer {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  readonly layerRates: LayerRates;
  /** The fewest rows of a training batch. */
  readonly minimumRows: number;
  /** The requirements on targets. */
  readonly goal: Goal;
  /** Number of updates by this optimizer so far. */
  iteration = 0;
  /** The model's finished epochs, and batches trained on. Random draws depend on them, so compile keeps them. */
  epochs = 0;
  steps = 0;
  /** The learning rate that a callback has set for one run, instead of the optimizer's, and the factor on either. */
  ownRate: number | undefined;
  rateFactor = 1;
  /** Converts losses and metrics to the targets' own units; undefined if targets are not scaled. */
  units: Units | undefined;
  /** The sum of the penalties in the last loss, in scaled units. */
  penalized = 0;
  readonly #network: TrainableNetwork;
  readonly #batch: Batch;
  /** The kernel of the loss; undefined for a custom loss. */
  readonly #kernel: LossKernel | undefined;
  readonly #fused: boolean;
  readonly #penalties: readonly Penalty[];
  #moments: Address[] = [];
  /** One if all parameters learn at the same rate; undefined before memory for training is reserved. */
  #runs: readonly Run[] | undefined;

  constructor(
    network: TrainableNetwork,
    batch: Batch,
    optimizer: Optimizer,
    loss: Loss,
    metrics: readonly Metric[],
    goal: Goal,
    layerRates = NO_RATES,
  ) {
    this.optimizer = optimizer;
    this.loss = loss;
    this.metrics = metrics;
    this.goal = goal;
    this.layerRates = layerRates;
    this.minimumRows = largest(
      network.parameters.map((parameter) => (rateOf(parameter, layerRates) > 0 && parameter.plan.minimumRows) || 1),
      1,
    );
    this.#network = network;
    this.#batch = batch;
    this.#kernel = isCustom(loss) ? undefined : lossKernel(loss, network.fuses, goal.form.activation);
    this.#fused = this.#kernel?.fused ?? false;
    this.#penalties = network.parameters.flatMap((parameter) => {
      const { offset, shape, plan } = parameter;
      const { l1 = 0, l2 = 0 } = own(plan.regularizer);
      return rateOf(parameter, layerRates) > 0 && (l1 > 0 || l2 > 0)
        ? [{ offset: offset * 4, floats: parameterFloats(shape), l1, l2 }]
        : [];
    });
  }

  /** What compile was given, as a file holds it. */
  get compilation() {
    const { optimizer, loss, metrics, layerRates } = this;
    return { optimizer, loss, metrics, ...(layerRates !== NO_RATES && { layerRates }) };
  }

  /** The rate of the next update, without the factors of layers. */
  get learningRate(): number {
    return (this.ownRate ?? rateAt(this.optimizer.learningRate, this.iteration)) * this.rateFactor;
  }

  /** The blocks that the optimizer keeps, each as large as all trained parameters; empty before memory for training is reserved. */
  get moments(): readonly Address[] {
    return this.#moments;
  }

  /** Makes room for batches of up to `rows` rows; for training also for gradients and moments. */
  reserve(rows: number, training: boolean): void {
    this.#network.reserve(rows, training ? this.layerRates : undefined);
    this.#batch.reserve(rows);
    if (!training || this.#runs) return;
    const { engine, trainedFloats, values, gradients, parameters } = this.#network;
    const kind = optimizerKind(this.optimizer);
    const moments: Address[] = [];
    try {
      for (let i = kind.moments(this.optimizer); i > 0; i--) moments.push(engine.allocate(trainedFloats * 4));
    } catch (error) {
      for (const block of moments) engine.release(block);
      throw error;
    }
    this.#moments = moments;
    const runs: { offset: number; floats: number; factor: number }[] = [];
    for (const parameter of parameters) {
      const factor = rateOf(parameter, this.layerRates);
      const [last, offset, floats] = [runs.at(-1), parameter.offset * 4, parameterFloats(parameter.shape)];
      if (last?.factor === factor && last.offset + last.floats * 4 === offset) last.floats += floats;
      else if (factor > 0) runs.push({ offset, floats, factor });
    }
    this.#runs = runs.map(({ offset, floats, factor }) => {
      const [own, at] = [moments.map((block) => block + offset), gradients + offset];
      return {
        floats,
        gradients: at,
        factor,
        update: kind.bind(this.optimizer, engine, floats, values + offset, at, own),
      };
    });
  }

  /** The mean loss of the loaded batch, without penalties. The predictions stay in the network's output. */
  measure(rows: number): number {
    this.#network.forward(rows, this.#fused, INFERENCE);
    this.penalized = 0;
    return this.#loss(rows, 0);
  }

  /** The sum of the penalties on the parameters now, in the targets' own units. */
  penalty(): number {
    return this.#penalize(0) * (this.units?.factor(this.loss) ?? 1);
  }

  /**
   * Computes the loss of the loaded batch, penalties included, and its gradients; not the gradients if the loss is not finite. `counter` counts the
   * batches that the model has been trained on: the random draws of layers depend on it.
   */
  differentiate(rows: number, counter: number): number {
    const network = this.#network;
    network.forward(rows, this.#fused, counter);
    const loss = this.#loss(rows, network.outputGradient(this.#fused));
    if (!Number.isFinite(loss)) return loss;
    network.backward(rows, this.#fused);
    this.penalized = this.#penalties.length > 0 ? this.#penalize(network.gradients) : 0;
    return loss + this.penalized;
  }

  /**
   * Calls differentiate and makes one update, unless the loss is not finite. `wary` also checks the sum of the gradients' squares, which some optimizers
   * keep: if it is not finite, returns NaN and makes no update.
   */
  step(rows: number, wary = false): number {
    const loss = this.differentiate(rows, this.steps);
    if (!Number.isFinite(loss)) return loss;
    if (wary && !Number.isFinite(this.#squares())) return Number.NaN;
    this.#network.applyStatistics(rows);
    this.#clip();
    this.update();
    return loss;
  }

  /** The last part of a step: updates the parameters by the gradients. */
  update(): void {
    const rate = this.learningRate;
    this.iteration++;
    this.steps++;
    for (const { update, factor } of this.#runs as readonly Run[]) update(rate * factor, this.iteration);
  }

  /** Copies everything that training changes, so that it can be restored. */
  snapshot(): Snapshot {
    return new Snapshot(this, this.#network);
  }

  dispose(): void {
    for (const block of this.#moments) this.#network.engine.release(block);
    this.#moments = [];
    this.#runs = undefined;
  }

  #loss(rows: number, gradient: Address): number {
    if (!this.#kernel) return this.#customLoss(this.loss as CustomLoss, rows, gradient);
    const { engine, outputs, output } = this.#network;
    const { target, weights, rowLosses } = this.#batch;
    return engine.calls.loss(this.#kernel.kind, rows, outputs, output, target, weights, gradient, rowLosses) / rows;
  }

  #customLoss(loss: CustomLoss, rows: number, gradient: Address): number {
    const { outputs } = this.#network;
    const predicted = this.#batch.read(rows, this.#network.output);
    const slope = new Float32Array(rows * outputs);
    const target = this.#batch.read(rows, this.#batch.target);
    const weights = this.#batch.readWeights(rows);
    const given = this.#network.lend(() => loss.compute(target, predicted, slope, rows, outputs, weights));
    const value = computed(`the loss "${loss.name}"`, given);
    if (gradient) this.#batch.write(rows, slope, gradient);
    return value;
  }

  #penalize(gradients: Address): number {
    const { engine, values } = this.#network;
    let sum = 0;
    for (const { offset, floats, l1, l2 } of this.#penalties) {
      sum += engine.calls.penalty(floats, values + offset, gradients && gradients + offset, l1, l2);
    }
    return sum;
  }

  /** Clips each gradient value first, then the norm of all gradients together, as torch.nn.utils.clip_grad_norm_ does. */
  #clip(): void {
    const { clipNorm, clipValue } = own(this.optimizer);
    const { calls } = this.#network.engine;
    const runs = this.#runs as readonly Run[];
    if (clipValue !== undefined) for (const { floats, gradients } of runs) calls.clamp(floats, gradients, clipValue);
    if (clipNorm === undefined) return;
    const scale = clipNorm / (Math.sqrt(this.#squares()) + 1e-6);
    if (scale < 1) for (const { floats, gradients } of runs) calls.affine(floats, gradients, gradients, scale, 0);
  }

  /** The sum of the squares of all gradients. */
  #squares(): number {
    const { calls } = this.#network.engine;
    return (this.#runs as readonly Run[]).reduce(
      (sum, { floats, gradients }) => sum + calls.sumOfSquares(floats, gradients),
      0,
    );
  }
}

/** Neighbouring parameters that learn at the same rate. */
interface Run {
  readonly floats: number;
  /** Address of their gradients. */
  readonly gradients: Address;
  /** The factor on the learning rate. */
  readonly factor: number;
  readonly update: Update;
}

/** A penalty on one parameter, whose offset is in bytes. */
interface Penalty {
  readonly offset: number;
  readonly floats: number;
  readonly l1: number;
  readonly l2: number;
}

/** A copy of the parameters and the optimizer's state, in linear memory. */
export class Snapshot {
  readonly #trainer: Trainer;
  readonly #network: TrainableNetwork;
  /** Addresses and sizes in bytes of the blocks that are copied. */
  readonly #blocks: readonly { from: Address; bytes: number }[];
  /** Address of the copies, one after the other. */
  readonly #copies: Address;
  #counts: readonly [iteration: number, steps: number] = [0, 0];

  constructor(trainer: Trainer, network: TrainableNetwork) {
    const { values, valueFloats, trainedFloats } = network;
    this.#trainer = trainer;
    this.#network = network;
    const moments = trainer.moments.map((from) => ({ from, bytes: trainedFloats * 4 }));
    this.#blocks = [{ from: values, bytes: valueFloats * 4 }, ...moments];
    this.#copies = this.#engine.allocate(this.#blocks.reduce((sum, { bytes }) => sum + bytes, 0));
    this.#store();
  }

  /** Copies the current state. If a parameter or a moment is not finite, keeps the older copy and returns false. */
  take(): boolean {
    if (!this.#blocks.every(({ from, bytes }) => this.#engine.calls.allFinite(bytes / 4, from))) return false;
    this.#store();
    return true;
  }

  restore(): void {
    this.#copy(true);
    [this.#trainer.iteration, this.#trainer.steps] = this.#counts;
  }

  dispose(): void {
    this.#engine.release(this.#copies);
  }

  get #engine(): Engine {
    return this.#network.engine;
  }

  #store(): void {
    this.#copy(false);
    this.#counts = [this.#trainer.iteration, this.#trainer.steps];
  }

  /** Copies the blocks to the copies, or with `back` the copies to the blocks. */
  #copy(back: boolean): void {
    let copy = this.#copies;
    for (const { from, bytes } of this.#blocks) {
      const [source, to] = back ? [copy, from] : [from, copy];
      this.#engine.bytes.copyWithin(to, source, source + bytes);
      copy += bytes;
    }
  }
}
