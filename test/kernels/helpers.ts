// Reference loops for simdense/kernels, and wicked numbers.
import fc from 'fast-check';
import { kernels } from '../../src/kernels/index.js';

/** The kernels that a suite shares. */
export const k = kernels();

/** Unit roundoff of float32 and float64. */
export const UNIT = { float32: 2 ** -24, float64: 2 ** -53 } as const;
export type Type = keyof typeof UNIT;

/** An array of its own, of an outside buffer, or in the kernels' memory, or a part of such a one that begins between lines. */
export function placed<T extends Float32Array | Float64Array>(values: T, where: number): T {
  if (where % 3 === 0) return values;
  const room = values.length + (where % 3 === 2 ? 3 : 0);
  const whole = (values instanceof Float32Array ? k.float32(room) : k.float64(room)) as T;
  const part = (where % 3 === 2 ? whole.subarray(3) : whole) as T;
  part.set(values);
  return part;
}

const wicked = [0, -0, 1, -1, 2 ** -149, -(2 ** -130), 1e-30, 3e38, -3e38, 1 + 2 ** -23, 1e8, -1e8, 1 / 3];

/** Lists of ordinary and of wicked numbers, all finite, as float32. */
export const floats = (minLength: number, maxLength = minLength): fc.Arbitrary<Float32Array> =>
  fc
    .array(fc.oneof(fc.constantFrom(...wicked), fc.double({ min: -10, max: 10, noNaN: true })), {
      minLength,
      maxLength,
    })
    .map((list) => Float32Array.from(list));

/** Numbers from −1 to 1. */
export function random(length: number, seed: number): Float32Array {
  return k.uniform(new Float32Array(length), { seed, low: -1, high: 1 });
}
