import { describedBy, noMore, positiveNumber } from '../../base/checks.js';
import type { Schedule } from '../schedules.js';
import { type Clip, commonParts, type OptimizerBase, type OptimizerKind, theirs } from './optimizer.js';

export interface AdagradOptions extends Clip {
  /** 0.01. */
  learningRate?: Schedule;
  /** 1e-10. */
  epsilon?: number;
}

export interface Adagrad extends OptimizerBase<'adagrad'> {
  readonly epsilon: number;
}

/** Adagrad (Duchi, Hazan, Singer 2011, JMLR 12), torch.optim.Adagrad's rule and defaults. */
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
