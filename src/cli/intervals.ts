// Means with their 95 % intervals.

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean and half the width of its 95 % interval, which is infinite for a single value. */
export function intervalOf(values: readonly number[]): { mean: number; half: number } {
  const mean = meanOf(values);
  const free = values.length - 1;
  if (free === 0) return { mean, half: Number.POSITIVE_INFINITY };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / free;
  return { mean, half: studentT(free) * Math.sqrt(variance / values.length) };
}

/** The 97.5 % point of Student's t distribution, as a series around that of the normal distribution: Abramowitz and Stegun 1964, 26.7.5. */
function studentT(free: number): number {
  const z = 1.959963984540054;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / free + second / free ** 2 + third / free ** 3;
}
