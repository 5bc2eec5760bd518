// The task 'fit': what it is asked, and what it answers.
import type { Logs } from '../train/history.js';
import type { Pipeline } from './pipeline.js';

/** Fits a pipeline on some rows and measures it on others. */
export interface FitJob {
  readonly pipeline: Pipeline;
  readonly train: Int32Array;
  /** May be empty where nothing is to be measured. */
  readonly test: Int32Array;
  readonly seed: number;
  /** Beside the test figures: those on the training rows, and the fitted pipeline's file with its predictions for the test rows. */
  readonly wants?: { readonly trainScores?: boolean; readonly model?: boolean };
}

export interface FitResult {
  readonly scores: Logs;
  readonly trainScores?: Logs;
  readonly model?: Uint8Array;
  /** Probabilities, or outputs, of the test rows: rows × columns. */
  readonly predictions?: { readonly data: Float32Array; readonly columns: number };
  readonly epochs: number;
  readonly seconds: number;
}
