// What a list of layers gives: a pure function of their descriptions, of which simdense/evaluate has its own copy.
import { type Activation, type ActivationName, activationKernel } from './activations.js';
import type { Layer, LayerType } from './layers/index.js';

const { POSITIVE_INFINITY: INF } = Number;

/** Between which numbers an activation's outputs lie, by its parameter. silu's and gelu's least values are at −1.278 and −0.752. */
export const ranges: Readonly<Record<ActivationName, (alpha: number) => readonly [low: number, high: number]>> = {
  linear: () => [-INF, INF],
  sigmoid: () => [0, 1],
  tanh: () => [-1, 1],
  relu: () => [0, INF],
  leakyRelu: (slope) => [slope === 0 ? 0 : -INF, INF],
  elu: (alpha) => [-alpha, INF],
  softplus: () => [0, INF],
  silu: () => [-0.27846454276, INF],
  gelu: () => [-0.16997120748, INF],
  softmax: () => [0, 1],
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

/** What a layer makes of what it takes: the form of an activation's outputs, or the range that is left of it. */
type Rule<L extends Layer> = (layer: L, form: OutputForm) => OutputForm | Pick<OutputForm, 'low' | 'high'>;
const anyNumber = { low: -INF, high: INF };

/** Layers that have not been checked yet may lack their defaults. Noise and dropout keep the range: they do nothing in inference. */
const rules: { readonly [type in LayerType]: Rule<Extract<Layer, { type: type }>> } = {
  dense: ({ units, activation }) => ({ outputs: units, ...formOf(activation ?? 'linear') }),
  activation: ({ activation }, form) => (activation === 'linear' ? form : { ...form, ...formOf(activation) }),
  rescaling: ({ scale, offset = 0 }, { low, high }) => {
    // Targets are float32, these are not.
    const [a, b] = [scale * low + offset, scale * high + offset];
    return {
      low: Math.min(a, b) * (Math.min(a, b) < 0 ? 1 + 1e-6 : 1 - 1e-6),
      high: Math.max(a, b) * (Math.max(a, b) < 0 ? 1 - 1e-6 : 1 + 1e-6),
    };
  },
  batchNormalization: () => anyNumber,
  dropout: (_, form) => ({ low: form.low, high: form.high }),
  gaussianNoise: (_, form) => ({ low: form.low, high: form.high }),
};

/** What layers give for `inputs` columns; those that are not checked yet may be anything. */
export function outputForm(layers: readonly Layer[], inputs: number): OutputForm {
  let form: OutputForm = { outputs: inputs, ...formOf('linear') };
  for (const layer of layers) {
    const rule = Object.hasOwn(rules, layer?.type) ? (rules[layer.type] as Rule<Layer>) : () => anyNumber;
    const next = rule(layer, form);
    form =
      'shown' in next ? next : { ...form, ...next, activation: 'linear', shown: `${form.shown}, then ${layer?.type}` };
  }
  return form;
}

function formOf(activation: Activation): Omit<OutputForm, 'outputs'> {
  const given = typeof activation === 'string' ? activation : activation.type;
  if (!Object.hasOwn(ranges, given)) return { ...formOf('linear'), activation: given, shown: given };
  const { name, alpha } = activationKernel(activation);
  const [low, high] = ranges[name](alpha);
  return { activation: name, low, high, shown: name };
}
