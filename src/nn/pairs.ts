// What goes together: losses, last activations, metrics and targets. The tables of docs/what-goes-together.md are made from these.
import { SimdenseError } from '../base/errors.js';
import { type Activation, type ActivationName, activationKernel } from './activations.js';
import type { DenseLayer } from './layers/dense.js';
import type { RescalingLayer } from './layers/rescaling.js';
import { isCustom, type Loss, type LossName } from './losses.js';
import { countsClasses, type Metric, TOP } from './metrics/index.js';
import type { Layer } from './plan.js';

const { POSITIVE_INFINITY: INF } = Number;

/** The one activation of the last layer that a loss takes; losses without a line take any. */
export const takes: { readonly [loss in LossName]?: ActivationName } = {
  binaryCrossentropy: 'sigmoid',
  categoricalCrossentropy: 'softmax',
};

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

/** The activations whose outputs are classes: metrics that count classes go with these. */
export const classes: readonly ActivationName[] = ['softmax', 'sigmoid'];

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

/** What layers give for `inputs` columns. Noise and dropout keep the range: they do nothing in inference. */
export function outputForm(layers: readonly Layer[], inputs: number): OutputForm {
  let form: OutputForm = { outputs: inputs, ...formOf('linear') };
  for (const layer of layers as readonly (Layer & Partial<DenseLayer & RescalingLayer>)[]) {
    const { type, units = form.outputs, activation = 'linear', scale = 1, offset = 0 } = layer;
    if (type === 'dense' || type === 'activation') {
      if (type === 'dense' || activation !== 'linear') form = { outputs: units, ...formOf(activation) };
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
  let [low, high] = ranges[name];
  if (name === 'elu') low = -alpha;
  if (name === 'leakyRelu' && alpha === 0) low = 0;
  return { activation: name, low, high, shown: name };
}

/** Throws SimdenseError 'ARGUMENT' for a loss, or a metric, that says nothing of these outputs. What a loss in JavaScript goes with only its author knows. */
export function checkPairs(loss: Loss, metrics: readonly Metric[], { activation, outputs, shown }: OutputForm): void {
  const say = (where: string, message: string): never => {
    throw new SimdenseError('ARGUMENT', `compile(${where}): ${message}`);
  };
  if (!isCustom(loss)) {
    const wanted = takes[loss];
    if (wanted === 'softmax' && outputs === 1)
      say('loss', 'categoricalCrossentropy needs 2 outputs or more; for 1 use binaryCrossentropy');
    if (activation === 'softmax' && outputs === 1)
      say(
        'loss',
        "a softmax of 1 output is always 1: use 'sigmoid' with binaryCrossentropy, or 'linear' for a regression",
      );
    if (wanted && wanted !== activation) {
      const other = Object.entries(takes).find(([, name]) => name === activation);
      const or = other ? `, or use ${other[0]}` : '';
      say('loss', `${loss} takes probabilities: give the last layer activation '${wanted}' (now '${shown}')${or}`);
    }
  }
  for (const [i, metric] of metrics.entries()) {
    if (!countsClasses(metric)) continue;
    if (metric === 'topKAccuracy' && outputs <= TOP)
      say(`metrics[${i}]`, `topKAccuracy is of the ${TOP} largest outputs, and always 1 of ${outputs}: use accuracy`);
    if (!isCustom(loss) && !classes.includes(activation)) {
      const these = classes.map((name) => `'${name}'`).join(' or ');
      const instead = 'of numbers meanAbsoluteError and r2 are figures';
      say(
        `metrics[${i}]`,
        `${metric} counts classes: give the last layer activation ${these} (now '${shown}'); ${instead}`,
      );
    }
  }
}

/** What targets must be for a loss and metrics to mean something: what `checkPairs` has let pass is settled by them. */
export interface Goal {
  readonly loss: Loss;
  readonly form: OutputForm;
  /** Between which numbers they lie, and whose limits these are. */
  readonly low: number;
  readonly high: number;
  readonly limits: string;
  /** Whether each row adds up to 1, as a softmax does. */
  readonly sums: boolean;
  /** The metric for which each row is one class, in zeros and ones; a single output is 0 or 1. */
  readonly classesFor?: Metric | undefined;
}

export function goalOf(loss: Loss, metrics: readonly Metric[], form: OutputForm): Goal {
  if (isCustom(loss)) return { loss, form, low: -INF, high: INF, limits: '', sums: false };
  const crossentropy = takes[loss];
  const { activation, shown } = form;
  // Sigmoids under a binary crossentropy are labels, each by itself; under squares they are classes.
  const single = metrics.find((m) => (crossentropy ? m === 'topKAccuracy' : countsClasses(m)));
  return {
    loss,
    form,
    ...(crossentropy
      ? { low: 0, high: 1, limits: `${loss} takes targets` }
      : { low: form.low, high: form.high, limits: `'${shown}' in the last layer gives numbers` }),
    sums: activation === 'softmax',
    classesFor: activation === 'sigmoid' ? single : undefined,
  };
}
