// How good a model is and how sure that is, in plain words.
import type { Label } from '../data/index.js';
import { type Confusion, type FittedPipeline, type Scores, wilsonInterval } from '../evaluate/index.js';

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
const short = (value: number): string => String(Number(value.toPrecision(3)));

/** What a model does on rows, for people and for machines. */
export interface Judgement {
  readonly words: string;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Of rows that it was not trained on, or may have been. */
const unseen = (held: boolean): string => (held ? ' that it had not seen' : '');

const verdictOf = (better: boolean): string =>
  better
    ? 'It has clearly learnt something.'
    : 'That is not surely better: it needs more rows, other columns or another network.';

/** By the share of right answers and its interval, beside that of always guessing the commonest class. `held`: the rows were held out. */
export function judgeClasses({ labels, counts }: Confusion, held: boolean): Judgement {
  const rows = counts.flat().reduce((sum, n) => sum + n, 0);
  const hits = counts.reduce((sum, line, c) => sum + (line[c] as number), 0);
  const common = Math.max(...counts.map((line) => line.reduce((sum, n) => sum + n, 0)));
  const [low, high] = wilsonInterval(hits, rows);
  const guess = common / rows;
  const verdict = verdictOf(low > guess);
  return {
    words: `It is right in ${hits} of ${rows} rows${unseen(held)}: ${percent(hits / rows)}. On new rows the share lies between ${percent(low)} and ${percent(high)}, with 95 % confidence${rows < 100 ? ' (few rows tell little)' : ''}. Always guessing the commonest of the ${labels.length} classes is right in ${percent(guess)}. ${verdict}`,
    figures: { rows, accuracy: hits / rows, low, high, guess },
  };
}

/** By the mean absolute error and its standard error, beside that of always guessing the mean. */
export function judgeNumbers(actual: readonly number[], predicted: readonly number[], held: boolean): Judgement {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = actual.map((value, row) => Math.abs(value - (predicted[row] as number)));
  const middle = mean(actual);
  const error = mean(errors);
  const guess = mean(actual.map((value) => Math.abs(value - middle)));
  const spread = Math.sqrt(mean(errors.map((value) => (value - error) ** 2)) / Math.max(1, errors.length - 1));
  const half = 1.96 * spread;
  const r2 = 1 - mean(errors.map((value) => value ** 2)) / mean(actual.map((value) => (value - middle) ** 2));
  const verdict = verdictOf(error + half < guess);
  return {
    words: `On ${actual.length} rows${unseen(held)} it is off by ${short(error)} on average (${short(Math.max(0, error - half))} to ${short(error + half)}, with 95 % confidence), and explains ${percent(r2)} of the variance. Always guessing the mean is off by ${short(guess)}. ${verdict}`,
    figures: {
      rows: actual.length,
      meanAbsoluteError: error,
      low: Math.max(0, error - half),
      high: error + half,
      r2,
      guess,
    },
  };
}

/** Figures over folds. */
export function judgeFolds(scores: Scores, folds: number): string {
  const [name, score] = Object.entries(scores).find(([key]) => key === 'accuracy' || key === 'meanAbsoluteError') ?? [];
  if (!name || !score) return '';
  const shown = (value: number): string => (name === 'accuracy' ? percent(value) : short(value));
  const what = name === 'accuracy' ? 'accuracy' : 'mean absolute error';
  return `In ${folds}-fold cross-validation its ${what} is ${shown(score.mean)}, give or take ${shown(score.stddev)} from fold to fold.`;
}

export function isClassifier(model: FittedPipeline): model is FittedPipeline & { classes: readonly Label[] } {
  return model.classes !== undefined;
}
