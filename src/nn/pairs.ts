// Which losses, last activations, metrics and targets go together. The tables of docs/what-goes-together.md are made from this file.
import { SimdenseError } from '../base/errors.js';
import type { ActivationName } from './activations.js';
import { isCustom, type Loss, type LossName, lossKinds, lossNames } from './losses.js';
import { type Metric, TOP } from './metrics/index.js';
import { type ClassMetric, countsClasses } from './metrics/names.js';
import type { OutputForm } from './output-form.js';

const { POSITIVE_INFINITY: INF } = Number;

/** The only last activation that a loss works with, beside logSoftmax in place of softmax; undefined if it works with any. */
export const activationBehind = (loss: LossName): ActivationName | undefined => lossKinds[loss].behind?.[0];

/** softmax for logSoftmax, which goes together with the same losses and metrics: its outputs are in the same order. */
export const withoutLog = (activation: ActivationName): ActivationName =>
  activation === 'logSoftmax' ? 'softmax' : activation;

/** The activations whose outputs are classes. Metrics that count classes require one of them, or logSoftmax. */
export const classes: readonly ActivationName[] = ['softmax', 'sigmoid'];

/** Throws SimdenseError 'ARGUMENT' for a loss or metric that does not fit these outputs. A custom loss may be combined with anything. */
export function checkPairs(loss: Loss, metrics: readonly Metric[], { activation, outputs, shown }: OutputForm): void {
  const say = (where: string, message: string): never => {
    throw new SimdenseError('ARGUMENT', `compile(${where}): ${message}`);
  };
  if (!isCustom(loss)) {
    const wanted = activationBehind(loss);
    const given = withoutLog(activation);
    if (wanted === 'softmax' && outputs === 1)
      say('loss', 'categoricalCrossentropy needs 2 outputs or more; for 1 use binaryCrossentropy');
    if (given === 'softmax' && outputs === 1)
      say(
        'loss',
        "a softmax of 1 output is always 1: use 'sigmoid' with binaryCrossentropy, or 'linear' for a regression",
      );
    if (wanted && wanted !== given) {
      const other = lossNames.find((name) => activationBehind(name) === given);
      const or = other ? `, or use ${other}` : '';
      say('loss', `${loss} takes probabilities: give the last layer activation '${wanted}' (now '${shown}')${or}`);
    }
  }
  for (const [i, metric] of metrics.entries()) {
    if (!countsClasses(metric)) continue;
    if (metric === 'topKAccuracy' && outputs <= TOP)
      say(
        `metrics[${i}]`,
        `topKAccuracy looks at the ${TOP} largest outputs, so it is always 1 for ${outputs}; use accuracy`,
      );
    if (!isCustom(loss) && !classes.includes(withoutLog(activation))) {
      const these = classes.map((name) => `'${name}'`).join(' or ');
      const instead = 'for numbers use meanAbsoluteError or r2';
      say(
        `metrics[${i}]`,
        `${metric} counts classes: give the last layer activation ${these} (now '${shown}'); ${instead}`,
      );
    }
  }
}

/** The requirements on targets that follow from a loss and metrics that `checkPairs` has accepted. */
export interface Goal {
  readonly loss: Loss;
  readonly form: OutputForm;
  /** The range of the targets, and the beginning of a message that explains it. */
  readonly low: number;
  readonly high: number;
  readonly limits: string;
  /** Whether each row must add up to 1, as probabilities of classes do. */
  readonly sums: boolean;
  /** The metric that requires one class for each row: one-hot rows, or 0 and 1 for a single output. */
  readonly classesFor?: ClassMetric | undefined;
}

/** Derives the requirements on targets from the loss, the metrics and the outputs. */
export function goalOf(loss: Loss, metrics: readonly Metric[], form: OutputForm): Goal {
  if (isCustom(loss)) return { loss, form, low: -INF, high: INF, limits: '', sums: false };
  const crossentropy = activationBehind(loss);
  const { activation, shown } = form;
  // With binaryCrossentropy several sigmoids are independent labels; with other losses they are classes.
  const single = metrics.filter(countsClasses).find((metric) => !crossentropy || metric === 'topKAccuracy');
  return {
    loss,
    form,
    ...(crossentropy
      ? { low: 0, high: 1, limits: `${loss} takes targets` }
      : { low: form.low, high: form.high, limits: `'${shown}' in the last layer gives numbers` }),
    sums: (crossentropy ?? activation) === 'softmax',
    classesFor: activation === 'sigmoid' ? single : undefined,
  };
}
