import { describedBy, noMore } from '../../base/checks.js';
import { checkInitializer, type Initializer } from '../initializers.js';
import type { BoundStep, LayerBase, LayerKind, Place, StepPlan } from '../plan.js';
import { checkName } from './name.js';

export interface PreluOptions {
  /** How alpha is drawn; 0.25 for each column by default, as PyTorch's PReLU. */
  alphaInitializer?: Initializer;
  /** The first part of the names of its weights, without a slash; by default prelu, prelu_1, … */
  name?: string;
}

export interface PreluLayer extends LayerBase<'prelu'> {
  readonly alphaInitializer: Initializer;
}

/**
 * Describes a parametric ReLU: y = max(x, 0) + alpha · min(x, 0), with a trained alpha for each column.
 *
 * Source: He et al. 2015, arXiv 1502.01852, who train alpha without weight decay.
 * @param o The options; all have defaults.
 * @returns A frozen description, which survives JSON.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { prelu, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 2, layers: [prelu()] });
 * model.predict([[3, -2]]).toArrays(); // [[3, -0.5]]
 */
export function prelu(o?: PreluOptions): PreluLayer {
  noMore('prelu', arguments, 1);
  return describedBy('prelu', o, {
    alphaInitializer: [checkInitializer, { type: 'constant', value: 0.25 }],
    name: [checkName, null],
  });
}

export const preluKind: LayerKind<PreluLayer> = { check: prelu, plan };

function plan({ alphaInitializer }: PreluLayer, inputs: number): StepPlan[] {
  const step: StepPlan = {
    inputs,
    outputs: inputs,
    parameters: [{ name: 'alpha', shape: [inputs], initializer: alphaInitializer }],
    inPlace: false,
    keepsOutput: false,
    gradientInPlace: true,
    scratch: 0,
    bind,
  };
  return [step];
}

function bind({ engine: { calls }, inputs, x, y, dy, dx, parameters, gradients }: Place): BoundStep {
  const [alpha] = parameters as [number];
  const [alphaGradient] = gradients as [number];
  return {
    forward: (rows) => calls.preluForward(rows, inputs, x, y, alpha),
    backward: (rows) => calls.preluBackward(rows, inputs, x, dy, dx, alpha, alphaGradient),
  };
}
