// Parts of rows: shuffled, concatenated, divided.
import { shuffled } from './random.js';

/** The indices of the rows to train on and to test on. */
export type Split = { readonly train: Int32Array; readonly test: Int32Array };

/** A shuffled copy of each group; `wordsOf` gives the random words for the group's index. */
export function* shuffledCopies(
  groups: readonly Int32Array[],
  wordsOf: (g: number) => () => number,
): Generator<undefined, Int32Array[]> {
  const copies: Int32Array[] = [];
  for (const [g, group] of groups.entries()) {
    const copy = group.slice();
    yield* shuffled(copy, wordsOf(g));
    copies.push(copy);
  }
  return copies;
}

/** Splits `order` into the rows at tested places and the others; both keep their order. */
export function parted(order: Int32Array, isTested: (place: number) => boolean): Split {
  const train = new Int32Array(order.length);
  const test = new Int32Array(order.length);
  let tested = 0;
  for (let place = 0; place < order.length; place++) {
    const row = order[place] as number;
    if (isTested(place)) test[tested++] = row;
    else train[place - tested] = row;
  }
  return { train: train.slice(0, order.length - tested), test: test.slice(0, tested) };
}

/** The parts, concatenated. */
export function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Divides `total` among the groups in proportion to their sizes: rounded down, with the rest given to the largest remainders. */
export function shares(groups: readonly Int32Array[], total: number, rows: number): number[] {
  const ideal = groups.map((group) => (group.length * total) / rows);
  const counts = ideal.map(Math.floor);
  const order = ideal
    .map((share, g) => ({ g, rest: share - Math.floor(share) }))
    .sort((a, b) => b.rest - a.rest || a.g - b.g);
  let missing = total - counts.reduce((sum, count) => sum + count, 0);
  for (const { g } of order) {
    if (missing === 0) break;
    counts[g] = (counts[g] as number) + 1;
    missing--;
  }
  return counts;
}
