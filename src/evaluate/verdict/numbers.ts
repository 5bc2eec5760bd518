// Judges a regression in plain words: how good it is, and how certain that is.

import { largest } from '../../base/extremes.js';
import type { Matrix } from '../../data/matrix.js';
import { count, percent, short } from './figures.js';
import { type Groups, type Interval, intervalOf, meanOf, medianOf } from './intervals.js';
import {
  type Beside,
  besideLinear,
  type Circumstances,
  Evidence,
  gainWords,
  type Judgement,
  signOf,
  suspectData,
  unseen,
  type Verdict,
  verdictData,
  verdictWords,
  warnings,
} from './words.js';

/**
 * Judges a regression: compares its mean absolute error with that of always predicting the mean of these rows. The verdict follows from 95 % intervals (Student's t) of
 * the differences row by row, over groups if there are some: of the absolute errors, or if these are inconclusive, of the squared errors, which can only make it 'worse'. It is never
 * 'better' where always predicting the median is as good: a few rows that are far from all others draw the mean away from them.
 */
export function judgeNumbers(
  actual: readonly number[],
  predicted: readonly number[],
  circumstances: Circumstances,
): Judgement {
  const { held, tryFirst, groups, linear } = circumstances;
  const rows = actual.length;
  const evidence = new Evidence(rows, circumstances);
  const middle = meanOf(actual);
  const errors = actual.map((value, row) => Math.abs(value - (predicted[row] as number)));
  const distances = distancesTo(middle, actual);
  const { mean: error, half } = intervalOf(errors, groups?.of);
  const guess = meanOf(distances);
  const gain = gainsOf(errors, distances, groups?.of);
  const toMedian = distancesTo(medianOf(actual), actual);
  const overMedian = signOf(gainsOf(errors, toMedian, groups?.of));
  const overMean = verdictOf(gain, errors, distances, groups?.of);
  const byMedian = overMean === 'better' && overMedian !== 'better';
  const found = byMedian ? overMedian : overMean;
  const verdict = evidence.settled(found);
  const variance = meanOf(distances.map((value) => value ** 2));
  const r2 = variance > 0 ? 1 - meanOf(errors.map((value) => value ** 2)) / variance : undefined;
  const beside = linear && besideNumbers(actual, errors, linear, guess, circumstances);
  const low = Math.max(0, error - half);
  const high = error + half;
  const interval = Number.isFinite(half)
    ? ` (${short(low)} to ${short(high)}, with 95 % confidence${evidence.over})`
    : '';
  // A verdict by squared errors, or by too few groups, says so itself.
  const compared =
    !byMedian && found === verdict && found === signOf(gain)
      ? gainWords(verdict, { low, high, guess, more: false, gain, unit: short }, evidence)
      : undefined;
  const sentences = [
    `On ${count(rows)}${unseen(held)}${held === 'by fold' ? ',' : ''} it is off by ${short(error)} on average${interval}${evidence.fewWords}${explained(r2)}.`,
    ...warnings(circumstances),
    `Always predicting the mean is off by ${short(guess)}.`,
    ...(byMedian ? [`Always predicting the median is off by ${short(meanOf(toMedian))}.`] : []),
    ...(compared?.words ? [compared.words] : []),
    ...(beside ? [beside.words] : []),
    verdictWords(verdict, `always predicting the ${byMedian ? 'median' : 'mean'}`, evidence, tryFirst, found),
    ...outlierWords(actual, errors),
    ...(verdict === 'better' && r2 !== undefined && r2 < 0
      ? ['A few rows are so far off that by squared errors it is worse than the mean: look for outliers.']
      : []),
  ];
  const figures = {
    rows,
    meanAbsoluteError: error,
    low,
    high: Number.isFinite(high) ? high : null,
    r2,
    guess,
    ...(byMedian && { medianGuess: meanOf(toMedian) }),
    ...compared?.data,
    ...beside?.data,
    ...evidence.data,
    ...suspectData(circumstances),
    ...verdictData(verdict, tryFirst),
  };
  return { words: sentences.join(' '), figures };
}

const distancesTo = (value: number, actual: readonly number[]): number[] =>
  actual.map((each) => Math.abs(each - value));

/** Of so many rows one that is off by more than all others together is not one of many. */
const MANY = 10;

/** Names the answer of a row that is off by more than all others together. */
function outlierWords(actual: readonly number[], errors: readonly number[]): string[] {
  const most = largest(errors);
  if (errors.length < MANY || !(2 * most > errors.reduce((sum, error) => sum + error, 0))) return [];
  const value = actual[errors.indexOf(most)] as number;
  return [
    `One row, whose answer is ${Number(value.toPrecision(7))}, is off by more than all others together: see whether that is right.`,
  ];
}

/** How far a linear model is off beside this one. */
function besideNumbers(
  actual: readonly number[],
  errors: readonly number[],
  { data }: Matrix,
  guess: number,
  circumstances: Circumstances,
): Beside {
  const others = actual.map((value, row) => Math.abs(value - (data[row] as number)));
  const own = meanOf(others);
  const gains = others.map((error, row) => error - (errors[row] as number));
  return besideLinear(gains, { is: `is off by ${short(own)}`, own, unit: short, helps: own < guess }, circumstances);
}

function explained(r2: number | undefined): string {
  if (r2 === undefined) return '';
  return r2 < 0
    ? `, and explains none of the variance (R² is ${short(r2).replace('-', '−')})`
    : `, and explains ${percent(r2)} of the variance`;
}

/** What each row gains over always predicting the mean: in absolute errors, or in powers of them. */
const gainsOf = (
  errors: readonly number[],
  distances: readonly number[],
  groups: Groups | undefined,
  power = 1,
): Interval =>
  intervalOf(
    errors.map((error, row) => (distances[row] as number) ** power - error ** power),
    groups,
  );

function verdictOf(
  gain: Interval,
  errors: readonly number[],
  distances: readonly number[],
  groups: Groups | undefined,
): Verdict {
  const first = signOf(gain);
  return first === 'unsure' && signOf(gainsOf(errors, distances, groups, 2)) === 'worse' ? 'worse' : first;
}
