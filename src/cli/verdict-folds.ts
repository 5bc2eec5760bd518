// What cross-validation says of a model, in words.
import type { Score, Scores } from '../evaluate/index.js';
import { percent, short } from './numbers.js';

/** A sentence about a metric in cross-validation; '' if it was not measured. */
export function judgeFolds(scores: Scores, name: string, folds: number): string {
  const score = scores[name];
  if (!score) return '';
  return `In ${folds}-fold cross-validation ${scoreWords(name, score)}.`;
}

/** Figures in words. */
export const figureNames: Readonly<Record<string, string>> = {
  meanAbsoluteError: 'mean absolute error',
  r2: 'R²',
  recall: 'balanced accuracy',
  auc: 'area under the ROC curve',
  accuracy: 'accuracy',
};

/** A figure in words. */
export const figureWords = (name: string): string => figureNames[name] ?? name;

/** The mean and spread of a metric over folds, as a clause. */
export function scoreWords(name: string, { mean, stddev }: Score): string {
  const shown = (value: number): string => (name === 'accuracy' || name === 'recall' ? percent(value) : short(value));
  return `its ${figureWords(name)} is ${shown(mean)}, give or take ${shown(stddev)} from fold to fold`;
}
