// Judges a model in plain words: how good it is, and how certain that is.

import { show } from '../base/checks.js';
import { largest, smallest } from '../base/extremes.js';
import { listed } from '../base/listed.js';
import type { Label } from '../data/index.js';
import { type Score, type Scores, wilsonInterval } from '../evaluate/index.js';
import { intervalOf, meanOf } from './intervals.js';
import { count, percent, short } from './numbers.js';
import {
  type Circumstances,
  fewWords,
  flattered,
  type Judgement,
  unseen,
  type Verdict,
  verdictData,
  verdictWords,
} from './verdict-words.js';

/** If the commonest class has more than this share, accuracy says little. */
const UNEQUAL = 0.8;
/** A class with fewer rows is too rare to be learnt or judged. */
const RARE = 20;

/** Counts of one class: correct predictions, and rows. */
interface Found {
  hits: number;
  rows: number;
}

/**
 * Judges a classifier: compares the interval of its accuracy with the accuracy of always guessing the commonest class. If training balanced the classes, or if they are
 * very unequal, compares the mean recall with 1 ÷ classes instead. Rows of classes unknown to the model count as wrong; `figures.unknown` is their number.
 */
export function judgeClasses(
  actual: readonly Label[],
  predicted: readonly Label[],
  classes: readonly Label[],
  { held, tryFirst, trained = false, balanced = false }: Circumstances,
): Judgement {
  const rows = actual.length;
  const known = new Set(classes);
  const totals = new Map<Label, Found>();
  let hits = 0;
  for (const [row, label] of actual.entries()) {
    const found = totals.get(label) ?? { hits: 0, rows: 0 };
    totals.set(label, found);
    found.rows++;
    if (label !== predicted[row]) continue;
    found.hits++;
    hits++;
  }
  const unknownClasses = [...totals.keys()].filter((label) => !known.has(label));
  const answers = new Set(predicted);
  const sizes = Array.from(totals.values(), (found) => found.rows);
  const guess = largest(sizes, 0) / rows;
  const rarest = smallest(sizes);
  const unknown = unknownClasses.reduce<number>((sum, label) => sum + (totals.get(label) as Found).rows, 0);
  const [low, high] = wilsonInterval(hits, rows);
  const byRecall = totals.size > 1 && (balanced || guess > UNEQUAL);
  const recall = byRecall ? meanRecall([...totals.values()]) : undefined;
  const verdict = recall ? verdictBy(recall.low, recall.high, 1 / totals.size) : verdictBy(low, high, guess);
  const [only] = answers;
  const answersOne = answers.size === 1 && totals.size > 1 && rows > 1;
  const advice = recall && trained ? unequalAdvice(balanced, rarest, tryFirst) : tryFirst;
  const sentences = [
    `It is right in ${hits} of ${count(rows)}${unseen(held)}: ${percent(hits / rows)}.`,
    `On new rows the share lies between ${percent(low)} and ${percent(high)}, with 95 % confidence${fewWords(rows)}.`,
    ...flattered(held),
    `Always guessing the commonest of the ${classes.length} classes is right in ${percent(guess)}.`,
    ...(recall
      ? [
          `It is judged by how much of each class it finds, since ${balanced ? 'it was trained with balanced classes' : 'the classes are very unequal'}: ${percent(recall.mean)} on average (balanced accuracy; ${percent(recall.low)} to ${percent(recall.high)}, with 95 % confidence), where guessing finds ${percent(1 / totals.size)}.`,
        ]
      : []),
    ...(unknown > 0
      ? [
          `${count(unknown)} of classes that the model does not know (${listed(unknownClasses.map(String), 5)}) ${unknown === 1 ? 'counts' : 'count'} as wrong.`,
        ]
      : []),
    ...(answersOne
      ? [
          `It answers ${show(String(only))} for every row${trained && !balanced && !recall ? ': --balanced gives rare classes more weight' : ''}.`,
        ]
      : []),
    verdictWords(verdict, recall ? 'guessing' : 'always guessing the commonest class', rows, advice),
  ];
  const figures = {
    rows,
    hits,
    accuracy: hits / rows,
    low,
    high,
    guess,
    classes: classes.length,
    ...(recall && {
      balancedAccuracy: recall.mean,
      balancedLow: recall.low,
      balancedHigh: recall.high,
      balancedGuess: 1 / totals.size,
    }),
    ...(unknown > 0 && { unknown, unknownClasses }),
    ...(answersOne && { onlyAnswer: only }),
    ...verdictData(verdict, advice),
  };
  return { words: sentences.join(' '), figures };
}

const verdictBy = (low: number, high: number, guess: number): Verdict =>
  low > guess ? 'better' : high < guess ? 'worse' : 'unsure';

/** What to try first if classes are unequal. */
function unequalAdvice(balanced: boolean, rarest: number, tryFirst: string): string {
  if (!balanced) return 'Try --balanced first: it gives rare classes more weight.';
  if (rarest < RARE)
    return `The rarest class has only ${count(rarest)} here: more rows of rare classes help first, and no setting stands in for them.`;
  return tryFirst;
}

/** The mean recall over classes, with a 95 % interval combined from the Wilson interval of each class: MOVER, Zou and Donner 2008. */
function meanRecall(classes: readonly Found[]): { mean: number; low: number; high: number } {
  let [sum, below, above] = [0, 0, 0];
  for (const { hits, rows } of classes) {
    const recall = hits / rows;
    const [low, high] = wilsonInterval(hits, rows);
    sum += recall;
    below += (recall - low) ** 2;
    above += (high - recall) ** 2;
  }
  const mean = sum / classes.length;
  return { mean, low: mean - Math.sqrt(below) / classes.length, high: mean + Math.sqrt(above) / classes.length };
}

/**
 * Judges a regression: compares its mean absolute error with that of always predicting the mean of these rows. The verdict follows from 95 % intervals (Student's t) of
 * the differences row by row: of the absolute errors, or if these are inconclusive, of the squared errors, which can only make it 'worse'.
 */
export function judgeNumbers(
  actual: readonly number[],
  predicted: readonly number[],
  { held, tryFirst }: Circumstances,
): Judgement {
  const rows = actual.length;
  const middle = meanOf(actual);
  const errors = actual.map((value, row) => Math.abs(value - (predicted[row] as number)));
  const distances = actual.map((value) => Math.abs(value - middle));
  const { mean: error, half } = intervalOf(errors);
  const guess = meanOf(distances);
  const verdict = verdictOf(errors, distances);
  const variance = meanOf(distances.map((value) => value ** 2));
  const r2 = variance > 0 ? 1 - meanOf(errors.map((value) => value ** 2)) / variance : undefined;
  const low = Math.max(0, error - half);
  const high = error + half;
  const interval = Number.isFinite(half) ? ` (${short(low)} to ${short(high)}, with 95 % confidence)` : '';
  const sentences = [
    `On ${count(rows)}${unseen(held)} it is off by ${short(error)} on average${interval}${fewWords(rows)}${explained(r2)}.`,
    ...flattered(held),
    `Always predicting the mean is off by ${short(guess)}.`,
    verdictWords(verdict, 'always predicting the mean', rows, tryFirst),
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
    ...verdictData(verdict, tryFirst),
  };
  return { words: sentences.join(' '), figures };
}

function explained(r2: number | undefined): string {
  if (r2 === undefined) return '';
  return r2 < 0
    ? `, and explains none of the variance (R² is ${short(r2).replace('-', '−')})`
    : `, and explains ${percent(r2)} of the variance`;
}

function verdictOf(errors: readonly number[], distances: readonly number[]): Verdict {
  const gains = (power: number): { mean: number; half: number } =>
    intervalOf(errors.map((error, row) => (distances[row] as number) ** power - error ** power));
  const sign = ({ mean, half }: { mean: number; half: number }): Verdict =>
    mean > half ? 'better' : mean < -half ? 'worse' : 'unsure';
  const first = sign(gains(1));
  return first === 'unsure' && sign(gains(2)) === 'worse' ? 'worse' : first;
}

/** A sentence about a metric in cross-validation; '' if it was not measured. */
export function judgeFolds(scores: Scores, name: string, folds: number): string {
  const score = scores[name];
  if (!score) return '';
  return `In ${folds}-fold cross-validation ${scoreWords(name, score)}.`;
}

const figureNames: Readonly<Record<string, string>> = {
  meanAbsoluteError: 'mean absolute error',
  r2: 'R²',
  recall: 'balanced accuracy',
  auc: 'area under the ROC curve',
  accuracy: 'accuracy',
};

/** The mean and spread of a metric over folds, as a clause. */
export function scoreWords(name: string, { mean, stddev }: Score): string {
  const shown = (value: number): string => (name === 'accuracy' || name === 'recall' ? percent(value) : short(value));
  return `its ${figureNames[name] ?? name} is ${shown(mean)}, give or take ${shown(stddev)} from fold to fold`;
}
