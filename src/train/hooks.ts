import { SimdenseError } from '../base/errors.js';
import { isPromise, untilAborted } from '../base/until-aborted.js';
import type { CallbackOf, CallbackState, Hook, TrainingEnd, TrainingOf } from './callbacks.js';

/** Calls the callbacks of one run in their order, and waits for the promises that they return. */
export class Hooks<Model> {
  readonly #callbacks: readonly CallbackOf<Model>[];
  readonly #training: TrainingOf<Model>;
  readonly #signal: AbortSignal;
  /** The states that the callbacks had in the earlier run, by place. */
  #earlier: readonly (CallbackState | undefined)[] = [];
  /** Number of callbacks whose setState is done, and number of those whose onTrainBegin is. */
  #restored = 0;
  #begun = 0;

  constructor(callbacks: readonly CallbackOf<Model>[], training: TrainingOf<Model>, signal: AbortSignal) {
    this.#callbacks = callbacks;
    this.#training = training;
    this.#signal = signal;
  }

  /** Calls onTrainBegin of each callback; before that setState, if there is a state for its place. */
  async begin(states: readonly (CallbackState | undefined)[]): Promise<void> {
    this.#earlier = states;
    for (const [i, callback] of this.#callbacks.entries()) {
      const state = states[i];
      if (state) callback.setState?.(this.#training, state);
      this.#restored++;
      const waits = callback.onTrainBegin?.(this.#training);
      if (isPromise(waits)) await untilAborted(waits, this.#signal);
      this.#begun++;
    }
  }

  /** Calls one hook of all callbacks from number `from` on. Returns a promise only if a callback returns one, so that other hooks cost no turn of the event loop. */
  call(hook: Hook, from = 0): Promise<void> | undefined {
    for (let i = from; i < this.#callbacks.length; i++) {
      const waits = this.#callbacks[i]?.[hook]?.(this.#training);
      if (isPromise(waits)) return untilAborted(waits, this.#signal).then(() => this.call(hook, i + 1));
    }
    return undefined;
  }

  /** Calls onTrainEnd of each callback whose onTrainBegin is done, even if others throw; rejects with the first error. Does not wait after an abort. */
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

  /** The state of each callback now; for callbacks whose setState has not been called yet, the state of the earlier run. */
  states(): (CallbackState | undefined)[] {
    return this.#callbacks.map((callback, i) => {
      if (i >= this.#restored) return this.#earlier[i];
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
