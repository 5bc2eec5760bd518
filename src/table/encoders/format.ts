import { isRecord } from '../../base/checks.js';
import type { CellFormat } from '../kind.js';

/** A checked copy of a column's format from a file; undefined for anything else. */
export function readFormat(given: unknown): CellFormat | undefined {
  if (!isRecord(given)) return undefined;
  const { decimal, words, order } = given as CellFormat;
  const sound =
    (decimal === undefined || decimal === '.' || decimal === ',') &&
    (order === undefined || order === 'dmy' || order === 'mdy') &&
    (words === undefined ||
      (Array.isArray(words) && words.length === 2 && words.every((word) => typeof word === 'string')));
  if (!sound) return undefined;
  return { ...(decimal && { decimal }), ...(words && { words: [words[0], words[1]] }), ...(order && { order }) };
}
