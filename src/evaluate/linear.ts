// Linear models: those that a pipeline without hidden layers asks for, and those that networks are compared with.
import { adam, type Optimizer } from '../nn/optimizers/index.js';
import type { Dataset } from './dataset.js';
import type { Pipeline } from './pipeline.js';

/** Epochs, and about the most rows that they read in all; of few rows so many that there are as many updates: with 40 the irises are right in 88 %, with 150 as with 300 in 97. */
const [LEAST_EPOCHS, EPOCHS, READ] = [2, 10, 20_000];
const LEAST_UPDATES = 150;
const RATE = 0.2;
/** From so many rows a linear model learns what it can. */
const MOST_ROWS = 20_000;

/** How a linear model of so many rows is trained. */
export interface LinearTraining {
  readonly rate: number;
  readonly epochs: number;
  readonly batchSize: number;
}

/**
 * Few and large steps. With a rate that falls along half a cosine the errors on the eighteen tables of bench/tabular are 0.99 of those of scikit-learn's LogisticRegression and Ridge (geometric
 * mean, seed 0).
 */
export function linearTraining(learnt: number): LinearTraining {
  const batchSize = learnt <= 1_000 ? 32 : learnt <= 5_000 ? 64 : 128;
  const few = Math.ceil(LEAST_UPDATES / Math.ceil(learnt / batchSize));
  const epochs = Math.max(few, Math.min(EPOCHS, Math.max(LEAST_EPOCHS, Math.round(READ / learnt))));
  return { rate: RATE, epochs, batchSize };
}

/** The optimizer of a linear model for so many updates. */
export const linearOptimizer = (rate: number, steps: number): Optimizer =>
  adam({ learningRate: { type: 'cosine', initial: rate, steps, final: rate / 100 } });

/** The parts of a pipeline of a linear model that learns from so many rows. */
export function linearParts(learnt: number): { optimizer: Optimizer; fit: { epochs: number; batchSize: number } } {
  const { rate, epochs, batchSize } = linearTraining(learnt);
  return { optimizer: linearOptimizer(rate, epochs * Math.ceil(learnt / batchSize)), fit: { epochs, batchSize } };
}

/** The linear model that networks are compared with: of so many rows, of which it is only a measure. */
export function linearPipeline(set: Dataset, learnt: number, classWeight?: 'balanced'): Pipeline {
  const { optimizer, fit } = linearParts(learnt);
  // Only its predictions are looked at.
  return { layers: [], optimizer, metrics: [], fit: { ...fit, ...(classWeight && { classWeight }) }, task: set.task };
}

/** Rows for a linear model: all, or of many every second, third and so on. */
export function linearRows(rows: Int32Array): Int32Array {
  const every = Math.ceil(rows.length / MOST_ROWS);
  return every <= 1 ? rows : rows.filter((_, i) => i % every === 0);
}
