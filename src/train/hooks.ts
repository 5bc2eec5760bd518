import type { Callback, CallbackState, Hook, Training, TrainingEnd } from './callbacks.js';
import { untilAborted } from './until-aborted.js';

/** Calls the callbacks of one run, in their order, and waits for those that return a promise. */
export class Hooks {
  readonly #callbacks: readonly Callback[];
  readonly #training: Training;
  readonly #signal: AbortSignal | undefined;
  /** How many have begun, the first ones. */
  #begun = 0;

  constructor(callbacks: readonly Callback[], training: Training, signal: AbortSignal | undefined) {
    this.#callbacks = callbacks;
    this.#training = training;
    this.#signal = signal;
  }

  get none(): boolean {
    return this.#callbacks.length === 0;
  }

  /** onTrainBegin of each, after setState where there is a state of an earlier run for its place. */
  async begin(states: readonly (CallbackState | undefined)[]): Promise<void> {
    for (const [i, callback] of this.#callbacks.entries()) {
      const state = states[i];
      if (state) callback.setState?.(this.#training, state);
      const waits = callback.onTrainBegin?.(this.#training);
      if (isPromise(waits)) await untilAborted(waits, this.#signal);
      this.#begun++;
    }
  }

  /** Calls one hook of each; a promise where one has to be waited for, so that nothing waits where none has. */
  call(hook: Hook): Promise<void> | undefined {
    for (const [i, callback] of this.#callbacks.entries()) {
      const waits = callback[hook]?.(this.#training);
      if (isPromise(waits)) return this.#rest(hook, waits, i + 1);
    }
    return undefined;
  }

  async #rest(hook: Hook, first: Promise<void>, from: number): Promise<void> {
    await untilAborted(first, this.#signal);
    for (const callback of this.#callbacks.slice(from)) {
      const waits = callback[hook]?.(this.#training);
      if (isPromise(waits)) await untilAborted(waits, this.#signal);
    }
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

  /** What each callback knows of the run. */
  states(): (CallbackState | undefined)[] {
    return this.#callbacks.map((callback) => callback.getState?.(this.#training));
  }
}

function isPromise(value: unknown): value is Promise<void> {
  return typeof (value as PromiseLike<void> | undefined)?.then === 'function';
}
