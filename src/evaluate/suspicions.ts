// What in the data may make a model look better than it will be.
import type { Dataset } from './dataset.js';
import { findingGiveaways, type Giveaway } from './giveaways.js';
import { countingTwins } from './twins.js';

export interface Suspicions {
  /** The share of rows that are equal to another row, answer included, so that they may be copies; see countingTwins. */
  readonly twins?: number;
  /** Columns that alone tell the answer. */
  readonly giveaways?: readonly Giveaway[];
}

/** In slices; the event loop may turn between them. */
export function* suspecting(set: Dataset): Generator<undefined, Suspicions> {
  return { twins: yield* countingTwins(set), giveaways: yield* findingGiveaways(set) };
}

/** For JSON output. */
export const suspicionData = ({ twins = 0, giveaways = [] }: Suspicions): Record<string, unknown> => ({
  ...(twins > 0 && { equalRows: twins }),
  ...(giveaways.length > 0 && { giveaways }),
});

/** What suspicionData has written. */
export const readSuspicions = ({ equalRows, giveaways }: Readonly<Record<string, unknown>>): Suspicions => ({
  ...(equalRows !== undefined && { twins: equalRows as number }),
  ...(giveaways !== undefined && { giveaways: giveaways as readonly Giveaway[] }),
});
