// Streams of batches, for data that do not fit in memory.
import { SimdenseError } from '../base/errors.js';
import type { Rows, Targets } from '../data/rows.js';

/** A batch: rows and their targets. */
export type BatchPair = readonly [Rows, Targets];

/** A source of batches, which is iterated once for each epoch. */
export interface BatchSource {
  /** Number of batches in an epoch, if known. */
  readonly batches?: number;
  [Symbol.asyncIterator](): AsyncIterator<BatchPair>;
}

/** A function that is called for each epoch and returns its batches, such as a generator function. */
export type BatchFunction = () => AsyncIterable<BatchPair> | Iterable<BatchPair>;

/** Whether x is a source or a function of batches. */
export function isSource(x: unknown): x is BatchSource | BatchFunction {
  return typeof x === 'function' || typeof (x as BatchSource | undefined)?.[Symbol.asyncIterator] === 'function';
}

/** Throws SimdenseError 'ARGUMENT' for several epochs with a source that is an iterator, such as a generator: the first epoch uses it up. */
export function checkSource(source: BatchSource | BatchFunction, epochs: number): void {
  if (epochs < 2 || typeof (source as { next?: unknown }).next !== 'function') return;
  throw new SimdenseError(
    'ARGUMENT',
    `fit(stream): a generator is used up after one of ${epochs} epochs: pass its function: fit(batches), not fit(batches())`,
  );
}
