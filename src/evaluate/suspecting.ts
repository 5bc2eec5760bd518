// Looks through a data set for what may make a model look better than it will be.
import type { Dataset } from './dataset.js';
import { findingGiveaways } from './giveaways.js';
import { findingTwins } from './twins.js';

/** Different rows of each class, at least: parts of groups are not stratified, and a rare class would be missing in some. */
const LEAST = 8;

/** The first row of each group. */
function firstOf(groups: Int32Array): Int32Array {
  const seen = new Set<number>();
  return Int32Array.from(groups.keys()).filter((row) => {
    const group = groups[row] as number;
    return !seen.has(group) && seen.add(group);
  });
}

/** Whether each class has different rows enough for parts of groups. */
function areEnough({ indices, classes = [] }: Dataset, groups: Int32Array): boolean {
  const found = classes.map(() => new Set<number>());
  for (const [row, index] of indices?.entries() ?? []) found[index]?.add(groups[row] as number);
  return found.every(({ size }) => size >= LEAST);
}

/**
 * A data set with what it is suspected of. Rows that seem to be copies become groups, unless the rows have groups or an order in time already, or a class is rare. In slices; the event loop may
 * turn between them.
 */
export function* suspecting(set: Dataset): Generator<undefined, Dataset> {
  const { share, of } = yield* findingTwins(set);
  const giveaways = yield* findingGiveaways(set, of && firstOf(of));
  const grouped = of !== undefined && !set.groups && !set.time && areEnough(set, of);
  return { ...set, ...(grouped && { groups: of }), suspicions: { twins: share, grouped, giveaways } };
}
