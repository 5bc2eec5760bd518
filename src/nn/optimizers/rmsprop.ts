import { describedBy, fraction, noMore, positiveNumber } from '../../base/checks.js';
import type { Schedule } from '../schedules.js';
import { type Clip, commonParts, type OptimizerBase, type OptimizerKind, theirs } from './optimizer.js';

export interface RmspropOptions extends Clip {
  /** The learning rate, a number or a schedule; 0.01 by default. */
  learningRate?: Schedule;
  /** Decay of the running mean of squared gradients; 0.99 by default. PyTorch calls it alpha. */
  rho?: number;
  /** Share of the previous velocity that is kept; 0 by default. */
  momentum?: number;
  /** Added to the denominator; 1e-8 by default. */
  epsilon?: number;
}

export interface Rmsprop extends OptimizerBase<'rmsprop'> {
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
}

/**
 * RMSprop: gradients are divided by a running root mean square of their size.
 *
 * Rule and defaults are those of torch.optim.RMSprop. Source: Hinton 2012, Coursera lecture 6.
 * @param o The options; all have defaults.
 * @returns A frozen description, which survives JSON, for `compile`.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { dense, rmsprop, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 });
 * model.compile({ optimizer: rmsprop({ learningRate: 0.05 }), loss: 'meanSquaredError' });
 * await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 200 });
 */
export function rmsprop(o?: RmspropOptions): Rmsprop {
  noMore('rmsprop', arguments, 1);
  return describedBy<Rmsprop>(
    'rmsprop',
    o,
    {
      ...commonParts(0.01),
      rho: [fraction, 0.99],
      momentum: [fraction, 0],
      epsilon: [positiveNumber, 1e-8],
    },
    theirs,
  );
}

export const rmspropKind: OptimizerKind<Rmsprop> = {
  check: rmsprop,
  moments: (optimizer) => (optimizer.momentum > 0 ? 2 : 1),
  bind(optimizer, { calls }, floats, values, gradients, [v = 0, velocity = 0]) {
    const { rho, momentum, epsilon } = optimizer;
    return (rate) => calls.rmsprop(floats, values, gradients, v, velocity, rate, rho, 1 - rho, momentum, epsilon);
  },
};
