import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import { parameterFloats } from '../nn/layout.js';
import { type CustomLoss, computed, isCustom, type Loss, type LossKernel, lossKernel } from '../nn/losses.js';
import type { Metric } from '../nn/metrics/index.js';
import type { Network } from '../nn/network.js';
import { type Optimizer, optimizerKind } from '../nn/optimizers/index.js';
import type { Update } from '../nn/optimizers/optimizer.js';
import type { Goal } from '../nn/pairs.js';
import { INFERENCE } from '../nn/plan.js';
import { rateAt } from '../nn/schedules.js';
import type { Batch } from './batch.js';

/** The units in which losses and metrics of scaled targets are told. */
export interface Units {
  /** Rows × outputs, row-major, in the targets' own units. */
  restored(scaled: Float32Array): Float32Array;
  /** What a loss is multiplied by; with several outputs, of which each has its own unit, the mean, which is right for penalties. */
  factor(loss: Loss): number;
  /** Whether every output has the same unit, so that the factor is exact. */
  readonly single: boolean;
  /** The mean loss of a batch in the targets' own units, from scaled predictions and targets; row-major. */
  lossOf(loss: Loss, predicted: Float32Array, targets: Float32Array, weights: Float32Array | undefined): number;
}

/** The optimizer, loss and metrics given to `compile`, bound to the network's memory: one step of training, and its loss without one. */
export class Trainer {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  /** What targets must be. */
  readonly goal: Goal;
  /** Updates so far by this optimizer. */
  iteration = 0;
  /** Finished epochs, and batches learnt from, of the model: what is drawn follows from them. compile keeps them. */
  epochs = 0;
  steps = 0;
  /** A rate set by hand for one run, in place of the optimizer's, and what multiplies either. */
  ownRate: number | undefined;
  rateFactor = 1;
  /** Where the targets are scaled, the way back to the units of losses and metrics. */
  units: Units | undefined;
  /** The penalties that the last loss includes. */
  penalized = 0;
  readonly #network: Network;
  readonly #batch: Batch;
  /** undefined for a custom loss. */
  readonly #kernel: LossKernel | undefined;
  readonly #fused: boolean;
  readonly #penalties: readonly Penalty[];
  #moments: Address[] = [];
  #update: Update | undefined;

  constructor(
    network: Network,
    batch: Batch,
    optimizer: Optimizer,
    loss: Loss,
    metrics: readonly Metric[],
    goal: Goal,
  ) {
    this.optimizer = optimizer;
    this.loss = loss;
    this.metrics = metrics;
    this.goal = goal;
    this.#network = network;
    this.#batch = batch;
    this.#kernel = isCustom(loss) ? undefined : lossKernel(loss, network.fuses);
    this.#fused = this.#kernel?.fused ?? false;
    this.#penalties = network.parameters.flatMap(({ offset, shape, plan: { regularizer } }) => {
      const { l1 = 0, l2 = 0 } = regularizer ?? {};
      return l1 > 0 || l2 > 0 ? [{ offset: offset * 4, floats: parameterFloats(shape), l1, l2 }] : [];
    });
  }

  /** The rate of the next update. */
  get learningRate(): number {
    return (this.ownRate ?? rateAt(this.optimizer.learningRate, this.iteration)) * this.rateFactor;
  }

  /** Blocks of the trained parameters' size that the optimizer keeps, where training has begun. */
  get moments(): readonly Address[] {
    return this.#moments;
  }

  /** Room for batches of up to `rows` rows, with gradients and moments where they are to be trained on. */
  reserve(rows: number, training: boolean): void {
    this.#network.reserve(rows, training);
    this.#batch.reserve(rows);
    if (!training || this.#update) return;
    const { engine, trainedFloats, values, gradients } = this.#network;
    const kind = optimizerKind(this.optimizer);
    const moments: Address[] = [];
    try {
      for (let i = kind.moments(this.optimizer); i > 0; i--) moments.push(engine.allocate(trainedFloats * 4));
    } catch (error) {
      for (const block of moments) engine.release(block);
      throw error;
    }
    this.#moments = moments;
    this.#update = kind.bind(this.optimizer, engine, trainedFloats, values, gradients, moments);
  }

  /** Mean loss of the batch that is loaded, without penalties; the predictions stay in the network's output. */
  measure(rows: number): number {
    this.#network.forward(rows, this.#fused, INFERENCE);
    this.penalized = 0;
    return this.#loss(rows, 0);
  }

  /** The penalties on the parameters as they are, in the units of the losses that are told. */
  penalty(): number {
    return this.#penalize(0) * (this.units?.factor(this.loss) ?? 1);
  }

  /**
   * The loss of the batch that is loaded, penalties included, and its gradients; none where it is not finite. `counter` counts a training's batches:
   * what layers draw follows from it.
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

  /** The same, and one update; none where the loss is not finite, or, with `wary`, the derivatives' squares, which some rules keep: then NaN. */
  step(rows: number, wary = false): number {
    const loss = this.differentiate(rows, this.steps);
    if (!Number.isFinite(loss)) return loss;
    const { engine, trainedFloats, gradients } = this.#network;
    if (wary && !Number.isFinite(engine.calls.sumOfSquares(trainedFloats, gradients))) return Number.NaN;
    this.#network.applyStatistics(rows);
    this.#clip();
    const rate = this.learningRate;
    this.iteration++;
    this.steps++;
    (this.#update as Update)(rate, this.iteration);
    return loss;
  }

  /** Copies of all that training changes, and the way back to them. */
  snapshot(): Snapshot {
    return new Snapshot(this, this.#network);
  }

  dispose(): void {
    for (const block of this.#moments) this.#network.engine.release(block);
    this.#moments = [];
    this.#update = undefined;
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

  /** Values first, then the norm of all together, as torch.nn.utils.clip_grad_norm_ does it. */
  #clip(): void {
    const { clipNorm, clipValue } = this.optimizer;
    const { engine, trainedFloats, gradients } = this.#network;
    if (clipValue !== undefined) engine.calls.clamp(trainedFloats, gradients, clipValue);
    if (clipNorm === undefined) return;
    const scale = clipNorm / (Math.sqrt(engine.calls.sumOfSquares(trainedFloats, gradients)) + 1e-6);
    if (scale < 1) engine.calls.affine(trainedFloats, gradients, gradients, scale, 0);
  }
}

/** A penalty on one parameter, by its place in bytes. */
interface Penalty {
  readonly offset: number;
  readonly floats: number;
  readonly l1: number;
  readonly l2: number;
}

/** A copy of parameters and optimizer state, beside them in linear memory. */
export class Snapshot {
  readonly #trainer: Trainer;
  readonly #network: Network;
  /** Addresses and sizes in bytes, of what is copied and, one after the other, of the copies. */
  readonly #blocks: readonly { from: Address; bytes: number }[];
  readonly #copies: Address;
  #iteration = 0;
  #steps = 0;

  constructor(trainer: Trainer, network: Network) {
    const { values, valueFloats, trainedFloats } = network;
    this.#trainer = trainer;
    this.#network = network;
    const moments = trainer.moments.map((from) => ({ from, bytes: trainedFloats * 4 }));
    this.#blocks = [{ from: values, bytes: valueFloats * 4 }, ...moments];
    this.#copies = this.#engine.allocate(this.#blocks.reduce((sum, { bytes }) => sum + bytes, 0));
    this.#store();
  }

  /** Copies what is there now; false, and keeps the older copy, where a parameter or what the optimizer has gathered is not finite. */
  take(): boolean {
    if (!this.#blocks.every(({ from, bytes }) => this.#engine.calls.allFinite(bytes / 4, from))) return false;
    this.#store();
    return true;
  }

  restore(): void {
    this.#each((from, copy, bytes) => this.#engine.bytes.copyWithin(from, copy, copy + bytes));
    this.#trainer.iteration = this.#iteration;
    this.#trainer.steps = this.#steps;
  }

  dispose(): void {
    this.#engine.release(this.#copies);
  }

  get #engine(): Engine {
    return this.#network.engine;
  }

  #store(): void {
    this.#each((from, copy, bytes) => this.#engine.bytes.copyWithin(copy, from, from + bytes));
    this.#iteration = this.#trainer.iteration;
    this.#steps = this.#trainer.steps;
  }

  #each(visit: (from: Address, copy: Address, bytes: number) => void): void {
    let copy = this.#copies;
    for (const { from, bytes } of this.#blocks) {
      visit(from, copy, bytes);
      copy += bytes;
    }
  }
}
