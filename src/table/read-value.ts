// Reads the values of a record as the cells of a column that is known: for predictions. It is what readTable makes of the same cell.
import { jsonOf } from './json-of.js';
import type { CellFormat, ColumnData } from './kind.js';
import { booleanOf } from './kinds/booleans.js';
import { dateOfNumber } from './kinds/date-number.js';
import { dateOf, dateOfDigits } from './kinds/date-text.js';
import { isMissing, wordsFor } from './kinds/missing.js';
import { missingNumbers } from './kinds/missing-numbers.js';
import { type NumberText, numberOf } from './kinds/number-text.js';
import { timeOf } from './kinds/time-text.js';
import { numberWithUnit } from './kinds/units.js';

type Known = Pick<ColumnData, 'holds' | 'format'>;
type Reader = (value: unknown) => number | undefined;

/** What differs between columns of numbers, booleans and dates. */
interface Own {
  /** What a trimmed text is that means no missing cell; `read`: as a number. */
  text(text: string, read: NumberText | undefined): number | undefined;
  /** What a number is that is there, NaN apart; without it what its text is. */
  number?(value: number): number | undefined;
  boolean?(value: boolean): number;
  /** What a Date is; with it a bigint is a number. */
  date?(value: Date): number;
}

const none = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);
const finite = (value: number | undefined): number | undefined =>
  Math.abs(value as number) === Infinity ? undefined : value;

function readerOf(format: CellFormat, own: Own): Reader {
  const { decimal = '.' } = format;
  const missing = missingOf(format);
  const gone = missingNumbers(format.missing, decimal);
  const readText = (text: string): number | undefined => {
    const read = numberOf(text, decimal);
    return read && gone.has(read.value) ? Number.NaN : own.text(text, read);
  };
  return (value) => {
    if (typeof value === 'number') {
      if (Number.isNaN(value) || gone.has(value)) return Number.NaN;
      return own.number ? own.number(value) : readText(String(value));
    }
    if (value === null || value === undefined) return Number.NaN;
    if (typeof value === 'boolean') return own.boolean?.(value);
    if (typeof value === 'bigint') return own.date ? own.number?.(Number(value)) : readText(String(value));
    if (isDate(value)) return own.date?.(value);
    if (typeof value !== 'string') return undefined;
    const text = value.trim();
    return isMissing(text, missing) ? Number.NaN : readText(text);
  };
}

/** A function that reads a value as a number; see numberReader. */
export function readerOfNumbers(format: CellFormat = {}): Reader {
  const { decimal = '.', time, unit, othersMissing } = format;
  return readerOf(format, {
    text(text, read) {
      const measured = unit ? numberWithUnit(text, decimal) : undefined;
      if (isUnclear(format, read ?? measured)) return undefined;
      return finite(
        (read && (read.unit === '' || read.unit === unit) ? read.value : undefined) ??
          (time ? timeOf(text) : measured?.unit === unit ? measured?.value : undefined) ??
          (othersMissing ? Number.NaN : undefined),
      );
    },
    number: (value) => (isUnclear(format, { value, unit: '' }) ? undefined : finite(value)),
  });
}

/** A function that reads a value as 0 or 1; see numberReader. */
export function readerOfBooleans(format: CellFormat = {}): Reader {
  const { words = ['false', 'true'] } = format;
  return readerOf(format, { text: (text) => none(booleanOf(text, words)), boolean: Number });
}

/** A function that reads a value as milliseconds; see numberReader. */
export function readerOfDates(format: CellFormat = {}): Reader {
  const { order, since } = format;
  return readerOf(format, {
    text(text) {
      const date = dateOf(text, order);
      if (!date && since) return none(dateOfNumber(Number(text), since));
      // Whether the day or the month stands first is not guessed.
      return date ? (date.order === 'either' && !order ? undefined : date.time) : none(dateOfDigits(text));
    },
    number: (value) => none(dateOfNumber(value, since)),
    date: (value) => value.getTime(),
  });
}

/**
 * A function that reads a value as a number of a column that holds numbers, booleans (0 and 1) or dates (milliseconds). It gives NaN for
 * what is missing, and undefined for what is none: a text that is no number, an infinite number, or one of which the column does not tell which it is.
 */
export function numberReader({ holds, format }: Known): Reader {
  if (holds === 'date') return readerOfDates(format);
  return holds === 'boolean' ? readerOfBooleans(format) : readerOfNumbers(format);
}

/** Whether the column does not tell which of two numbers is meant: thousands or decimals; a share or percents. */
export const isUnclear = (
  { grouped, beyondOne }: CellFormat = {},
  read: (Pick<NumberText, 'value' | 'unit'> & Partial<NumberText>) | undefined,
): boolean | undefined =>
  read &&
  ((!grouped && read.grouped && read.either) ||
    (beyondOne && !read.unit && read.value !== 0 && Math.abs(read.value) <= 1));

/**
 * A function that reads a value as a text of a column that holds texts: null for what is missing, and undefined for what is none: a list,
 * another object, a function or a symbol. A column that had lists or objects takes these as readTable does.
 */
export function textReader({ format = {} }: Known): (value: unknown) => string | null | undefined {
  const missing = missingOf(format);
  return (value) => {
    if (value === null || value === undefined || Number.isNaN(value)) return null;
    if (typeof value === 'object')
      return isDate(value) ? isoOf(value) : format.json ? (jsonOf(value) ?? null) : undefined;
    if (typeof value === 'function' || typeof value === 'symbol') return undefined;
    const own = String(value).trim();
    const text = format.whole ? own.replace(/\.0+$/, '') : own;
    return isMissing(text, missing) ? null : text;
  };
}

const missingOf = ({ missing = [], missingOnly }: NonNullable<Known['format']>): ReadonlySet<string> =>
  wordsFor(missingOnly ? { only: missing } : missing);

const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === '[object Date]';
const isoOf = (date: Date): string | null => (Number.isNaN(date.getTime()) ? null : date.toISOString());
