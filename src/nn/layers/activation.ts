import { noMore } from '../../base/checks.js';
import { type Activation, activationKernel, checkActivation } from '../activations.js';
import { activationFloats } from '../layout.js';
import { type BoundStep, type LayerBase, type LayerKind, type Place, type StepPlan, stepInPlace } from '../plan.js';

export interface ActivationLayer extends LayerBase<'activation'> {
  readonly activation: Activation;
}

/**
 * Describes an activation as a layer of its own, such as after `batchNormalization`.
 *
 * @param a The name of the activation, or an object with its parameter.
 * @returns A frozen description, which survives JSON.
 * @throws SimdenseError 'ARGUMENT' for an unknown activation or a parameter out of range.
 * @example
 * import { activation, batchNormalization, dense, sequential } from 'simdense';
 *
 * const layers = [dense({ units: 4 }), batchNormalization(), activation({ type: 'leakyRelu', slope: 0.1 })];
 * const model = sequential({ inputs: 2, layers });
 * model.outputs; // 4
 */
export function activation(a: Activation): ActivationLayer {
  noMore('activation', arguments, 1);
  return Object.freeze({ type: 'activation', activation: checkActivation('activation', a) });
}

export const activationLayerKind: LayerKind<ActivationLayer> = {
  check: (layer) => activation(layer.activation),
  plan: (layer, inputs) => planActivation(layer.activation, inputs),
};

export function planActivation(a: Activation, inputs: number): StepPlan[] {
  const kernel = activationKernel(a);
  if (kernel.name === 'linear') return [];
  const plan: StepPlan = {
    ...stepInPlace(inputs, (place) =>
      kernel.kind < 0
        ? bindSoftmax(place, kernel.name === 'logSoftmax')
        : bindElementwise(place, kernel.kind, kernel.alpha, kernel.needsInput),
    ),
    inPlace: !kernel.needsInput,
    keepsOutput: !kernel.needsInput,
    ...(kernel.name === 'softmax' || kernel.name === 'sigmoid' ? { fuses: kernel.name } : {}),
  };
  return [plan];
}

function bindElementwise(place: Place, kind: number, alpha: number, needsInput: boolean): BoundStep {
  const { x, y, dy, dx, inputs } = place;
  const { calls } = place.engine;
  const saved = needsInput ? x : y;
  return {
    forward: (rows) => calls.activationForward(kind, activationFloats(rows, inputs), x, y, alpha),
    backward: (rows) => calls.activationBackward(kind, activationFloats(rows, inputs), saved, dy, dx, alpha),
  };
}

function bindSoftmax(place: Place, logs: boolean): BoundStep {
  const { x, y, dy, dx, inputs } = place;
  const { calls } = place.engine;
  return {
    forward: (rows) => calls.softmaxForward(rows, inputs, x, y, logs),
    backward: (rows) => calls.softmaxBackward(rows, inputs, y, dy, dx, logs),
  };
}
