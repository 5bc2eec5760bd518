import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type Rows, type Targets, toMatrix } from '../data/rows.js';
import type { Network } from '../nn/network.js';
import { Augmenter } from './augmenter.js';
import type { Batch } from './batch.js';
import type { Training } from './callbacks.js';
import { type Drawn, evaluate, Meters, selected } from './evaluate.js';
import { Feed } from './feed.js';
import { DivergedError, type History, type Logs } from './history.js';
import { Pacer } from './pause.js';
import { type BatchSource, checkBatch, type FitPlan, isStream } from './plan-fit.js';
import type { Sequential } from './sequential.js';
import { toTargets } from './targets.js';
import type { Snapshot, Trainer } from './trainer.js';
import { untilAborted } from './until-aborted.js';

/** Rows in a batch of validation. */
const EVALUATION_BATCH = 256;

/** Runs a planned training. */
export class Fit implements Training {
  readonly model: Sequential;
  readonly epochs: number;
  batches: number;
  epoch: number;
  batch = 0;
  logs: Logs = {};
  readonly #plan: FitPlan;
  readonly #trainer: Trainer;
  readonly #network: Network;
  readonly #staging: Batch;
  readonly #seed: number;
  readonly #pacer = new Pacer();
  readonly #history: Logs[] = [];
  #augmenter: Augmenter | undefined;
  #room = 0;
  #rate = 0;
  #diverged: DivergedError | undefined;
  #stopped: { epoch: number; reason: string } | undefined;

  constructor(model: Sequential, plan: FitPlan, trainer: Trainer, network: Network, staging: Batch, seed: number) {
    const { source, batchSize } = plan;
    this.model = model;
    this.epochs = plan.epochs;
    this.epoch = plan.initialEpoch;
    this.batches = isStream(source) ? (source.batches ?? 0) : Math.ceil(selected(source) / batchSize);
    this.#plan = plan;
    this.#trainer = trainer;
    this.#network = network;
    this.#staging = staging;
    this.#seed = seed;
  }

  get iteration(): number {
    return this.#trainer.iteration;
  }

  get learningRate(): number {
    return this.#trainer.learningRate;
  }

  set learningRate(rate: number) {
    if (!(rate > 0 && rate < Number.POSITIVE_INFINITY)) refuse('learningRate', 'a positive number', rate);
    this.#trainer.ownRate = rate;
  }

  stop(reason: string): void {
    this.#stopped ??= { epoch: this.epoch, reason };
  }

  async run(): Promise<History> {
    const { source, batchSize, shuffle, validation, signal } = this.#plan;
    signal?.throwIfAborted();
    const held: { dispose(): void }[] = [];
    try {
      this.#reserve(Math.max(1, batchSize, validation ? Math.min(EVALUATION_BATCH, selected(validation)) : 0));
      const finished = this.#trainer.snapshot();
      held.push(finished);
      if (isStream(source)) return await this.#run(finished, (meters) => this.#streamEpoch(source, meters));
      const feed = new Feed(this.#network, this.#staging, source, shuffle);
      held.push(feed);
      return await this.#run(finished, (meters) => this.#feedEpoch(feed, meters));
    } finally {
      for (const block of held) block.dispose();
      this.#augmenter?.dispose();
    }
  }

  /** Room for batches of up to `rows` rows. */
  #reserve(rows: number): void {
    if (rows <= this.#room) return;
    const { augment } = this.#plan;
    this.#trainer.reserve(rows, true);
    this.#augmenter?.dispose();
    this.#augmenter = undefined;
    if (augment.length > 0) this.#augmenter = new Augmenter(this.#network, this.#staging, augment, this.#seed, rows);
    this.#room = rows;
  }

  async #run(finished: Snapshot, epoch: (meters: Meters) => Promise<void>): Promise<History> {
    const { callbacks, epochs, validation } = this.#plan;
    for (const callback of callbacks) callback.onTrainBegin?.(this);
    this.model.checkAlive('fit');
    for (; this.epoch < epochs && !this.#stopped; this.epoch++) {
      for (const callback of callbacks) callback.onEpochBegin?.(this);
      this.model.checkAlive('fit');
      if (this.#stopped) break;
      const meters = new Meters(this.#trainer, this.#network, this.#staging);
      try {
        await epoch(meters);
        if (!finished.take()) this.#diverge(Number.NaN);
      } catch (error) {
        if (error === this.#diverged) finished.restore();
        throw error;
      }
      const logs: Record<string, number> = { ...meters.logs(), learningRate: this.#rate };
      if (validation) {
        const figures = evaluate(
          this.#trainer,
          this.#network,
          this.#staging,
          validation,
          Math.min(EVALUATION_BATCH, this.#room),
        );
        if (!Number.isFinite(figures['loss'])) this.#diverge(figures['loss'] as number);
        for (const [name, value] of Object.entries(figures))
          logs[`val${name[0]?.toUpperCase()}${name.slice(1)}`] = value;
      }
      this.logs = Object.freeze(logs);
      this.#history.push(this.logs);
      for (const callback of callbacks) await callback.onEpochEnd?.(this);
      this.model.checkAlive('fit');
      if (this.#pacer.due) await this.#pause();
    }
    for (const callback of callbacks) await callback.onTrainEnd?.(this);
    return this.#result();
  }

  /** Batches of a set. */
  async #feedEpoch(feed: Feed, meters: Meters): Promise<void> {
    const { batchSize, shuffle } = this.#plan;
    if (shuffle) feed.shuffle(this.#seed, this.epoch);
    for (this.batch = 0; this.batch < this.batches && !this.#stopped; this.batch++) {
      const from = this.batch * batchSize;
      const count = Math.min(batchSize, feed.rows - from);
      feed.load(from, count);
      this.#step(count, feed, from, meters, this.epoch * this.batches + this.batch);
      if (this.#pacer.due || this.#plan.signal?.aborted) await this.#pause();
    }
  }

  /** Batches of a stream, each checked as it comes. */
  async #streamEpoch(source: BatchSource, meters: Meters): Promise<void> {
    const { inputs, outputs } = this.#network;
    this.batch = 0;
    for await (const pair of untilAborted(source, this.#plan.signal)) {
      this.model.checkAlive('fit');
      if (!Array.isArray(pair)) refuse('fit(stream)', 'batches as [x, y]', pair);
      const [rows, targets] = pair as readonly [Rows, Targets];
      const x = toMatrix('fit: x', rows, inputs, 'the model takes');
      if (x.rows === 0) continue;
      const y = toTargets('fit: y', targets, x.rows, outputs, this.#trainer.goal);
      checkBatch('fit(stream)', this.#network, x.rows);
      this.#reserve(x.rows);
      this.#staging.loadRows(x, undefined, 0, x.rows);
      this.#staging.loadTargets(y, undefined, 0, x.rows);
      this.#staging.loadWeights(undefined, undefined, 0, 0);
      this.#step(x.rows, { y, order: undefined }, 0, meters, this.iteration);
      this.batch++;
      if (this.#pacer.due || this.#plan.signal?.aborted) await this.#pause();
      if (this.#stopped) break;
    }
    if (this.batch === 0) throw new SimdenseError('DATA', `fit: the stream gave no rows in epoch ${this.epoch + 1}`);
    this.batches = this.batch;
  }

  /** One update on the batch that is loaded; throws DivergedError where there is none. `counter` tells the batches of the training apart. */
  #step(rows: number, drawn: Drawn, from: number, meters: Meters, counter: number): void {
    this.#augmenter?.apply(rows, counter);
    this.#rate = this.learningRate;
    const loss = this.#trainer.step(rows, counter);
    if (!Number.isFinite(loss)) this.#diverge(loss);
    meters.add(loss, drawn, from, rows);
    const { callbacks } = this.#plan;
    if (callbacks.length > 0) {
      this.logs = { loss };
      for (const callback of callbacks) callback.onBatchEnd?.(this);
    }
    // Callbacks, losses and metrics are the caller's, who may have disposed of anything.
    this.model.checkAlive('fit');
  }

  /** Lets the event loop turn; the model may be disposed or the training aborted meanwhile. */
  async #pause(): Promise<void> {
    this.#network.engine.tuner.slice();
    await this.#pacer.pause();
    this.#plan.signal?.throwIfAborted();
    this.model.checkAlive('fit');
  }

  #diverge(loss: number): never {
    this.#diverged = new DivergedError(loss, this.epoch, this.batch, this.#rate, this.#result());
    throw this.#diverged;
  }

  #result(): History {
    return { epochs: this.#history, ...(this.#stopped ? { stopped: this.#stopped } : {}) };
  }
}
