import { atLeastZero, describedBy, fraction, noMore, type Parts, positiveNumber } from '../../base/checks.js';
import { integerPower, type Schedule } from '../schedules.js';
import { type Clip, commonParts, type OptimizerBase, type OptimizerKind, theirs } from './optimizer.js';

export interface AdamOptions extends Clip {
  /** The learning rate, a number or a schedule; 0.001 by default. */
  learningRate?: Schedule;
  /** Decay of the running mean of gradients; 0.9 by default. */
  beta1?: number;
  /** Decay of the running mean of squared gradients; 0.999 by default. */
  beta2?: number;
  /** Added to the denominator; 1e-8 by default. */
  epsilon?: number;
}

export interface AdamwOptions extends AdamOptions {
  /** The decay, which applies to every parameter, biases included; 0.01 by default. */
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

/**
 * Adam: gradients are averaged over time and divided by a running root mean square of their size.
 *
 * Rule and defaults are those of torch.optim.Adam. Source: Kingma, Ba 2015, arXiv 1412.6980.
 * @param o The options; all have defaults.
 * @returns A frozen description, which survives JSON, for `compile`.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { adam, dense, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 });
 * model.compile({ optimizer: adam({ learningRate: 0.1 }), loss: 'meanSquaredError' });
 * await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 200 });
 */
export function adam(o?: AdamOptions): Adam {
  noMore('adam', arguments, 1);
  return describedBy('adam', o, parts, theirs);
}

/**
 * Adam with decoupled weight decay: each update also multiplies the parameters by 1 − learningRate · weightDecay.
 *
 * Rule and defaults are those of torch.optim.AdamW. Source: Loshchilov, Hutter 2019, arXiv 1711.05101.
 * @param o The options; all have defaults.
 * @returns A frozen description, which survives JSON, for `compile`.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { adamw, dense, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 });
 * model.compile({ optimizer: adamw({ learningRate: 0.1, weightDecay: 0.001 }), loss: 'meanSquaredError' });
 * await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 200 });
 */
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
