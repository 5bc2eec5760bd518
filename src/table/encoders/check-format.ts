// Whether a table's column was read as the column that an encoder was fitted on.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { ColumnData } from '../kind.js';
import type { EncoderColumn } from './kinds.js';

/**
 * Throws SimdenseError 'DATA' for a column whose cells may mean something else: where the decimal sign or the order of days and months was
 * guessed, and the encoder has learnt the other one; and for numbers where texts were learnt, none of which is known: '1.0' became 1.
 */
export function checkFormat(where: string, own: EncoderColumn, column: ColumnData): void {
  const { name, format: learnt = {} } = own;
  const { format: { guessed, decimal = '.', order = 'mdy' } = {}, holds } = column;
  const refuse = (what: string, how: string): never => {
    throw new SimdenseError('DATA', `${where}: column ${show(name)} ${what}: read the table with ${how}`);
  };
  if (guessed && holds === 'date' && learnt.order !== order)
    refuse(
      'has dates with the day or the month first',
      learnt.order ? `dates: '${learnt.order}'` : "dates: 'dmy' or 'mdy'",
    );
  const sign = learnt.decimal ?? '.';
  if (guessed && holds === 'number' && sign !== decimal)
    refuse(
      `was read with ${decimal} as the decimal sign, which no cell settles, and was learnt with ${sign}`,
      `decimal: '${sign}'`,
    );
  if (own.kind !== 'category' || holds !== 'number' || !('values' in column.cells)) return;
  const known = new Set(own.categories);
  const { values } = column.cells;
  const number = values.find((value) => !Number.isNaN(value));
  if (number === undefined || values.some((value) => known.has(String(value)))) return;
  const such = own.categories.length > 0 ? `, such as ${show(own.categories[0])}` : '';
  refuse(
    `holds numbers such as ${number}, and categories were learnt${such}`,
    `kinds: { ${/^[\w$]+$/.test(name) ? name : show(name)}: 'category' }`,
  );
}
