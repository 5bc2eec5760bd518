// An output of a fitted pipeline as a function of its features.
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import type { differentiable } from './input-gradients.js';
import type { Slope } from './path-integral.js';

export type Network = ReturnType<typeof differentiable>;

/** An output in its own units, and its gradient by the features. */
export function slopeOf({ targetScaler, classes, model }: FittedPipeline, network: Network, index: number): Slope {
  const { center, scale } = targetScaler.toJSON();
  // One sigmoid is the probability of the second of two classes.
  const alone = classes !== undefined && model.outputs === 1;
  const place = alone ? 0 : index;
  const [factor, shift] = alone ? (index === 0 ? [-1, 1] : [1, 0]) : [scale[index] ?? 1, center[index] ?? 0];
  return {
    valueAt: (x) => (network(x).y[place] as number) * factor + shift,
    gradientAt(x) {
      const { y, pull } = network(x);
      const outputs = new Float64Array(y.length);
      outputs[place] = factor;
      return pull(outputs);
    },
  };
}
