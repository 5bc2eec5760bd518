// Maximum and minimum of a list. Spreading about 120,000 numbers into the arguments of Math.max throws a RangeError.

/** The largest number, at least `least` (−Infinity by default). NaN if there is a NaN. */
export function largest(values: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let most = least;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** The smallest number; Infinity for an empty list. NaN if there is a NaN. */
export function smallest(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}

/** The index, from 0, of the largest of `outputs` numbers that begin at `from`; of equal numbers the first. */
export function argmax(values: ArrayLike<number>, from: number, outputs: number): number {
  let best = 0;
  for (let i = 1; i < outputs; i++) {
    if ((values[from + i] as number) > (values[from + best] as number)) best = i;
  }
  return best;
}
