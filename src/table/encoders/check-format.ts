// Whether a table's column was read as the column that an encoder was fitted on.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { ColumnData } from '../kind.js';
import type { EncoderColumn } from './kinds.js';

/**
 * Throws SimdenseError 'DATA' for a column whose cells may mean something else: where the decimal sign or the order of days and months was
 * guessed, and the encoder has learnt the other one; for amounts in another unit; and for numbers where texts were learnt, none of which is known: '1.0' became 1.
 */
export function checkFormat(where: string, own: EncoderColumn, { name, cells, format = {}, holds }: ColumnData): void {
  const { guessed, decimal = '.', order = 'mdy', unit } = format;
  const { decimal: sign = '.', order: learnt, unit: known = 'no unit' } = own.format ?? {};
  const refuse = (what: string, how: string): never => {
    throw new SimdenseError('DATA', `${where}: column ${show(name)} ${what}: read the table with ${how}`);
  };
  if (unit && own.kind === 'number' && unit !== known) refuse(`is in ${unit}`, `amounts in ${known}`);
  if (guessed && holds === 'date' && learnt !== order)
    refuse('may have the day or the month first', `dates: '${learnt ?? 'dmy'}'${learnt ? '' : " or 'mdy'"}`);
  if (guessed && holds === 'number' && sign !== decimal)
    refuse(`may have ${decimal} or ${sign} before the decimals, and ${sign} was learnt`, `decimal: '${sign}'`);
  if (own.kind !== 'category' || holds !== 'number' || !('values' in cells)) return;
  const number = cells.values.find((value) => !Number.isNaN(value));
  if (number !== undefined && !cells.values.some((value) => own.categories.includes(String(value))))
    refuse(`holds numbers such as ${number}, and texts were learnt`, `kinds: { ${show(name)}: 'category' }`);
}
