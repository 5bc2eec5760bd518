import { describedBy, fraction, noMore, positiveNumber } from '../../base/checks.js';
import type { Schedule } from '../schedules.js';
import { type Clip, commonParts, type OptimizerBase, type OptimizerKind, theirs } from './optimizer.js';

export interface RmspropOptions extends Clip {
  /** 0.01. */
  learningRate?: Schedule;
  /** 0.99. */
  rho?: number;
  /** 0. */
  momentum?: number;
  /** 1e-8. */
  epsilon?: number;
}

export interface Rmsprop extends OptimizerBase<'rmsprop'> {
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
}

/** RMSprop (Hinton 2012, Coursera lecture 6), torch.optim.RMSprop's rule and defaults; its alpha is rho here. */
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
