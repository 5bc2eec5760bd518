import { isRecord } from '../../base/checks.js';
import type { CellFormat } from '../kind.js';

const isText = (text: unknown): boolean => typeof text === 'string';
const areTexts = (list: unknown): boolean => Array.isArray(list) && [...list].every(isText);
const yes = [true];

/** What each part may be: one of these, or what a check passes. `guessed` is of tables alone. */
const parts: Readonly<
  Record<Exclude<keyof CellFormat, 'guessed'>, readonly unknown[] | ((value: unknown) => boolean)>
> = {
  decimal: ['.', ','],
  grouped: yes,
  beyondOne: yes,
  words: (list) => areTexts(list) && (list as unknown[]).length === 2,
  order: ['dmy', 'mdy'],
  time: yes,
  unit: isText,
  whole: yes,
  othersMissing: yes,
  missing: areTexts,
  missingOnly: yes,
  json: isText,
  twice: yes,
  since: ['seconds', 'milliseconds'],
};

/** A checked copy of a column's format from a file; undefined for anything else. */
export function readFormat(given: unknown): CellFormat | undefined {
  if (!isRecord(given)) return undefined;
  const read: Record<string, unknown> = {};
  for (const [name, may] of Object.entries(parts)) {
    const value = given[name];
    if (value === undefined) continue;
    if (!(typeof may === 'function' ? may(value) : may.includes(value))) return undefined;
    read[name] = Array.isArray(value) ? [...value] : value;
  }
  return read;
}
