import { boolean, describedBy, fraction, noMore } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { Schedule } from '../schedules.js';
import { type Clip, commonParts, type OptimizerBase, type OptimizerKind, theirs } from './optimizer.js';

export interface SgdOptions extends Clip {
  /** The learning rate, a number or a schedule; 0.01 by default. */
  learningRate?: Schedule;
  /** Share of the previous velocity that is kept; 0 by default. */
  momentum?: number;
  /** Whether Nesterov's variant is used, which needs a momentum above 0; false by default. */
  nesterov?: boolean;
}

export interface Sgd extends OptimizerBase<'sgd'> {
  readonly momentum: number;
  readonly nesterov: boolean;
}

/**
 * Stochastic gradient descent.
 *
 * The rule is that of torch.optim.SGD: v = momentum · v + g; p −= learningRate · v. With `nesterov`: p −= learningRate · (g + momentum · v).
 * @param o The options; all have defaults.
 * @returns A frozen description, which survives JSON, for `compile`.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, or for `nesterov` without momentum.
 * @example
 * import { dense, sequential, sgd } from 'simdense';
 *
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 });
 * model.compile({ optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), loss: 'meanSquaredError' });
 * await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 200 });
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
