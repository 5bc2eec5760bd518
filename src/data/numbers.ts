/** Numbers one after the other. */
export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array | readonly number[];

/** Whether a value holds numbers one after the other. */
export function isNumbers(value: unknown): value is Numbers {
  return isTyped(value) || (Array.isArray(value) && (value.length === 0 || typeof value[0] === 'number'));
}

export function isTyped(value: unknown): value is Float32Array | Float64Array | Int32Array | Uint8Array {
  return (
    value instanceof Float32Array ||
    value instanceof Float64Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array
  );
}
