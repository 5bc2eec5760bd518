// Describes the result of a search, in words and for JSON output.
import type { Chosen, ParameterImportance, SearchResult, Space, TabularSettings, Trial } from '../evaluate/index.js';
import { importanceWords, togetherOf } from '../report/search/words.js';
import { figureWords, scoreWords } from './verdict-folds.js';

/** The settings of one network that tune varies. */
export interface Settings {
  readonly units: number;
  readonly layers: number;
  readonly learningRate: number;
  readonly dropout: number;
}

/** What it varies them over. */
export const OF_ONE: Space<Settings> = {
  units: [8, 16, 32, 64, 128],
  layers: [1, 2, 3],
  learningRate: { min: 3e-4, max: 0.03, scale: 'log' },
  dropout: [0, 0.15, 0.3],
};

/** What tune has tried: settings of one network, or those around 'tabular', of which it puts several together. */
export type AnySettings = Settings | TabularSettings;

/** '2 × 64 units, learning rate 0.010, dropout 0.10, …' */
function settingsWords(settings: AnySettings): string {
  const { layers, units, learningRate, dropout } = settings;
  const of = 'activation' in settings ? ` of ${settings.activation}` : '';
  const more =
    'pieces' in settings
      ? `, weight decay ${settings.weightDecay.toPrecision(2)}, ${settings.pieces} pieces, ${settings.length.toPrecision(2)} of the usual epochs`
      : '';
  return `${layers} × ${units} units${of}, learning rate ${learningRate.toPrecision(2)}, dropout ${Number(dropout.toPrecision(2))}${more}`;
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
  trials: readonly Trial<AnySettings>[],
  { parameters, score }: Best<AnySettings>,
  {
    monitor,
    folds,
    chosen,
    importance,
  }: {
    monitor: string;
    folds: number;
    chosen?: readonly Chosen<AnySettings>[] | undefined;
    importance: readonly ParameterImportance[];
  },
): { words: string; data: Record<string, unknown> } {
  const tried = new Set(trials.map((trial) => trial.parameters)).size;
  const failed = trials.filter(({ error }) => error !== undefined);
  const count = `${tried} setting${tried === 1 ? '' : 's'} tried`;
  const again =
    trials.length > tried ? ` (${trials.length} trials, since the better ones were tried again for longer)` : '';
  const words = [
    `The best of ${count}${again}: ${settingsWords(parameters)}.`,
    `In ${folds}-fold cross-validation ${scoreWords(monitor, score)}; since it was chosen by that, expect a little less.`,
    ...(chosen ? [togetherWords(chosen.length, folds)] : []),
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
      ...(chosen && { chosen: chosen.map(({ trial, count }) => ({ parameters: trial.parameters, count })) }),
      importance,
      together: togetherOf(importance),
      failed: failed.length,
      trials: shown,
    },
  };
}

const togetherWords = (settings: number, folds: number): string =>
  settings === 1
    ? `The ${folds} networks of this setting predict together.`
    : `The networks of ${settings} settings that do best as a mean predict together, ${folds} of each.`;
