import type { Dataset } from '../dataset.js';
import type { OutOfFold } from '../out-of-bag.js';
import { judgePredictions } from './judge.js';
import { truthOf } from './truth-of-set.js';
import type { Circumstances, Judgement } from './words.js';

/** Judges predictions for rows of a data set. */
export function judgementOf(
  data: Dataset,
  { rows, predictions, linear }: OutOfFold,
  given: Omit<Circumstances, 'groups' | 'linear'>,
): Judgement {
  const { groups, suspicions = {} } = data;
  const of = groups && { of: rows.map((row) => groups[row] as number), copies: suspicions.grouped === true };
  const { words, figures } = judgePredictions(truthOf(data, data, rows), predictions, data, {
    ...suspicions,
    ...given,
    groups: of,
    linear,
  });
  return { words, figures };
}
