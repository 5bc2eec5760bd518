// The batches of a stream. fit loads this file when it is given one: most programs have their rows in memory.
import type { refuse as Refuse } from '../base/checks.js';
import { eachUntilAborted } from '../base/until-aborted.js';
import type { BatchFunction, BatchPair, BatchSource } from './stream.js';

/**
 * The batches of an epoch, each checked when it arrives. When the signal aborts, throws its reason, even if the stream never yields again. `refuse` is
 * that of checks.ts: this file imports nothing of the core, or bundlers would make one more of what both share.
 */
export async function* batchesOf(
  source: BatchSource | BatchFunction,
  signal: AbortSignal,
  refuse: typeof Refuse,
): AsyncGenerator<BatchPair> {
  const batches = typeof source === 'function' ? opened(source, refuse) : source;
  for await (const pair of eachUntilAborted<unknown>(batches, signal)) {
    if (!Array.isArray(pair) || pair.length !== 2) refuse('fit(stream)', 'batches as [x, y]', pair);
    yield pair as unknown as BatchPair;
  }
}

async function* opened(make: BatchFunction, refuse: typeof Refuse): AsyncGenerator<BatchPair> {
  const batches: unknown = await make();
  if (
    typeof batches !== 'object' ||
    batches === null ||
    !(Symbol.asyncIterator in batches || Symbol.iterator in batches)
  )
    refuse('fit(stream)', 'a function that gives an iterable of batches, such as a generator function', batches);
  yield* batches as AsyncIterable<BatchPair>;
}
