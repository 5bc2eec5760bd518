// Callbacks that watch one figure of the logs.
import {
  atLeastZero,
  boolean,
  fraction,
  oneOf,
  options,
  positiveInteger,
  refuse,
  wholeNumber,
} from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { WeightSet } from '../nn/weights.js';
import type { Callback, Training } from './callbacks.js';
import type { Logs } from './history.js';

export interface MonitorOptions {
  /** The figure of the logs: 'valLoss'. */
  monitor?: string;
  /** Whether less or more is better: less for a loss or error, more for the rest. */
  mode?: 'min' | 'max';
}

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without a gain before the training is stopped; 10. */
  patience?: number;
  /** Least difference that is a gain; 0. */
  minDelta?: number;
  /** Puts the weights of the best epoch back at the end; true. */
  restoreBest?: boolean;
}

export interface ReduceOnPlateauOptions extends MonitorOptions {
  /** What the rate is multiplied by; 0.1. */
  factor?: number;
  /** Epochs without a gain before it is; 10. */
  patience?: number;
  /** 0. */
  minLearningRate?: number;
}

export interface CheckpointOptions extends MonitorOptions {
  /** Epochs between two; 1. */
  every?: number;
  /** Only where the monitored figure is the best so far; false. */
  bestOnly?: boolean;
}

/** Whether the figure of this epoch is the best so far. */
function best(where: string, { monitor = 'valLoss', mode }: MonitorOptions, minDelta = 0): (logs: Logs) => boolean {
  if (typeof monitor !== 'string') refuse(`${where}(monitor)`, 'a name', monitor);
  const sign =
    oneOf(`${where}(mode)`, mode ?? (/loss|error/i.test(monitor) ? 'min' : 'max'), ['min', 'max']) === 'min' ? 1 : -1;
  let least = Number.POSITIVE_INFINITY;
  return (logs) => {
    const value = logs[monitor];
    if (value === undefined) {
      const hint = monitor.startsWith('val') ? '. Give fit validationData or validationSplit' : '';
      throw new SimdenseError(
        'ARGUMENT',
        `${where}: the logs have no "${monitor}", but ${Object.keys(logs).join(', ')}${hint}`,
      );
    }
    if (!(sign * value < least - minDelta)) return false;
    least = sign * value;
    return true;
  };
}

/** Stops a training that no longer gains, with the weights of its best epoch. */
export function earlyStopping(o?: EarlyStoppingOptions): Callback {
  const given = options('earlyStopping', o, ['monitor', 'patience', 'minDelta', 'restoreBest', 'mode']);
  const patience = wholeNumber('earlyStopping(patience)', given.patience ?? 10);
  const minDelta = atLeastZero('earlyStopping(minDelta)', given.minDelta ?? 0);
  const restoreBest = boolean('earlyStopping(restoreBest)', given.restoreBest ?? true);
  let isBest = best('earlyStopping', given, minDelta);
  let waited = 0;
  let weights: WeightSet | undefined;
  return {
    onTrainBegin() {
      isBest = best('earlyStopping', given, minDelta);
      waited = 0;
      weights = undefined;
    },
    onEpochEnd(t: Training) {
      if (isBest(t.logs)) {
        waited = 0;
        if (restoreBest) weights = t.model.getWeights();
      } else if (++waited >= Math.max(1, patience)) {
        t.stop(`${given.monitor ?? 'valLoss'} has not gained for ${waited} epochs`);
      }
    },
    onTrainEnd(t: Training) {
      if (weights) t.model.setWeights(weights);
    },
  };
}

/** Lowers the learning rate where a training no longer gains. */
export function reduceOnPlateau(o?: ReduceOnPlateauOptions): Callback {
  const given = options('reduceOnPlateau', o, ['monitor', 'factor', 'patience', 'minLearningRate', 'mode']);
  const factor = fraction('reduceOnPlateau(factor)', given.factor ?? 0.1);
  if (factor === 0) refuse('reduceOnPlateau(factor)', 'a number between 0 and 1', factor);
  const patience = positiveInteger('reduceOnPlateau(patience)', given.patience ?? 10);
  const least = atLeastZero('reduceOnPlateau(minLearningRate)', given.minLearningRate ?? 0);
  let isBest = best('reduceOnPlateau', given);
  let waited = 0;
  return {
    onTrainBegin() {
      isBest = best('reduceOnPlateau', given);
      waited = 0;
    },
    onEpochEnd(t: Training) {
      if (isBest(t.logs)) waited = 0;
      else if (++waited >= patience) {
        waited = 0;
        const rate = Math.max(least, t.learningRate * factor);
        if (rate > 0 && rate < t.learningRate) t.learningRate = rate;
      }
    },
  };
}

/** Hands the saved model, its optimizer's state included, to `save` after an epoch; fit waits for it. */
export function checkpoint(
  save: (bytes: Uint8Array, logs: Logs) => void | Promise<void>,
  o?: CheckpointOptions,
): Callback {
  if (typeof save !== 'function') refuse('checkpoint(save)', 'a function that takes bytes', save);
  const given = options('checkpoint', o, ['every', 'bestOnly', 'monitor', 'mode']);
  const every = positiveInteger('checkpoint(every)', given.every ?? 1);
  const bestOnly = boolean('checkpoint(bestOnly)', given.bestOnly ?? false);
  let isBest = best('checkpoint', given);
  return {
    onTrainBegin() {
      isBest = best('checkpoint', given);
    },
    async onEpochEnd(t: Training) {
      const wanted = bestOnly ? isBest(t.logs) : true;
      if (wanted && (t.epoch + 1) % every === 0) await save(t.model.save({ optimizer: true }), t.logs);
    },
  };
}
