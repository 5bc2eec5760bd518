// Vectors in fewer bytes on their way: numbers of 16 bits and of 12, beside one factor.
import { half, halfBits } from '../../base/half.js';

/** Numbers as bytes: each is `scale` times one of 16 bits, or of 12, of which a third number of bytes holds two. */
export interface Compact {
  readonly bytes: Uint8Array;
  readonly scale: number;
}

/** The largest number becomes this one, so that those of a billionth of it keep their digits. */
const LARGEST = 2 ** 15;

function scaleOf(values: Float32Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most / LARGEST;
}

/** Numbers of 16 bits: eleven digits in base two. */
export function toHalves(values: Float32Array): Compact {
  const scale = scaleOf(values);
  const bytes = new Uint8Array(2 * values.length);
  for (let i = 0; i < values.length; i++) {
    const bits = scale === 0 ? 0 : halfBits((values[i] as number) / scale);
    bytes[2 * i] = bits & 255;
    bytes[2 * i + 1] = bits >> 8;
  }
  return { bytes, scale };
}

export function fromHalves({ bytes, scale }: Compact): Float32Array {
  return Float32Array.from(
    { length: bytes.length / 2 },
    (_, i) => half((bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8)) * scale,
  );
}

/** The most bytes of `count` numbers of 12 bits. */
export const bytesOfTwelve = (count: number): number => 3 * Math.ceil(count / 2);

/** Numbers of 12 bits: those of 16 without their last four digits, rounded. */
export function toTwelve(values: Float32Array): Compact {
  const scale = scaleOf(values);
  const bytes = new Uint8Array(bytesOfTwelve(values.length));
  const bitsAt = (i: number): number => {
    const value = values[i];
    return value === undefined || scale === 0 ? 0 : (halfBits(value / scale) + 8) >> 4;
  };
  for (let i = 0, at = 0; i < values.length; i += 2, at += 3) {
    const [first, second] = [bitsAt(i), bitsAt(i + 1)];
    bytes[at] = first & 255;
    bytes[at + 1] = (first >> 8) | ((second & 15) << 4);
    bytes[at + 2] = second >> 4;
  }
  return { bytes, scale };
}

export function fromTwelve({ bytes, scale }: Compact, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const at = 3 * (i >> 1);
    const middle = bytes[at + 1] as number;
    const bits =
      i % 2 === 0 ? (bytes[at] as number) | ((middle & 15) << 8) : (middle >> 4) | ((bytes[at + 2] as number) << 4);
    return half(bits << 4) * scale;
  });
}
