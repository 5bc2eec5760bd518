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

type Read<From> = (value: From) => number | undefined;

const none = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);

/**
 * A function that reads a value as a number of a column that holds numbers or booleans (0 and 1); or dates (milliseconds), with what reads a number or a text as one. It gives NaN for
 * what is missing, and undefined for what is none: a text that is no number, an infinite number, or one of which the column does not tell which it is.
 */
export function readerOf(
  holds: ColumnData['holds'],
  format: CellFormat = {},
  dateIn?: Read<string | number>,
): Read<unknown> {
  const missing = missingOf(format);
  const { decimal = '.', words = ['false', 'true'], time, unit, othersMissing } = format;
  const gone = missingNumbers(format.missing, decimal);
  const finite = (value: number | undefined): number | undefined =>
    Math.abs(value as number) === Infinity ? undefined : value;
  const readText = (text: string): number | undefined => {
    const read = numberOf(text, decimal);
    if (read && gone.has(read.value)) return Number.NaN;
    if (dateIn) return dateIn(text);
    if (holds === 'boolean') return none(booleanOf(text, words));
    const measured = unit ? numberWithUnit(text, decimal) : undefined;
    if (isUnclear(format, read ?? measured)) return undefined;
    return finite(
      (read && (read.unit === '' || read.unit === unit) ? read.value : undefined) ??
        (time ? timeOf(text) : measured?.unit === unit ? measured?.value : undefined) ??
        (othersMissing ? Number.NaN : undefined),
    );
  };
  return (value) => {
    if (typeof value === 'number') {
      if (Number.isNaN(value) || gone.has(value)) return Number.NaN;
      if (dateIn) return dateIn(value);
      if (holds !== 'number') return readText(String(value));
      return isUnclear(format, { value, unit: '' }) ? undefined : finite(value);
    }
    if (value === null || value === undefined) return Number.NaN;
    if (typeof value === 'boolean' && holds === 'boolean') return Number(value);
    if (typeof value === 'bigint') return dateIn ? dateIn(Number(value)) : readText(String(value));
    if (isDate(value)) return dateIn && value.getTime();
    if (typeof value !== 'string') return undefined;
    const text = value.trim();
    return isMissing(text, missing) ? Number.NaN : readText(text);
  };
}

/** readerOf for a column of dates. */
export function dateReaderOf(format: CellFormat = {}): Read<unknown> {
  const { order, since } = format;
  return readerOf('date', format, (value) => {
    if (typeof value === 'number') return none(dateOfNumber(value, since));
    const date = dateOf(value, order);
    if (!date && since) return none(dateOfNumber(Number(value), since));
    // Whether the day or the month stands first is not guessed.
    return date ? (date.order === 'either' && !order ? undefined : date.time) : none(dateOfDigits(value));
  });
}

/** readerOf for a column of any of these kinds. */
export const numberReader = ({ holds, format }: Known): Read<unknown> =>
  holds === 'date' ? dateReaderOf(format) : readerOf(holds, format);

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
