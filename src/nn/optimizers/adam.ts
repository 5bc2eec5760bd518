import { atLeastZero, describedBy, fraction, noMore, type Parts, positiveNumber } from '../../base/checks.js';
import { integerPower, type Schedule } from '../schedules.js';
import { type Clip, commonParts, type OptimizerBase, type OptimizerKind, theirs } from './optimizer.js';

export interface AdamOptions extends Clip {
  /** 0.001. */
  learningRate?: Schedule;
  /** 0.9. */
  beta1?: number;
  /** 0.999. */
  beta2?: number;
  /** 1e-8. */
  epsilon?: number;
}

export interface AdamwOptions extends AdamOptions {
  /** 0.01, on every parameter. */
  weightDecay?: number;
}

interface Betas {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}
export type Adam = OptimizerBase<'adam'> & Betas;
export type Adamw = OptimizerBase<'adamw'> & Betas & { readonly weightDecay: number };

const parts: Parts = {
  ...commonParts(0.001),
  beta1: [fraction, 0.9],
  beta2: [fraction, 0.999],
  epsilon: [positiveNumber, 1e-8],
};

/** Adam (Kingma, Ba 2015, arXiv 1412.6980), torch.optim.Adam's rule and defaults. */
export function adam(o?: AdamOptions): Adam {
  noMore('adam', arguments, 1);
  return describedBy('adam', o, parts, theirs);
}

/** Adam with decoupled weight decay (Loshchilov, Hutter 2019, arXiv 1711.05101), torch.optim.AdamW's rule and defaults. */
export function adamw(o?: AdamwOptions): Adamw {
  noMore('adamw', arguments, 1);
  return describedBy('adamw', o, { ...parts, weightDecay: [atLeastZero, 0.01] }, theirs);
}

const rule: Omit<OptimizerKind<Adam | Adamw>, 'check'> = {
  moments: () => 2,
  bind(optimizer, { calls }, floats, values, gradients, moments) {
    const { beta1, beta2, epsilon } = optimizer;
    const weightDecay = optimizer.type === 'adamw' ? optimizer.weightDecay : 0;
    const [m, v] = moments as [number, number];
    return (learningRate, t) => {
      const stepSize = learningRate / (1 - integerPower(beta1, t));
      const scale = 1 / Math.sqrt(1 - integerPower(beta2, t));
      const keep = 1 - learningRate * weightDecay;
      calls.adam(floats, values, gradients, m, v, stepSize, scale, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, keep);
    };
  },
};

export const adamKind: OptimizerKind<Adam> = { ...rule, check: adam };
export const adamwKind: OptimizerKind<Adamw> = { ...rule, check: adamw };
