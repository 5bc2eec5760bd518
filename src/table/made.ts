import type { Kind } from './kind.js';

/** Categories above which a column is hashed, where they are not rare: the default of the encoders. */
const MANY = 64;

type Words = { readonly [K in Kind]: (distinct: number, missing: number) => string };

const words: Words = {
  number: (_, missing) => (missing > 0 ? 'median, flag' : 'scaled'),
  category: (distinct, missing) => {
    const features = distinct + Number(missing > 0);
    return features > MANY ? 'rare, hashed' : `${features} features`;
  },
  boolean: (_, missing) => (missing > 0 ? '0 or 1, flag' : '0 or 1'),
  date: () => 'day, cycles',
  text: () => 'left out',
  ignore: () => 'left out',
};

/**
 * What the default encoder makes of a column, in a word or two: numbers are 'scaled', with the 'median' and a 'flag' where they are missing; a category has so many
 * 'features' of 0 and 1, or 'rare' ones share one and the others are 'hashed'; of a date 'day' and its place in the 'cycles' of year and week.
 */
export const madeBy = (kind: Kind, distinct: number, missing: number): string => words[kind](distinct, missing);
