/** Whole numbers that a float64 holds are numbers, arrays of numbers and sets lists, and maps objects. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Uint8Array) : value;
}

/** A list or an object as JSON; undefined for what cannot be written so: what contains itself, is too deep, or is a function. */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, each) => plain(each));
  } catch {
    return undefined;
  }
}
