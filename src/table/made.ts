import { categoryDefaults } from './encoders/options.js';
import type { Kind } from './kind.js';

/** What is counted of a column. */
export interface Counts {
  readonly missing: number;
  readonly distinct: number;
  /** Of texts: how many of the distinct ones have a feature of their own, since they are not rare. */
  readonly frequent: number;
}

type Words = { readonly [K in Kind]: (counts: Counts) => string };

const { minFrequency, maxCategories } = categoryDefaults;
export const isFrequent = (count: number): boolean => count >= minFrequency;

const words: Words = {
  number: ({ missing }) => (missing > 0 ? 'median, flag' : 'scaled'),
  category: ({ distinct, missing, frequent }) => {
    if (frequent > maxCategories) return 'hashed';
    const missed = missing > 0 && isFrequent(missing);
    const rare = frequent < distinct || (missing > 0 && !missed);
    const features = frequent + Number(missed) + Number(rare);
    return features === 1 ? 'left out: rare' : `${features} features`;
  },
  boolean: ({ missing }) => (missing > 0 ? '0 or 1, flag' : '0 or 1'),
  date: () => 'day, cycles',
  text: () => 'left out',
  ignore: () => 'left out',
};

/**
 * What the default encoder makes of a column, in a word or two: numbers are 'scaled', with the 'median' and a 'flag' where they are missing; a category has so many
 * 'features' of 0 and 1, of which rare ones share one, or is 'hashed'; of a date 'day' and its place in the 'cycles' of year and week.
 */
export function madeBy(kind: Kind, counts: Counts): string {
  const { distinct, missing, frequent } = counts;
  // It would be the same in all rows. Categories that are the same because they are rare are said so.
  const constant = distinct === 1 && missing === 0 && (kind !== 'category' || frequent === 1);
  if (distinct === 0 || constant) return 'left out';
  return words[kind](counts);
}
