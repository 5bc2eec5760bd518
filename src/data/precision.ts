// Whether float32 is enough for what was given in float64.
import { SimdenseError } from '../base/errors.js';
import { isNumbers } from './numbers.js';
import { type Rows, toGrid } from './rows.js';

/**
 * Most that rounding to float32 may move a number, over the range of its column: 2⁻¹⁰. It costs a regression that depends on the column alone at most
 * (2⁻²⁰ / 3) ÷ (1 / 12) ≈ 4·10⁻⁶ of its R², for numbers that are spread evenly; images of eight bits are rounded twice as coarsely.
 */
const MOST_MOVED = 2 ** -10;
/** Ranges below this share of the numbers are those of a constant that was computed. */
const CONSTANT = 2 ** -40;

/**
 * Throws SimdenseError 'DATA' for a column, such as of Unix seconds, whose differences float32 does not hold. Only what was given in float64 is looked at; flat numbers are
 * one column.
 */
export function checkPrecision(where: string, rows: Rows): void {
  const { data, columns } = toGrid(where, rows, Float64Array, isNumbers(rows) ? 1 : undefined);
  if (!(data instanceof Float64Array)) return;
  const low = data.slice(0, columns);
  const high = data.slice(0, columns);
  const moved = new Float64Array(columns);
  for (let i = 0, c = 0; i < data.length; i++) {
    const value = data[i] as number;
    const error = Math.abs(value - Math.fround(value));
    if (value < (low[c] as number)) low[c] = value;
    else if (value > (high[c] as number)) high[c] = value;
    if (error > (moved[c] as number)) moved[c] = error;
    if (++c === columns) c = 0;
  }
  for (let c = 0; c < columns; c++) {
    const [least, most, error] = [low[c], high[c], moved[c]] as [number, number, number];
    const range = most - least;
    if (range <= CONSTANT * Math.max(-least, most) || error <= MOST_MOVED * range) continue;
    throw new SimdenseError('DATA', `${where}: column ${c} ${precisionLack(least, most, error)}`);
  }
}

/** What is said of such a column. */
export function precisionLack(least: number, most: number, error: number): string {
  const seen = `goes from ${least} to ${most}, and float32 moves its numbers by up to ${Number(error.toPrecision(2))}`;
  return `${seen}: too much of that range. Subtract a constant from the column first, such as ${least}`;
}
