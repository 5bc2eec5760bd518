// The networks of 'tabular', by the rows and columns of a table.
import { dense } from '../nn/layers/index.js';
import { adam } from '../nn/optimizers/index.js';
import { type Dataset, rowsOf } from './dataset.js';
import { isTable } from './inputs.js';
import type { Pipeline } from './pipeline.js';
import { sizesFor } from './sizes.js';

/** Units of each of two hidden layers. */
const UNITS = 64;
const L2 = 0.001;
/** Up to so many rows, batches are of 32, and then of 64 as long as the table is small. */
const FEW_ROWS = 1_000;
const SMALL = 5_000;
/** Pieces of each column of numbers, and about the most features that they are in all. */
const [PIECES, MOST_FEATURES] = [16, 1_024];

/**
 * The pipeline of member `m`. Members in even places also see numbers by pieces of their range: they learn steps and bends better, the others what is
 * smooth, and together they are better than either (chosen by fivefold cross-validation of eighteen tables, bench/tabular).
 */
export function tabularMember(set: Dataset, m: number): Pipeline {
  const rows = rowsOf(set);
  const numbers = isTable(set.x) ? set.x.columns.filter(({ kind }) => kind === 'number').length : 0;
  const pieces = Math.min(PIECES, Math.max(4, Math.floor(MOST_FEATURES / Math.max(1, numbers))));
  const large = sizesFor(rows);
  const batchSize = rows <= FEW_ROWS ? 32 : rows <= SMALL ? 64 : Math.max(128, large.batchSize);
  const [epochs, patience] = rows <= SMALL ? [400, 20] : [large.epochs, large.patience];
  const learningRate = rows <= SMALL ? 0.003 : 2 * large.learningRate;
  const layer = () => dense({ units: UNITS, activation: 'silu', kernelRegularizer: { l2: L2 } });
  return {
    encode: m % 2 === 0 ? { number: { pieces } } : {},
    layers: [layer(), layer()],
    optimizer: adam({ learningRate }),
    fit: { epochs, batchSize },
    earlyStopping: { patience },
    task: set.task,
  };
}
