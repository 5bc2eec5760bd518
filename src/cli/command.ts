import type { Options, Values } from './options.js';

export interface Call {
  readonly values: Values;
  readonly positionals: readonly string[];
}

export interface Command {
  readonly name: string;
  /** The arguments, as the help shows them after the name. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Options;
  /** Text below the options in the help. */
  readonly notes?: string;
  /** Runs the command and returns the exit code. */
  run(call: Call): Promise<number>;
}

/** Exit codes. */
export const exits = { done: 0, failed: 1, usage: 2 } as const;
