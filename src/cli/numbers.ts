// Formats numbers for the command's output.
export { count, percent, short } from '../evaluate/verdict/figures.js';

/** A loss in a progress bar. */
export const lossOf = (value: number): string =>
  value < 1000 ? value.toFixed(4) : value < 1e6 ? String(Math.round(value)) : value.toExponential(2);

/** A float32 as the number with the fewest digits, six to nine, that rounds to it: 0.1, where float64 would write 0.10000000149011612. */
export function shortFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
