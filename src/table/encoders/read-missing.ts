import type { CellFormat } from '../kind.js';
import { missingWords } from '../kinds/missing.js';

const words: ReadonlySet<string> = /* @__PURE__ */ new Set(missingWords);

/** Whether a text means a missing cell, of a column with these words besides. */
export function isMissingWord(text: string, { missing }: CellFormat = {}): boolean {
  const trimmed = text.trim();
  return words.has(trimmed) || missing?.includes(trimmed) === true;
}
