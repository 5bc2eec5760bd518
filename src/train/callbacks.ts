import type { Logs } from './history.js';
import type { Sequential } from './sequential.js';

/** A training as callbacks see it. Epochs and batches count from 0. */
export interface Training {
  readonly model: Sequential;
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  /** Batches of an epoch. */
  readonly batches: number;
  /** Updates since the first; 2,000 rows in batches of 500 are 4 an epoch. */
  readonly iteration: number;
  /** After a batch the loss of that batch, after an epoch its means and the validation's figures. */
  readonly logs: Logs;
  /** May be set, and holds from the next batch on. */
  learningRate: number;
  /** Ends the training after the batch or epoch that is under way. */
  stop(reason: string): void;
}

/** What is called while a model trains; each method is optional. */
export interface Callback {
  onTrainBegin?(t: Training): void;
  onEpochBegin?(t: Training): void;
  onBatchEnd?(t: Training): void;
  onEpochEnd?(t: Training): void | Promise<void>;
  onTrainEnd?(t: Training): void | Promise<void>;
}
