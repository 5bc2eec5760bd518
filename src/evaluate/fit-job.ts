// The job and the result of the task 'fit'.
import type { Logs } from '../train/history.js';
import type { Pipeline } from './pipeline.js';

/** Fits a pipeline on some rows and measures it on others. */
export interface FitJob {
  readonly pipeline: Pipeline;
  readonly train: Int32Array;
  /** Empty if nothing is to be measured. */
  readonly test: Int32Array;
  readonly seed: number;
  /** Whether the test rows are measured after each epoch. */
  readonly validates?: boolean;
  /** Whether it ends early at a dead end, and fails. */
  readonly prunes?: boolean;
  /** Parts of the result in addition to the test figures: `trainScores` are the figures on the training rows, `model` the pipeline's file and its predictions for the test rows. */
  readonly wants?: { readonly trainScores?: boolean; readonly model?: boolean };
}

export interface FitResult {
  readonly scores: Logs;
  readonly trainScores?: Logs;
  readonly model?: Uint8Array;
  /** The predictions for the test rows, rows × columns: probabilities, or for a regression numbers in the targets' own units. */
  readonly predictions?: { readonly data: Float32Array; readonly columns: number };
  readonly epochs: number;
  readonly seconds: number;
}
