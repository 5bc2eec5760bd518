import type { Options, Values } from './options.js';

export interface Call {
  readonly values: Values;
  readonly positionals: readonly string[];
}

export interface Command {
  readonly name: string;
  /** What stands behind the name in the help. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Options;
  /** What is worth saying below the options. */
  readonly notes?: string;
  /** The exit code. */
  run(call: Call): Promise<number>;
}

/** What each end means. */
export const exits = { done: 0, failed: 1, usage: 2 } as const;
