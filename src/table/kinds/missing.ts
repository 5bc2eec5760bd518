// Words that mean a missing cell.

/**
 * The texts that are missing cells, besides the empty one: pandas' list (`read_csv`, na_values) and '?'. "None" is not among them, since it is
 * a category as often: no garage, no veneer. They are for CSV and xlsx. JSON, objects, SQLite, Parquet and Arrow have a null of their own:
 * there they are missing only in a column of numbers or dates.
 *
 * @example
 * missingWords.includes('NA'); // true
 * missingWords.includes('None'); // false
 */
export const missingWords: readonly string[] = Object.freeze([
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'n/a',
  'nan',
  'null',
  '?',
]);

/** The words that are missing by the option `missing`. */
export function wordsFor(missing: readonly string[] | { readonly only: readonly string[] } = []): ReadonlySet<string> {
  const words = 'only' in missing ? missing.only : [...missingWords, ...missing];
  return new Set(words.map((word) => word.trim()));
}

/** The words of a source that has a null of its own, where a text is a text: of `missingWords` only beside numbers or dates. */
export function wordsBeside(
  missing: readonly string[] | { readonly only: readonly string[] } = [],
): ReadonlySet<string> {
  return new Set('only' in missing ? [] : missingWords);
}

/** Whether a trimmed text is a missing cell. */
export const isMissing = (text: string, words: ReadonlySet<string>): boolean => text === '' || words.has(text);

/** Texts that are missing cells only in a column whose other cells are numbers or dates. */
const SIGNS = /^(-{1,3}|[–—]|\.{1,3}|…|#DIV\/0!|#VALUE!|#REF!|#NUM!|#NAME\?|#NULL!)$/;
export const isMissingSign = (text: string): boolean => text.length < 9 && SIGNS.test(text);
