// MurmurHash3 of 32 bits, as scikit-learn's FeatureHasher and HashingVectorizer use it.

const encoder = /* @__PURE__ */ new TextEncoder();

/** MurmurHash3_x86_32 of a text's UTF-8 with seed 0, as a signed number. Austin Appleby, https://github.com/aappleby/smhasher, public domain. */
export function hash(text: string): number {
  const bytes = encoder.encode(text);
  const { length } = bytes;
  let h = 0;
  const whole = length - (length % 4);
  const byte = (i: number): number => bytes[i] ?? 0;
  for (let i = 0; i < whole; i += 4) {
    h ^= mixed(byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  // Beyond the end the bytes are 0, and mixing 0 changes nothing.
  h ^= mixed(byte(whole) | (byte(whole + 1) << 8) | (byte(whole + 2) << 16));
  h ^= length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function mixed(k: number): number {
  const first = Math.imul(k, 0xcc9e2d51);
  return Math.imul((first << 15) | (first >>> 17), 0x1b873593);
}

/** The bucket of a hash. */
export const bucketOf = (hashed: number, buckets: number): number => Math.abs(hashed) % buckets;

/** The most buckets of a column. */
export const MOST_BUCKETS = 2 ** 14;

export const isBuckets = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= MOST_BUCKETS;
