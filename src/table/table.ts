import { boolean, noMore, options, positiveInteger, refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { checkTableData } from './check-data.js';
import { type Column, cellOf, figuresOf } from './column.js';
import { describeTable } from './describe.js';
import { type Cell, type ColumnData, EMPTY, type TableData } from './kind.js';
import { selectingColumns } from './select.js';

export interface KnownOptions {
  /** Whether rows stay whose cell is an empty text, such as those without a label in a column that lists labels. Default: false. */
  empty?: boolean;
}

export interface DescribeOptions {
  /** Characters a line, at least 40. Default: 80. */
  width?: number;
}

/**
 * A table: columns of numbers, categories, booleans, dates and texts, whose cells may be missing. readTable makes it. It is never
 * changed.
 *
 * @example
 * const table = await readTable('city,price\nLyon,120\nParis,NA\n');
 * table.rows; // 2
 * table.columns.map(({ name, kind }) => `${name}: ${kind}`); // ['city: category', 'price: number']
 * table.row(1); // { city: 'Paris', price: null }
 */
export class Table {
  /** The table as plain data, which structuredClone copies: for workers, and for encoders. */
  readonly data: TableData;
  readonly columns: readonly Column[];

  /**
   * A table on data that another table has given, such as that of a thread.
   *
   * @param data - What `table.data` was there. It is not copied.
   * @throws SimdenseError 'ARGUMENT' if it is not the data of a table, 'SHAPE' if its columns differ in length.
   * @example
   * const table = await readTable([{ a: 1 }, { a: 2 }]);
   * new Table(structuredClone(table.data)).row(0); // { a: 1 }
   */
  constructor(data: TableData) {
    noMore('Table', arguments, 1);
    const { columns } = checkTableData('Table', data);
    this.data = data;
    this.columns = Object.freeze(columns.map(figuresOf));
  }

  /** The number of rows. */
  get rows(): number {
    return this.data.rows;
  }

  /**
   * A column's data.
   *
   * @param name - The column's name.
   * @returns Its kind and its cells; not a copy.
   * @throws SimdenseError 'ARGUMENT' if there is no such column.
   * @example
   * const table = await readTable('city,price\nLyon,120\nParis,80\n');
   * table.column('price').kind; // 'number'
   */
  column(name: string): ColumnData {
    noMore('Table.column', arguments, 1);
    return columnIn('Table.column(name)', this.data, name);
  }

  /**
   * One row.
   *
   * @param row - The row's index, from 0; from −1 for the last.
   * @returns Its cells by the names of their columns. A missing cell is null.
   * @throws SimdenseError 'ARGUMENT' if there is no such row.
   * @example
   * const table = await readTable('city,price\nLyon,120\nParis,80\n');
   * table.row(0); // { city: 'Lyon', price: 120 }
   */
  row(row: number): Record<string, Cell> {
    noMore('Table.row', arguments, 1);
    const { rows, columns } = this.data;
    const at = Number.isInteger(row) && row < 0 ? rows + row : row;
    if (!(Number.isInteger(at) && at >= 0 && at < rows)) refuse('Table.row(row)', `a row below ${rows}`, row);
    return Object.fromEntries(columns.map((column) => [column.name, cellOf(column, at)]));
  }

  /**
   * The first rows.
   *
   * @param count - How many. Default: 5.
   * @returns As `row` gives them; fewer if the table has fewer.
   * @throws SimdenseError 'ARGUMENT' for a count that is no positive integer.
   * @example
   * const table = await readTable('city,price\nLyon,120\nParis,80\n');
   * table.head(1); // [{ city: 'Lyon', price: 120 }]
   */
  head(count = 5): Record<string, Cell>[] {
    noMore('Table.head', arguments, 1);
    const most = Math.min(positiveInteger('Table.head(count)', count), this.rows);
    return Array.from({ length: most }, (_, row) => this.row(row));
  }

  /**
   * The cells of a column, such as labels to compare predictions with, or groups for kFold.
   *
   * @param name - The column's name.
   * @returns A list with a cell for each row: a number, a text, a boolean or a Date; null where it is missing. Of booleans that were written as words, such as Yes and No, a
   * model's `predict` gives the words; its `actual(table)` gives what is true in the same words.
   * @throws SimdenseError 'ARGUMENT' if there is no such column.
   * @example
   * const table = await readTable('city,price\nLyon,120\nParis,\n');
   * table.values('price'); // [120, null]
   */
  values(name: string): Cell[] {
    noMore('Table.values', arguments, 1);
    const column = columnIn('Table.values(name)', this.data, name);
    return Array.from({ length: this.rows }, (_, row) => cellOf(column, row));
  }

  /**
   * A table of some of the rows, with the same columns of the same kinds.
   *
   * @param rows - The indices of the rows, from 0, in the order wanted; as often as wanted.
   * @returns A new table. Its texts are shared with this one.
   * @throws SimdenseError 'ARGUMENT' for an index that is no row's.
   * @example
   * const table = await readTable('city,price\nLyon,120\nParis,80\n');
   * table.select(Int32Array.of(1)).row(0); // { city: 'Paris', price: 80 }
   */
  select(rows: Int32Array | readonly number[]): Table {
    noMore('Table.select', arguments, 1);
    const { data } = this;
    if (!(Array.isArray(rows) || ArrayBuffer.isView(rows))) refuse('Table.select(rows)', 'the indices of rows', rows);
    for (const row of rows)
      if (!(Number.isInteger(row) && row >= 0 && row < data.rows))
        refuse('Table.select(rows)', `rows below ${data.rows}`, row);
    return new Table(atOnce(selectingColumns(data, Int32Array.from(rows))));
  }

  /**
   * The rows in which some columns have a value, such as those with a target to learn from.
   *
   * @param names - The column's name, or several.
   * @param o - See KnownOptions.
   * @returns A new table of the rows in which none of these cells is missing, in the same order.
   * @throws SimdenseError 'ARGUMENT' if there is no such column, and for an unknown option.
   * @example
   * const table = await readTable('city,price\nLyon,120\nParis,NA\n');
   * table.known('price').rows; // 1
   * const tagged = await readTable('tags,price\nold;red,120\n,80\nNA,90\n');
   * tagged.known('tags', { empty: true }).rows; // 2
   */
  known(names: string | readonly string[], o?: KnownOptions): Table {
    noMore('Table.known', arguments, 2);
    const { empty = false } = options('Table.known', o, ['empty']);
    const least = boolean('Table.known(empty)', empty) ? EMPTY : 0;
    const list = typeof names === 'string' ? [names] : names;
    if (!Array.isArray(list)) refuse('Table.known(names)', "a column's name, or several", names);
    const cells = list.map((name) => columnIn('Table.known(names)', this.data, name).cells);
    const has = (row: number): boolean =>
      cells.every((each) => {
        if ('values' in each) return !Number.isNaN(each.values[row]);
        const code = each.codes[row] as number;
        return code >= 0 || code === least;
      });
    return this.select(Array.from({ length: this.rows }, (_, row) => row).filter(has));
  }

  /**
   * What the table holds, for people: a line for each column with its kind, its missing and its distinct cells, an example, and why it is
   * of this kind.
   *
   * @param o - See DescribeOptions.
   * @returns Lines, without a final line break. Below 80 characters a line, each column takes two.
   * @throws SimdenseError 'ARGUMENT' for an unknown option or a width below 40.
   * @example
   * const table = await readTable('city,price\nLyon,120\nParis,80\n');
   * console.log(table.describe());
   */
  describe(o?: DescribeOptions): string {
    noMore('Table.describe', arguments, 1);
    const { width = 80 } = options('Table.describe', o, ['width']);
    if (positiveInteger('Table.describe(width)', width) < 40) refuse('Table.describe(width)', 'at least 40', width);
    return describeTable(this, width);
  }
}

/** The column of this name. Throws SimdenseError 'ARGUMENT' if there is none. */
const columnIn = (where: string, { columns }: TableData, name: string): ColumnData =>
  columns.find((column) => column.name === name) ?? noColumn(where, name, columns);

/** Refuses a name that no column has. */
export function noColumn(where: string, name: unknown, columns: readonly { readonly name: string }[]): never {
  const names = columns.map((column) => column.name);
  const known = names.length > 12 ? `${names.slice(0, 12).map(show).join(', ')} …` : names.map(show).join(', ');
  throw new SimdenseError(
    'ARGUMENT',
    `${where}: there is no column ${show(name)}; there are ${known}${didYouMean(name, names)}`,
  );
}
