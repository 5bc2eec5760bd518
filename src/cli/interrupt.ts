import { constants } from 'node:os';

/** Thrown where Ctrl-C or SIGTERM has ended the work. */
export class Interruption extends Error {}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The signal that was heard last. */
let last: (typeof SIGNALS)[number] = 'SIGINT';

/** The exit code of what a signal has ended, by custom: 130 for Ctrl-C, 143 for SIGTERM. */
export const interruptedExit = (): number => 128 + constants.signals[last];

/** Ends the process as the system does where nobody listens. */
function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Ctrl-C: the first one asks for a clean end, the second ends at once. */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #handler = (signal: (typeof SIGNALS)[number]): void => {
    // By the signal itself: process.exit waits for threads, such as one that writes to a pipe that nobody reads.
    if (this.#controller.signal.aborted) endBy(signal);
    last = signal;
    process.stderr.write('\nending; Ctrl-C again ends at once\n');
    this.#controller.abort(new Interruption('interrupted'));
  };

  constructor() {
    this.#listen(true);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get happened(): boolean {
    return this.signal.aborted;
  }

  /** While this waits Ctrl-C ends at once, as it does where nobody listens: what is written to a pipe may wait for a reader for ever. */
  async unheard<T>(work: () => Promise<T>): Promise<T> {
    this.#listen(false);
    try {
      return await work();
    } finally {
      this.#listen(true);
    }
  }

  [Symbol.dispose](): void {
    this.#listen(false);
  }

  #listen(on: boolean): void {
    for (const signal of SIGNALS) process[on ? 'on' : 'off'](signal, this.#handler);
  }
}
