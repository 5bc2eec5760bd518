import { describedBy, noMore, positiveNumber } from '../../base/checks.js';
import type { Schedule } from '../schedules.js';
import { type Clip, commonParts, type Optimizer, type OptimizerKind, theirs } from './optimizer.js';

export interface AdagradOptions extends Clip {
  /** 0.01. */
  learningRate?: Schedule;
  /** 1e-10. */
  epsilon?: number;
}

export interface Adagrad extends Optimizer {
  readonly type: 'adagrad';
  readonly epsilon: number;
}

/** Adagrad (Duchi, Hazan, Singer 2011, JMLR 12), torch.optim.Adagrad's rule and defaults. */
export function adagrad(o?: AdagradOptions): Adagrad {
  noMore('adagrad', arguments, 1);
  return describedBy<Adagrad>('adagrad', o, { ...commonParts(0.01), epsilon: [positiveNumber, 1e-10] }, theirs);
}

export const adagradKind: OptimizerKind = {
  check: (optimizer) => adagrad(optimizer as Adagrad),
  moments: () => 1,
  bind(optimizer, { calls }, floats, values, gradients, [v = 0]) {
    const { epsilon } = optimizer as Adagrad;
    return (rate) => calls.adagrad(floats, values, gradients, v, rate, epsilon);
  },
};
