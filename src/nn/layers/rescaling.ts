import { describedBy, finiteNumber, noMore, refuse } from '../../base/checks.js';
import { activationFloats } from '../layout.js';
import { type LayerBase, type LayerKind, type StepPlan, stepInPlace } from '../plan.js';

export interface RescalingLayer extends LayerBase<'rescaling'> {
  readonly scale: number;
  readonly offset: number;
}

/**
 * Describes a fixed linear map: y = scale · x + offset.
 *
 * As the first layer it lets a model take bytes, such as pixels, without a copy as floats.
 * @param o The options.
 * @param o.scale The factor, other than 0.
 * @param o.offset The term that is added; 0 by default.
 * @returns A frozen description, which survives JSON.
 * @throws SimdenseError 'ARGUMENT' for an option that is missing, unknown or out of range.
 * @example
 * import { rescaling, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 2, layers: [rescaling({ scale: 1 / 255 })] });
 * model.predict(new Uint8Array([0, 255])).toArrays(); // [[0, 1]]
 */
export function rescaling(o: { scale: number; offset?: number }): RescalingLayer {
  noMore('rescaling', arguments, 1);
  const layer = describedBy<RescalingLayer>('rescaling', o, { scale: [finiteNumber], offset: [finiteNumber, 0] });
  if (layer.scale === 0) refuse('rescaling(scale)', 'a number other than 0', 0);
  return layer;
}

export const rescalingKind: LayerKind<RescalingLayer> = { check: rescaling, plan };

function plan({ scale, offset }: RescalingLayer, inputs: number): StepPlan[] {
  const bind: StepPlan['bind'] = ({ engine: { calls }, x, y, dy, dx }) => ({
    forward: (rows) => calls.affine(activationFloats(rows, inputs), x, y, scale, offset),
    backward: (rows) => calls.affine(activationFloats(rows, inputs), dy, dx, scale, 0),
  });
  return [stepInPlace(inputs, bind)];
}
