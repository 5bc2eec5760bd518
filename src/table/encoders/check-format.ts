// Whether a table's column was read as the column that an encoder was fitted on.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { ColumnData } from '../kind.js';
import { isUnclear } from '../read-value.js';
import type { EncoderColumn } from './kinds.js';

/**
 * Throws SimdenseError 'DATA' for a column whose cells may mean something else: where the decimal sign or the order of days and months was
 * guessed, and the encoder has learnt the other one; for amounts in another unit; for one of two columns of a name; and for numbers where texts were learnt, none of which is known: '1.0' became 1.
 */
export function checkFormat(where: string, own: EncoderColumn, column: ColumnData): void {
  const { name } = column;
  const how = howToRead(own, column);
  if (how) {
    const message = `column ${show(name)} was not read as in training`;
    throw new SimdenseError('DATA', `${where}: ${message}: read the table with ${how}`);
  }
}

/** The option by which the column is read as the other one was; undefined where it may be so already. */
function howToRead(own: EncoderColumn, { name, cells, format = {}, holds }: ColumnData): string | undefined {
  const { guessed, decimal = '.', order = 'mdy', unit, grouped } = format;
  const { decimal: sign = '.', order: learnt, unit: known = 'no unit', whole, grouped: thousands } = own.format ?? {};
  if (format.twice && !own.format?.twice) return 'one column of this name';
  if (unit && own.kind === 'number' && unit !== known) return `amounts in ${known}`;
  if (guessed && holds === 'date') return order === learnt ? undefined : `dates: '${learnt ?? "dmy' or 'mdy"}'`;
  if (guessed && (grouped || whole) && !thousands) return "decimal: '.' or ','";
  if (guessed && sign !== decimal) return `decimal: '${sign}'`;
  if (!unit && 'values' in cells && cells.values.some((value) => isUnclear(own.format, { value, unit: '' })))
    return `amounts in ${known}`;
  if (own.kind !== 'category' || holds !== 'number' || !('values' in cells)) return undefined;
  const texts = Array.from(cells.values, String);
  const same = texts.some((text) => own.categories.includes(text)) || texts.every((text) => text === 'NaN');
  return same ? undefined : `kinds: { ${show(name)}: 'category' }`;
}
