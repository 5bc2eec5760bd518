// Encodes plain data as JSON and back to the same bits, including typed arrays, NaN, infinities and −0.
import { isRecord } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

const kinds = { Float32Array, Int32Array, Uint8Array } as const;
type Kind = keyof typeof kinds;

/** Values that JSON cannot express. `bytes` is base64, or the index in the list of large arrays. An object whose own keys begin with $ is wrapped in $object. */
type Coded = { $typed: Kind; bytes: string | number } | { $number: string } | { $object: Record<string, unknown> };

const numbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};
const nameOf = (n: number): string | undefined => Object.keys(numbers).find((name) => Object.is(numbers[name], n));

/** An array of at least this many bytes goes into the list of large arrays, if there is one. */
const LARGE = 65_536;

/** The value as JSON data. Undefined members and functions are left out, as in JSON. The bytes of large arrays go into `apart`, if it is given. */
export function encode(value: unknown, apart?: Uint8Array[]): unknown {
  const inner = (one: unknown): unknown => encode(one, apart);
  if (typeof value === 'number') {
    const name = nameOf(value);
    return name === undefined ? value : ({ $number: name } satisfies Coded);
  }
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => inner(one) ?? null);
  const kind = (Object.keys(kinds) as Kind[]).find((name) => value instanceof kinds[name]);
  if (kind) {
    const { buffer, byteOffset, byteLength } = value as Float32Array;
    if (apart && byteLength >= LARGE)
      return { $typed: kind, bytes: apart.push(new Uint8Array(buffer, byteOffset, byteLength)) - 1 } satisfies Coded;
    const bytes = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
    return { $typed: kind, bytes } satisfies Coded;
  }
  const coded = members(value, inner);
  return Object.keys(coded).some((key) => key.startsWith('$')) ? ({ $object: coded } satisfies Coded) : coded;
}

/** The most levels of nesting; jobs have six. */
const DEEPEST = 64;

/** The value that `encode` was given. Throws SimdenseError 'FORMAT' for what it does not write. The arrays of `apart` are not copied. */
export function decode(value: unknown, apart: readonly Uint8Array[] = [], depth = 0): unknown {
  if (depth > DEEPEST) throw new SimdenseError('FORMAT', 'a job: nested too deeply');
  const inner = (one: unknown): unknown => decode(one, apart, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  if (!isRecord(value)) return value;
  const { $typed: kind, bytes, $number: number, $object: object } = value;
  if (isRecord(object)) return members(object, inner);
  if (typeof number === 'string' && Object.hasOwn(numbers, number)) return numbers[number];
  if (kind === undefined && number === undefined && object === undefined) return members(value, inner);
  const type = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind as Kind] : undefined;
  // A copy in its own buffer, which is aligned for numbers.
  const raw = typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes, 'base64')) : apart[bytes as number];
  if (!type || !raw || raw.length % type.BYTES_PER_ELEMENT !== 0)
    throw new SimdenseError('FORMAT', `a job: neither a number nor an array of type ${String(kind)}`);
  return new type(raw.buffer as ArrayBuffer);
}

function members(value: object, code: (inner: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const coded = code(inner);
      return coded === undefined ? [] : [[key, coded]];
    }),
  );
}
