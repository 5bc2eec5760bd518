// Says in words what is made of each column.
import type { EncoderColumn, EncoderKind } from './kinds.js';

type Words = { readonly [Kind in EncoderKind]: (column: Extract<EncoderColumn, { readonly kind: Kind }>) => string };

const short = (value: number): string => String(Number(value.toPrecision(6)));
const counted = (number: number, one: string, several: string): string => `${number} ${number === 1 ? one : several}`;
const features = (number: number): string => counted(number, 'feature', 'features');
const flagged = (flag: boolean): string => (flag ? ', and a feature that is 1 where it is missing' : '');
const scaled = { standard: 'mean and deviation', robust: 'median and spread', minMax: 'range', quantile: 'quantiles' };

const words: Words = {
  number: ({ scaler: { type }, clip, fill, flag, edges }) => {
    const how = type === 'none' ? 'the number as it is' : `a number, scaled by ${scaled[type]}`;
    const bound = clip === undefined ? '' : `, clipped smoothly at ${short(clip)}`;
    return `${how}${bound}; ${short(fill)} where it is missing${flagged(flag)}${edges ? `; ${edges.length - 1} features of pieces of its range` : ''}`;
  },
  boolean: ({ fill, flag }) => `0 or 1; ${fill} where it is missing${flagged(flag)}`,
  category: ({ categories, missing, rare }) => {
    const others = rare ? 'rare and unseen ones share a feature' : 'unseen ones are all zeros';
    return `a feature for each of ${counted(categories.length, 'category', 'categories')}${missing ? ' and for missing cells' : ''}; ${others}`;
  },
  hashedCategory: ({ buckets, missing }) =>
    `too many categories for a feature each: they share ${features(buckets)} by their hash${missing ? ', and missing cells have one' : ''}`,
  date: ({ scaler, cycles, flag }) => {
    const days = scaler.type === 'none' ? 'days since 1970' : `days since 1970, scaled by ${scaled[scaler.type]}`;
    const places = cycles.length === 0 ? '' : `; sine and cosine of the place in the ${cycles.join(', ')}`;
    return `${days}${places}${flagged(flag)}`;
  },
  text: ({ buckets }) => `its words, which share ${features(buckets)} by their hash`,
};

/** What is made of a column: a clause such as 'a feature for each of 3 categories; unseen ones are all zeros'. */
export const madeOf = (column: EncoderColumn): string => words[column.kind](column as never);
