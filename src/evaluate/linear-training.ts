// How linear models are trained: those that a pipeline without hidden layers asks for, and those that networks are compared with.
import { adam, type Optimizer } from '../nn/optimizers/index.js';
import type { EncoderOptions } from '../table/encoders/options.js';

/** Epochs, and about the most rows that they read in all; of few rows so many that there are as many updates: with 40 the irises are right in 88 %, with 150 as with 300 in 97. */
const [LEAST_EPOCHS, EPOCHS, READ] = [2, 10, 20_000];
const LEAST_UPDATES = 150;
const RATE = 0.2;

/** How a linear model of so many rows is trained. */
export interface LinearTraining {
  readonly rate: number;
  readonly epochs: number;
  readonly batchSize: number;
}

/**
 * Few and large steps, with a rate that falls along half a cosine. On the eighteen tables of bench/tabular half or twice as many steps, a little decay
 * and another beta2 change the errors by less than 1 % (geometric means, fivefold).
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

/** Numbers as they are, but for their mean and spread: bent or bounded ones would not be a linear model's. */
export const LINEAR_ENCODE: EncoderOptions = { number: { scale: 'standard', clip: null } };

/** The parts of a pipeline of a linear model that learns from so many rows. */
export function linearParts(learnt: number): { optimizer: Optimizer; fit: { epochs: number; batchSize: number } } {
  const { rate, epochs, batchSize } = linearTraining(learnt);
  return { optimizer: linearOptimizer(rate, epochs * Math.ceil(learnt / batchSize)), fit: { epochs, batchSize } };
}
