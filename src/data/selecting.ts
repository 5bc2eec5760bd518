/** Numbers that are passed over in one slice: about a millisecond. */
const SLICE = 2 ** 18;

/**
 * Puts finite numbers in place so that those at some places, rising, are where sorting would put them: no number before a place is larger, and none behind it smaller (Hoare 1961, "Find"). In
 * linear time on average, in slices; the event loop may turn between them.
 */
export function* selecting(values: Float64Array, places: readonly number[]): Generator<undefined, void> {
  let from = 0;
  let passed = 0;
  for (const place of places) {
    let to = values.length - 1;
    while (from < to) {
      const pivot = middleOf(values[from] as number, values[(from + to) >>> 1] as number, values[to] as number);
      let [left, right] = [from, to];
      while (left <= right) {
        while ((values[left] as number) < pivot) left++;
        while ((values[right] as number) > pivot) right--;
        if (left > right) break;
        const swapped = values[left] as number;
        values[left++] = values[right] as number;
        values[right--] = swapped;
      }
      passed += to - from;
      if (place <= right) to = right;
      else if (place >= left) from = left;
      else break;
      if (passed < SLICE) continue;
      passed = 0;
      yield;
    }
    from = place;
  }
}

const middleOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
