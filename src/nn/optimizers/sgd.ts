import { boolean, describedBy, fraction, noMore } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { Schedule } from '../schedules.js';
import { type Clip, commonParts, type OptimizerBase, type OptimizerKind, theirs } from './optimizer.js';

export interface SgdOptions extends Clip {
  /** 0.01. */
  learningRate?: Schedule;
  /** 0. */
  momentum?: number;
  /** false. */
  nesterov?: boolean;
}

export interface Sgd extends OptimizerBase<'sgd'> {
  readonly momentum: number;
  readonly nesterov: boolean;
}

/**
 * Stochastic gradient descent, torch.optim.SGD's rule: v = momentum·v + g; p −= learningRate·v, or, with nesterov,
 * p −= learningRate·(g + momentum·v).
 */
export function sgd(o?: SgdOptions): Sgd {
  noMore('sgd', arguments, 1);
  const rule = describedBy<Sgd>(
    'sgd',
    o,
    {
      ...commonParts(0.01),
      momentum: [fraction, 0],
      nesterov: [boolean, false],
    },
    theirs,
  );
  if (rule.nesterov && rule.momentum === 0)
    throw new SimdenseError('ARGUMENT', 'sgd(nesterov): needs a momentum above 0');
  return rule;
}

export const sgdKind: OptimizerKind<Sgd> = {
  check: sgd,
  moments: (optimizer) => (optimizer.momentum > 0 ? 1 : 0),
  bind(optimizer, { calls }, floats, values, gradients, [velocity = 0]) {
    const { momentum, nesterov } = optimizer;
    return (learningRate) => calls.sgd(floats, values, gradients, velocity, learningRate, momentum, nesterov);
  },
};
