import { boolean, describedBy, noMore, positiveInteger } from '../../base/checks.js';
import { type Activation, checkActivation, initializerBefore } from '../activations.js';
import { checkInitializer, type Initializer } from '../initializers.js';
import { parameterFloats } from '../layout.js';
import type { BoundStep, LayerBase, LayerKind, ParameterPlan, Place, StepPlan } from '../plan.js';
import { checkRegularizer, type Regularizer } from '../regularizers.js';
import { planActivation } from './activation.js';
import { checkName } from './name.js';

export interface DenseOptions {
  /** Outputs of the layer. */
  units: number;
  /** 'linear'. */
  activation?: Activation;
  /** true. */
  useBias?: boolean;
  /** He's uniform for the relu family, Glorot's uniform for the rest. */
  kernelInitializer?: Initializer;
  /** 'zeros'. */
  biasInitializer?: Initializer;
  /** None. */
  kernelRegularizer?: Regularizer;
  /** None. */
  biasRegularizer?: Regularizer;
  name?: string;
}

export interface DenseLayer extends LayerBase<'dense'> {
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer?: Regularizer;
  readonly biasRegularizer?: Regularizer;
}

/**
 * A fully-connected layer: y[rows, units] = activation(x[rows, inputs] · kernel[inputs, units] + bias[units]).
 * Throws SimdenseError 'ARGUMENT' for a value that an option may not have.
 */
export function dense(o: DenseOptions): DenseLayer {
  noMore('dense', arguments, 1);
  const activation = checkActivation('dense(activation)', o?.activation ?? 'linear');
  return describedBy('dense', o, {
    units: [positiveInteger],
    activation: [checkActivation, 'linear'],
    useBias: [boolean, true],
    kernelInitializer: [checkInitializer, initializerBefore(activation)],
    biasInitializer: [checkInitializer, 'zeros'],
    kernelRegularizer: [checkRegularizer, null],
    biasRegularizer: [checkRegularizer, null],
    name: [checkName, null],
  });
}

export const denseKind: LayerKind<DenseLayer> = { check: dense, plan };

function plan(layer: DenseLayer, inputs: number): StepPlan[] {
  const { units, kernelInitializer, kernelRegularizer, biasInitializer, biasRegularizer } = layer;
  const parameters: ParameterPlan[] = [
    { name: 'kernel', shape: [inputs, units], initializer: kernelInitializer, regularizer: kernelRegularizer },
  ];
  if (layer.useBias) {
    parameters.push({ name: 'bias', shape: [units], initializer: biasInitializer, regularizer: biasRegularizer });
  }
  const product: StepPlan = {
    inputs,
    outputs: units,
    parameters,
    inPlace: false,
    keepsOutput: false,
    gradientInPlace: false,
    // The kernel's transpose, for the input's gradient.
    scratch: parameterFloats([units, inputs]) * 4,
    bind: bindDense,
  };
  return [product, ...planActivation(layer.activation, units)];
}

function bindDense(place: Place): BoundStep {
  const { engine, inputs, outputs, x, y, dy, dx, parameters, gradients, scratch } = place;
  const { calls } = engine;
  const [kernel, bias = 0] = parameters as [number, number?];
  const [kernelGradient, biasGradient = 0] = gradients as [number, number?];
  return {
    forward: (rows) => calls.denseForward(rows, inputs, outputs, x, kernel, bias, y),
    backward(rows) {
      const bias = place.shiftIsLost ? 0 : biasGradient;
      calls.denseBackward(rows, inputs, outputs, x, dy, kernel, scratch, dx, kernelGradient, bias);
      // Before a batch normalization the exact gradient is zero; the rounding of its sum would be blown up by optimizers that divide by its size.
      if (bias !== biasGradient) engine.floats.fill(0, biasGradient / 4, biasGradient / 4 + outputs);
    },
  };
}
