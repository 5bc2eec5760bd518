// The linear model that networks are compared with.
import { adam } from '../nn/optimizers/index.js';
import type { Dataset } from './dataset.js';
import type { Pipeline } from './pipeline.js';

/**
 * A linear model in few and large steps, since it is only a measure: on the eighteen tables of bench/tabular it is as good as one of smaller steps, and takes a
 * tenth of the time of the networks beside which it stands.
 */
export const linearPipeline = ({ task }: Pick<Dataset, 'task'>): Pipeline => ({
  layers: [],
  optimizer: adam({ learningRate: 0.03 }),
  fit: { epochs: 60, batchSize: 128 },
  earlyStopping: { patience: 6 },
  task,
});
