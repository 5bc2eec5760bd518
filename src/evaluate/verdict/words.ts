// What all judgements have in common.

import { show } from '../../base/checks.js';
import { visible } from '../../base/visible.js';
import type { Matrix } from '../../data/matrix.js';
import { type Giveaway, type Suspicions, suspicionData } from '../suspicions.js';
import { count, percent } from './figures.js';
import { countGroups, type Groups, type Interval, intervalOf } from './intervals.js';

/** A judgement in words, and its figures for JSON output. */
export interface Judgement {
  readonly words: string;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Facts about the rows and the model that affect the wording. `tryFirst` is a sentence: what to try first if the model is not good. */
export interface Circumstances extends Suspicions {
  /** Whether the rows were held out from the whole model; 'by fold': each was predicted by a network that has not learnt from it. */
  readonly held: boolean | 'by fold';
  readonly tryFirst: string;
  /** Whether the model has just been trained, so that other settings can be tried; false by default. */
  readonly trained?: boolean;
  /** Whether the networks were chosen by these rows; false by default. */
  readonly chosen?: boolean;
  /** Whether training gave rare classes the same total weight as common ones; false by default. */
  readonly balanced?: boolean;
  /** The rows that belong together: what holds for one of them holds for the others too. */
  readonly groups?: RowGroups | undefined;
  /** Whether the rows are the latest of all. */
  readonly latest?: boolean;
  /** What a linear model, trained on the same rows, predicts for these: the same columns as the predictions. */
  readonly linear?: Matrix | undefined;
  /** Whether a threshold was chosen for another aim than the share that is right, by which a linear model is then not compared. */
  readonly decided?: boolean;
  /** How the caller asks for a linear model, for balanced classes, for groups, and for columns to be left out; by default as fitPipeline has it. */
  readonly asks?: Asks | undefined;
}

export interface Asks {
  readonly linear: string;
  readonly balanced: string;
  readonly groups: string;
  readonly ignore: string;
}
export const inPrograms: Asks = {
  linear: 'layers: []',
  balanced: "classWeight: 'balanced'",
  groups: 'the option groups',
  ignore: 'the option ignore of readTable',
};

/** How the predictions do beside those of a linear model, or of guessing. */
export interface Beside {
  readonly words: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Linear {
  /** How good the linear model is, in words. */
  readonly is: string;
  /** The same as a number. */
  readonly own: number;
  readonly unit: (gain: number) => string;
  /** Whether it is better than guessing, so that to train one can be advised. */
  readonly helps: boolean;
}

/**
 * Compares with a linear model by what each row gains, over groups if there are some. Where the interval of the mean gain has 0 in it, the
 * linear model is as good as far as these rows tell.
 */
export function besideLinear(
  gains: readonly number[],
  { is, own, unit, helps }: Linear,
  { groups, asks = inPrograms }: Circumstances,
): Beside {
  const { mean, half } = intervalOf(gains, groups?.of);
  const verdict = signOf({ mean, half });
  const range = `${unit(Math.abs(mean) - half)} to ${unit(Math.abs(mean) + half)}, with 95 % confidence`;
  const words = {
    better: `this one is better by ${unit(mean)} (${range})`,
    worse: `the linear one is better by ${unit(-mean)} (${range})${helps ? `: ${asks.linear} trains one` : ''}`,
    unsure: `as far as these rows tell that is as good${helps ? `, and it is simpler: ${asks.linear} trains one` : ''}`,
  };
  return {
    words: `A linear model of the same rows ${is}: ${words[verdict]}.`,
    data: {
      linear: own,
      linearGain: mean,
      ...(Number.isFinite(half) && { linearGainLow: mean - half, linearGainHigh: mean + half }),
      besideLinear: verdict,
    },
  };
}

/** A figure with its interval, and the gain over guessing row by row. */
export interface Gained {
  readonly low: number;
  readonly high: number;
  readonly guess: number;
  /** Whether a larger figure is better. */
  readonly more: boolean;
  readonly gain: Interval;
  readonly unit: (gain: number) => string;
}

/**
 * The gain over guessing in words, where the interval of the figure alone seems to contradict the verdict: the figure and the guess vary with the same rows, so that their difference is known
 * more exactly than either. '' where it does not. And for JSON output.
 */
export function gainWords(
  verdict: Verdict,
  { low, high, guess, more, gain: { mean, half }, unit }: Gained,
  evidence: Evidence,
): Beside {
  const seems = low > guess ? (more ? 'better' : 'worse') : high < guess ? (more ? 'worse' : 'better') : 'unsure';
  if (seems === verdict || !Number.isFinite(half)) return { words: '', data: {} };
  const confidence = `with 95 % confidence${evidence.over}`;
  const size = Math.abs(mean);
  const words =
    size > half
      ? `Compared row by row it is ${mean > 0 ? 'better' : 'worse'} than that by ${unit(size)} (${unit(size - half)} to ${unit(size + half)}, ${confidence}).`
      : `Compared row by row it is between ${unit(half - mean)} worse and ${unit(half + mean)} better than that, ${confidence}.`;
  return { words, data: { guessGain: mean, guessGainLow: mean - half, guessGainHigh: mean + half } };
}

export interface RowGroups {
  /** What the groups are, such as 'patient': the name of a column, if they come from one. */
  readonly name?: string;
  /** A number for each row, equal in the rows of a group. */
  readonly of: Groups;
  /** Whether the groups are equal rows, which are taken for copies. */
  readonly copies?: boolean;
}

export type Verdict = 'better' | 'unsure' | 'worse';

/** Whether a gain is clearly above 0, or below. */
export const signOf = ({ mean, half }: Interval): Verdict =>
  mean > half ? 'better' : mean < -half ? 'worse' : 'unsure';

/** Below this number of rows, intervals are so wide that the words say so. */
const FEW = 100;
/** With fewer groups, their variance is too uncertain to call anything learnt: Cameron and Miller 2015, section VI. */
const FEW_GROUPS = 10;
/** The share of rows that may be copies above which they settle nothing. */
const DOUBTFUL = 0.2;

/** How many independent rows or groups there are, in words. */
export class Evidence {
  readonly rows: number;
  readonly groups: number | undefined;
  /** What there are new ones of: rows or groups. */
  readonly noun: 'row' | 'group';
  /** Whether so many rows may be copies of rows that were learnt from that nothing is called learnt. */
  readonly doubtful: boolean;
  readonly #name: string;

  constructor(rows: number, { groups, held, twins = 0, grouped = false }: Circumstances) {
    this.doubtful = Boolean(held) && !grouped && twins > DOUBTFUL;
    this.rows = rows;
    this.groups = groups && countGroups(groups.of);
    this.noun = groups && !groups.copies ? 'group' : 'row';
    this.#name = groups?.name === undefined ? '' : ` of ${visible(groups.name)}`;
  }

  get few(): boolean {
    return this.noun === 'row' ? (this.groups ?? this.rows) < FEW : (this.groups as number) < FEW_GROUPS;
  }

  /** The rows, or the groups: '6 groups of patient'. */
  get words(): string {
    if (this.groups === undefined) return count(this.rows);
    const what = this.noun === 'row' ? 'different row' : 'group';
    return `${this.groups} ${what}${this.groups === 1 ? '' : 's'}${this.#name}`;
  }

  /** The same behind a figure, if it is little. */
  get fewWords(): string {
    return this.few ? ` (few ${this.noun}s tell little)` : '';
  }

  /** What the interval is over, behind 'with 95 % confidence'. */
  get over(): string {
    return this.groups === undefined ? '' : ` over ${this.words}`;
  }

  /** The verdict, which with few groups, or with rows that may be copies, is never 'better'. */
  settled(verdict: Verdict): Verdict {
    const tooFew = this.groups !== undefined && this.groups < FEW_GROUPS;
    return verdict === 'better' && (tooFew || this.doubtful) ? 'unsure' : verdict;
  }

  /** For JSON output. */
  get data(): Record<string, unknown> {
    if (this.groups === undefined) return {};
    return this.noun === 'row' ? { differentRows: this.groups } : { groupCount: this.groups };
  }
}

/** `found` is the verdict where few groups do not count. */
export function verdictWords(
  verdict: Verdict,
  guess: string,
  evidence: Evidence,
  tryFirst: string,
  found: Verdict = verdict,
): string {
  if (verdict === 'better') return 'It has clearly learnt something.';
  if (verdict === 'worse') return `This is worse than ${guess}. ${tryFirst}`;
  const { groups = evidence.rows } = evidence;
  if (found === 'better' && evidence.doubtful)
    return `In these rows it is clearly better than ${guess}, but too many of them may be copies of rows that were learnt from.`;
  if (found === 'better')
    return `In these rows it is clearly better than ${guess}, but ${evidence.words} are too few to say so of other ${evidence.noun}s.`;
  const few = evidence.few ? ` ${evidence.words} ${groups === 1 ? 'is' : 'are'} too few to be sure.` : '';
  return `This is not clearly better than ${guess}.${few} ${tryFirst}`;
}

/** The verdict for JSON output, with the advice unless it is 'better'. */
export const verdictData = (verdict: Verdict, advice: string): Record<string, unknown> => ({
  verdict,
  ...(verdict !== 'better' && { advice }),
});

/** Warnings about the rows: that the model may have been trained on them, that they are of one time, or copies of each other, or have the answer in another column. */
export const warnings = ({
  held,
  chosen = false,
  latest = false,
  twins = 0,
  grouped = false,
  groups,
  giveaways = [],
  asks = inPrograms,
}: Circumstances): string[] => [
  ...(held ? [] : ['If it was trained on some of these rows, these figures flatter it.']),
  ...(chosen ? ['The networks were chosen by these rows, so expect a little less of others.'] : []),
  ...(held === 'by fold' && !chosen ? ['The networks together are usually a little better than each alone.'] : []),
  ...(held && twins > 0 ? [grouped ? groupedWords(twins) : copiesWords(twins, groups ? undefined : asks.groups)] : []),
  ...(held ? giveaways.map((giveaway) => giveawayWords(giveaway, asks)) : []),
  ...(latest ? ['The latest rows are one stretch of time: those of another may differ by more than that.'] : []),
];

const equalWords = (share: number): string =>
  `${percent(share)} of the rows have the same cells and answer as another row.`;

const groupedWords = (share: number): string =>
  `${equalWords(share)} They are taken for copies and kept in one part, so that none is learnt from where another judges.`;

/** `groups` says how to ask for groups, where there are none yet. */
function copiesWords(share: number, groups: string | undefined): string {
  const keep = groups === undefined ? '' : `, or keep rows that belong together in one part with ${groups}`;
  return `${equalWords(share)} If they are copies, a copy of a row that judges was learnt from, and this is too optimistic: leave copies out${keep}.`;
}

function giveawayWords({ column, told, of }: Giveaway, { ignore }: Asks): string {
  const name = typeof column === 'string' ? show(column) : `Column ${column}`;
  const rows = told === 1 ? 'in every row' : `in ${percent(told)} of the rows`;
  return `${name} alone tells the answer ${of === 'rows' ? rows : 'nearly exactly'}. If it is not known before the answer is, this is too optimistic: leave it out with ${ignore}.`;
}

export const unseen = (held: Circumstances['held']): string =>
  held === 'by fold'
    ? ', each predicted by a network that has not learnt from it'
    : held
      ? ' that it had not seen'
      : '';

/** For JSON output, where there are rows that judge. */
export const suspectData = (given: Circumstances): Record<string, unknown> => (given.held ? suspicionData(given) : {});
