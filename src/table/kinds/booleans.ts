// Pairs of words that mean false and true.

/** In English, and as Excel writes them in other languages. */
const pairs: readonly (readonly [no: string, yes: string])[] = [
  ['false', 'true'],
  ['no', 'yes'],
  ['off', 'on'],
  ['nein', 'ja'],
  ['non', 'oui'],
  ['no', 'sí'],
  ['no', 'sì'],
  ['no', 'si'],
  ['nee', 'ja'],
  ['não', 'sim'],
  ['falsch', 'wahr'],
  ['faux', 'vrai'],
  ['falso', 'verdadero'],
  ['falso', 'vero'],
  ['falso', 'verdadeiro'],
  ['onwaar', 'waar'],
];
/** Short for the words of these pairs: R has T and TRUE in one column. */
const long: Readonly<Record<string, string>> = { t: 'true', f: 'false', y: 'yes', n: 'no' };
const plain = (text: string): string => {
  const small = text.toLowerCase();
  return long[small] ?? small;
};

/** More spellings than this are no booleans. */
const MOST = 16;

/**
 * The two words of a column, as the file writes them; undefined if its texts are no such pair. They may differ in capitals, and be short: 'Yes', 'yes' and
 * 'Y' are one word. The longest is the one of the column.
 */
export function booleanWords(texts: readonly string[]): readonly [no: string, yes: string] | undefined {
  if (texts.length < 2 || texts.length > MOST) return undefined;
  const words = texts.map(plain);
  const longest = (word: string) =>
    texts.reduce((best, text, i) => (words[i] === word && text.length > best.length ? text : best), '');
  for (const pair of pairs) {
    const [no, yes] = [longest(pair[0]), longest(pair[1])];
    if (no !== '' && yes !== '' && words.every((word) => pair.includes(word))) return [no, yes];
  }
  return undefined;
}

/** The pair that a word of its own belongs to; undefined if it is in none. */
export function wordsWith(word: string): readonly [no: string, yes: string] | undefined {
  if (word === '0' || word === '1') return ['0', '1'];
  const pair = pairs.find((each) => each.includes(plain(word)));
  if (!pair) return undefined;
  return pair[0] === plain(word) ? [word, pair[1]] : [pair[0], word];
}

/** 0 or 1 for a text that is one of the words, in any capitals; NaN for another. */
export function booleanOf(text: string, [no, yes]: readonly [string, string]): number {
  if (text === yes) return 1;
  if (text === no) return 0;
  const word = plain(text);
  if (word === plain(yes)) return 1;
  return word === plain(no) ? 0 : Number.NaN;
}
