import { constants } from 'node:os';

/** The error when Ctrl-C or SIGTERM ends the work. */
export class Interruption extends Error {}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The last signal received. */
let last: (typeof SIGNALS)[number] = 'SIGINT';

/** The conventional exit code after a signal: 130 for Ctrl-C, 143 for SIGTERM. */
export const interruptedExit = (): number => 128 + constants.signals[last];

/** Ends the process by the signal's default action. */
function endBy(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Handles Ctrl-C and SIGTERM: the first one asks for a clean end, the second ends the process at once. */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #handler = (signal: (typeof SIGNALS)[number]): void => {
    // Not process.exit, which waits for threads, such as one that writes to a pipe that nobody reads.
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

  /** Runs work during which Ctrl-C ends the process at once: writing to a pipe may wait for a reader for ever. */
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
