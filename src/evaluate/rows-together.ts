// Which rows belong together when some are set aside for validation: those of a group, or of a time.
import { refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { byTime, checkOneOf, type Moments, type RowLabels, rowsByLabel } from '../data/grouping.js';
import { columnsOf } from '../table/encoders/encoder.js';
import type { ColumnData, TableData } from '../table/kind.js';

export interface RowsTogether {
  /**
   * A label for each row, such as the patient, or the name of a table's column, which is then not learnt from: rows of one group are all
   * trained on, or all validated.
   */
  groups?: RowLabels | string;
  /** A moment for each row, a number or a Date, or the name of a table's column: the latest rows are validated. */
  time?: Moments | string;
}

/** The names of these options. */
export const together = ['groups', 'time'] as const;

/** The same of a checked data set: the number of each row's group, and its moment. */
export interface Together {
  readonly groups?: Int32Array;
  readonly time?: Float64Array;
}

/** Reads the options for so many rows. Throws SimdenseError 'ARGUMENT', 'DATA' and 'SHAPE'. */
export function readTogether(where: string, { groups, time }: RowsTogether, rows: number, table?: TableData): Together {
  if (groups !== undefined) {
    const labels = typeof groups === 'string' ? labelsIn(`${where}(groups)`, groups, table) : groups;
    checkOneOf(where, { groups: labels, time: time as Moments });
    const numbers = new Int32Array(rows);
    for (const [number, group] of [...rowsByLabel(`${where}(groups)`, labels, rows).values()].entries())
      for (const row of group) numbers[row] = number;
    return { groups: numbers };
  }
  if (time === undefined) return {};
  const given = typeof time === 'string' ? cellsIn(`${where}(time)`, time, table) : time;
  const { order, moments } = byTime(`${where}(time)`, given, rows);
  const inRows = new Float64Array(rows);
  for (const [place, row] of order.entries()) inRows[row] = moments[place] as number;
  return { time: inRows };
}

function columnOf(where: string, name: string, table: TableData | undefined): ColumnData {
  if (!table) return refuse(where, 'a value for each row; a name only with a Table', name);
  return columnsOf(where, table, didYouMean)(name);
}

const missing = (where: string, name: string, row: number): never => {
  throw new SimdenseError('DATA', `${where}: row ${row} of the table has no ${show(name)}`);
};

/** The numbers of a column: moments of dates. */
function cellsIn(where: string, name: string, table: TableData | undefined): Float64Array {
  const { cells, holds, format } = columnOf(where, name, table);
  if (holds === 'date' && format?.guessed) {
    const message = `the dates of column ${show(name)} may have the day or the month first; read the table with dates: 'dmy' or 'mdy'`;
    throw new SimdenseError('DATA', `${where}: ${message}`);
  }
  if ('texts' in cells)
    throw new SimdenseError('DATA', `${where}: column ${show(name)} holds texts, expected numbers or dates`);
  const row = cells.values.findIndex(Number.isNaN);
  return row < 0 ? cells.values : missing(where, name, row);
}

function labelsIn(where: string, name: string, table: TableData | undefined): RowLabels {
  const { cells } = columnOf(where, name, table);
  if ('values' in cells) return cellsIn(where, name, table);
  const row = cells.codes.findIndex((code) => code < 0);
  return row < 0 ? Array.from(cells.codes, (code) => cells.texts[code] as string) : missing(where, name, row);
}
