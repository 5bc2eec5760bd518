/** Below this many columns a loop copies a row faster than subarray and set. */
const NARROW = 40;

type Typed = Float32Array | Uint8Array | Int32Array;

/** Copies `count` rows into `target`, starting at index `at`: the rows order[from], order[from + 1], …, or without `order` the rows from `from` on. */
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
