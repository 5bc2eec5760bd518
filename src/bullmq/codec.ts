// Plain data with typed arrays as JSON, and back.
import { SimdenseError } from '../base/errors.js';

const kinds = { Float32Array, Int32Array, Uint8Array } as const;
type Kind = keyof typeof kinds;

/** A typed array as it stands in JSON: its kind, and its bytes in base64. */
interface Packed {
  readonly $typed: Kind;
  readonly bytes: string;
}

export function encode(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, function (this: Record<string, unknown>, key, plain) {
      const own = this[key];
      const kind = (Object.keys(kinds) as Kind[]).find((name) => own instanceof kinds[name]);
      if (!kind) return plain;
      const { buffer, byteOffset, byteLength } = own as Float32Array;
      return { $typed: kind, bytes: Buffer.from(buffer, byteOffset, byteLength).toString('base64') } satisfies Packed;
    }),
  );
}

/** Throws SimdenseError 'FORMAT' for a typed array that is none. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  const { $typed: kind, bytes } = value as Partial<Packed>;
  if (kind === undefined) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decode(inner)]));
  const type = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  const raw = typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : undefined;
  if (!type || !raw || raw.length % type.BYTES_PER_ELEMENT !== 0)
    throw new SimdenseError('FORMAT', `bullmq: not an array of type ${String(kind)}`);
  // A buffer of its own, which begins where numbers may.
  return new type(Uint8Array.from(raw).buffer);
}
