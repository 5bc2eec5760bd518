import type { ColumnFit } from './fit.js';

/** There is nothing to measure. */
// biome-ignore lint/correctness/useYield: as above.
export const fitText: ColumnFit<'text'> = function* (_, { buckets }) {
  return { kind: 'text', buckets };
};
