// The linear model that networks are compared with.
import type { Dataset } from './dataset.js';
import { isTable } from './inputs.js';
import { LINEAR_ENCODE, linearParts } from './linear-training.js';
import type { Pipeline } from './pipeline.js';

/** From so many rows a linear model learns what it can. */
const MOST_ROWS = 10_000;

/** The linear model that networks are compared with: of so many rows, of which it is only a measure. */
export function linearPipeline(set: Dataset, learnt: number, classWeight?: 'balanced'): Pipeline {
  const { optimizer, fit } = linearParts(learnt);
  // Only its predictions are looked at.
  const training = { ...fit, ...(classWeight && { classWeight }) };
  return {
    ...(isTable(set.x) && { encode: LINEAR_ENCODE }),
    layers: [],
    optimizer,
    metrics: [],
    fit: training,
    task: set.task,
  };
}

/** Rows for a linear model: all, or of many every second, third and so on. */
export function linearRows(rows: Int32Array): Int32Array {
  const every = Math.ceil(rows.length / MOST_ROWS);
  return every <= 1 ? rows : rows.filter((_, i) => i % every === 0);
}
