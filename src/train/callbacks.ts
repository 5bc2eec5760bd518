import { isRecord, refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import type { WeightSet } from '../nn/weights.js';
import type { Logs } from './history.js';

/** Why a training run ended: all epochs were trained, a callback called stop(), the signal aborted, the loss diverged, or an error was thrown. */
export type TrainingEnd = 'finished' | 'stopped' | 'aborted' | 'diverged' | 'failed';

/** A training run, as callbacks see it. Epochs and batches count from 0. */
export interface TrainingOf<Model> {
  readonly model: Model;
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  /** Number of batches in an epoch. */
  readonly batches: number;
  /** Number of updates so far; 2,000 rows in batches of 500 are 4 updates an epoch. */
  readonly iteration: number;
  /** After a batch the loss of that batch; after an epoch the means over the epoch, and the validation figures. */
  readonly logs: Logs;
  /**
   * The rate of the next update. If it is set, it replaces the optimizer's rate or schedule from the next batch until this fit ends. A callback can set it
   * again for the next fit, in setState.
   */
  learningRate: number;
  /** A factor on the learning rate, also on a schedule; 1 by default. If it is set, it holds until this fit ends. */
  learningRateFactor: number;
  /** The reason why the run ended, in onTrainEnd. */
  readonly end: TrainingEnd | undefined;
  /** Ends the run after the current batch or epoch. Does nothing in onTrainEnd, since the run has ended. */
  stop(reason: string): void;
}

/** The state with which a callback continues an earlier run: data that JSON can hold, and weights by name if it keeps some. */
export interface CallbackState {
  readonly data: unknown;
  readonly weights?: Readonly<Record<string, WeightSet>> | undefined;
}

/**
 * Functions that are called while a model trains. Each method is optional. fit waits for a returned promise, unless the signal aborts. An error ends the fit.
 * onTrainEnd is always called once onTrainBegin has returned; after an abort, fit does not wait for its promise.
 */
export interface CallbackOf<Model> {
  onTrainBegin?(t: TrainingOf<Model>): unknown;
  onEpochBegin?(t: TrainingOf<Model>): unknown;
  onBatchEnd?(t: TrainingOf<Model>): unknown;
  onEpochEnd?(t: TrainingOf<Model>): unknown;
  onTrainEnd?(t: TrainingOf<Model>): unknown;
  /** Returns the callback's state, which is kept with the model, and in the file of a save({ optimizer: true }). */
  getState?(t: TrainingOf<Model>): CallbackState | undefined;
  /** Called before onTrainBegin if a run continues, with the state that the callback at the same place of the list returned. */
  setState?(t: TrainingOf<Model>, state: CallbackState): void;
}

const hooks = ['onTrainBegin', 'onEpochBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'] as const;
export type Hook = (typeof hooks)[number];
const methods = [...hooks, 'getState', 'setState'] as const;

/** Throws SimdenseError 'ARGUMENT' for anything but an array of objects with hooks, for an unknown hook, and for a hook that is not a function. */
export function checkCallbacks<Model>(where: string, callbacks: unknown): readonly CallbackOf<Model>[] {
  if (!Array.isArray(callbacks)) refuse(where, 'an array of callbacks', callbacks);
  for (const [i, callback] of callbacks.entries()) {
    if (typeof callback === 'function')
      refuse(`${where}[${i}]`, 'a callback', callback, ': call it, such as earlyStopping()');
    if (!isRecord(callback)) refuse(`${where}[${i}]`, 'a callback', callback);
    const names = [...namesOf(callback)];
    if (names.length > 0 && !names.some((name) => /^on[A-Z_]|^[gs]etState$/.test(name))) {
      const hint = ' without a hook: give options to its function, such as earlyStopping({ patience: 10 })';
      refuse(`${where}[${i}]`, 'a callback', callback, hint);
    }
    for (const name of names) {
      if ((methods as readonly string[]).includes(name)) {
        const hook = (callback as Record<string, unknown>)[name];
        if (hook !== undefined) if (typeof hook !== 'function') refuse(`${where}[${i}].${name}`, 'a function', hook);
      } else if (/^on[A-Z_]/.test(name)) {
        const message = `there is no hook ${show(name)}; there are ${hooks.join(', ')}${didYouMean(name, hooks)}`;
        throw new SimdenseError('ARGUMENT', `${where}[${i}]: ${message}`);
      }
    }
  }
  return callbacks as readonly CallbackOf<Model>[];
}

const calledLast = new WeakSet<object>();

/** Marks a callback, such as a checkpoint, to be called after all others, so that the file it saves has their latest state. */
export function markLast(callback: object): void {
  calledLast.add(callback);
}

/** The callbacks in the order of their calls: those marked by markLast come last. */
export function inCallOrder<Model>(callbacks: readonly CallbackOf<Model>[]): readonly CallbackOf<Model>[] {
  const last = callbacks.filter((callback) => calledLast.has(callback));
  return last.length === 0 ? callbacks : [...callbacks.filter((callback) => !calledLast.has(callback)), ...last];
}

/** The names of an object's members, including those of its classes. */
function namesOf(value: object): Set<string> {
  const names = new Set<string>();
  for (let from: object | null = value; from && from !== Object.prototype; from = Object.getPrototypeOf(from)) {
    for (const name of Object.getOwnPropertyNames(from)) names.add(name);
  }
  return names;
}
