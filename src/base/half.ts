/** A power of two, of −24 to 24. */
const power = (exponent: number): number => (exponent < 0 ? 1 / (1 << -exponent) : 1 << exponent);

/** A number of IEEE 754's 16 bits (binary16), by those bits. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * power(-24) : (1 + fraction / 1024) * power(exponent - 15));
}

/** The largest finite number of 16 bits. */
export const LARGEST_HALF = 65_504;

/** The bits of the nearest number of 16 bits, of two the one with an even last bit; for |value| up to LARGEST_HALF. */
export function halfBits(value: number): number {
  const size = Math.abs(value);
  // The exponent of numbers below 2⁻¹⁴ is theirs too: they are subnormal.
  const exponent = Math.max(-14, 17 - Math.clz32(size * power(14)));
  // 1.5 · 2⁵²: adding and taking it away rounds to a whole number. 2,048 steps are the next exponent's first.
  const whole = size * power(10 - exponent) + 6_755_399_441_055_744 - 6_755_399_441_055_744;
  return (value < 0 || Object.is(value, -0) ? 0x8000 : 0) | (((exponent + 14) << 10) + whole);
}
