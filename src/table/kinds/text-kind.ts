// What a column of texts is: categories, names or free text.
import { show } from '../../base/checks.js';
import type { Kind } from '../kind.js';
import { keyOf } from './mostly.js';

/** Fewer rows than this do not tell names from categories. */
const FEW = 20;
/** Words and characters, on average, from which a text is more than a name. */
const WORDS = 5;
const CHARACTERS = 25;
/** Texts that are looked at. */
const LOOKED_AT = 1000;

/** Of texts that begin with a digit, how many must do so to be measurements or dates that are not read. */
const MOSTLY = 0.9;

interface Found {
  readonly kind: Kind;
  readonly why: string;
}

/** The kind of a column with `present` cells, whose distinct texts these are. */
export function textKind(name: string, texts: readonly string[], present: number): Found {
  const allDiffer = texts.length === present;
  if (texts.length > FEW && texts.length > present / 2 && areSentences(texts))
    return {
      kind: 'text',
      why: `free text: sentences that hardly repeat; encode: { columns: { ${keyOf(name)}: {} } } learns from its words`,
    };
  if (allDiffer && present > FEW) {
    const some = texts.slice(0, LOOKED_AT);
    const measured = some.filter((text) => /^[-+]?\d/.test(text)).length > MOSTLY * some.length;
    const seen = `each of its texts is another, such as ${show(shortened(texts[0] as string))}: `;
    const helps = 'a number that is written alone, as 12.5, or a date, as 2003-03-04, would be used';
    return { kind: 'ignore', why: measured ? seen + helps : 'each of its texts is another: names or ids' };
  }
  if (texts.length > present * 0.95 && present > FEW)
    return { kind: 'category', why: 'texts that hardly repeat: perhaps names, which are better ignored' };
  return { kind: 'category', why: 'texts' };
}

function areSentences(texts: readonly string[]): boolean {
  const some = texts.slice(0, LOOKED_AT);
  const average = (of: (text: string) => number) => some.reduce((sum, text) => sum + of(text), 0) / some.length;
  return average(({ length }) => length) >= CHARACTERS && average((text) => text.split(/\s+/).length) >= WORDS;
}

/** A text in a clause, cut where it is long. */
export const shortened = (text: string): string => (text.length > 20 ? `${text.slice(0, 19)}…` : text);
