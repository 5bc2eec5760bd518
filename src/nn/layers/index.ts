import { refuse } from '../../base/checks.js';
import type { Layer, StepPlan } from '../plan.js';
import { type ActivationLayer, activation, planActivation } from './activation.js';
import { type BatchNormalizationLayer, batchNormalization, planBatchNormalization } from './batch-normalization.js';
import { type DenseLayer, type DenseOptions, dense, planDense } from './dense.js';
import {
  type DropoutLayer,
  dropout,
  type GaussianNoiseLayer,
  gaussianNoise,
  planDropout,
  planGaussianNoise,
} from './noise.js';
import { planRescaling, type RescalingLayer, rescaling } from './rescaling.js';

/** For each type of layer, how a description from outside is checked and what the network needs for it. A new layer is one line. */
const kinds: Readonly<Record<string, { check(layer: Layer): Layer; plan(layer: Layer, inputs: number): StepPlan[] }>> =
  {
    dense: {
      check: (layer) => dense(layer as unknown as DenseOptions),
      plan: (layer, inputs) => planDense(layer as DenseLayer, inputs),
    },
    activation: {
      check: (layer) => activation((layer as ActivationLayer).activation),
      plan: (layer, inputs) => planActivation((layer as ActivationLayer).activation, inputs),
    },
    rescaling: {
      check: (layer) => rescaling(layer as RescalingLayer),
      plan: (layer, inputs) => planRescaling(layer as RescalingLayer, inputs),
    },
    batchNormalization: {
      check: (layer) => batchNormalization(layer as BatchNormalizationLayer),
      plan: (layer, inputs) => planBatchNormalization(layer as BatchNormalizationLayer, inputs),
    },
    dropout: {
      check: (layer) => dropout(layer as DropoutLayer),
      plan: (layer, inputs) => planDropout(layer as DropoutLayer, inputs),
    },
    gaussianNoise: {
      check: (layer) => gaussianNoise(layer as GaussianNoiseLayer),
      plan: (layer, inputs) => planGaussianNoise(layer as GaussianNoiseLayer, inputs),
    },
  };

/** The layer, checked and frozen again: a description may have been through JSON. Throws SimdenseError 'ARGUMENT'. */
export function checkLayer(where: string, layer: unknown): Layer {
  const type = (layer as Layer | undefined)?.type;
  const kind = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined) return refuse(where, `a layer such as dense({ units: 10 })`, type ?? layer);
  return kind.check(layer as Layer);
}

/** The steps of a layer that `checkLayer` has seen. */
export function planLayer(layer: Layer, inputs: number): StepPlan[] {
  return (kinds[layer.type] as (typeof kinds)[string]).plan(layer, inputs);
}

export { activation, batchNormalization, dense, dropout, gaussianNoise, rescaling };
