// The networks of 'tabular', by the rows and columns of a table.
import { dense } from '../nn/layers/index.js';
import { adamw } from '../nn/optimizers/index.js';
import { type Dataset, rowsOf } from './dataset.js';
import { isTable } from './inputs.js';
import type { Pipeline } from './pipeline.js';
import { sizesFor } from './sizes.js';

/** Units of each of two hidden layers. */
const UNITS = 64;
/** Up to so many rows, batches are of 32, and then of 64 as long as the table is small. */
const FEW_ROWS = 1_000;
const SMALL = 5_000;
/** Pieces of each column of numbers, and about the most features that they are in all. */
const [PIECES, MOST_FEATURES] = [16, 1_024];
/**
 * The rate falls along half a cosine, so a training run ends by itself. On the tables of bench/tabular (seed 0) the errors are 0.98 of those of up to 400
 * epochs at a constant rate of 0.003, in 0.3 of the time (geometric means). Decoupled decay did better there than an L2 penalty of 0.0003.
 */
const [EPOCHS, RATE, DECAY] = [30, 0.01, 0.1];
/**
 * Tables of more than 1,200 rows take fewer epochs, which read about so many rows in all; 48,000 made the errors 0.3 % less.
 * Fewer than 15 epochs were not tried on these tables, so there are never fewer.
 */
const [READ, LEAST_EPOCHS] = [36_000, 15];
/** Epochs without improvement; 10 made the errors 0.3 % less. */
const PATIENCE = 8;

/**
 * The pipeline of member `m`, which learns from `learnt` rows. Members in even places also see numbers by pieces of their range: they learn steps and bends
 * better, the others what is smooth, and together they are better than either. All was chosen by fivefold cross-validation of eighteen tables (bench/tabular).
 */
export function tabularMember(set: Dataset, m: number, learnt: number): Pipeline {
  const rows = rowsOf(set);
  const numbers = isTable(set.x) ? set.x.columns.filter(({ kind }) => kind === 'number').length : 0;
  const pieces = Math.min(PIECES, Math.max(4, Math.floor(MOST_FEATURES / Math.max(1, numbers))));
  const batchSize = rows <= FEW_ROWS ? 32 : rows <= SMALL ? 64 : Math.max(128, sizesFor(rows).batchSize);
  const epochs = Math.min(EPOCHS, Math.max(LEAST_EPOCHS, Math.round(READ / rows)));
  const steps = epochs * Math.ceil(learnt / batchSize);
  const layer = () => dense({ units: UNITS, activation: 'silu' });
  return {
    encode: m % 2 === 0 ? { number: { pieces } } : {},
    layers: [layer(), layer()],
    optimizer: adamw({
      // A member may learn more later, so the rate does not end at zero.
      learningRate: { type: 'cosine', initial: RATE, steps, final: RATE / 100 },
      beta2: 0.95,
      weightDecay: DECAY,
    }),
    fit: { epochs, batchSize },
    earlyStopping: { patience: PATIENCE },
    task: set.task,
  };
}
