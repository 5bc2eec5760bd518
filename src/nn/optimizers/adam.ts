import { fraction, options, positiveNumber } from '../../base/checks.js';
import { integerPower, type Optimizer, type OptimizerKind } from './optimizer.js';

export interface AdamOptions {
  /** 0.001. */
  learningRate?: number;
  /** 0.9. */
  beta1?: number;
  /** 0.999. */
  beta2?: number;
  /** 1e-8. */
  epsilon?: number;
}

export interface Adam extends Optimizer {
  readonly type: 'adam';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam (Kingma, Ba 2015, arXiv 1412.6980), torch.optim.Adam's rule and defaults. */
export function adam(o?: AdamOptions): Adam {
  const given = options('adam', o, ['learningRate', 'beta1', 'beta2', 'epsilon', 'type']);
  return Object.freeze({
    type: 'adam',
    learningRate: positiveNumber('adam(learningRate)', given.learningRate ?? 0.001),
    beta1: fraction('adam(beta1)', given.beta1 ?? 0.9),
    beta2: fraction('adam(beta2)', given.beta2 ?? 0.999),
    epsilon: positiveNumber('adam(epsilon)', given.epsilon ?? 1e-8),
  });
}

export const adamKind: OptimizerKind = {
  check: (optimizer) => adam(optimizer as Adam),
  moments: () => 2,
  bind(optimizer, { calls }, floats, values, gradients, moments) {
    const { beta1, beta2, epsilon } = optimizer as Adam;
    const [m, v] = moments as [number, number];
    return (learningRate, t) => {
      const stepSize = learningRate / (1 - integerPower(beta1, t));
      const scale = 1 / Math.sqrt(1 - integerPower(beta2, t));
      calls.adam(floats, values, gradients, m, v, stepSize, scale, beta1, 1 - beta1, beta2, 1 - beta2, epsilon);
    };
  },
};
