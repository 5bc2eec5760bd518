import { noMore } from '../../base/checks.js';
import { type Activation, activationKernel, checkActivation } from '../activations.js';
import { activationFloats } from '../layout.js';
import { type BoundStep, type LayerBase, type LayerKind, type Place, type StepPlan, stepInPlace } from '../plan.js';

export interface ActivationLayer extends LayerBase<'activation'> {
  readonly activation: Activation;
}

/** An activation on its own, such as after batchNormalization. Throws SimdenseError 'ARGUMENT' for an unknown one. */
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
      kernel.name === 'softmax'
        ? bindSoftmax(place)
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

function bindSoftmax(place: Place): BoundStep {
  const { x, y, dy, dx, inputs } = place;
  const { calls } = place.engine;
  return {
    forward: (rows) => calls.softmaxForward(rows, inputs, x, y),
    backward: (rows) => calls.softmaxBackward(rows, inputs, y, dy, dx),
  };
}
