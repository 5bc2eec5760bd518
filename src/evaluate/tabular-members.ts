// The networks of 'tabular', by the rows and columns of a table.
import { dense } from '../nn/layers/index.js';
import { adam } from '../nn/optimizers/index.js';
import { type Dataset, rowsOf } from './dataset.js';
import { isTable } from './inputs.js';
import type { Pipeline } from './pipeline.js';
import { sizesFor, type TrainingSizes } from './sizes.js';

/** Two hidden layers of so many units. */
export const UNITS: readonly number[] = [64, 64];
export const ACTIVATION = 'silu';
export const L2 = 0.001;
/** Up to so many rows, batches are of 32, and then of 64 as long as the table is small. */
const FEW_ROWS = 1_000;
const SMALL = 5_000;
/** Pieces of each column of numbers, and about the most features that they are in all. */
const [PIECES, MOST_FEATURES] = [16, 1_024];

/** How long and in which steps a network of 'tabular' is trained on so many rows. */
export function tabularSizes(rows: number): TrainingSizes {
  const large = sizesFor(rows);
  if (rows > SMALL)
    return { ...large, batchSize: Math.max(128, large.batchSize), learningRate: 2 * large.learningRate };
  return { batchSize: rows <= FEW_ROWS ? 32 : 64, epochs: 400, patience: 20, learningRate: 0.003 };
}

/**
 * The pipeline of member `m`. Members in even places also see numbers by pieces of their range: they learn steps and bends better, the others what is
 * smooth, and together they are better than either (chosen by fivefold cross-validation of eighteen tables, bench/tabular).
 */
export function tabularMember(set: Dataset, m: number): Pipeline {
  const numbers = isTable(set.x) ? set.x.columns.filter(({ kind }) => kind === 'number').length : 0;
  const pieces = Math.min(PIECES, Math.max(4, Math.floor(MOST_FEATURES / Math.max(1, numbers))));
  const { batchSize, epochs, patience, learningRate } = tabularSizes(rowsOf(set));
  return {
    encode: m % 2 === 0 ? { number: { pieces } } : {},
    layers: UNITS.map((units) => dense({ units, activation: ACTIVATION, kernelRegularizer: { l2: L2 } })),
    optimizer: adam({ learningRate }),
    fit: { epochs, batchSize },
    earlyStopping: { patience },
    task: set.task,
  };
}
