import { atLeastZero, describedBy, fraction, noMore } from '../../base/checks.js';
import type { Schedule } from '../schedules.js';
import { type Clip, commonParts, type OptimizerBase, type OptimizerKind, theirs } from './optimizer.js';

export interface LionOptions extends Clip {
  /** The learning rate, a number or a schedule; 0.0001 by default. */
  learningRate?: Schedule;
  /** Share of the running mean of gradients in the direction of an update; 0.9 by default. */
  beta1?: number;
  /** Decay of the running mean of gradients; 0.99 by default. */
  beta2?: number;
  /** The decoupled decay, which applies to every parameter, biases included; 0 by default. */
  weightDecay?: number;
}

export interface Lion extends OptimizerBase<'lion'> {
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
}

/**
 * Lion: each update moves every parameter by the learning rate, in the direction of the sign of its averaged gradient.
 *
 * u = sign(beta1 · m + (1 − beta1) · g); p −= learningRate · (u + weightDecay · p); m = beta2 · m + (1 − beta2) · g. Rule and defaults are those of Chen et al. 2023,
 * arXiv 2302.06675, which advises a learning rate 3 to 10 times smaller than AdamW's, and a weight decay larger by the same factor.
 * @param o The options; all have defaults.
 * @returns A frozen description, which survives JSON, for `compile`.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { dense, lion, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 });
 * model.compile({ optimizer: lion({ learningRate: 0.02 }), loss: 'meanSquaredError' });
 * await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 200 });
 */
export function lion(o?: LionOptions): Lion {
  noMore('lion', arguments, 1);
  return describedBy<Lion>(
    'lion',
    o,
    {
      ...commonParts(0.0001),
      beta1: [fraction, 0.9],
      beta2: [fraction, 0.99],
      weightDecay: [atLeastZero, 0],
    },
    theirs,
  );
}

export const lionKind: OptimizerKind<Lion> = {
  check: lion,
  moments: () => 1,
  bind(optimizer, { calls }, floats, values, gradients, [m = 0]) {
    const { beta1, beta2, weightDecay } = optimizer;
    return (rate) => calls.lion(floats, values, gradients, m, rate, beta1, 1 - beta1, beta2, 1 - beta2, weightDecay);
  },
};
