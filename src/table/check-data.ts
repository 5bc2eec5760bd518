// Whether data are those of a table: they may come from another thread, or from anywhere.
import { isRecord, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { columnKinds, EMPTY, type TableData } from './kind.js';

const holds: readonly unknown[] = ['number', 'boolean', 'date', 'text'];
const kinds: readonly unknown[] = columnKinds;

/** The data, if they are those of a table. Throws SimdenseError 'ARGUMENT', and 'SHAPE' for columns of another length. */
export function checkTableData(where: string, data: unknown): TableData {
  if (!isRecord(data)) refuse(`${where}(data)`, 'the data of a table', data, '; readTable reads a file');
  const { rows, columns, notes, lines } = data;
  if (!Number.isSafeInteger(rows) || (rows as number) < 0) refuse(`${where}(data.rows)`, 'a number of rows', rows);
  if (!Array.isArray(columns)) refuse(`${where}(data.columns)`, 'an array of columns', columns);
  if (notes !== undefined && !(Array.isArray(notes) && notes.every((note) => typeof note === 'string')))
    refuse(`${where}(data.notes)`, 'an array of sentences', notes);
  if (lines !== undefined && !(lines instanceof Int32Array && lines.length === rows))
    refuse(`${where}(data.lines)`, 'an Int32Array with a number for each row', lines);
  const names = new Set<unknown>();
  for (let c = 0; c < columns.length; c++) {
    checkColumn(`${where}(data.columns[${c}])`, columns[c], rows as number);
    const { name } = columns[c];
    if (names.has(name)) refuse(`${where}(data.columns[${c}])`, 'columns of different names', name);
    names.add(name);
  }
  return data as unknown as TableData;
}

function checkColumn(where: string, column: unknown, rows: number): void {
  const { name, kind, holds: held, cells } = (isRecord(column) ? column : {}) as Record<string, unknown>;
  const { values, texts, codes } = (isRecord(cells) ? cells : {}) as Record<string, unknown>;
  const isText = held === 'text';
  const list = isText ? codes : values;
  const sound =
    typeof name === 'string' &&
    kinds.includes(kind) &&
    holds.includes(held) &&
    (isText ? codes instanceof Int32Array && Array.isArray(texts) : values instanceof Float64Array);
  if (!sound) refuse(where, 'a column with its name, kind and cells', column);
  const { length } = list as Int32Array | Float64Array;
  if (length !== rows)
    throw new SimdenseError('SHAPE', `${where}: ${show(name)} has ${length} cells, the table ${rows} rows`);
  const most = isText ? (texts as unknown[]).length : 0;
  if (isText && !(codes as Int32Array).every((code) => code >= EMPTY && code < most))
    refuse(where, 'codes of its texts, −1 or −2', `a code beyond ${most} texts`);
}
