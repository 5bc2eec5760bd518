// Callbacks that watch one figure of the logs. What they know belongs to a run, not to the description: one object may serve many fits.
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
import type { Callback, CallbackState, Training } from './callbacks.js';
import type { Logs } from './history.js';

export interface MonitorOptions {
  /** The figure of the logs: 'valLoss'. */
  monitor?: string;
  /** Whether less ('min') or more ('max') is better. Known for the loss and for simdense's own metrics; must be given for a metric of your own. */
  mode?: 'min' | 'max';
}

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without a gain before the run is stopped; 10. */
  patience?: number;
  /** Least difference that is a gain; 0. */
  minDelta?: number;
  /** Puts the weights of the best epoch back when the run ends, also by an abort or a divergence; true. */
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
  /** Epochs between two saves; 1. */
  every?: number;
  /** Saves the best epoch since the last save, and nothing where none was the best so far; false. */
  bestOnly?: boolean;
}

/** What a monitor knows of a run: the best figure, signed so that less is better, and the epochs since. */
interface Progress {
  best: number;
  waited: number;
}

/** One figure that is watched. */
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
      const message = `${show(monitor)} is no figure of simdense's: say whether less ('min') or more ('max') of it is better${hint}`;
      throw new SimdenseError('ARGUMENT', `${where}(mode): ${message}`);
    }
    this.#sign = less ? 1 : -1;
  }

  begin(): Progress {
    return { best: Number.POSITIVE_INFINITY, waited: 0 };
  }

  /** Takes an epoch's figure in; whether it is the best so far. */
  improves(progress: Progress, logs: Logs): boolean {
    const value = logs[this.figure];
    if (value === undefined) {
      // The figure of the training is there: so it is the validation that is missing, else a metric.
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

  /** What belongs to a file, and the way back: nothing where the state is of another callback or figure. */
  toState(type: string, { best, waited }: Progress, more: Record<string, unknown> = {}): Record<string, unknown> {
    // JSON has no infinity: no epoch has been seen yet.
    return { type, monitor: this.figure, sign: this.#sign, ...(Number.isFinite(best) && { best }), waited, ...more };
  }

  fromState(type: string, { data }: CallbackState): (Progress & Record<string, unknown>) | undefined {
    if (!isRecord(data) || data['type'] !== type || data['monitor'] !== this.figure || data['sign'] !== this.#sign)
      return undefined;
    const { best = Number.POSITIVE_INFINITY, waited } = data;
    if (typeof best !== 'number' || !Number.isSafeInteger(waited)) return undefined;
    return { ...data, best, waited: waited as number };
  }
}

/** Stops a run that no longer gains, with the weights of its best epoch. */
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
    /** Of the best epoch, and, once these are back in place, those that the run was left with. */
    weights?: WeightSet | undefined;
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
      // The best weights were put back when the run was left. It goes on from its last ones, unless somebody has set others.
      if (left && weights && alike(weights, t.model.getWeights())) t.model.setWeights(left);
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

/** Whether two sets of weights are the same to the bit. */
function alike(a: WeightSet, b: WeightSet): boolean {
  return Array.from(a).every(([path, { data }]) => data.every((value, i) => Object.is(value, b.get(path)?.data[i])));
}

/** Lowers the learning rate where a run no longer gains: as a factor, on a constant rate as on a schedule. */
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
 * Hands the saved model, its optimizer's state and what the other callbacks know included, to `save` after an epoch; fit waits for it. Checkpoints are called
 * after all other callbacks.
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
    /** The figure of the best epoch that has been handed over, as Progress has it. */
    handed: number;
    /** The best epoch that has not been handed over yet. */
    unsaved?: { bytes: Uint8Array; logs: Logs } | undefined;
  }
  const runs = new WeakMap<Training, Run>();
  const hand = (run: Run): void | Promise<void> => {
    const { unsaved } = run;
    if (!unsaved) return undefined;
    run.unsaved = undefined;
    run.handed = run.progress.best;
    return save(unsaved.bytes, unsaved.logs);
  };
  const callback: Callback = {
    setState(t, state) {
      const known = monitor?.fromState('checkpoint', state);
      if (known) runs.set(t, { progress: known, handed: known.best });
    },
    getState(t) {
      const run = runs.get(t);
      if (!run || !monitor) return undefined;
      // What was not handed over is gone with the run: a later one is compared with what was.
      const best = run.unsaved ? run.handed : run.progress.best;
      return { data: monitor.toState('checkpoint', { ...run.progress, best }) };
    },
    onTrainBegin(t) {
      if (!runs.has(t)) runs.set(t, { progress: watched.begin(), handed: watched.begin().best });
    },
    onEpochEnd(t) {
      const run = runs.get(t) as Run;
      const due = (t.epoch + 1) % every === 0;
      const best = monitor?.improves(run.progress, t.logs) ?? true;
      // A model is saved where it is handed over, and where it may have to be later.
      if (best && (monitor || due)) {
        // The file itself holds this best.
        run.unsaved = undefined;
        run.unsaved = { bytes: t.model.save({ optimizer: true }), logs: t.logs };
      }
      return due ? hand(run) : undefined;
    },
    onTrainEnd(t) {
      const run = runs.get(t);
      return run && (t.end === 'finished' || t.end === 'stopped') ? hand(run) : undefined;
    },
  };
  lastOnes.add(callback);
  return callback;
}

const lastOnes = new WeakSet<Callback>();

/** The same callbacks, checkpoints last: what they save then holds what the others know. */
export function checkpointsLast(callbacks: readonly Callback[]): readonly Callback[] {
  const last = callbacks.filter((callback) => lastOnes.has(callback));
  return last.length === 0 ? callbacks : [...callbacks.filter((callback) => !lastOnes.has(callback)), ...last];
}
