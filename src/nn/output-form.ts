// What a list of layers gives: a pure function of their descriptions, of which simdense/evaluate has its own copy.
import { type Activation, type ActivationName, activationKernel } from './activations.js';
import type { DenseLayer } from './layers/dense.js';
import type { RescalingLayer } from './layers/rescaling.js';
import type { Layer } from './plan.js';

const { POSITIVE_INFINITY: INF } = Number;

/** Between which numbers an activation's outputs lie, with `alpha` 1 and `slope` above 0. silu's and gelu's least values are at −1.278 and −0.752. */
export const ranges: Readonly<Record<ActivationName, readonly [low: number, high: number]>> = {
  linear: [-INF, INF],
  sigmoid: [0, 1],
  tanh: [-1, 1],
  relu: [0, INF],
  leakyRelu: [-INF, INF],
  elu: [-1, INF],
  softplus: [0, INF],
  silu: [-0.27846454276, INF],
  gelu: [-0.16997120748, INF],
  softmax: [0, 1],
};

/** What a network gives. */
export interface OutputForm {
  readonly outputs: number;
  /** The activation whose outputs these are; 'linear' where a later layer has changed them. */
  readonly activation: ActivationName;
  /** Between which numbers they lie. */
  readonly low: number;
  readonly high: number;
  /** The last activation and what stands behind it, for messages. */
  readonly shown: string;
}

/** What matters here of any layer. */
type Parts = { type?: string } & Partial<Pick<DenseLayer, 'units' | 'activation'> & Omit<RescalingLayer, 'type'>>;

/** What layers give for `inputs` columns; those that are not checked yet may be anything. Noise and dropout keep the range: they do nothing in inference. */
export function outputForm(layers: readonly Layer[], inputs: number): OutputForm {
  let form: OutputForm = { outputs: inputs, ...formOf('linear') };
  for (const layer of layers) {
    const { type, units = form.outputs, activation, scale = 1, offset = 0 } = (layer ?? {}) as Parts;
    if (type === 'dense' || type === 'activation') {
      const own = activation ?? 'linear';
      if (type === 'dense' || own !== 'linear') form = { outputs: units, ...formOf(own) };
      continue;
    }
    let { low, high } = form;
    if (type === 'batchNormalization') [low, high] = [-INF, INF];
    if (type === 'rescaling') {
      // Targets are float32, these are not.
      const [a, b] = [scale * low + offset, scale * high + offset];
      low = Math.min(a, b) * (Math.min(a, b) < 0 ? 1 + 1e-6 : 1 - 1e-6);
      high = Math.max(a, b) * (Math.max(a, b) < 0 ? 1 - 1e-6 : 1 + 1e-6);
    }
    form = { ...form, low, high, activation: 'linear', shown: `${form.shown}, then ${type}` };
  }
  return form;
}

function formOf(activation: Activation): Omit<OutputForm, 'outputs'> {
  const { name, alpha } = activationKernel(activation);
  let [low, high] = ranges[name] ?? ranges.linear;
  if (name === 'elu') low = -alpha;
  if (name === 'leakyRelu' && alpha === 0) low = 0;
  return { activation: name, low, high, shown: name };
}
