// The course of a run's losses as running figures: an epoch costs the same however many came before it.
import { lessIsBetter, trainingName } from '../nn/figures.js';
import type { Logs } from '../train/history.js';
import { FIRST_ROWS } from './thresholds.js';

/** Rows of the first batches whose mean loss is where a run begins. */
const START_ROWS = 256;
/** Rows from which a mean of batch losses is firm enough to compare a batch with. */
const FIRM_ROWS = 32;
/** Times the mean before it: such a batch is no longer part of the beginning. */
const JUMP = 10;
/** Epochs that are kept one by one. */
const KEPT = 10;
/** Epochs of a rolling mean. */
const ROLLING = 5;
/** What is left, an epoch, of the older part of a running mean. */
const KEEP = 0.9;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean loss of the first batches, by rows. */
export class Start {
  #sum = 0;
  #rows = 0;
  #closed = false;
  /** The mean of the first sixteen rows, or of the first batch if it has more: before updates can have made it larger. */
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

/** A figure that is judged on validation rows: as an error, which falls, or as a share, which rises. */
export interface Judged {
  /** Its name in the logs. */
  readonly name: string;
  readonly share: boolean;
}

/** The first metric on validation rows whose direction is known, else the validation loss; undefined without validation. */
export function judgedOf(logs: Logs): Judged | undefined {
  const metric = Object.keys(logs).find(
    (key) => key !== trainingName(key) && key !== 'valLoss' && lessIsBetter(key) !== undefined,
  );
  if (metric !== undefined) return { name: metric, share: lessIsBetter(metric) === false && metric !== 'valR2' };
  return logs['valLoss'] === undefined ? undefined : { name: 'valLoss', share: false };
}

/** As an error, of which less is better. */
const asError = ({ name, share }: Judged, value: number): number => (share || name === 'valR2' ? 1 - value : value);

/** How the figure on validation rows went, in errors. */
export class Validation {
  readonly judged: Judged;
  /** The least rolling mean, the epoch of the model (from 1) in whose middle it was, and the rolling training loss then. */
  best = Number.POSITIVE_INFINITY;
  bestEpoch = 0;
  bestTraining = 0;
  now = Number.NaN;
  training = Number.NaN;
  /** The rolling mean of the same figure on the training rows; NaN where the logs have none. */
  seen = Number.NaN;
  first = Number.NaN;
  /** The least change between two epochs: of a share, one row or so. */
  grain = Number.POSITIVE_INFINITY;
  /** Half the mean squared change between two epochs, of the last twenty or so: the variance about a smooth course. */
  variance = 0;
  lastLoss = Number.NaN;
  lastTraining = Number.NaN;
  /** Epochs since the figure, or the validation loss, was better than ever. */
  waited = 0;
  #leastError = Number.POSITIVE_INFINITY;
  #leastLoss = Number.POSITIVE_INFINITY;
  #epochs: number;
  readonly #errors: number[] = [];
  readonly #losses: number[] = [];
  readonly #seen: number[] = [];

  /** `epoch`: of the model's epochs the first of this run, from 0. */
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

  /** Turns an error back into the figure: 1 − error for one that rises. */
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

/** Losses of a run by epoch, without penalties on weights. */
export class Course {
  readonly start: Start;
  epochs = 0;
  updates = 0;
  /** The loss of the first epoch, the least after it, and the last. */
  first = Number.NaN;
  least = Number.POSITIVE_INFINITY;
  loss = Number.NaN;
  /** The last ten, oldest first. */
  readonly last: number[] = [];
  /** The same of the validation loss, where there is one. */
  readonly lastValidation: number[] = [];
  validation: Validation | undefined;
  /** The same of the validation loss; `validation` itself where that is judged. */
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
      this.validationLoss = same ? this.validation : new Validation({ name: 'valLoss', share: false }, epoch);
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

  /** The mean of the last five epochs ÷ that of the five before; NaN before there are ten. */
  get trend(): number {
    return trendOf(this.last);
  }

  /** The same of the validation loss. */
  get validationTrend(): number {
    return trendOf(this.lastValidation);
  }
}
