// What a column of texts is: categories, names or free text.
import type { Kind } from '../kind.js';

/** Fewer rows than this do not tell names from categories. */
const FEW = 20;
/** Words and characters, on average, from which a text is more than a name. */
const WORDS = 5;
const CHARACTERS = 25;
/** Texts that are looked at. */
const LOOKED_AT = 1000;

interface Found {
  readonly kind: Kind;
  readonly why: string;
}

/** The kind of a column with `present` cells, whose distinct texts these are. */
export function textKind(texts: readonly string[], present: number): Found {
  const allDiffer = texts.length === present;
  if (texts.length > FEW && texts.length > present / 2 && areSentences(texts))
    return { kind: 'text', why: 'free text: sentences that hardly repeat' };
  if (allDiffer && present > FEW) return { kind: 'ignore', why: 'each of its texts is another: names or ids' };
  if (texts.length > present * 0.95 && present > FEW)
    return { kind: 'category', why: 'texts that hardly repeat: perhaps names, which are better ignored' };
  return { kind: 'category', why: 'texts' };
}

function areSentences(texts: readonly string[]): boolean {
  const some = texts.slice(0, LOOKED_AT);
  const average = (of: (text: string) => number) => some.reduce((sum, text) => sum + of(text), 0) / some.length;
  return average(({ length }) => length) >= CHARACTERS && average((text) => text.split(/\s+/).length) >= WORDS;
}
