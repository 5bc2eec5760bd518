// What goes together: losses, last activations, metrics and targets. The tables of docs/what-goes-together.md are made from these.
import { SimdenseError } from '../base/errors.js';
import type { ActivationName } from './activations.js';
import { isCustom, type Loss, type LossName, lossKinds, lossNames } from './losses.js';
import { type Metric, TOP } from './metrics/index.js';
import { type ClassMetric, countsClasses } from './metrics/names.js';
import type { OutputForm } from './output-form.js';

const { POSITIVE_INFINITY: INF } = Number;

/** The one activation of the last layer that a loss takes, if it takes one only. */
export const activationBehind = (loss: LossName): ActivationName | undefined => lossKinds[loss].behind?.[0];

/** The activations whose outputs are classes: metrics that count classes go with these. */
export const classes: readonly ActivationName[] = ['softmax', 'sigmoid'];

/** Throws SimdenseError 'ARGUMENT' for a loss, or a metric, that says nothing of these outputs. What a loss in JavaScript goes with only its author knows. */
export function checkPairs(loss: Loss, metrics: readonly Metric[], { activation, outputs, shown }: OutputForm): void {
  const say = (where: string, message: string): never => {
    throw new SimdenseError('ARGUMENT', `compile(${where}): ${message}`);
  };
  if (!isCustom(loss)) {
    const wanted = activationBehind(loss);
    if (wanted === 'softmax' && outputs === 1)
      say('loss', 'categoricalCrossentropy needs 2 outputs or more; for 1 use binaryCrossentropy');
    if (activation === 'softmax' && outputs === 1)
      say(
        'loss',
        "a softmax of 1 output is always 1: use 'sigmoid' with binaryCrossentropy, or 'linear' for a regression",
      );
    if (wanted && wanted !== activation) {
      const other = lossNames.find((name) => activationBehind(name) === activation);
      const or = other ? `, or use ${other}` : '';
      say('loss', `${loss} takes probabilities: give the last layer activation '${wanted}' (now '${shown}')${or}`);
    }
  }
  for (const [i, metric] of metrics.entries()) {
    if (!countsClasses(metric)) continue;
    if (metric === 'topKAccuracy' && outputs <= TOP)
      say(`metrics[${i}]`, `topKAccuracy is of the ${TOP} largest outputs, and always 1 of ${outputs}: use accuracy`);
    if (!isCustom(loss) && !classes.includes(activation)) {
      const these = classes.map((name) => `'${name}'`).join(' or ');
      const instead = 'for numbers use meanAbsoluteError or r2';
      say(
        `metrics[${i}]`,
        `${metric} counts classes: give the last layer activation ${these} (now '${shown}'); ${instead}`,
      );
    }
  }
}

/** What targets must be for a loss and metrics to mean something: it follows from what `checkPairs` has let pass. */
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
  readonly classesFor?: ClassMetric | undefined;
}

export function goalOf(loss: Loss, metrics: readonly Metric[], form: OutputForm): Goal {
  if (isCustom(loss)) return { loss, form, low: -INF, high: INF, limits: '', sums: false };
  const crossentropy = activationBehind(loss);
  const { activation, shown } = form;
  // Sigmoids under a binary crossentropy are labels, each by itself; under squares they are classes.
  const single = metrics.filter(countsClasses).find((metric) => !crossentropy || metric === 'topKAccuracy');
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
