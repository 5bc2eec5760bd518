// Dates as numbers: years, 20241231, and what clocks count from 1970.
import type { Chunks } from '../chunks.js';
import type { CellFormat } from '../kind.js';
import { dateOfDigits } from './date-text.js';

/** Numbers below are seconds since 1970: as milliseconds they would all be before March 1973. */
const MILLISECONDS = 1e11;
/** A date of 8 digits is smaller. */
const NO_DIGITS = 1e8;
/** The largest time that a Date can be. */
const MOST = 8.64e15;

/** Milliseconds since 1970 of a number: what `since` says, otherwise of a year or of 20241231, or as milliseconds if it is large enough; else NaN. */
export function dateOfNumber(value: number, since: CellFormat['since']): number {
  if (since) return within(since === 'seconds' ? Math.round(value * 1000) : value);
  const date = dateOfDigits(String(value));
  return Number.isNaN(date) && Math.abs(value) >= MILLISECONDS ? within(value) : date;
}

const within = (time: number): number => (Math.abs(time) <= MOST ? time : Number.NaN);

/**
 * What the numbers of a column that is asked to be dates count since 1970. undefined where it has none, and where they look like years or
 * 20241231, also where some do not: then these are wrong.
 */
export function sinceOf(cells: Chunks): CellFormat['since'] {
  let [largest, dates, count] = [0, 0, 0];
  cells.some((value, code) => {
    if (code >= 0) return false;
    count++;
    largest = Math.max(largest, Math.abs(value));
    if (largest < NO_DIGITS && !Number.isNaN(dateOfDigits(String(value)))) dates++;
    return false;
  });
  if (count === 0 || (largest < NO_DIGITS && dates > 0)) return undefined;
  return largest < MILLISECONDS ? 'seconds' : 'milliseconds';
}
