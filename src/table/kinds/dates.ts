// Whether the texts of a column are dates, and in which order they have day and month.
import { dateOf, type Order } from './date-text.js';
import { isMissingSign } from './missing.js';

export interface Dates {
  /** Milliseconds of each text, in the order below; NaN for one that means a missing cell. */
  readonly times: Float64Array;
  /** The order that the column's texts settle, undefined where they have none. 'either' is not settled; 'both' contradicts itself. */
  readonly order: Order | 'either' | 'both' | undefined;
  /** A text that settles it, or does not. */
  readonly witness: string | undefined;
  /** Texts such as '-' that are taken for missing. */
  readonly signs: readonly string[];
}

/** The texts as dates; undefined if one is none. `beside`: words that are missing cells beside dates. */
export function datesIn(texts: readonly string[], beside: ReadonlySet<string>, order?: Order): Dates | undefined {
  const times = new Float64Array(texts.length).fill(Number.NaN);
  const witnesses = new Map<Order | 'either', string>();
  const signs: string[] = [];
  for (const [i, text] of texts.entries()) {
    const date = dateOf(text, order);
    if (date) {
      times[i] = date.time;
      if (date.order !== undefined && !witnesses.has(date.order)) witnesses.set(date.order, text);
    } else if (isMissingSign(text) || beside.has(text)) signs.push(text);
    else return undefined;
  }
  if (signs.length === texts.length) return undefined;
  const settled = (['dmy', 'mdy'] as const).filter((each) => witnesses.has(each));
  const found = settled.length > 1 ? 'both' : (settled[0] ?? (witnesses.has('either') ? 'either' : undefined));
  return { times, order: found, witness: witnesses.get(settled[0] ?? 'either'), signs };
}
