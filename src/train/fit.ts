import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurns, Pacer } from '../base/pause.js';
import { toMatrix } from '../data/rows.js';
import { validationName } from '../nn/figures.js';
import { isCustom } from '../nn/losses.js';
import type { TrainableNetwork } from '../nn/trainable-network.js';
import type { Augmenter } from './augmenter.js';
import type { Batch } from './batch.js';
import type { CallbackState, TrainingEnd, TrainingOf } from './callbacks.js';
import { Feed, type Replaying } from './feed.js';
import { DivergedError, type History, type Logs } from './history.js';
import { Hooks } from './hooks.js';
import { measuring } from './measuring.js';
import { type Drawn, Meters } from './meters.js';
import { checkBatch, type FitPlan } from './plan-fit.js';
import { type Selection, selected } from './selection.js';
import { type BatchFunction, type BatchSource, isSource } from './stream.js';
import { toTargets } from './targets.js';
import type { Snapshot, Trainer } from './trainer.js';

/** The batch size of validation. */
const EVALUATION_BATCH = 256;

/** A run of so many batches loads replay.ts: what that saves is more than it takes. */
const MANY = 128;

/** The part of a model that a run uses. */
interface Trainable {
  /** Throws SimdenseError 'DISPOSED' if the model or its engine has been disposed. */
  checkAlive(method: string): void;
}

/** The model that a run trains, and its parts. */
export interface Workplace<Model extends Trainable> {
  readonly model: Model;
  readonly trainer: Trainer;
  readonly network: TrainableNetwork;
  readonly staging: Batch;
}

/** A training run, from its plan. */
export class Fit<Model extends Trainable> implements TrainingOf<Model> {
  readonly model: Model;
  readonly epochs: number;
  batches: number;
  epoch: number;
  batch = 0;
  logs: Logs = {};
  /** The states of the callbacks at the end; empty if the run failed or diverged. */
  left: readonly (CallbackState | undefined)[] = [];
  end: TrainingEnd | undefined;
  readonly #plan: FitPlan<Model>;
  readonly #trainer: Trainer;
  readonly #network: TrainableNetwork;
  readonly #staging: Batch;
  readonly #hooks: Hooks<Model>;
  readonly #pacer = new Pacer();
  /** Aborts with the caller's signal, and when the model is disposed of. */
  readonly #ending = new AbortController();
  readonly #history: Logs[] = [];
  #augmenter: Augmenter | undefined;
  /** Loaded by a fit that augments. */
  #Augmenter: typeof Augmenter | undefined;
  #validation: Selection | undefined;
  /** The largest batch for which memory is reserved, in rows. */
  #room = 0;
  /** The learning rate of the last update. */
  #rate = 0;
  /** The error for a loss, or parameters, that are not finite: a DivergedError, or SimdenseError 'DATA' if the data have been changed. */
  #diverged: unknown;
  #stopped: { epoch: number; reason: string } | undefined;

  constructor(plan: FitPlan<Model>, { model, trainer, network, staging }: Workplace<Model>) {
    this.model = model;
    this.epochs = plan.epochs;
    this.epoch = plan.initialEpoch;
    this.batches = plan.batches;
    this.#plan = plan;
    this.#validation = plan.validation;
    this.#trainer = trainer;
    this.#network = network;
    this.#staging = staging;
    this.#hooks = new Hooks(plan.callbacks, this, this.#ending.signal);
  }

  get iteration(): number {
    return this.#trainer.iteration;
  }

  get learningRate(): number {
    return this.#trainer.learningRate;
  }

  set learningRate(rate: number) {
    if (!(rate > 0 && rate < Number.POSITIVE_INFINITY)) refuse('learningRate', 'a positive number', rate);
    this.#trainer.ownRate = rate / this.#trainer.rateFactor;
  }

  get learningRateFactor(): number {
    return this.#trainer.rateFactor;
  }

  set learningRateFactor(factor: number) {
    if (!(factor > 0 && factor < Number.POSITIVE_INFINITY)) refuse('learningRateFactor', 'a positive number', factor);
    this.#trainer.rateFactor = factor;
  }

  stop(reason: string): void {
    if (this.end === undefined) this.#stopped ??= { epoch: this.epoch, reason };
  }

  /** Ends the run even while it waits for a callback or a stream. fit rejects with `reason`. */
  abandon(reason: unknown): void {
    this.#ending.abort(reason);
  }

  /** The states of the callbacks now. */
  states(): readonly (CallbackState | undefined)[] {
    return this.#hooks.states();
  }

  /** Trains. `states` are the states of the callbacks at the end of the run that this one continues. */
  async run(states: readonly (CallbackState | undefined)[]): Promise<History> {
    const { source, batchSize, mostRows, shuffle, augment, classWeight, signal } = this.#plan;
    signal?.throwIfAborted();
    const held: { dispose(): void }[] = [];
    const abort = (): void => this.abandon(signal?.reason);
    signal?.addEventListener('abort', abort);
    const forget = this.#network.engine.whenDisposed(() =>
      this.abandon(new SimdenseError('DISPOSED', 'fit: the engine has been disposed')),
    );
    try {
      if (classWeight !== undefined) {
        const { weighClasses } = await import('./class-weights.js');
        this.#check();
        const { y, weights } = source as Selection;
        weighClasses(classWeight, y, this.#trainer.goal, weights as Float32Array);
      }
      if (augment.length > 0) {
        this.#Augmenter = (await import('./augmenter.js')).Augmenter;
        this.#check();
      }
      const order = await this.#setAside();
      const validation = this.#validation;
      this.#reserve(Math.max(1, mostRows, validation ? Math.min(EVALUATION_BATCH, selected(validation)) : 0));
      const finished = this.#trainer.snapshot();
      held.push(finished);
      if (isSource(source)) return await this.#run(states, finished, (meters) => this.#streamEpoch(source, meters));
      const feed = new Feed(this.#network, this.#staging, order ? { ...source, order } : source, shuffle);
      held.push(feed);
      if (this.batches * (this.epochs - this.epoch) >= MANY) {
        const { replayOf } = await import('./replay.js');
        this.#check();
        feed.replay = replayOf(this.#plan, this.#trainer, this.#network, this.#staging, feed);
      }
      return await this.#run(states, finished, (meters) => this.#feedEpoch(feed, batchSize, meters));
    } finally {
      signal?.removeEventListener('abort', abort);
      forget();
      for (const block of held) block.dispose();
      this.#augmenter?.dispose();
      this.#trainer.ownRate = undefined;
      this.#trainer.rateFactor = 1;
    }
  }

  /** With validationSplit, draws the validation rows and returns the indices of the training rows. In slices, since many rows take long. */
  async #setAside(): Promise<Int32Array | undefined> {
    const { source, split, seed } = this.#plan;
    if (!split) return undefined;
    const { setAside } = await import('../data/set-aside.js');
    const { x } = source as Selection;
    const drawing = setAside(x.rows, split.share, seed, split.classes);
    const { train, test } = await inTurns(drawing, this.#pacer, () => this.#pause());
    this.#check();
    this.#validation = { ...(source as Selection), order: test, weights: undefined };
    return train;
  }

  /** Makes room for batches of up to `rows` rows. */
  #reserve(rows: number): void {
    if (rows <= this.#room) return;
    const { augment, seed } = this.#plan;
    this.#trainer.reserve(rows, true);
    this.#augmenter?.dispose();
    this.#augmenter = undefined;
    if (this.#Augmenter) this.#augmenter = new this.#Augmenter(this.#network, this.#staging, augment, seed, rows);
    this.#room = rows;
  }

  /** Runs all epochs between onTrainBegin and onTrainEnd, which is also called if they throw. */
  async #run(
    states: readonly (CallbackState | undefined)[],
    finished: Snapshot,
    epoch: (meters: Meters) => Promise<void>,
  ): Promise<History> {
    try {
      await this.#hooks.begin(states);
      this.#check();
      await this.#epochs(finished, epoch);
      this.end = this.#stopped ? 'stopped' : 'finished';
    } catch (error) {
      const { signal } = this.#plan;
      this.end = this.#isDivergence(error) ? 'diverged' : signal?.aborted ? 'aborted' : 'failed';
      // Report the error that ended the run, not one of onTrainEnd.
      await this.#hooks.end(this.end).catch(() => {});
      if (this.end === 'aborted') this.left = this.#hooks.states();
      throw error;
    }
    try {
      await this.#hooks.end(this.end);
    } finally {
      this.left = this.#hooks.states();
    }
    return this.#result();
  }

  async #epochs(finished: Snapshot, train: (meters: Meters) => Promise<void>): Promise<void> {
    const { epochs } = this.#plan;
    const validation = this.#validation;
    for (; this.epoch < epochs && !this.#stopped; this.epoch++) {
      await this.#hooks.call('onEpochBegin');
      this.#check();
      if (this.#stopped) break;
      const meters = new Meters(this.#trainer, this.#network, this.#staging);
      try {
        await train(meters);
        if (!finished.take()) this.#diverge("parameters or the optimizer's moments became infinite or NaN");
      } catch (error) {
        if (this.#isDivergence(error)) finished.restore();
        throw error;
      }
      this.#trainer.epochs = this.epoch + 1;
      const figures = await inTurns(meters.logs(), this.#pacer, () => this.#pause());
      const logs: Record<string, number> = { ...figures, learningRate: this.#rate };
      if (validation) {
        for (const [name, value] of Object.entries(await this.#validate(validation)))
          logs[validationName(name)] = value;
      }
      this.logs = Object.freeze(logs);
      this.#history.push(this.logs);
      await this.#hooks.call('onEpochEnd');
      this.#check();
      if (this.#pacer.due) await this.#pause();
    }
  }

  async #validate(validation: Selection): Promise<Logs> {
    const batchSize = Math.min(EVALUATION_BATCH, this.#room);
    const work = measuring(this.#trainer, this.#network, this.#staging, validation, batchSize);
    const figures = await inTurns(work, this.#pacer, () => this.#pause());
    if (!Number.isFinite(figures['loss'])) this.#diverge(`validation loss became ${figures['loss']}`);
    return figures;
  }

  /** One epoch over a data set. */
  async #feedEpoch(feed: Feed, batchSize: number, meters: Meters): Promise<void> {
    const { shuffle, seed } = this.#plan;
    if (shuffle) feed.shuffle(seed, this.epoch);
    for (this.batch = 0; this.batch < this.batches && !this.#stopped; ) {
      const from = this.batch * batchSize;
      const left = this.batches - 1 - this.batch;
      const count = left ? batchSize : feed.rows - from;
      const { replay } = feed;
      const done = replay?.train(from, count, left || 1, meters);
      if (done) {
        ({ rate: this.#rate, logs: this.logs } = replay as Replaying);
        this.batch += done;
      } else {
        feed.load(from, count);
        const waits = this.#step(count, feed, from, meters);
        if (waits) await this.#waited(waits);
        this.batch++;
      }
      if (this.#pacer.due || this.#plan.signal?.aborted) await this.#pause();
    }
  }

  /** One epoch over a stream. */
  async #streamEpoch(source: BatchSource | BatchFunction, meters: Meters): Promise<void> {
    const { inputs, outputs } = this.#network;
    const { batchesOf } = await import('./streaming.js');
    this.batch = 0;
    for await (const [rows, targets] of batchesOf(source, this.#ending.signal, refuse)) {
      this.model.checkAlive('fit');
      const x = toMatrix('fit: x', rows, inputs, 'the model takes');
      if (x.rows > 0) {
        const y = toTargets('fit: y', targets, x.rows, outputs, this.#trainer.goal);
        checkBatch('fit(stream)', this.#trainer, x.rows);
        this.#reserve(x.rows);
        this.#staging.loadRows(x, undefined, 0, x.rows);
        this.#staging.loadTargets(y, undefined, 0, x.rows);
        this.#staging.loadWeights(undefined, undefined, 0, 0);
        const waits = this.#step(x.rows, { y, order: undefined }, 0, meters);
        if (waits) await this.#waited(waits);
        this.batch++;
      }
      // Pause after empty batches too: a source may yield them without end, and the run must still notice an abort.
      if (this.#pacer.due || this.#plan.signal?.aborted) await this.#pause();
      if (this.#stopped) break;
    }
    if (this.batch === 0) {
      const hint =
        this.epoch > 0 ? '. If it can be read only once, pass a function that opens it anew for each epoch' : '';
      throw new SimdenseError('DATA', `fit: the stream gave no rows in epoch ${this.epoch + 1}${hint}`);
    }
    this.batches = this.batch;
  }

  /** Makes one update on the loaded batch. Throws DivergedError if its loss is not finite. Returns a promise if a callback returns one. */
  #step(rows: number, drawn: Drawn, from: number, meters: Meters): Promise<void> | undefined {
    const trainer = this.#trainer;
    this.#augmenter?.apply(rows, trainer.steps);
    this.#rate = this.learningRate;
    const loss = trainer.step(rows);
    if (!Number.isFinite(loss)) this.#diverge(`loss became ${loss}`, `, batch ${this.batch + 1}`);
    const shown = meters.add(loss, drawn, from, rows);
    this.logs = { loss: shown };
    const waits = this.#hooks.call('onBatchEnd');
    // A callback, a custom loss or a custom metric may have disposed of the model.
    this.model.checkAlive('fit');
    return waits;
  }

  async #waited(waits: Promise<void>): Promise<void> {
    await waits;
    this.#check();
  }

  /** Lets the event loop turn. Throws if the model was disposed or the run aborted meanwhile. */
  async #pause(): Promise<void> {
    this.#network.engine.tuner.slice();
    await this.#pacer.pause();
    this.#check();
  }

  /** Throws if the run has been aborted or the model disposed. Call it after other code has run, such as a callback. */
  #check(): void {
    this.#plan.signal?.throwIfAborted();
    this.model.checkAlive('fit');
  }

  /** `batch` ends the message's place; '' after the epoch's last batch. */
  #diverge(what: string, batch = ''): never {
    try {
      this.#checkData();
      const custom = isCustom(this.#trainer.loss);
      const last = batch ? this.batch : this.batches - 1;
      const words = `fit: the ${what} in epoch ${this.epoch + 1}${batch}`;
      this.#diverged = new DivergedError(words, this.epoch, last, this.#rate, this.#result(), custom);
    } catch (error) {
      this.#diverged = error;
    }
    throw this.#diverged;
  }

  /** Throws SimdenseError 'DATA' if rows or targets are no longer finite: they were when fit was called, so the caller has changed them. */
  #checkData(): void {
    const { source } = this.#plan;
    for (const set of [isSource(source) ? undefined : source, this.#validation]) {
      for (const [name, numbers] of Object.entries({ x: set?.x, y: set?.y.numbers }))
        if (numbers) toMatrix(`fit: ${name} has been changed while the model trains: it`, numbers, numbers.columns, '');
    }
  }

  /** Whether an error is this run's divergence, and not one that a callback has thrown, which may be any value, even undefined. */
  #isDivergence(error: unknown): boolean {
    return this.#diverged !== undefined && error === this.#diverged;
  }

  #result(): History {
    return { epochs: this.#history, ...(this.#stopped ? { stopped: this.#stopped } : {}) };
  }
}
