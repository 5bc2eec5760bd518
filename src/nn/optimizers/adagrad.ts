import { describedBy, noMore, positiveNumber } from '../../base/checks.js';
import type { Schedule } from '../schedules.js';
import { type Clip, commonParts, type OptimizerBase, type OptimizerKind, theirs } from './optimizer.js';

export interface AdagradOptions extends Clip {
  /** The learning rate, a number or a schedule; 0.01 by default. */
  learningRate?: Schedule;
  /** Added to the denominator; 1e-10 by default. */
  epsilon?: number;
}

export interface Adagrad extends OptimizerBase<'adagrad'> {
  readonly epsilon: number;
}

/**
 * Adagrad: the learning rate of each parameter shrinks with the sum of its squared gradients.
 *
 * Rule and defaults are those of torch.optim.Adagrad. Source: Duchi, Hazan, Singer 2011, JMLR 12.
 * @param o The options; all have defaults.
 * @returns A frozen description, which survives JSON, for `compile`.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { adagrad, dense, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 });
 * model.compile({ optimizer: adagrad({ learningRate: 0.5 }), loss: 'meanSquaredError' });
 * await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 200 });
 */
export function adagrad(o?: AdagradOptions): Adagrad {
  noMore('adagrad', arguments, 1);
  return describedBy<Adagrad>('adagrad', o, { ...commonParts(0.01), epsilon: [positiveNumber, 1e-10] }, theirs);
}

export const adagradKind: OptimizerKind<Adagrad> = {
  check: adagrad,
  moments: () => 1,
  bind(optimizer, { calls }, floats, values, gradients, [v = 0]) {
    const { epsilon } = optimizer;
    return (rate) => calls.adagrad(floats, values, gradients, v, rate, epsilon);
  },
};
