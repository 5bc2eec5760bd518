// The linear model that networks are compared with.
import { adam } from '../nn/optimizers/index.js';
import { type Dataset, rowsOf } from './dataset.js';
import type { Pipeline } from './pipeline.js';

/** Up to so many rows, small steps cost little. */
const FEW_ROWS = 1_000;

/**
 * A linear model in few and large steps, since it is only a measure: on the eighteen tables of bench/tabular it is as good as one of smaller steps, and takes a
 * tenth of the time of the networks beside which it stands.
 */
export const linearPipeline = (set: Dataset, classWeight?: 'balanced'): Pipeline => {
  const few = rowsOf(set) <= FEW_ROWS;
  return {
    layers: [],
    optimizer: adam({ learningRate: 0.03 }),
    fit: {
      ...(few ? { epochs: 300, batchSize: 32 } : { epochs: 60, batchSize: 128 }),
      ...(classWeight && { classWeight }),
    },
    earlyStopping: { patience: few ? 20 : 6 },
    task: set.task,
  };
};
