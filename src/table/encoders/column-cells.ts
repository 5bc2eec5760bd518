// The cells of a table's column, as an encoder takes them.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { type Cell, type ColumnData, EMPTY, type TableData } from '../kind.js';
import { lineOf } from '../lines.js';

/** What a cell is to be, and how one is read that is not yet. */
export interface Wanted<T> {
  readonly expects: string;
  /** What a column holds whose numbers are taken as they are; undefined where each is to be read, as for a model's own words for missing cells. */
  readonly takes: ColumnData['holds'] | undefined;
  read(value: unknown): T | undefined;
  /** What a missing cell that is an empty text is, where that is another than what null is. */
  readonly empty?: T;
}

/** Refuses a cell that cannot be of its column's kind. */
export function wrongCell(where: string, row: number, name: string, value: unknown, expects: string): never {
  throw new SimdenseError('DATA', `${where}: row ${row}, column ${show(name)} is ${show(value)}, expected ${expects}`);
}

/**
 * Reads the cells of a table's column. Numbers of the right kind are taken as they are; other cells are read as those of records are, each distinct text once. The
 * function that it returns throws SimdenseError 'DATA' for a cell that cannot be of the kind.
 */
export function cellsOf<T>(
  where: string,
  table: Pick<TableData, 'lines'>,
  column: ColumnData,
  { expects, takes, read, empty }: Wanted<T>,
): (row: number) => T {
  const { name, cells, holds } = column;
  const refuse = (row: number, value: unknown): never => {
    return wrongCell(where, lineOf(table, row), name, value, expects);
  };
  if ('codes' in cells) {
    const { codes, texts } = cells;
    const known: T[] = [];
    const missing = read(null) as T;
    return (row) => {
      const code = codes[row] as number;
      if (code < 0) return code === EMPTY && empty !== undefined ? empty : missing;
      // Each distinct text is read once.
      const cell = known[code] ?? read(texts[code]);
      if (cell === undefined) return refuse(row, texts[code]);
      known[code] = cell;
      return cell;
    };
  }
  const { values } = cells;
  if (holds === takes) return (row) => values[row] as T;
  const typed = valuesOf(column);
  return (row) => {
    const value = typed(values[row] as number);
    const cell = read(value);
    return cell === undefined ? refuse(row, value) : cell;
  };
}

/** What the numbers of a column mean, as records have it. */
function valuesOf({ holds, format }: ColumnData): (value: number) => Cell {
  const mean: (value: number) => Cell =
    holds === 'date'
      ? (value) => new Date(value)
      : holds === 'boolean'
        ? (value) => format?.words?.[value ? 1 : 0] ?? value !== 0
        : (value) => value;
  return (value) => (Number.isNaN(value) ? null : mean(value));
}
