/** What a command was doing when it was interrupted. */
export class Interruption extends Error {}

/** Ctrl-C: the first one asks for a clean end, the second ends at once. */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #handler = (): void => {
    if (this.#controller.signal.aborted) process.exit(130);
    process.stderr.write('\nending; Ctrl-C again ends at once\n');
    this.#controller.abort(new Interruption('interrupted'));
  };

  constructor() {
    process.on('SIGINT', this.#handler);
    process.on('SIGTERM', this.#handler);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get happened(): boolean {
    return this.signal.aborted;
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#handler);
    process.off('SIGTERM', this.#handler);
  }
}
