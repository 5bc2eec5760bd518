// Powers and logarithms by + − × ÷ alone: the last bits of Math.exp and Math.log differ between runtimes.

/**
 * 2^x for any x, computed with + − × ÷ only, so that every runtime draws the same parameters: the last bits of Math.exp and Math.log
 * differ between runtimes. A Taylor series around the nearest whole power: |r·ln 2| ≤ 0.35, so 14 terms are exact to float64's rounding.
 */
export function powerOfTwo(x: number): number {
  const whole = Math.round(x);
  const r = (x - whole) * Math.LN2;
  let sum = 1;
  for (let n = 14; n > 0; n--) sum = 1 + (sum * r) / n;
  return sum * 2 ** whole;
}

/** log₂ of a positive number, in the same way: the exponent, plus the series of artanh for the mantissa. */
export function logarithm(x: number): number {
  let whole = 0;
  let m = x;
  for (; m >= Math.SQRT2; m /= 2) whole++;
  for (; m < Math.SQRT1_2; m *= 2) whole--;
  const z = (m - 1) / (m + 1);
  let sum = 0;
  for (let n = 41; n > 0; n -= 2) sum = sum * z * z + 1 / n;
  return whole + (2 * z * sum) / Math.LN2;
}
