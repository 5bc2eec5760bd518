/** A list or an object as JSON; what cannot be written so, as a string. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
