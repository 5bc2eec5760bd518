// The linear model that networks are compared with.
import { adam } from '../nn/optimizers/index.js';
import type { Dataset } from './dataset.js';
import type { Pipeline } from './pipeline.js';

/** Epochs, and about the most rows that they read in all; of few rows so many that there are as many updates: with 40 the irises are right in 88 %, with 150 as with 300 in 97. */
const [LEAST_EPOCHS, EPOCHS, READ] = [2, 10, 20_000];
const LEAST_UPDATES = 150;
const RATE = 0.2;
/** From so many rows a linear model learns what it can. */
const MOST_ROWS = 20_000;

/**
 * A linear model for so many rows. It is only a measure, so its steps are few and large, and the rate falls along half a cosine. On the eighteen tables of
 * bench/tabular its errors are 0.99 of those of scikit-learn's LogisticRegression and Ridge (geometric mean, seed 0).
 */
export function linearPipeline(set: Dataset, learnt: number, classWeight?: 'balanced'): Pipeline {
  const batchSize = learnt <= 1_000 ? 32 : learnt <= 5_000 ? 64 : 128;
  const batches = Math.ceil(learnt / batchSize);
  const few = Math.ceil(LEAST_UPDATES / batches);
  const epochs = Math.max(few, Math.min(EPOCHS, Math.max(LEAST_EPOCHS, Math.round(READ / learnt))));
  const steps = epochs * batches;
  return {
    layers: [],
    optimizer: adam({ learningRate: { type: 'cosine', initial: RATE, steps, final: RATE / 100 } }),
    // Only its predictions are looked at.
    metrics: [],
    fit: { epochs, batchSize, ...(classWeight && { classWeight }) },
    task: set.task,
  };
}

/** Rows for a linear model: all, or of many every second, third and so on. */
export function linearRows(rows: Int32Array): Int32Array {
  const every = Math.ceil(rows.length / MOST_ROWS);
  return every <= 1 ? rows : rows.filter((_, i) => i % every === 0);
}
