// Words that mean a missing cell, in records as in files.
import type { CellFormat } from '../kind.js';

/** pandas' list (`read_csv`, na_values) and '?'. */
const WORDS: ReadonlySet<string> = /* @__PURE__ */ new Set(
  '#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,n/a,nan,null,?'.split(','),
);

/** Whether a text means a missing cell, of a column with these words besides. */
export const isMissingWord = (text: string, { missing }: CellFormat = {}): boolean =>
  WORDS.has(text.trim()) || missing?.includes(text.trim()) === true;
