/** Numbers that are sorted in one call: a few milliseconds. */
const RUN = 2 ** 15;

/** Sorts finite numbers in place by merging sorted runs, in slices; the event loop may turn between them. */
export function* sorting(values: Float64Array): Generator<undefined, Float64Array> {
  const count = values.length;
  for (let from = 0; from < count; from += RUN) {
    values.subarray(from, from + RUN).sort();
    yield;
  }
  let [source, target] = [values, values];
  if (count > RUN) target = new Float64Array(count);
  for (let width = RUN; width < count; width *= 2) {
    for (let from = 0; from < count; from += 2 * width) {
      const middle = Math.min(from + width, count);
      const end = Math.min(from + 2 * width, count);
      let [left, right] = [from, middle];
      for (let to = from; to < end; to++) {
        const first = right === end || (left < middle && (source[left] as number) <= (source[right] as number));
        target[to] = source[first ? left++ : right++] as number;
        if (to % (8 * RUN) === 0) yield;
      }
    }
    [source, target] = [target, source];
  }
  if (source !== values) values.set(source);
  return values;
}
