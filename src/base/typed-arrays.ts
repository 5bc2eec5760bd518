// Recognises typed arrays without instanceof, since an array of another realm (a vm context, as in Jest's tests, or an iframe) has other constructors.

const getter = <T>(name: PropertyKey) =>
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), name)?.get as () => T;
const tagOf = getter<string>(Symbol.toStringTag);
/** What a subclass, or an array itself, may override. */
const overridden = ['buffer', 'byteOffset', 'length', 'byteLength'] as const;
/** The true values of these. */
const [bufferOf, offsetOf, lengthOf] = overridden.map((name) => getter<never>(name)) as unknown as [
  () => ArrayBufferLike,
  () => number,
  () => number,
];

/** The number of elements, whatever the list says. */
export const countOf = (list: ArrayLike<unknown>): number => (Array.isArray(list) ? list.length : lengthOf.call(list));

/** The type, such as 'Float32Array', also for a subclass; undefined for anything but a typed array. */
export function kindOf(value: unknown): string | undefined {
  return ArrayBuffer.isView(value) ? tagOf.call(value) : undefined;
}

/** A Float32Array as one of this realm, on the same bytes; undefined for anything else. */
export function floatsOf(value: unknown): Float32Array | undefined {
  return kindOf(value) === 'Float32Array' ? ours(Float32Array, value as Float32Array) : undefined;
}

/** Bytes as a plain Uint8Array of this realm, also for a Buffer or the Uint8ClampedArray of ImageData; undefined for anything else. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  const kind = kindOf(value);
  return kind === 'Uint8Array' || kind === 'Uint8ClampedArray' ? ours(Uint8Array, value as Uint8Array) : undefined;
}

function ours<T extends Float32Array | Uint8Array>(
  Type: new (buffer: ArrayBufferLike, at: number, length: number) => T,
  value: T,
): T {
  const plain =
    Object.getPrototypeOf(value) === Type.prototype && !overridden.some((name) => Object.hasOwn(value, name));
  if (plain || isGone(value)) return value;
  return new Type(bufferOf.call(value), offsetOf.call(value), lengthOf.call(value));
}

/** Whether the data of an array is gone: its buffer was transferred, or has shrunk. */
export function isGone(value: ArrayBufferView): boolean {
  if (lengthOf.call(value) > 0) return false;
  try {
    // Throws if the buffer is detached. Node 20 has no property `detached`.
    Uint8Array.prototype.at.call(value, 0);
    return false;
  } catch {
    return true;
  }
}

/** Whether the size of its buffer can change. */
export function isResizable(value: ArrayBufferView): boolean {
  const { resizable, growable } = bufferOf.call(value) as { resizable?: boolean; growable?: boolean };
  return Boolean(resizable || growable);
}
