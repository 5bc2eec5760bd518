// The course of a run's losses as running figures, so that the cost of an epoch does not grow.
import { rangeOf, trainingName } from '../nn/figures.js';
import type { Logs } from '../train/history.js';
import { FIRST_ROWS } from './thresholds.js';

/** Number of first rows whose mean loss is the start of a run. */
const START_ROWS = 256;
/** Rows after which the mean loss is precise enough to compare a batch with it. */
const FIRM_ROWS = 32;
/** A batch whose loss exceeds the mean by this factor ends the start. */
const JUMP = 10;
/** Number of last epochs that are kept. */
const KEPT = 10;
/** Number of epochs in a rolling mean. */
const ROLLING = 5;
/** Share of the old value that each epoch keeps in a running mean. */
const KEEP = 0.9;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean loss over the rows of the first batches. */
export class Start {
  #sum = 0;
  #rows = 0;
  #closed = false;
  /** The mean of the first sixteen rows, or of the first batch if it is larger, before updates can have made the loss worse. */
  first = Number.NaN;

  add(loss: number, rows: number): void {
    if (this.#closed) return;
    if (this.firm && loss > JUMP * this.loss) {
      this.#closed = true;
      return;
    }
    this.#sum += loss * rows;
    this.#rows += rows;
    if (this.#rows >= FIRST_ROWS && Number.isNaN(this.first)) this.first = this.loss;
    this.#closed = this.#rows >= START_ROWS;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get firm(): boolean {
    return this.#rows >= FIRM_ROWS;
  }

  get loss(): number {
    return this.#sum / this.#rows;
  }
}

/** The figure that is judged on validation rows. */
export interface Judged {
  /** The name in the logs. */
  readonly name: string;
  /** The most that the figure can be, which is best; infinite for a loss or an error, of which less is better. */
  readonly most: number;
  /** Whether it has both a least and a greatest value, as the share of right answers has. */
  readonly share: boolean;
}

const VALIDATION_LOSS: Judged = { name: 'valLoss', most: Number.POSITIVE_INFINITY, share: false };

/** The figure to judge: the first validation metric whose range is known, else the validation loss; undefined without validation. */
export function judgedOf(logs: Logs): Judged | undefined {
  for (const name of Object.keys(logs)) {
    const range = name === trainingName(name) || name === 'valLoss' ? undefined : rangeOf(name);
    if (range) return { name, most: range[1], share: range.every(Number.isFinite) };
  }
  return logs['valLoss'] === undefined ? undefined : VALIDATION_LOSS;
}

/** A value as an error, of which less is better. */
const asError = ({ most }: Judged, value: number): number => (Number.isFinite(most) ? most - value : value);

/** The course of the judged figure on validation rows, as errors. */
export class Validation {
  readonly judged: Judged;
  /** The least rolling mean, the model's epoch (from 1) at its centre, and the rolling training loss at that time. */
  best = Number.POSITIVE_INFINITY;
  bestEpoch = 0;
  bestTraining = 0;
  now = Number.NaN;
  training = Number.NaN;
  /** The rolling mean of the same figure on the training rows; NaN if the logs do not have it. */
  seen = Number.NaN;
  first = Number.NaN;
  /** The least change between two epochs, which for a share is about one row. */
  grain = Number.POSITIVE_INFINITY;
  /** Half the mean squared change between two epochs, over about twenty: the variance around a smooth course. */
  variance = 0;
  lastLoss = Number.NaN;
  lastTraining = Number.NaN;
  /** Epochs since the figure or the validation loss last reached a new best. */
  waited = 0;
  #leastError = Number.POSITIVE_INFINITY;
  #leastLoss = Number.POSITIVE_INFINITY;
  #epochs: number;
  readonly #errors: number[] = [];
  readonly #losses: number[] = [];
  readonly #seen: number[] = [];

  /** `epoch` is the model's epoch at the start of this run, from 0. */
  constructor(judged: Judged, epoch: number) {
    this.judged = judged;
    this.#epochs = epoch;
  }

  add(logs: Logs): void {
    const error = asError(this.judged, logs[this.judged.name] as number);
    const previous = this.#errors.at(-1);
    this.#epochs++;
    if (previous === undefined) this.first = error;
    else {
      const change = Math.abs(error - previous);
      this.variance = KEEP * this.variance + ((1 - KEEP) * change ** 2) / 2;
      if (change > 1e-9 && change < this.grain) this.grain = change;
    }
    this.lastLoss = logs['valLoss'] as number;
    this.lastTraining = logs['loss'] as number;
    this.waited++;
    if (error < this.#leastError || this.lastLoss < this.#leastLoss) this.waited = 0;
    this.#leastError = Math.min(this.#leastError, error);
    this.#leastLoss = Math.min(this.#leastLoss, this.lastLoss);
    keep(this.#errors, error, ROLLING);
    keep(this.#losses, this.lastTraining, ROLLING);
    keep(this.#seen, asError(this.judged, logs[trainingName(this.judged.name)] ?? Number.NaN), ROLLING);
    if (this.#errors.length < ROLLING) return;
    this.now = mean(this.#errors);
    this.training = mean(this.#losses);
    this.seen = mean(this.#seen);
    if (this.now < this.best) {
      this.best = this.now;
      this.bestEpoch = this.#epochs - (ROLLING >> 1);
      this.bestTraining = this.training;
    }
  }

  /** Epochs since the best rolling mean. */
  get since(): number {
    return this.#epochs - this.bestEpoch;
  }

  /** Turns an error back into the figure: its most − error for a figure that should rise. */
  shown(error: number): number {
    return asError(this.judged, error);
  }
}

function keep(values: number[], value: number, count: number): void {
  values.push(value);
  if (values.length > count) values.shift();
}

function trendOf(last: readonly number[]): number {
  return last.length < KEPT ? Number.NaN : mean(last.slice(ROLLING)) / mean(last.slice(0, ROLLING));
}

/** The losses of a run by epoch, without penalties on weights. */
export class Course {
  readonly start: Start;
  epochs = 0;
  updates = 0;
  /** The loss of the first epoch, the least after it, and the last. */
  first = Number.NaN;
  least = Number.POSITIVE_INFINITY;
  loss = Number.NaN;
  /** The losses of the last ten epochs, oldest first. */
  readonly last: number[] = [];
  /** The validation losses of the last ten epochs, if there are any. */
  readonly lastValidation: number[] = [];
  validation: Validation | undefined;
  /** The course of the validation loss; the same object as `validation` if that judges the loss. */
  validationLoss: Validation | undefined;

  constructor(start: Start) {
    this.start = start;
  }

  add(logs: Logs, penalty: number, updates: number, epoch: number): void {
    const loss = (logs['loss'] as number) - penalty;
    if (this.epochs === 0) {
      this.first = loss;
      const judged = judgedOf(logs);
      this.validation = judged && new Validation(judged, epoch);
      const same = judged === undefined || judged.name === 'valLoss';
      this.validationLoss = same ? this.validation : new Validation(VALIDATION_LOSS, epoch);
    } else if (loss < this.least) this.least = loss;
    this.epochs++;
    this.updates = updates;
    this.loss = loss;
    keep(this.last, loss, KEPT);
    const valLoss = logs['valLoss'] === undefined ? undefined : logs['valLoss'] - penalty;
    if (valLoss !== undefined) keep(this.lastValidation, valLoss, KEPT);
    const figures = { ...logs, loss, ...(valLoss !== undefined && { valLoss }) };
    this.validation?.add(figures);
    if (this.validationLoss !== this.validation) this.validationLoss?.add(figures);
  }

  /** The mean of the last five epochs ÷ that of the five before; NaN for fewer than ten epochs. */
  get trend(): number {
    return trendOf(this.last);
  }

  /** The trend of the validation loss. */
  get validationTrend(): number {
    return trendOf(this.lastValidation);
  }
}
