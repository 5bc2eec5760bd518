// Words for missing cells that are numbers, such as −999: what they mean in a column of numbers.
import { show } from '../../base/checks.js';
import { numberOf } from './number-text.js';

/** The numbers among the words. '-999' means −999.0 too. */
export const missingNumbers = (words: readonly string[] = [], decimal: '.' | ',' = '.'): ReadonlySet<number> =>
  new Set(
    words.flatMap((word) => {
      const read = numberOf(word.trim(), decimal);
      return read && read.unit === '' ? [read.value] : [];
    }),
  );

/** Whether many files have this number for a cell that is not known: nines, such as −999. */
const isCode = (value: number): boolean => /^-?9{1,6}$/.test(String(value));

/**
 * The number at an end of the values that may stand for missing cells: one of nines, in two cells or more, that is farther from all other values than
 * these are from each other. undefined if there is none.
 */
export function suspected(values: ArrayLike<number>, least: number, most: number): Suspect | undefined {
  for (const code of [least, most]) {
    if (!isCode(code)) continue;
    let [cells, low, high] = [0, Infinity, -Infinity];
    for (let row = 0; row < values.length; row++) {
      const value = values[row] as number;
      if (value === code) cells++;
      else {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    const gap = code === least ? low - code : code - high;
    if (cells > 1 && low < high && gap > high - low) return { code, cells, low, high };
  }
  return undefined;
}
export interface Suspect {
  readonly code: number;
  readonly cells: number;
  /** The least and the greatest of the other values. */
  readonly low: number;
  readonly high: number;
}

/** What is said of such a number. */
export const suspectNote = (name: string, { code, cells, low, high }: Suspect): string =>
  `Column ${show(name)} is ${code} in ${cells} cells, and from ${low} to ${high} in all others; missing: ['${code}'] takes ${code} for missing.`;
