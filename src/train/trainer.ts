import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import { type Loss, type LossKernel, lossKernel } from '../nn/losses.js';
import type { Metric } from '../nn/metrics.js';
import type { Network } from '../nn/network.js';
import { type Optimizer, optimizerKind } from '../nn/optimizers/index.js';
import type { Update } from '../nn/optimizers/optimizer.js';
import type { Batch } from './batch.js';

/** What `compile` has settled, bound to the network's memory: one step of training, and its loss without one. */
export class Trainer {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  /** Updates so far. */
  iteration = 0;
  learningRate: number;
  readonly #network: Network;
  readonly #batch: Batch;
  readonly #kernel: LossKernel;
  #moments: Address[] = [];
  #update: Update | undefined;

  constructor(network: Network, batch: Batch, optimizer: Optimizer, loss: Loss, metrics: readonly Metric[]) {
    this.optimizer = optimizer;
    this.loss = loss;
    this.metrics = metrics;
    this.learningRate = optimizer.learningRate;
    this.#network = network;
    this.#batch = batch;
    this.#kernel = lossKernel(loss, network.fuses);
  }

  /** Room for batches of up to `rows` rows, with gradients and moments where they are to be trained on. */
  reserve(rows: number, training: boolean): void {
    this.#network.reserve(rows, training);
    this.#batch.reserve(rows);
    if (!training || this.#update) return;
    const { engine, parameterFloats, values, gradients } = this.#network;
    const kind = optimizerKind(this.optimizer);
    const moments: Address[] = [];
    try {
      for (let i = kind.moments(this.optimizer); i > 0; i--) moments.push(engine.allocate(parameterFloats * 4));
    } catch (error) {
      for (const block of moments) engine.release(block);
      throw error;
    }
    this.#moments = moments;
    this.#update = kind.bind(this.optimizer, engine, parameterFloats, values, gradients, moments);
  }

  /** Mean loss of the batch that is loaded; the predictions stay in the network's output. */
  measure(rows: number): number {
    this.#network.forward(rows, this.#kernel.fused);
    return this.#loss(rows, 0);
  }

  /** One update on the batch that is loaded, and its mean loss before it; none where that is not finite. */
  step(rows: number): number {
    const network = this.#network;
    const { fused } = this.#kernel;
    network.forward(rows, fused);
    const loss = this.#loss(rows, network.outputGradient(fused));
    if (!Number.isFinite(loss)) return loss;
    network.backward(rows, fused);
    this.iteration++;
    (this.#update as Update)(this.learningRate, this.iteration);
    return loss;
  }

  /** Copies of all that training changes, and the way back to them. */
  snapshot(): Snapshot {
    return new Snapshot(this, this.#network, this.#moments);
  }

  dispose(): void {
    for (const block of this.#moments) this.#network.engine.release(block);
    this.#moments = [];
    this.#update = undefined;
  }

  #loss(rows: number, gradient: Address): number {
    const { engine, outputs, output } = this.#network;
    const { target, rowLosses } = this.#batch;
    return engine.calls.loss(this.#kernel.kind, rows, outputs, output, target, 0, gradient, rowLosses) / rows;
  }
}

/** A copy of parameters and optimizer state, beside them in linear memory. */
export class Snapshot {
  readonly #trainer: Trainer;
  readonly #engine: Engine;
  readonly #values: Address;
  readonly #blocks: readonly Address[];
  readonly #bytes: number;
  readonly #copies: Address;
  #iteration = 0;

  constructor(trainer: Trainer, network: Network, moments: readonly Address[]) {
    this.#trainer = trainer;
    this.#engine = network.engine;
    this.#values = network.values;
    this.#blocks = [network.values, ...moments];
    this.#bytes = network.parameterFloats * 4;
    this.#copies = this.#engine.allocate(this.#bytes * this.#blocks.length);
    this.#store();
  }

  /** Copies what is there now; false, and keeps the older copy, where a parameter is not finite. */
  take(): boolean {
    if (!this.#engine.calls.allFinite(this.#bytes / 4, this.#values)) return false;
    this.#store();
    return true;
  }

  restore(): void {
    for (const [i, block] of this.#blocks.entries()) this.#copy(this.#copies + i * this.#bytes, block);
    this.#trainer.iteration = this.#iteration;
  }

  dispose(): void {
    this.#engine.release(this.#copies);
  }

  #store(): void {
    for (const [i, block] of this.#blocks.entries()) this.#copy(block, this.#copies + i * this.#bytes);
    this.#iteration = this.#trainer.iteration;
  }

  #copy(from: Address, to: Address): void {
    this.#engine.bytes.copyWithin(to, from, from + this.#bytes);
  }
}
