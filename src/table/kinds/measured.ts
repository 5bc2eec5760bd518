// Texts that are numbers in a way of their own: times of the day, and numbers with one and the same unit.
import type { CellFormat } from '../kind.js';
import type { Raw } from './found.js';
import { isMissingSign } from './missing.js';
import type { Numeric } from './numeric.js';
import { timeOf } from './time-text.js';
import { numberWithUnit } from './units.js';

export interface Measured {
  readonly numeric: Numeric;
  /** What it is, where that is no unit. */
  readonly what?: string;
  readonly format: Pick<CellFormat, 'time' | 'unit'>;
}

/** The cells of a column of times or of numbers with a unit; undefined for another. */
export function measured({ builder, numeric }: Raw, decimal: '.' | ','): Measured | undefined {
  const { texts, plain, typed, instants } = builder;
  if (numeric.bad < 0 || plain.count > 0 || typed || instants) return undefined;
  const times = valuesBy(texts, timeOf, []);
  if (times) return { numeric: times, what: 'times, in seconds', format: { time: true } };
  const first = texts.find((text) => !isMissingSign(text)) ?? '';
  const unit = numberWithUnit(first, decimal)?.unit;
  if (unit === undefined) return undefined;
  let grouped = false;
  const withUnit = (text: string): number | undefined => {
    const read = numberWithUnit(text, decimal);
    grouped ||= read?.grouped === true;
    return read?.unit === unit ? read.value : undefined;
  };
  const numbers = valuesBy(texts, withUnit, [unit]);
  return numbers && { numeric: { ...numbers, grouped }, format: { unit } };
}

function valuesBy(
  texts: readonly string[],
  of: (text: string) => number | undefined,
  units: readonly string[],
): Numeric | undefined {
  const values = new Float64Array(texts.length).fill(Number.NaN);
  const signs: string[] = [];
  for (const [i, text] of texts.entries()) {
    const value = of(text);
    if (value !== undefined) values[i] = value;
    else if (isMissingSign(text)) signs.push(text);
    else return undefined;
  }
  const numbers = texts.length - signs.length;
  if (numbers === 0) return undefined;
  return {
    values,
    bad: -1,
    sure: 0,
    either: 0,
    code: undefined,
    units,
    bare: 0,
    signs,
    numbers,
    thousands: false,
    grouped: false,
  };
}
