import { describedBy, finiteNumber, noMore, refuse } from '../../base/checks.js';
import { activationFloats } from '../layout.js';
import { type LayerBase, type LayerKind, type StepPlan, stepInPlace } from '../plan.js';

export interface RescalingLayer extends LayerBase<'rescaling'> {
  readonly scale: number;
  readonly offset: number;
}

/** y = scale·x + offset; offset 0. In front, it lets a model take bytes: rescaling({ scale: 1 / 255 }). */
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
