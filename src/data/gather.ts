/** Below so many columns a loop copies a row faster than a view and a call do. */
const NARROW = 40;

type Typed = Float32Array | Uint8Array | Int32Array;

/** Copies `count` rows to `target`, from place `at` on: those that `order` names from `from` on, or as they stand. */
export function gather<T extends Typed>(
  source: T,
  columns: number,
  order: Int32Array | undefined,
  from: number,
  count: number,
  target: T,
  at: number,
): void {
  if (order === undefined) {
    const all = source.length === count * columns;
    target.set(all ? source : source.subarray(from * columns, (from + count) * columns), at);
    return;
  }
  let to = at;
  for (let i = from; i < from + count; i++) {
    const start = (order[i] as number) * columns;
    if (columns < NARROW) {
      for (let c = 0; c < columns; c++) target[to + c] = source[start + c] as number;
    } else {
      target.set(source.subarray(start, start + columns), to);
    }
    to += columns;
  }
}
