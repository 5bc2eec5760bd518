import type { ErrorCode } from '../base/errors.js';
import { SimdenseError } from '../base/errors.js';

/** Figures by name: loss, accuracy, valLoss, valAccuracy, learningRate, … */
export type Logs = Readonly<Record<string, number>>;

/** The result of `fit`: the figures of each epoch, and the reason if the run ended early. */
export interface History {
  readonly epochs: readonly Logs[];
  readonly stopped?: { epoch: number; reason: string };
}

/** The error of a run whose loss or parameters became infinite or NaN. Epoch and batch count from 0, as in `Training`. */
export class DivergedError extends SimdenseError {
  declare readonly code: ErrorCode & 'DIVERGED';
  readonly history: History;
  readonly epoch: number;
  readonly batch: number;
  readonly learningRate: number;

  /** @internal `what` begins the message. Without `history` the error is one of trainOnBatch. `custom` tells whether the loss is a custom one. */
  constructor(what: string, epoch: number, batch: number, learningRate: number, history?: History, custom = false) {
    const kept = history ? 'The parameters of the last finished epoch are back in place' : 'Nothing has changed';
    const own = custom ? 'Check what compute of your loss gives (checkGradients of simdense/diagnose does). ' : '';
    const advice = `${own}Try a learning rate of ${Number((learningRate / 10).toPrecision(3))}, or inputs scaled to about −1 to 1`;
    super('DIVERGED', `${what}, at learning rate ${learningRate}. ${kept}. ${advice}.`);
    this.history = history ?? { epochs: [] };
    this.epoch = epoch;
    this.batch = batch;
    this.learningRate = learningRate;
  }
}
