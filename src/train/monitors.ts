// Callbacks that watch one figure of the logs. Their state is kept for each run, so one callback can be used in several fits.
import {
  atLeastZero,
  boolean,
  fraction,
  isRecord,
  noMore,
  oneOf,
  options,
  positiveInteger,
  refuse,
  show,
  wholeNumber,
} from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { figures, lessIsBetter, trainingName } from '../nn/figures.js';
import type { WeightSet } from '../nn/weights.js';
import { type CallbackState, markLast } from './callbacks.js';
import type { Logs } from './history.js';
import type { Callback, Training } from './sequential.js';

export interface MonitorOptions {
  /** The figure of the logs to watch; 'valLoss' by default. */
  monitor?: string;
  /** Whether less ('min') or more ('max') is better. Required for a custom metric and 'learningRate', and known for all others; if it is given, it is followed, as Keras does. */
  mode?: 'min' | 'max';
}

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Number of epochs without a gain after which the run stops; 10 by default. */
  patience?: number;
  /** A figure must be better by more than this to count as a gain; 0 by default. */
  minDelta?: number;
  /** Whether to restore the weights of the best epoch when the run ends, also after an abort or a divergence; true by default. */
  restoreBest?: boolean;
}

export interface ReduceOnPlateauOptions extends MonitorOptions {
  /** The factor on the learning rate; 0.1 by default. */
  factor?: number;
  /** Number of epochs without a gain after which the rate is lowered; 10 by default. */
  patience?: number;
  /** The lowest learning rate; 0 by default. */
  minLearningRate?: number;
}

export interface CheckpointOptions extends MonitorOptions {
  /** Epochs between two saves; 1 by default. */
  every?: number;
  /** Whether to save only the best epoch since the last save, if it is the best so far; false by default. */
  bestOnly?: boolean;
}

/** The state of a monitor in a run: the best figure, with its sign changed if more is better, and the number of epochs since. */
interface Progress {
  best: number;
  waited: number;
}

/** Watches one figure of the logs. */
class Monitor {
  readonly figure: string;
  readonly #where: string;
  readonly #sign: 1 | -1;
  readonly #minDelta: number;

  constructor(where: string, { monitor = 'valLoss', mode }: MonitorOptions, minDelta = 0) {
    if (typeof monitor !== 'string') refuse(`${where}(monitor)`, 'a name', monitor);
    this.figure = monitor;
    this.#where = where;
    this.#minDelta = minDelta;
    if (mode !== undefined) oneOf(`${where}(mode)`, mode, ['min', 'max']);
    const less = mode === undefined ? lessIsBetter(monitor) : mode === 'min';
    if (less === undefined) {
      const hint = didYouMean(monitor, figures);
      const message = `say whether less ('min') or more ('max') of ${show(monitor)} is better${hint}`;
      throw new SimdenseError('ARGUMENT', `${where}(mode): ${message}`);
    }
    this.#sign = less ? 1 : -1;
  }

  begin(): Progress {
    return { best: Number.POSITIVE_INFINITY, waited: 0 };
  }

  /** Adds an epoch's figure; returns whether it is the best so far. */
  improves(progress: Progress, logs: Logs): boolean {
    const value = logs[this.figure];
    if (value === undefined) {
      // If the logs have the same figure on training rows, there is no validation; otherwise the metric is missing.
      const own = trainingName(this.figure);
      const hint =
        own !== this.figure && logs[own] !== undefined
          ? '. Give fit validationData or validationSplit'
          : didYouMean(this.figure, Object.keys(logs)) || `. Give compile metrics: ['${own}']`;
      throw new SimdenseError(
        'ARGUMENT',
        `${this.#where}: the logs have no "${this.figure}", but ${Object.keys(logs).join(', ')}${hint}`,
      );
    }
    if (this.#sign * value < progress.best - this.#minDelta) {
      progress.best = this.#sign * value;
      progress.waited = 0;
      return true;
    }
    progress.waited++;
    return false;
  }

  /** The state as JSON, for a file. */
  toState(type: string, { best, waited }: Progress, more: Record<string, unknown> = {}): Record<string, unknown> {
    // `best` is infinite before the first epoch, and JSON has no infinity.
    return { type, monitor: this.figure, sign: this.#sign, ...(Number.isFinite(best) && { best }), waited, ...more };
  }

  /** Reads what toState returned; undefined for the state of another callback or figure. */
  fromState(type: string, { data }: CallbackState): (Progress & Record<string, unknown>) | undefined {
    if (!isRecord(data) || data['type'] !== type || data['monitor'] !== this.figure || data['sign'] !== this.#sign)
      return undefined;
    const { best = Number.POSITIVE_INFINITY, waited } = data;
    if (typeof best !== 'number' || !Number.isSafeInteger(waited)) return undefined;
    return { ...data, best, waited: waited as number };
  }
}

/**
 * Makes a callback that stops a run when a figure no longer improves, and restores the weights of the best epoch.
 *
 * @param o The options; all have defaults.
 * @returns A callback for `fit`.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range. fit throws it if the logs do not have the figure.
 * @example
 * import { earlyStopping } from 'simdense';
 * import { dense, sequential } from 'simdense';
 *
 * const layers = [dense({ units: 1 })];
 * const model = sequential({ inputs: 1, layers, seed: 1 }).compile({ loss: 'meanSquaredError' });
 * const x = [[0], [1], [2], [3]];
 * const y = [1, 3, 5, 7];
 * const callbacks = [earlyStopping({ monitor: 'loss', patience: 3, minDelta: 10 })];
 * const { epochs, stopped } = await model.fit(x, y, { epochs: 100, callbacks });
 * epochs.length; // 4
 * stopped?.reason; // 'loss has not gained for 3 epochs'
 */
export function earlyStopping(o?: EarlyStoppingOptions): Callback {
  noMore('earlyStopping', arguments, 1);
  const given = options('earlyStopping', o, ['monitor', 'patience', 'minDelta', 'restoreBest', 'mode'], {
    restoreBest: 'restorebestweights',
  });
  const patience = Math.max(1, wholeNumber('earlyStopping(patience)', given.patience ?? 10));
  const minDelta = atLeastZero('earlyStopping(minDelta)', given.minDelta ?? 0);
  const restoreBest = boolean('earlyStopping(restoreBest)', given.restoreBest ?? true);
  const monitor = new Monitor('earlyStopping', given, minDelta);
  interface Run extends Progress {
    /** The weights of the best epoch. */
    weights?: WeightSet | undefined;
    /** The last weights, stored when the run ends and the best ones are restored. */
    left?: WeightSet | undefined;
  }
  const runs = new WeakMap<Training, Run>();
  const stopIfDue = (t: Training, { waited }: Progress): void => {
    if (waited < patience) return;
    const { figure } = monitor;
    t.stop(
      Number.isNaN(t.logs[figure]) ? `${figure} is not a number` : `${figure} has not gained for ${waited} epochs`,
    );
  };
  return {
    setState(t, state) {
      const known = monitor.fromState('earlyStopping', state);
      if (!known) return;
      const { best: weights, left } = state.weights ?? {};
      // The earlier run ended by restoring its best weights. Continue from its last ones, unless the weights have been changed since.
      if (left && weights && sameWeights(weights, t.model.getWeights())) t.model.setWeights(left);
      runs.set(t, { ...known, weights, left: undefined });
    },
    getState(t) {
      const run = runs.get(t);
      if (!run) return undefined;
      const { weights, left } = run;
      const sets = { ...(weights && { best: weights }), ...(left && { left }) };
      return { data: monitor.toState('earlyStopping', run), ...(weights && { weights: sets }) };
    },
    onTrainBegin(t) {
      const run = runs.get(t);
      if (run) stopIfDue(t, run);
      else runs.set(t, monitor.begin());
    },
    onEpochEnd(t) {
      const run = runs.get(t) as Run;
      if (!monitor.improves(run, t.logs)) stopIfDue(t, run);
      else if (restoreBest) run.weights = t.model.getWeights();
    },
    onTrainEnd(t) {
      const run = runs.get(t);
      if (!run?.weights) return;
      run.left = t.model.getWeights();
      t.model.setWeights(run.weights);
    },
  };
}

/** Whether two sets of weights have the same bits. */
function sameWeights(a: WeightSet, b: WeightSet): boolean {
  return Array.from(a).every(([path, { data }]) => data.every((value, i) => Object.is(value, b.get(path)?.data[i])));
}

/**
 * Makes a callback that lowers the learning rate when a figure no longer improves. The factor also applies to a schedule.
 *
 * @param o The options; all have defaults.
 * @returns A callback for `fit`.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range. fit throws it if the logs do not have the figure.
 * @example
 * import { reduceOnPlateau } from 'simdense';
 * import { dense, sequential } from 'simdense';
 *
 * const layers = [dense({ units: 1 })];
 * const model = sequential({ inputs: 1, layers, seed: 1 }).compile({ loss: 'meanSquaredError' });
 * const x = [[0], [1], [2], [3]];
 * const y = [1, 3, 5, 7];
 * const callbacks = [reduceOnPlateau({ factor: 0.5, patience: 5 })];
 * await model.fit(x, y, { epochs: 20, validationData: [x, y], callbacks });
 */
export function reduceOnPlateau(o?: ReduceOnPlateauOptions): Callback {
  noMore('reduceOnPlateau', arguments, 1);
  const given = options('reduceOnPlateau', o, ['monitor', 'factor', 'patience', 'minLearningRate', 'mode']);
  const factor = fraction('reduceOnPlateau(factor)', given.factor ?? 0.1);
  if (factor === 0) refuse('reduceOnPlateau(factor)', 'a number between 0 and 1', factor);
  const patience = positiveInteger('reduceOnPlateau(patience)', given.patience ?? 10);
  const least = atLeastZero('reduceOnPlateau(minLearningRate)', given.minLearningRate ?? 0);
  const monitor = new Monitor('reduceOnPlateau', given);
  const runs = new WeakMap<Training, Progress>();
  return {
    setState(t, state) {
      const known = monitor.fromState('reduceOnPlateau', state);
      if (!known) return;
      runs.set(t, known);
      const { factor } = known;
      if (typeof factor === 'number' && factor > 0 && factor <= 1) t.learningRateFactor = factor;
    },
    getState(t) {
      const run = runs.get(t);
      return run && { data: monitor.toState('reduceOnPlateau', run, { factor: t.learningRateFactor }) };
    },
    onTrainBegin(t) {
      if (!runs.has(t)) runs.set(t, monitor.begin());
    },
    onEpochEnd(t) {
      const run = runs.get(t) as Progress;
      if (monitor.improves(run, t.logs) || run.waited < patience) return;
      run.waited = 0;
      const full = t.learningRate / t.learningRateFactor;
      const lowered = Math.max(t.learningRateFactor * factor, least / full);
      if (lowered < t.learningRateFactor) t.learningRateFactor = lowered;
    },
  };
}

/**
 * Makes a callback that saves the model after epochs, with the state of its optimizer and of the other callbacks.
 *
 * fit calls checkpoints after all other callbacks, and waits for `save`.
 * @param save Receives the bytes of the file, for `loadModel`, and the logs of the epoch. It may return a promise.
 * @param o The options; all have defaults.
 * @returns A callback for `fit`.
 * @throws SimdenseError 'ARGUMENT' for anything but a function, or for an option that is unknown or out of range.
 * @example
 * import { checkpoint, loadModel } from 'simdense';
 * import { dense, sequential } from 'simdense';
 *
 * const layers = [dense({ units: 1 })];
 * const model = sequential({ inputs: 1, layers, seed: 1 }).compile({ loss: 'meanSquaredError' });
 * let last = new Uint8Array();
 * const callbacks = [checkpoint((bytes) => void (last = new Uint8Array(bytes)), { every: 2 })];
 * await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 4, callbacks });
 * loadModel(last).trainedEpochs; // 4
 */
export function checkpoint(
  save: (bytes: Uint8Array, logs: Logs) => void | Promise<void>,
  o?: CheckpointOptions,
): Callback {
  noMore('checkpoint', arguments, 2);
  if (typeof save !== 'function') refuse('checkpoint(save)', 'a function that takes bytes', save);
  const given = options('checkpoint', o, ['every', 'bestOnly', 'monitor', 'mode'], { bestOnly: 'savebestonly' });
  const every = positiveInteger('checkpoint(every)', given.every ?? 1);
  const bestOnly = boolean('checkpoint(bestOnly)', given.bestOnly ?? false);
  const watched = new Monitor('checkpoint', given);
  const monitor = bestOnly ? watched : undefined;
  interface Run {
    readonly progress: Progress;
    /** The best figure at the last call of `save`, signed as in Progress. */
    savedBest: number;
    /** The file and logs of the best epoch, until they are passed to `save`. */
    unsaved?: { bytes: Uint8Array; logs: Logs } | undefined;
  }
  const runs = new WeakMap<Training, Run>();
  const flush = (run: Run): void | Promise<void> => {
    const { unsaved } = run;
    if (!unsaved) return undefined;
    run.unsaved = undefined;
    run.savedBest = run.progress.best;
    return save(unsaved.bytes, unsaved.logs);
  };
  const callback: Callback = {
    setState(t, state) {
      const known = monitor?.fromState('checkpoint', state);
      if (known) runs.set(t, { progress: known, savedBest: known.best });
    },
    getState(t) {
      const run = runs.get(t);
      if (!run || !monitor) return undefined;
      // An unsaved file is lost when the run ends, so a later run compares with the best one that was saved.
      const best = run.unsaved ? run.savedBest : run.progress.best;
      return { data: monitor.toState('checkpoint', { ...run.progress, best }) };
    },
    onTrainBegin(t) {
      if (!runs.has(t)) runs.set(t, { progress: watched.begin(), savedBest: watched.begin().best });
    },
    onEpochEnd(t) {
      const run = runs.get(t) as Run;
      const due = (t.epoch + 1) % every === 0;
      const best = monitor?.improves(run.progress, t.logs) ?? true;
      // With bestOnly, keep a file of each best epoch: it may be passed to `save` later.
      if (best && (monitor || due)) {
        // getState, which model.save calls, must report this epoch as saved.
        run.unsaved = undefined;
        run.unsaved = { bytes: t.model.save({ optimizer: true }), logs: t.logs };
      }
      return due ? flush(run) : undefined;
    },
    onTrainEnd(t) {
      const run = runs.get(t);
      return run && (t.end === 'finished' || t.end === 'stopped') ? flush(run) : undefined;
    },
  };
  markLast(callback);
  return callback;
}
