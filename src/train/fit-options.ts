// The options of fit.
import type { Augmentation } from '../data/augmentations.js';
import type { Numbers } from '../data/numbers.js';
import type { Rows, Targets } from '../data/rows.js';
import type { CallbackOf } from './callbacks.js';
import type { ClassWeight } from './class-weights.js';

/** What sequential.ts names FitOptions. */
export interface FitOptionsOf<Model> {
  /** Passes over the data; 1. */
  epochs?: number;
  /**
   * Rows an update; 32. 1 is stochastic, 'full' is full-batch gradient descent. The last batch may be shorter; rows too few for a batch of their own, such as a
   * single one with batch normalization, join the batch before.
   */
  batchSize?: number | 'full';
  /** Draws a new order of the rows each epoch, from the model's seed and the epoch's number; true. */
  shuffle?: boolean;
  /** Rows, targets and, if they do not weigh the same, weights that are evaluated after each epoch. */
  validationData?: readonly [Rows, Targets] | readonly [Rows, Targets, Numbers];
  /** Share of the rows that is set aside for validation, drawn by the model's seed, each class by its share. */
  validationSplit?: number;
  /** What rows of a class weigh in loss and metrics, 1 where not named; 'balanced' is rows / (classes · rows of the class). Not in validation. */
  classWeight?: ClassWeight;
  /** What each row weighs, beside its class; not in validation. */
  sampleWeight?: Numbers;
  /** Changes to each batch. */
  augment?: readonly Augmentation[];
  callbacks?: readonly CallbackOf<Model>[];
  /** Ends the run between two batches, and whatever it waits for: fit rejects with its reason, the model stays usable. */
  signal?: AbortSignal;
  /**
   * Number of the first epoch. Left out, the run goes on after the epochs that the model has been trained for, and trains `epochs` more; given, it ends with
   * epoch number `epochs`.
   */
  initialEpoch?: number;
}

/** Their names. */
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
/** Options that a stream decides itself. */
export const notForStreams = ['batchSize', 'shuffle', 'validationSplit', 'classWeight', 'sampleWeight'] as const;
