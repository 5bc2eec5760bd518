import { isRecord } from '../../base/checks.js';
import type { CellFormat } from '../kind.js';

/** A checked copy of a column's format from a file; undefined for anything else. */
export function readFormat(given: unknown): CellFormat | undefined {
  if (!isRecord(given)) return undefined;
  const { decimal, words, order, time, unit, whole, othersMissing, missing, missingOnly, json, since } =
    given as CellFormat;
  const areTexts = (list: unknown): boolean =>
    Array.isArray(list) && [...list].every((text) => typeof text === 'string');
  const sound =
    (decimal === undefined || decimal === '.' || decimal === ',') &&
    (order === undefined || order === 'dmy' || order === 'mdy') &&
    (words === undefined || (areTexts(words) && words.length === 2)) &&
    (time === undefined || time === true) &&
    (unit === undefined || typeof unit === 'string') &&
    (whole === undefined || whole === true) &&
    (othersMissing === undefined || othersMissing === true) &&
    (missing === undefined || areTexts(missing)) &&
    (missingOnly === undefined || missingOnly === true) &&
    (json === undefined || json === 'lists' || json === 'objects' || json === 'some') &&
    (since === undefined || since === 'seconds' || since === 'milliseconds');
  if (!sound) return undefined;
  return {
    ...(decimal && { decimal }),
    ...(words && { words: [words[0], words[1]] }),
    ...(order && { order }),
    ...(time && { time }),
    ...(unit !== undefined && { unit }),
    ...(whole && { whole }),
    ...(othersMissing && { othersMissing }),
    ...(missing && { missing: [...missing] }),
    ...(missingOnly && { missingOnly }),
    ...(json && { json }),
    ...(since && { since }),
  };
}
