import type { BenchProgress } from '../../../src/bench/index.js';

/** What the worker sends: how far it is, or why it ended. */
export type Message = { readonly progress: BenchProgress } | { readonly error: string };
