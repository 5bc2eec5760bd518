// Math.max and Math.min of a list: spread into their arguments some 120,000 numbers are a RangeError.

/** The largest number; `least`, or −Infinity, where there is none above. NaN where there is one. */
export function largest(values: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let most = least;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** The smallest number; Infinity where there is none. NaN where there is one. */
export function smallest(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}

/** Column of the largest of `outputs` numbers from `from`, the first of equals. */
export function argmax(values: ArrayLike<number>, from: number, outputs: number): number {
  let best = 0;
  for (let i = 1; i < outputs; i++) {
    if ((values[from + i] as number) > (values[from + best] as number)) best = i;
  }
  return best;
}
