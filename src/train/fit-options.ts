import type { Augmentation } from '../data/augmentations.js';
import type { Numbers } from '../data/numbers.js';
import type { Rows, Targets } from '../data/rows.js';
import type { CallbackOf } from './callbacks.js';
import type { ClassWeight } from './class-weights.js';

/** The options of fit. sequential.ts exports them as FitOptions. */
export interface FitOptionsOf<Model> {
  /** Number of passes over the data; 1 by default. */
  epochs?: number;
  /**
   * Rows of each update; 32 by default. 1 is stochastic, 'full' is full-batch gradient descent. The last batch may be shorter; if it has too few rows, such as
   * a single one with batch normalization, they join the batch before.
   */
  batchSize?: number | 'full';
  /** Whether each epoch has a new order of rows, drawn from the model's seed and the number of the epoch; true by default. */
  shuffle?: boolean;
  /** Rows, targets and, optionally, weights that are evaluated after each epoch. */
  validationData?: readonly [Rows, Targets] | readonly [Rows, Targets, Numbers];
  /** Share of the rows that is set aside for validation, stratified by class, drawn from the model's seed. */
  validationSplit?: number;
  /** The weight of each class in training loss and metrics; 1 if a class is not named. 'balanced' is rows / (classes · rows of the class). */
  classWeight?: ClassWeight;
  /** The weight of each row in training loss and metrics, times that of its class; 1 by default. */
  sampleWeight?: Numbers;
  /** Random changes to each batch, such as jitter({ stddev: 0.1 }). */
  augment?: readonly Augmentation[];
  /** Callbacks, in the order in which they are called; checkpoints are always called last. */
  callbacks?: readonly CallbackOf<Model>[];
  /** When it aborts, the run ends between two batches, or at once while it waits; fit rejects with the signal's reason, and the model stays usable. */
  signal?: AbortSignal;
  /**
   * Number of the first epoch. By default the run continues after the epochs that the model has been trained for, and trains `epochs` more. If it is given, the
   * run ends at epoch number `epochs`.
   */
  initialEpoch?: number;
}

/** The names of all options. */
export const fitOptions = [
  'epochs',
  'batchSize',
  'shuffle',
  'validationData',
  'validationSplit',
  'classWeight',
  'sampleWeight',
  'augment',
  'callbacks',
  'signal',
  'initialEpoch',
] as const;
/** Options that cannot be combined with a stream, which determines them itself. */
export const notForStreams = ['batchSize', 'shuffle', 'validationSplit', 'classWeight', 'sampleWeight'] as const;
