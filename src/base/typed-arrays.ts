// Typed arrays by what they are and not by instanceof: one of another realm (a vm context, as Jest's tests are, or an iframe) has other constructors.

const getter = (name: PropertyKey) =>
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), name)?.get as () => unknown;
const tagOf = getter(Symbol.toStringTag);
/** The true length: a subclass may tell another. */
const lengthOf = getter('length');

/** 'Float32Array' and the like, of subclasses too; undefined for what is no typed array. */
export function kindOf(value: unknown): string | undefined {
  return ArrayBuffer.isView(value) ? (tagOf.call(value) as string) : undefined;
}

/** The same floats as a Float32Array of this realm, on the same bytes; undefined for anything else. */
export function floatsOf(value: unknown): Float32Array | undefined {
  return kindOf(value) === 'Float32Array' ? ours(Float32Array, value as Float32Array) : undefined;
}

/** The same bytes as a plain Uint8Array of this realm, also of a Buffer or of ImageData's Uint8ClampedArray; undefined for anything else. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  const kind = kindOf(value);
  return kind === 'Uint8Array' || kind === 'Uint8ClampedArray' ? ours(Uint8Array, value as Uint8Array) : undefined;
}

function ours<T extends Float32Array | Uint8Array>(
  Type: new (buffer: ArrayBufferLike, at: number, length: number) => T,
  value: T,
): T {
  const plain = Object.getPrototypeOf(value) === Type.prototype && !Object.hasOwn(value, 'length');
  if (plain || isGone(value)) return value;
  return new Type(value.buffer, value.byteOffset, lengthOf.call(value) as number);
}

/** Whether nothing is left of it: its buffer has been transferred, or has shrunk below it. */
export function isGone(value: ArrayBufferView): boolean {
  if (value.byteLength > 0) return false;
  try {
    // Looks whether there is a buffer below, as `detached` does, which Node 20 has not.
    Uint8Array.prototype.at.call(value, 0);
    return false;
  } catch {
    return true;
  }
}

/** Whether its buffer may change its size. */
export function isResizable({ buffer }: ArrayBufferView): boolean {
  const { resizable, growable } = buffer as { resizable?: boolean; growable?: boolean };
  return Boolean(resizable || growable);
}
