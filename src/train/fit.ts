import { boolean, options, positiveInteger, refuse, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type Rows, type Targets, toMatrix } from '../data/matrix.js';
import { holdOut } from '../data/splits.js';
import type { Network } from '../nn/network.js';
import type { Batch } from './batch.js';
import type { Callback, Training } from './callbacks.js';
import { evaluate, Meters, type Selection, selected } from './evaluate.js';
import { Feed } from './feed.js';
import { DivergedError, type History, type Logs } from './history.js';
import { Pacer } from './pause.js';
import type { Sequential } from './sequential.js';
import { toTargets } from './targets.js';
import type { Snapshot, Trainer } from './trainer.js';

export interface FitOptions {
  /** Passes over the data; 1. */
  epochs?: number;
  /** Rows an update; 32. 1 is stochastic, 'full' is full-batch gradient descent. The last batch may be shorter. */
  batchSize?: number | 'full';
  /** Draws a new order of the rows each epoch, from the model's seed and the epoch's number; true. */
  shuffle?: boolean;
  /** Rows and targets that are evaluated after each epoch. */
  validationData?: readonly [Rows, Targets];
  /** Share of the rows that is set aside for validation, drawn by the model's seed, each class by its share. */
  validationSplit?: number;
  callbacks?: readonly Callback[];
  /** Ends the training between two batches: fit rejects with its reason, the model stays usable. */
  signal?: AbortSignal;
  /** Number of the first epoch, where an earlier training goes on; 0. */
  initialEpoch?: number;
}

/** Rows in a batch of validation. */
const EVALUATION_BATCH = 256;

/** A training that has been checked and may begin. */
export interface FitPlan {
  readonly train: Selection;
  readonly validation: Selection | undefined;
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly callbacks: readonly Callback[];
  readonly signal: AbortSignal | undefined;
}

const known = [
  'epochs',
  'batchSize',
  'shuffle',
  'validationData',
  'validationSplit',
  'callbacks',
  'signal',
  'initialEpoch',
] as const;

/** Checks everything that fit is given, before anything is touched. */
export function planFit(
  trainer: Trainer,
  network: Network,
  seed: number,
  x: Rows,
  y: Targets,
  o?: FitOptions,
): FitPlan {
  const given = options('fit', o, known);
  const { inputs, outputs } = network;
  const matrix = toMatrix('fit: x', x, inputs, 'the model takes');
  if (matrix.rows === 0) throw new SimdenseError('DATA', 'fit: x has no rows');
  const all: Selection = { x: matrix, y: toTargets('fit: y', y, matrix.rows, outputs, trainer.loss), order: undefined };
  if (given.validationData !== undefined && given.validationSplit !== undefined) {
    throw new SimdenseError('ARGUMENT', 'fit: give validationData or validationSplit, not both');
  }
  let train = all;
  let validation: Selection | undefined;
  if (given.validationSplit !== undefined) [train, validation] = splitOff(all, given.validationSplit, seed);
  if (given.validationData !== undefined) {
    if (!Array.isArray(given.validationData) || given.validationData.length !== 2) {
      refuse('fit(validationData)', '[x, y]', given.validationData);
    }
    const [vx, vy] = given.validationData;
    const rows = toMatrix('fit: validation x', vx, inputs, 'the model takes');
    if (rows.rows === 0) throw new SimdenseError('DATA', 'fit: validation x has no rows');
    validation = { x: rows, y: toTargets('fit: validation y', vy, rows.rows, outputs, trainer.loss), order: undefined };
  }
  const { signal, callbacks = [] } = given;
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse('fit(signal)', 'an AbortSignal', signal);
  if (!Array.isArray(callbacks)) refuse('fit(callbacks)', 'an array of callbacks', callbacks);
  const count = selected(train);
  const batchSize = given.batchSize ?? 32;
  return {
    train,
    validation,
    epochs: positiveInteger('fit(epochs)', given.epochs ?? 1),
    initialEpoch: wholeNumber('fit(initialEpoch)', given.initialEpoch ?? 0),
    batchSize:
      batchSize === 'full' ? count : Math.min(count, positiveInteger("fit(batchSize), if not 'full'", batchSize)),
    shuffle: boolean('fit(shuffle)', given.shuffle ?? true),
    callbacks,
    signal,
  };
}

function splitOff(all: Selection, share: number, seed: number): [Selection, Selection] {
  if (typeof share !== 'number' || !(share > 0 && share < 1))
    refuse('fit(validationSplit)', 'a share between 0 and 1', share);
  const stratify = all.y.classes ? { stratify: all.y.classes } : {};
  if (all.x.rows < 2) throw new SimdenseError('DATA', 'fit(validationSplit): needs 2 rows or more, got 1');
  const [split] = holdOut(all.x.rows, { testSize: share, seed, ...stratify });
  const { train, test } = split as NonNullable<typeof split>;
  return [
    { ...all, order: train.sort() },
    { ...all, order: test.sort() },
  ];
}

/** Runs a planned training. */
export class Fit implements Training {
  readonly model: Sequential;
  readonly epochs: number;
  readonly batches: number;
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
  #stopped: { epoch: number; reason: string } | undefined;

  constructor(model: Sequential, plan: FitPlan, trainer: Trainer, network: Network, staging: Batch, seed: number) {
    this.model = model;
    this.epochs = plan.epochs;
    this.epoch = plan.initialEpoch;
    this.batches = Math.ceil(selected(plan.train) / plan.batchSize);
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
    this.#trainer.learningRate = rate;
  }

  stop(reason: string): void {
    this.#stopped ??= { epoch: this.epoch, reason };
  }

  async run(): Promise<History> {
    const { validation } = this.#plan;
    const rows = Math.max(this.#plan.batchSize, validation ? Math.min(EVALUATION_BATCH, selected(validation)) : 0);
    this.#trainer.reserve(rows, true);
    this.#plan.signal?.throwIfAborted();
    const finished = this.#trainer.snapshot();
    try {
      const feed = new Feed(this.#network, this.#staging, this.#plan.train, this.#plan.shuffle);
      try {
        return await this.#run(feed, finished, rows);
      } finally {
        feed.dispose();
      }
    } finally {
      finished.dispose();
    }
  }

  async #run(feed: Feed, finished: Snapshot, rows: number): Promise<History> {
    const { callbacks, epochs, validation } = this.#plan;
    for (const callback of callbacks) callback.onTrainBegin?.(this);
    for (; this.epoch < epochs && !this.#stopped; this.epoch++) {
      for (const callback of callbacks) callback.onEpochBegin?.(this);
      const meters = new Meters(this.#trainer, this.#network, this.#staging);
      const diverged = await this.#runEpoch(meters, feed);
      if (diverged !== undefined || !finished.take()) {
        finished.restore();
        throw new DivergedError(diverged ?? Number.NaN, this.epoch, this.batch, this.learningRate, this.#result());
      }
      const logs: Record<string, number> = { ...meters.logs(), learningRate: this.learningRate };
      if (validation) {
        const figures = evaluate(this.#trainer, this.#network, this.#staging, validation, rows);
        for (const [name, value] of Object.entries(figures))
          logs[`val${name[0]?.toUpperCase()}${name.slice(1)}`] = value;
      }
      this.logs = Object.freeze(logs);
      this.#history.push(this.logs);
      for (const callback of callbacks) await callback.onEpochEnd?.(this);
      if (this.#pacer.due) await this.#pause();
    }
    for (const callback of callbacks) await callback.onTrainEnd?.(this);
    return this.#result();
  }

  /** The loss that is not finite, if one is met. */
  async #runEpoch(meters: Meters, feed: Feed): Promise<number | undefined> {
    const { batchSize, callbacks } = this.#plan;
    if (this.#plan.shuffle) feed.shuffle(this.#seed, this.epoch);
    for (this.batch = 0; this.batch < this.batches && !this.#stopped; this.batch++) {
      const from = this.batch * batchSize;
      const count = Math.min(batchSize, feed.rows - from);
      feed.load(from, count);
      const loss = this.#trainer.step(count);
      if (!Number.isFinite(loss)) return loss;
      meters.add(loss, feed, from, count);
      if (callbacks.length > 0) {
        this.logs = { loss };
        for (const callback of callbacks) callback.onBatchEnd?.(this);
      }
      if (this.#pacer.due || this.#plan.signal?.aborted) await this.#pause();
    }
    return undefined;
  }

  /** Lets the event loop turn; the model may be disposed or the training aborted meanwhile. */
  async #pause(): Promise<void> {
    const { engine } = this.#network;
    engine.tuner.slice();
    await this.#pacer.pause();
    this.#plan.signal?.throwIfAborted();
    this.model.checkAlive('fit');
  }

  #result(): History {
    return { epochs: this.#history, ...(this.#stopped ? { stopped: this.#stopped } : {}) };
  }
}
