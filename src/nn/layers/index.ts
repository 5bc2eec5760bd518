import { own, refuse } from '../../base/checks.js';
import { didYouMean } from '../../base/did-you-mean.js';
import type { LayerKind, StepPlan } from '../plan.js';
import { type ActivationLayer, activation, activationLayerKind } from './activation.js';
import { type BatchNormalizationLayer, batchNormalization, batchNormalizationKind } from './batch-normalization.js';
import { type DenseLayer, dense, denseKind } from './dense.js';
import { type LayerNormalizationLayer, layerNormalization, layerNormalizationKind } from './layer-normalization.js';
import {
  type DropoutLayer,
  dropout,
  dropoutKind,
  type GaussianNoiseLayer,
  gaussianNoise,
  gaussianNoiseKind,
} from './noise.js';
import { type PreluLayer, prelu, preluKind } from './prelu.js';
import { type RescalingLayer, rescaling, rescalingKind } from './rescaling.js';

/** A layer is a plain, frozen, JSON-serialisable description; a model binds it to memory and kernels. */
export type Layer =
  | DenseLayer
  | ActivationLayer
  | RescalingLayer
  | BatchNormalizationLayer
  | LayerNormalizationLayer
  | PreluLayer
  | DropoutLayer
  | GaussianNoiseLayer;
export type LayerType = Layer['type'];

/** The kinds of layers by type. A new layer needs one line here and one in the type above; the compiler names the other places. */
const kinds: { readonly [type in LayerType]: LayerKind<Extract<Layer, { type: type }>> } = {
  dense: denseKind,
  activation: activationLayerKind,
  rescaling: rescalingKind,
  batchNormalization: batchNormalizationKind,
  layerNormalization: layerNormalizationKind,
  prelu: preluKind,
  dropout: dropoutKind,
  gaussianNoise: gaussianNoiseKind,
};
export const layerTypes = /* @__PURE__ */ Object.keys(kinds) as readonly LayerType[];

/** Names that other libraries use for them. */
const aliases = { batchNormalization: 'batchnorm', layerNormalization: 'layernorm' };

/** A checked, frozen copy of a layer, whose description may have been through JSON. Throws SimdenseError 'ARGUMENT'. */
export function checkLayer(where: string, layer: unknown): Layer {
  const type = (layer as Layer | undefined)?.type;
  if (typeof type !== 'string' || !Object.hasOwn(kinds, type)) {
    const hint = didYouMean(type, layerTypes, aliases);
    return refuse(
      where,
      `a layer such as dense({ units: 10 }), its type one of ${layerTypes.join(', ')}`,
      type ?? layer,
      hint,
    );
  }
  return kindOf(layer as Layer).check(layer as Layer);
}

/** The steps of a layer that has passed `checkLayer`. */
export function planLayer(layer: Layer, inputs: number): StepPlan[] {
  return kindOf(layer).plan(own(layer), inputs);
}

const kindOf = ({ type }: Layer) => kinds[type] as LayerKind<Layer>;

export { activation, batchNormalization, dense, dropout, gaussianNoise, layerNormalization, prelu, rescaling };
