// The range and meaning of a network's outputs: a pure function of the layers' descriptions. simdense/evaluate bundles its own copy.
import { type Activation, type ActivationName, activationKernel } from './activations.js';
import type { Layer, LayerType } from './layers/index.js';

const { POSITIVE_INFINITY: INF } = Number;

/** The range of an activation's outputs, given its parameter. silu, gelu, mish and hardSwish are least at −1.278, −0.752, −1.192 and −1.5. */
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
  mish: () => [-0.30884341302, INF],
  softsign: () => [-1, 1],
  hardSwish: () => [-0.375, INF],
  tanhShrink: () => [-INF, INF],
  softmax: () => [0, 1],
  logSoftmax: () => [-INF, 0],
};

/** The form of a network's outputs. */
export interface OutputForm {
  readonly outputs: number;
  /** The last activation; 'linear' if a later layer changes its outputs. */
  readonly activation: ActivationName;
  /** The range of the outputs. */
  readonly low: number;
  readonly high: number;
  /** The last activation and the layers after it, for messages. */
  readonly shown: string;
}

/** How a layer changes the form: a new form for an activation, else a new range. */
type Rule<L extends Layer> = (layer: L, form: OutputForm) => OutputForm | Pick<OutputForm, 'low' | 'high'>;
const anyNumber = { low: -INF, high: INF };

/** Layers that have not been checked yet may lack their defaults. Noise and dropout keep the range, since they do nothing in inference. */
const rules: { readonly [type in LayerType]: Rule<Extract<Layer, { type: type }>> } = {
  dense: ({ units, activation }) => ({ outputs: units, ...formOf(activation ?? 'linear') }),
  activation: ({ activation }, form) => (activation === 'linear' ? form : { ...form, ...formOf(activation) }),
  rescaling: ({ scale, offset = 0 }, { low, high }) => {
    // Targets are float32 and these limits are not, so widen the range by the rounding error.
    const [a, b] = [scale * low + offset, scale * high + offset];
    return {
      low: Math.min(a, b) * (Math.min(a, b) < 0 ? 1 + 1e-6 : 1 - 1e-6),
      high: Math.max(a, b) * (Math.max(a, b) < 0 ? 1 - 1e-6 : 1 + 1e-6),
    };
  },
  batchNormalization: () => anyNumber,
  layerNormalization: () => anyNumber,
  prelu: () => anyNumber,
  dropout: (_, form) => ({ low: form.low, high: form.high }),
  gaussianNoise: (_, form) => ({ low: form.low, high: form.high }),
};

/** The form of the outputs of layers that take `inputs` columns. Layers may not have been checked yet, so they may be any value. */
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
