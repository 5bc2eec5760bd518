// How good a model is and how sure that is, in plain words.

import { show } from '../base/checks.js';
import { visible } from '../base/visible.js';
import type { Label } from '../data/index.js';
import { type FittedPipeline, type Scores, wilsonInterval } from '../evaluate/index.js';
import type { TrainingTable } from './table.js';

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
const short = (value: number): string => String(Number(value.toPrecision(3)));
const count = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);

/** What a model does on rows, for people and for machines. */
export interface Judgement {
  readonly words: string;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** How the rows came about, and what is worth trying first where the model is not good on them: a whole sentence. */
export interface Circumstances {
  /** Whether they were held out. */
  readonly held: boolean;
  readonly tryFirst: string;
}

type Verdict = 'better' | 'unsure' | 'worse';

function verdictWords(verdict: Verdict, guess: string, rows: number, tryFirst: string): string {
  if (verdict === 'better') return 'It has clearly learnt something.';
  if (verdict === 'worse') return `This is worse than ${guess}. ${tryFirst}`;
  const few = rows < FEW ? ` ${count(rows)} ${rows === 1 ? 'is' : 'are'} too few to be sure.` : '';
  return `This is not clearly better than ${guess}.${few} ${tryFirst}`;
}

/** Rows below which an interval is so wide that it is worth saying. */
const FEW = 100;
const fewWords = (rows: number): string => (rows < FEW ? ' (few rows tell little)' : '');
const unseen = (held: boolean): string => (held ? ' that it had not seen' : '');

/**
 * By the share of right answers and its interval, beside that of always guessing the commonest class. A label that is none of the classes is never right, and counted
 * by `figures.unknown`.
 */
export function judgeClasses(
  actual: readonly Label[],
  predicted: readonly Label[],
  classes: readonly Label[],
  { held, tryFirst }: Circumstances,
): Judgement {
  const rows = actual.length;
  const known = new Set(classes);
  const strangers = new Map<Label, number>();
  const totals = new Map<Label, number>();
  let hits = 0;
  for (const [row, label] of actual.entries()) {
    if (label === predicted[row]) hits++;
    totals.set(label, (totals.get(label) ?? 0) + 1);
    if (!known.has(label)) strangers.set(label, (strangers.get(label) ?? 0) + 1);
  }
  const answers = new Set(predicted);
  const guess = [...totals.values()].reduce((most, total) => Math.max(most, total), 0) / rows;
  const unknown = [...strangers.values()].reduce((sum, total) => sum + total, 0);
  const [low, high] = wilsonInterval(hits, rows);
  const verdict = low > guess ? 'better' : high < guess ? 'worse' : 'unsure';
  const [only] = answers;
  const sentences = [
    `It is right in ${hits} of ${count(rows)}${unseen(held)}: ${percent(hits / rows)}.`,
    `On new rows the share lies between ${percent(low)} and ${percent(high)}, with 95 % confidence${fewWords(rows)}.`,
    `Always guessing the commonest of the ${classes.length} classes is right in ${percent(guess)}.`,
    ...(unknown > 0
      ? [
          `${count(unknown)} of classes that the model does not know (${someOf([...strangers.keys()])}) ${unknown === 1 ? 'counts' : 'count'} as wrong.`,
        ]
      : []),
    ...(answers.size === 1 && totals.size > 1 && rows > 1
      ? [`It answers ${show(String(only))} for every row: --balanced gives rare classes more weight.`]
      : []),
    verdictWords(verdict, 'always guessing the commonest class', rows, tryFirst),
  ];
  const figures = { rows, accuracy: hits / rows, low, high, guess, ...(unknown > 0 && { unknown }) };
  return { words: sentences.join(' '), figures };
}

function someOf(labels: readonly Label[]): string {
  const shown = labels.slice(0, 5).map((label) => show(String(label)));
  return labels.length > 5 ? `${shown.join(', ')} and ${labels.length - 5} more` : shown.join(', ');
}

/**
 * By the mean absolute error and its interval, beside that of always predicting the mean of these rows. Whether the model is better is seen from the differences row by row, of
 * the absolute errors first, and where these leave it open of the squared ones: both have 95 % intervals by Student's t.
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
    `Always predicting the mean is off by ${short(guess)}.`,
    verdictWords(verdict, 'always predicting the mean', rows, tryFirst),
    ...(verdict === 'better' && r2 !== undefined && r2 < 0
      ? ['A few rows are so far off that by squared errors it is worse than the mean: look for outliers.']
      : []),
  ];
  const figures = { rows, meanAbsoluteError: error, low, high: Number.isFinite(high) ? high : null, r2, guess };
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

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A mean and half the width of its 95 % interval, which one value leaves open. */
function intervalOf(values: readonly number[]): { mean: number; half: number } {
  const mean = meanOf(values);
  const free = values.length - 1;
  if (free === 0) return { mean, half: Number.POSITIVE_INFINITY };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / free;
  return { mean, half: studentT(free) * Math.sqrt(variance / values.length) };
}

/** The 97.5 % point of Student's t, by its series around the normal one's: Abramowitz and Stegun 1964, 26.7.5. */
function studentT(free: number): number {
  const z = 1.959963984540054;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / free + second / free ** 2 + third / free ** 3;
}

/** Figures over folds. */
export function judgeFolds(scores: Scores, folds: number): string {
  const [name, score] = Object.entries(scores).find(([key]) => key === 'accuracy' || key === 'meanAbsoluteError') ?? [];
  if (!name || !score) return '';
  const shown = (value: number): string => (name === 'accuracy' ? percent(value) : short(value));
  const what = name === 'accuracy' ? 'accuracy' : 'mean absolute error';
  return `In ${folds}-fold cross-validation its ${what} is ${shown(score.mean)}, give or take ${shown(score.stddev)} from fold to fold.`;
}

/** Whether classes or numbers are predicted, and why: the command's first line. */
export function taskWords({ target, task, why }: Pick<TrainingTable, 'target' | 'task' | 'why'>): string {
  const [head, other] = task === 'classification' ? ['Classification', 'regression'] : ['Regression', 'classification'];
  // Only whole numbers leave a choice.
  const otherwise = /whole numbers|0 and 1/.test(why) ? ` --task ${other} asks for the other.` : '';
  return `${head} of ${visible(target)}, because ${why}.${otherwise}`;
}

export function isClassifier(model: FittedPipeline): model is FittedPipeline & { classes: readonly Label[] } {
  return model.classes !== undefined;
}
