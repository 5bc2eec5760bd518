// Words for missing cells that are numbers, such as −999: what they mean in a column of numbers.
import { numberOf } from './number-text.js';

/** The numbers among the words. '-999' means −999.0 too. */
export const missingNumbers = (words: readonly string[] = [], decimal: '.' | ',' = '.'): ReadonlySet<number> =>
  new Set(
    words.flatMap((word) => {
      const read = numberOf(word.trim(), decimal);
      return read && read.unit === '' ? [read.value] : [];
    }),
  );
