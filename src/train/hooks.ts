import { SimdenseError } from '../base/errors.js';
import { isPromise, untilAborted } from '../base/until-aborted.js';
import type { CallbackOf, CallbackState, Hook, TrainingEnd, TrainingOf } from './callbacks.js';

/** Calls the callbacks of one run, in their order, and waits for those that return a promise. */
export class Hooks<Model> {
  readonly #callbacks: readonly CallbackOf<Model>[];
  readonly #training: TrainingOf<Model>;
  readonly #signal: AbortSignal;
  /** What an earlier run left for each, and how many have been told, the first ones; how many have begun. */
  #left: readonly (CallbackState | undefined)[] = [];
  #told = 0;
  #begun = 0;

  constructor(callbacks: readonly CallbackOf<Model>[], training: TrainingOf<Model>, signal: AbortSignal) {
    this.#callbacks = callbacks;
    this.#training = training;
    this.#signal = signal;
  }

  /** onTrainBegin of each, after setState where there is a state of an earlier run for its place. */
  async begin(states: readonly (CallbackState | undefined)[]): Promise<void> {
    this.#left = states;
    for (const [i, callback] of this.#callbacks.entries()) {
      const state = states[i];
      if (state) callback.setState?.(this.#training, state);
      this.#told++;
      const waits = callback.onTrainBegin?.(this.#training);
      if (isPromise(waits)) await untilAborted(waits, this.#signal);
      this.#begun++;
    }
  }

  /** Calls one hook of each, or of those from a place on; a promise where one has to be waited for, so that nothing waits where none has. */
  call(hook: Hook, from = 0): Promise<void> | undefined {
    for (let i = from; i < this.#callbacks.length; i++) {
      const waits = this.#callbacks[i]?.[hook]?.(this.#training);
      if (isPromise(waits)) return untilAborted(waits, this.#signal).then(() => this.call(hook, i + 1));
    }
    return undefined;
  }

  /** onTrainEnd of each that has begun, whatever the others throw; rejects with the first error. After an abort nothing is waited for. */
  async end(end: TrainingEnd): Promise<void> {
    const errors: unknown[] = [];
    for (const callback of this.#callbacks.slice(0, this.#begun)) {
      try {
        const waits = callback.onTrainEnd?.(this.#training);
        if (!isPromise(waits)) continue;
        if (end === 'aborted') waits.catch(() => {});
        else await untilAborted(waits, this.#signal);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  /** What each callback knows of the run; of one that has not been told yet, what the earlier run left. */
  states(): (CallbackState | undefined)[] {
    return this.#callbacks.map((callback, i) => {
      if (i >= this.#told) return this.#left[i];
      const state: unknown = callback.getState?.(this.#training);
      if (!isPromise(state)) return state as CallbackState | undefined;
      state.catch(() => {});
      throw new SimdenseError(
        'ARGUMENT',
        `fit(callbacks)[${i}]: getState has to give its state at once, not a promise`,
      );
    });
  }
}
