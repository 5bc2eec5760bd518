import { setMaxListeners } from 'node:events';
import { SimdenseError } from '../base/errors.js';

/** One run of an executor. */
export interface Run {
  /** Aborts with the caller's signal, with the executor's close, and when the run is over. */
  readonly signal: AbortSignal;
  /** Ends the run. */
  end(): void;
}

/** The current runs of an executor. */
export class Runs {
  readonly #where: string;
  readonly #running = new Set<AbortController>();
  #closed = false;

  constructor(where: string) {
    this.#where = where;
  }

  /** Starts a run. Throws SimdenseError 'DISPOSED' after close, and the signal's reason if it has aborted. */
  begin(signal: AbortSignal | undefined): Run {
    if (this.#closed) throw new SimdenseError('DISPOSED', `${this.#where}: used after close`);
    signal?.throwIfAborted();
    const own = new AbortController();
    this.#running.add(own);
    const all = signal ? AbortSignal.any([signal, own.signal]) : own.signal;
    // Each job may add a listener: avoid Node's warning about a leak.
    setMaxListeners(0, all);
    const end = (): void => {
      this.#running.delete(own);
      own.abort();
    };
    return { signal: all, end };
  }

  /** Aborts all runs, and refuses new ones. */
  close(): void {
    this.#closed = true;
    for (const running of this.#running)
      running.abort(new SimdenseError('DISPOSED', `${this.#where}: closed during a run`));
  }
}
