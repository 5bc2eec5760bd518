// Pairs of words that mean false and true.

const pairs: readonly (readonly [no: string, yes: string])[] = [
  ['false', 'true'],
  ['no', 'yes'],
  ['f', 't'],
  ['n', 'y'],
  ['off', 'on'],
  ['nein', 'ja'],
  ['non', 'oui'],
];

/**
 * The two words of a column, as the file writes them first; undefined if its texts are no such pair. They may differ in capitals: 'Yes' and 'yes' are
 * one word.
 */
export function booleanWords(texts: readonly string[]): readonly [no: string, yes: string] | undefined {
  if (texts.length < 2 || texts.length > 8) return undefined;
  const find = (word: string) => texts.find((text) => text.toLowerCase() === word);
  for (const pair of pairs) {
    const [no, yes] = [find(pair[0]), find(pair[1])];
    if (no !== undefined && yes !== undefined && texts.every((text) => pair.includes(text.toLowerCase())))
      return [no, yes];
  }
  return undefined;
}

/** 0 or 1 for a text that is one of the words, in any capitals; NaN for another. */
export function booleanOf(text: string, [no, yes]: readonly [string, string]): number {
  if (text === yes) return 1;
  if (text === no) return 0;
  const small = text.toLowerCase();
  if (small === yes.toLowerCase()) return 1;
  return small === no.toLowerCase() ? 0 : Number.NaN;
}
