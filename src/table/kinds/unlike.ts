// Amounts that do not go together in a column of numbers.
import type { Raw } from './found.js';
import { isMissingSign } from './missing.js';
import { numberOf } from './number-text.js';
import { numberWithUnit } from './units.js';

const amounts = (one: string, two: string): string => `amounts in ${one} and in ${two}`;

/** What does not go together in a column: amounts in two currencies, or with and without %. undefined where all do. */
export function unlike({ builder: { cells }, numeric: { units, bare } }: Raw): string | undefined {
  if (units.length > 1) return amounts(units[0] as string, units[1] as string);
  if (units[0] !== '%') return undefined;
  return bare > 0 || cells.some((_, code) => code < 0) ? 'numbers with % and without' : undefined;
}

/** As `unlike`, of a column all of whose texts are numbers, some with units such as kg. */
export function unlikeUnits({ builder: { cells, texts } }: Raw, decimal: '.' | ','): string | undefined {
  const units = new Set<string>();
  if (cells.some((_, code) => code < 0)) units.add('');
  for (const text of texts) {
    const unit = (numberOf(text, decimal) ?? numberWithUnit(text, decimal))?.unit;
    if (unit !== undefined) units.add(unit);
    else if (!isMissingSign(text)) return undefined;
  }
  const [one = '', two = ''] = units;
  if (units.size < 2) return undefined;
  return one === '' || two === '' ? `numbers with ${one || two} and without` : amounts(one, two);
}
