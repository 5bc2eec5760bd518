// Who holds memory of an engine: a model or a predictor that nobody holds any more gives it back.
import { collectGarbage } from './garbage.js';

/** A model or a predictor, whose memory the engine takes back when nobody holds it any more. */
export interface Owner {
  /** What is collected with its holder, who alone holds it. */
  readonly token: object;
  /** It is in use until the running code has ended: the call that allocates may be its holder's last use. */
  use(): void;
  /** It gives its memory back itself. */
  end(): void;
}

/**
 * Owners that nobody holds any more give their memory back when the event loop turns after they were collected. Older edge hosts have none (workerd
 * before May 2025): there only dispose gives memory back.
 */
const collected =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry<() => void>((release) => release()) : undefined;

/** The owners of one engine's memory. */
export class Owners {
  /** What frees the memory of each owner that is still there. */
  readonly #owners = new Map<WeakRef<object>, () => void>();
  readonly #inUse = new Set<WeakRef<object>>();

  get count(): number {
    return this.#owners.size;
  }

  /**
   * Calls `release`, which must not hold the owner, once nobody holds the owner any more: soon after it has been collected, at the latest before
   * memory is refused.
   */
  own(release: () => void): Owner {
    const token = {};
    if (!collected) return { token, use() {}, end() {} };
    // A WeakRef keeps what it is of until the running job ends: so it is of a token, and not of a model that a loop has disposed of.
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
        // Not by queueMicrotask, which tests mock with their timers.
        if (inUse.size === 0) void Promise.resolve().then(() => inUse.clear());
        inUse.add(weak);
      },
      end() {
        owners.delete(weak);
        collected.unregister(weak);
      },
    };
  }

  /** Frees the memory of owners that nobody holds any more; whether there were any. What was held in the running job cannot be known to be dropped. */
  reclaim(): boolean {
    if (this.#owners.size === 0) return false;
    collectGarbage();
    const before = this.#owners.size;
    for (const [weak, free] of this.#owners) if (!this.#inUse.has(weak) && !weak.deref()) free();
    return this.#owners.size < before;
  }
}
