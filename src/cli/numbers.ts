// Formats numbers for the command's output.
export { count, percent, short } from '../evaluate/verdict/figures.js';

/** A loss in a progress bar. */
export const lossOf = (value: number): string =>
  value < 1000 ? value.toFixed(4) : value < 1e6 ? String(Math.round(value)) : value.toExponential(2);
