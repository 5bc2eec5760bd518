// The owners of an engine's memory: a model or predictor that is no longer referenced frees it.
import { collectGarbage } from './garbage.js';

/** Tracks a model or predictor, so that its memory is freed once it has been garbage-collected. */
export interface Owner {
  /** An object that only the model holds, so that both are collected together. */
  readonly token: object;
  /** Keeps the memory until the running job ends: a call that allocates may be the last use of its model. */
  use(): void;
  /** Ends the tracking, because the model frees its memory itself. */
  end(): void;
}

/**
 * Frees the memory of collected owners, when the event loop turns after the collection. Older edge hosts (workerd before May 2025) have no
 * FinalizationRegistry; there only dispose frees memory.
 */
const collected =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry<() => void>((release) => release()) : undefined;

/** The owners of one engine's memory. */
export class Owners {
  /** For each token that may still be alive, a function that frees its memory. */
  readonly #owners = new Map<WeakRef<object>, () => void>();
  readonly #inUse = new Set<WeakRef<object>>();

  get count(): number {
    return this.#owners.size;
  }

  /** Calls `release` once the owner's token has been collected: soon after, and at the latest before an allocation fails. `release` must not refer to the owner. */
  own(release: () => void): Owner {
    const token = {};
    if (!collected) return { token, use() {}, end() {} };
    // A WeakRef keeps its target alive until the running job ends. So it refers to a token, and not to a model that a loop has disposed of.
    const weak = new WeakRef(token);
    const owners = this.#owners;
    const inUse = this.#inUse;
    const free = (): void => {
      if (owners.delete(weak)) release();
    };
    owners.set(weak, free);
    collected.register(token, free, weak);
    return {
      token,
      use() {
        if (inUse.has(weak)) return;
        // Do not use queueMicrotask: fake timers in tests mock it.
        if (inUse.size === 0) void Promise.resolve().then(() => inUse.clear());
        inUse.add(weak);
      },
      end() {
        owners.delete(weak);
        collected.unregister(weak);
      },
    };
  }

  /** Frees the memory of collected owners; returns whether there was any. Owners used in the running job still count as alive. */
  reclaim(): boolean {
    if (this.#owners.size === 0) return false;
    collectGarbage();
    const before = this.#owners.size;
    for (const [weak, free] of this.#owners) if (!this.#inUse.has(weak) && !weak.deref()) free();
    return this.#owners.size < before;
  }
}
