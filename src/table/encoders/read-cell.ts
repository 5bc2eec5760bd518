// The cells of records: null, undefined, NaN and '' are missing. Each reader gives NaN or null for a missing cell, and undefined for what cannot be of its kind.
import type { CellFormat } from '../kind.js';
import { booleanOf } from '../kinds/booleans.js';
import { dateOf } from '../kinds/date-text.js';
import { numberOf } from '../kinds/number-text.js';
import { isMissingWord } from './read-missing.js';

type Reader<Cell> = (value: unknown) => Cell | undefined;

const WORDS = ['false', 'true'] as const;

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '');

/** Also of another realm. */
const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === '[object Date]';

/** A reader of numbers: by `typed` of what is no text, by `written` of a text. Where both give NaN, a text may still be a word for missing. */
const reader =
  (
    format: CellFormat | undefined,
    typed: (value: unknown) => number,
    written: (text: string) => number,
  ): Reader<number> =>
  (value) => {
    if (isBlank(value)) return Number.NaN;
    const number = typeof value === 'string' ? written(value.trim()) : typed(value);
    if (Number.isFinite(number)) return number;
    return typeof value === 'string' && isMissingWord(value, format) ? Number.NaN : undefined;
  };

/** Finite numbers; of texts those that are one, in the column's format. */
export function numberReader(format?: CellFormat): Reader<number> {
  const decimal = format?.decimal ?? '.';
  const other = reader(
    format,
    (value) => (typeof value === 'bigint' ? Number(value) : Number.NaN),
    (text) => numberOf(text, decimal)?.value ?? Number.NaN,
  );
  return (value) => {
    if (typeof value !== 'number') return other(value);
    return value === Infinity || value === -Infinity ? undefined : value;
  };
}

/** 0 and 1, true and false, and the column's two words in any spelling of small and capital letters. */
export function booleanReader(format?: CellFormat): Reader<number> {
  const words = format?.words ?? WORDS;
  const other = reader(
    format,
    (value) => (value === false || value === 0 ? 0 : value === true || value === 1 ? 1 : Number.NaN),
    (text) => {
      const own = booleanOf(text, words);
      if (!Number.isNaN(own)) return own;
      // A table of other words says true and false where it was typed.
      return text === '0' || text === '1' ? Number(text) : booleanOf(text, WORDS);
    },
  );
  return (value) => (Number.isNaN(value) ? Number.NaN : other(value));
}

/** Milliseconds since 1970 of a Date, or of a text that is a date in the column's format. */
export function dateReader(format?: CellFormat): Reader<number> {
  const order = format?.order;
  const other = reader(
    format,
    (value) => (isDate(value) ? value.getTime() : Number.NaN),
    (text) => {
      const date = dateOf(text, order);
      // Whether the day or the month stands first is not guessed.
      return date === undefined || date.order === 'either' ? Number.NaN : date.time;
    },
  );
  return (value) => (Number.isNaN(value) ? Number.NaN : other(value));
}

/** Texts without the spaces around them; numbers as JavaScript writes them, booleans in the column's words, dates in ISO 8601. Words for missing are texts. */
export const textReader =
  ({ words = WORDS }: CellFormat = {}): Reader<string | null> =>
  (value) => {
    if (typeof value === 'string') return value.trim() || null;
    if (value === null || value === undefined || Number.isNaN(value)) return null;
    if (typeof value === 'boolean') return words[value ? 1 : 0];
    if (typeof value === 'bigint' || Number.isFinite(value)) return String(value);
    return isDate(value) && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined;
  };
