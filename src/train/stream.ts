// Streams of batches, for data that do not fit in memory.
import { refuse } from '../base/checks.js';
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

/** A source or a function of batches as a source; undefined for anything else. */
export function toSource(x: unknown): BatchSource | undefined {
  if (typeof x === 'function') return { [Symbol.asyncIterator]: () => iterate(x as BatchFunction) };
  return isSource(x) ? x : undefined;
}

export function isSource(x: unknown): x is BatchSource {
  return typeof (x as BatchSource | undefined)?.[Symbol.asyncIterator] === 'function';
}

async function* iterate(make: BatchFunction): AsyncGenerator<BatchPair> {
  const batches: unknown = await make();
  if (
    typeof batches !== 'object' ||
    batches === null ||
    !(Symbol.asyncIterator in batches || Symbol.iterator in batches)
  )
    refuse('fit(stream)', 'a function that gives an iterable of batches, such as a generator function', batches);
  yield* batches as AsyncIterable<BatchPair>;
}

/** Throws SimdenseError 'ARGUMENT' for several epochs with a source that is an iterator, such as a generator: the first epoch uses it up. */
export function checkSource(source: BatchSource, epochs: number): void {
  if (epochs < 2 || typeof (source as { next?: unknown }).next !== 'function') return;
  throw new SimdenseError(
    'ARGUMENT',
    `fit(stream): a generator is used up after one of ${epochs} epochs: pass its function: fit(batches), not fit(batches())`,
  );
}

/** Throws SimdenseError 'ARGUMENT' for anything but a batch [x, y]. */
export function checkPair(pair: unknown): BatchPair {
  if (!Array.isArray(pair) || pair.length !== 2) refuse('fit(stream)', 'batches as [x, y]', pair);
  return pair as unknown as BatchPair;
}
