import type { Label } from '../data/labels.js';
import type { Scaler } from '../data/scalers/index.js';
import type { Memory } from './memory.js';
import type { SoftmaxModel } from './softmax-model.js';

/** What a classifier is made of. */
export interface Parts {
  readonly softmax: SoftmaxModel;
  readonly scaler: Scaler;
  readonly classes: readonly Label[];
  readonly memory: Memory;
  readonly seed: number;
  readonly l2: number;
  /** How many rows it has learnt since the fit. */
  readonly learnt: number;
  /** The most rows that it keeps. */
  readonly keep: number;
  /** Whether `learn` works: not if the file was saved without the kept rows. */
  readonly learns: boolean;
}
