import { boolean, describedBy, noMore, positiveInteger } from '../../base/checks.js';
import { type Activation, checkActivation, initializerBefore } from '../activations.js';
import { checkInitializer, type Initializer } from '../initializers.js';
import { parameterFloats } from '../layout.js';
import type { BoundStep, LayerBase, LayerKind, ParameterPlan, Place, StepPlan } from '../plan.js';
import { checkRegularizer, type Regularizer } from '../regularizers.js';
import { planActivation } from './activation.js';
import { checkName } from './name.js';

export interface DenseOptions {
  /** Number of outputs. */
  units: number;
  /** The activation; 'linear' by default. */
  activation?: Activation;
  /** Whether a bias is added; true by default. */
  useBias?: boolean;
  /** How the kernel is drawn; by default 'heUniform' for relu and its relatives, 'glorotUniform' for all other activations. */
  kernelInitializer?: Initializer;
  /** How the bias is drawn; 'zeros' by default. */
  biasInitializer?: Initializer;
  /** The penalty on the kernel; none by default. */
  kernelRegularizer?: Regularizer;
  /** The penalty on the bias; none by default. */
  biasRegularizer?: Regularizer;
  /** The first part of the names of its weights, without a slash; by default dense, dense_1, … */
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
 * Describes a fully-connected layer: y = activation(x · kernel + bias).
 *
 * Shapes: x [rows, inputs], kernel [inputs, units], bias [units], y [rows, units].
 * @param o The options; only `units` is required.
 * @returns A frozen description, which survives JSON. `sequential` turns it into a layer of a model.
 * @throws SimdenseError 'ARGUMENT' for an option that is missing, unknown or out of range.
 * @example
 * import { dense, sequential } from 'simdense';
 *
 * const hidden = dense({ units: 8, activation: 'relu', kernelRegularizer: { l2: 1e-4 } });
 * const model = sequential({ inputs: 2, layers: [hidden, dense({ units: 1 })] });
 * model.parameterCount; // 33
 */
export function dense(o: DenseOptions): DenseLayer {
  noMore('dense', arguments, 1);
  return describedBy('dense', o, {
    units: [positiveInteger],
    activation: [checkActivation, 'linear'],
    useBias: [boolean, true],
    kernelInitializer: [checkInitializer, initializerBefore],
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
    // The transposed kernel, which the gradient by the input needs.
    scratch: parameterFloats([units, inputs]) * 4,
    bind: bindDense,
  };
  return [product, ...planActivation(layer.activation, units)];
}

function bindDense(place: Place): BoundStep {
  const { inputs, outputs, x, y, dy, dx, parameters, gradients, scratch } = place;
  const { calls } = place.engine;
  const [kernel, bias = 0] = parameters as [number, number?];
  const [kernelGradient, biasGradient = 0] = gradients as [number, number?];
  return {
    forward: (rows) => calls.denseForward(rows, inputs, outputs, x, kernel, bias, y),
    backward(rows) {
      const bias = place.shiftIsLost ? 0 : biasGradient;
      calls.denseBackward(rows, inputs, outputs, x, dy, kernel, scratch, dx, kernelGradient, bias);
      // The next step subtracts column means, so the bias's gradient is zero. Optimizers that divide by its size would amplify the rounding errors of the sum.
      // No labels: it only clears the panels. By a kernel, so that it is replayed with the others.
      if (bias !== biasGradient) calls.packClasses(0, outputs, 0, 0, biasGradient, 1);
    },
  };
}
