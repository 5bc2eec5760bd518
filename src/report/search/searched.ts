// What is shown of a search: its points, with their longest trials, from the best to those that failed.
import type { SearchResult, Trial } from '../../evaluate/index.js';
import { longestOf } from '../../evaluate/search/importance.js';
import { cellOf } from '../../evaluate/to-csv.js';
import { lessIsBetter } from '../../nn/figures.js';
import { withDigits } from '../numbers.js';

/** What a search has come to: its result has all of it. */
export type Searched = Pick<SearchResult<unknown>, 'space' | 'monitor' | 'trials' | 'best' | 'importance'>;

export interface SearchReportContents {
  /** The heading; 'Search' by default. */
  title?: string;
  /** A sentence below the heading. */
  summary?: string;
  /** The result of `search`. */
  search: Searched;
  /** The command that repeats the search. */
  command?: string;
}

/** A point with its longest trial, and the place of that in the list of all trials, from 1. */
export interface Point {
  readonly number: number;
  readonly trial: Trial<unknown>;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface Points {
  /** The points that ended well, the best first. */
  readonly sound: readonly Point[];
  readonly failed: readonly Point[];
  readonly best: Point | undefined;
  /** Whether less of the figure is better. */
  readonly less: boolean;
  /** Whether points were tried again for longer: then only the longest trials compete. */
  readonly again: boolean;
}

export function pointsOf({ trials, monitor, best: { parameters } }: Searched): Points {
  const numbers = new Map(trials.map((trial, i) => [trial, i + 1]));
  const all = longestOf(trials).map(
    (trial): Point => ({
      number: numbers.get(trial) as number,
      trial,
      parameters: trial.parameters as Point['parameters'],
    }),
  );
  const less = lessIsBetter(monitor) ?? false;
  const again = all.length < trials.length;
  const isSound = ({ trial: { score } }: Point): boolean => score !== undefined && Number.isFinite(score.mean);
  const sound = all.filter(isSound).sort((a, b) => {
    const longer = again ? shareOf(b.trial) - shareOf(a.trial) : 0;
    const better = (less ? 1 : -1) * (meanOf(a) - meanOf(b));
    return longer || better || a.number - b.number;
  });
  const best = sound.find((point) => point.trial.parameters === parameters) ?? sound[0];
  return { sound, failed: all.filter((point) => !isSound(point)), best, less, again };
}

/** The share of its epochs that a trial got. */
export const shareOf = ({ share = 1 }: Trial<unknown>): number => share;

/** The figure of a point that ended well. */
export const meanOf = ({ trial: { score } }: Point): number => score?.mean as number;

/** A parameter's value in words. */
export function valueWords(value: unknown): string {
  const cell = cellOf(value);
  return typeof cell === 'number' ? withDigits(cell, 3) : cell;
}

/** The parameters of a point, as in 'units 64, rate 0.003'. */
export const pointWords = ({ parameters }: Point): string =>
  Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${valueWords(value)}`)
    .join(', ');

/** The figure of a point with its spread over the splits; or why it has none. */
export function figureWords({ trial: { score, error } }: Point, monitor: string): string {
  if (error !== undefined || !score) return `failed: ${error ?? 'it has no figure'}`;
  const spread = score.values.length > 1 ? ` ± ${withDigits(score.stddev, 2)}` : '';
  return `${monitor} ${withDigits(score.mean, 3)}${spread}`;
}
