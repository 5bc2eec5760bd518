// The cells of records: null, undefined, NaN and '' are missing. Each reader gives NaN or null for a missing cell, and undefined for what cannot be of its kind.
import type { CellFormat } from '../kind.js';
import { dateOf } from './read-date.js';
import { numberOf } from './read-number.js';

type Reader<Cell> = (value: unknown) => Cell | undefined;

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '');

/** What is not NaN. */
const known = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);

/** Also of another realm. */
const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === '[object Date]';

/** Finite numbers; of texts those that are one, in the column's format. */
export const numberReader =
  ({ decimal }: CellFormat = {}): Reader<number> =>
  (value) => {
    if (typeof value === 'number') return value === Infinity || value === -Infinity ? undefined : value;
    if (isBlank(value)) return Number.NaN;
    const number =
      typeof value === 'string' ? numberOf(value, decimal) : typeof value === 'bigint' ? Number(value) : Number.NaN;
    return Number.isFinite(number) ? number : undefined;
  };

const WORDS = ['false', 'true'] as const;

/** 0 and 1, true and false, and the column's two words in any spelling of small and capital letters. */
export function booleanReader({ words = WORDS }: CellFormat = {}): Reader<number> {
  const [no, yes] = words.map((word) => word.trim().toLowerCase());
  return (value) => {
    if (typeof value === 'boolean') return Number(value);
    if (value === 0 || value === 1 || Number.isNaN(value)) return value as number;
    if (isBlank(value)) return Number.NaN;
    const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
    if (word === yes) return 1;
    if (word === no) return 0;
    // A table of other words says true and false where it was typed.
    return word === 'true' || word === '1' ? 1 : word === 'false' || word === '0' ? 0 : undefined;
  };
}

/** Milliseconds since 1970 of a Date, or of a text that is a date in the column's format. */
export const dateReader =
  ({ order }: CellFormat = {}): Reader<number> =>
  (value) => {
    if (isBlank(value)) return Number.NaN;
    return known(isDate(value) ? value.getTime() : typeof value === 'string' ? dateOf(value, order) : Number.NaN);
  };

/** Texts without the spaces around them; numbers as JavaScript writes them, booleans in the column's words, dates in ISO 8601. */
export const textReader =
  ({ words = WORDS }: CellFormat = {}): Reader<string | null> =>
  (value) => {
    if (typeof value === 'string') return value.trim() || null;
    if (value === null || value === undefined || Number.isNaN(value)) return null;
    if (typeof value === 'boolean') return words[value ? 1 : 0];
    if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
    return isDate(value) && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined;
  };
