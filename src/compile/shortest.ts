/** The shortest decimal number that rounds to a float32. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(short), Math.fround(value))) return short;
  }
  return value;
}

/** A number as JavaScript, to all its digits. */
export const exact = (value: number): string => (Object.is(value, -0) ? '-0' : `${value}`);

/** A float32 as JavaScript, to be rounded where it is used. */
export const number = (value: number): string =>
  Object.is(value, -0) ? '-0' : Number.isFinite(value) ? `${shortest(value)}` : `${value}`;
