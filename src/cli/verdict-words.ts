// What all judgements have in common.
import { count } from './numbers.js';

/** A judgement in words, and its figures for JSON output. */
export interface Judgement {
  readonly words: string;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** Facts about the rows and the model that affect the wording. `tryFirst` is a sentence: what to try first if the model is not good. */
export interface Circumstances {
  /** Whether the rows were held out. */
  readonly held: boolean;
  readonly tryFirst: string;
  /** Whether the model has just been trained, so that other settings can be tried; false by default. */
  readonly trained?: boolean;
  /** Whether training gave rare classes the same total weight as common ones; false by default. */
  readonly balanced?: boolean;
}

export type Verdict = 'better' | 'unsure' | 'worse';

export function verdictWords(verdict: Verdict, guess: string, rows: number, tryFirst: string): string {
  if (verdict === 'better') return 'It has clearly learnt something.';
  if (verdict === 'worse') return `This is worse than ${guess}. ${tryFirst}`;
  const few = rows < FEW ? ` ${count(rows)} ${rows === 1 ? 'is' : 'are'} too few to be sure.` : '';
  return `This is not clearly better than ${guess}.${few} ${tryFirst}`;
}

/** The verdict for JSON output, with the advice unless it is 'better'. */
export const verdictData = (verdict: Verdict, advice: string): Record<string, unknown> => ({
  verdict,
  ...(verdict !== 'better' && { advice }),
});

/** Below this number of rows, intervals are so wide that the words say so. */
const FEW = 100;
export const fewWords = (rows: number): string => (rows < FEW ? ' (few rows tell little)' : '');
/** A warning for rows that the model may have been trained on. */
export const flattered = (held: boolean): string[] =>
  held ? [] : ['If it was trained on some of these rows, these figures flatter it.'];
export const unseen = (held: boolean): string => (held ? ' that it had not seen' : '');
