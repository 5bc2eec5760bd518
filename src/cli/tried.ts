// Describes the result of a search, in words and for JSON output.
import type { ParameterImportance, SearchResult, Trial } from '../evaluate/index.js';
import { importanceWords, togetherOf } from '../report/search/words.js';
import { figureWords, scoreWords } from './verdict-folds.js';

/** The settings that tune varies. */
export interface Settings {
  readonly units: number;
  readonly layers: number;
  readonly learningRate: number;
  readonly dropout: number;
}

/** The settings in words. */
const inWords: Readonly<Record<string, string>> = {
  learningRate: 'learning rate',
  weightDecay: 'weight decay',
  length: 'epochs',
};

export type Best<P> = SearchResult<P>['best'];

/** Describes a search. A trial is one setting in one cross-validation; halving tries the better settings again, for more epochs. */
export function triedWords(
  trials: readonly Trial<Settings>[],
  { parameters, score }: Best<Settings>,
  { monitor, folds, importance }: { monitor: string; folds: number; importance: readonly ParameterImportance[] },
): { words: string; data: Record<string, unknown> } {
  const tried = new Set(trials.map((trial) => trial.parameters)).size;
  const failed = trials.filter(({ error }) => error !== undefined);
  const { units, layers, learningRate, dropout } = parameters;
  const count = `${tried} setting${tried === 1 ? '' : 's'} tried`;
  const again =
    trials.length > tried ? ` (${trials.length} trials, since the better ones were tried again for longer)` : '';
  const words = [
    `The best of ${count}${again}: ${layers} × ${units} units, learning rate ${learningRate.toPrecision(2)}, dropout ${dropout}.`,
    `In ${folds}-fold cross-validation ${scoreWords(monitor, score)}; since it was chosen by that, expect a little less.`,
    importanceWords(
      importance.map((each) => ({ ...each, parameter: inWords[each.parameter] ?? each.parameter })),
      figureWords(monitor),
    ),
    ...(failed.length > 0
      ? [`${failed.length} of ${trials.length} trials failed; the first one: ${failed[0]?.error}.`]
      : []),
  ].join(' ');
  const shown = trials.map(({ parameters, score, error, epochs }) => ({ parameters, score, error, epochs }));
  return {
    words,
    data: {
      tried,
      all: trials.length,
      folds,
      monitor,
      best: { parameters, score },
      importance,
      together: togetherOf(importance),
      failed: failed.length,
      trials: shown,
    },
  };
}
