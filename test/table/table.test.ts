// What a Table gives of its cells, and what it says of itself.
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readTable, Table } from '../../src/table/index.js';

const csv = 'city,price,open,since\nLyon,1.5,yes,2000-01-31\nNice,NA,no,\nLyon,3,yes,2001-12-01\n';
const first = { city: 'Lyon', price: 1.5, open: true, since: new Date('2000-01-31') };

describe('cells', () => {
  test('of a row', async () => {
    const table = await readTable(csv);
    expect(table.row(0)).toEqual(first);
    expect(table.row(-1)).toEqual(table.row(2));
    expect(table.row(1)).toEqual({ city: 'Nice', price: null, open: false, since: null });
    for (const row of [3, -4, 0.5, '0' as unknown as number])
      expect(() => table.row(row)).toThrow('Table.row(row): expected a row below 3, got');
  });

  test('of the first rows', async () => {
    const table = await readTable(csv);
    expect(table.head(1)).toEqual([first]);
    expect(table.head()).toHaveLength(3);
    expect(() => table.head(0)).toThrow('Table.head(count): expected a positive integer, got 0');
  });

  test('of some rows, as often as asked', async () => {
    const table = await readTable(csv);
    const some = table.select(Int32Array.of(2, 0, 0));
    expect(some.rows).toBe(3);
    expect(some.head()).toEqual([table.row(2), first, first]);
    expect(some.columns.map(({ kind }) => kind)).toEqual(table.columns.map(({ kind }) => kind));
    expect(table.select([]).rows).toBe(0);
    expect(() => table.select([3])).toThrow('Table.select(rows): expected rows below 3, got 3');
    expect(() => table.select(5 as never)).toThrow('Table.select(rows): expected the indices of rows, got 5');
  });

  test('of a column', async () => {
    const table = await readTable(csv);
    expect(table.column('price').cells).toEqual({ values: Float64Array.of(1.5, Number.NaN, 3) });
    expect(table.column('city').cells).toEqual({ texts: ['Lyon', 'Nice'], codes: Int32Array.of(0, 1, 0) });
    expect(() => table.column('prices')).toThrow(
      'Table.column(name): there is no column "prices"; there are "city", "price", "open", "since"; did you mean price?',
    );
  });

  test('are plain data', async () => {
    const table = await readTable(csv);
    const copy = new Table(structuredClone(table.data));
    expect(copy.head()).toEqual(table.head());
    expect(copy.describe()).toBe(table.describe());
    expect(() => new Table({ ...table.data, rows: 4 })).toThrow(
      'Table(data.columns[0]): "city" has 3 cells, the table 4 rows',
    );
    expect(() => new Table([{ a: 1 }] as never)).toThrow(
      'Table(data): expected the data of a table, got an array of 1; readTable',
    );
  });
});

describe('in figures', () => {
  test('of each column', async () => {
    const table = await readTable(csv);
    const figures = table.columns.map(({ name, kind, missing, distinct, example, why }) => [
      name,
      kind,
      missing,
      distinct,
      example,
      why,
    ]);
    expect(figures).toEqual([
      ['city', 'category', 0, 2, 'Lyon', 'texts'],
      ['price', 'number', 1, 2, 1.5, 'numbers'],
      ['open', 'boolean', 0, 2, true, 'no or yes'],
      ['since', 'date', 1, 2, new Date('2000-01-31'), 'dates'],
    ]);
  });

  test('in lines', async () => {
    const table = await readTable(
      `id,${csv
        .trimEnd()
        .split('\n')
        .map((row, i) => (i === 0 ? row : `${i + 6},${row}`))
        .join('\n')}`,
    );
    expect(table.describe()).toBe(`\
3 rows, 5 columns, 1 left out

column  kind      missing  distinct  example     made of it
id      ignore          –         3  7           left out: each of its numbers
                                                 is another: ids
city    category        –         2  Lyon        left out: rare
price   number          1         2  1.5         median, flag
open    boolean         –         2  yes         0 or 1
since   date            1         2  2000-01-31  day, cycles`);
    expect(table.describe({ width: 40 })).toBe(`\
3 rows, 5 columns, 1 left out

id                                ignore
  3 distinct, such as 7; left out: each
  of its numbers is another: ids
city                            category
  2 distinct, such as Lyon; left out:
  rare
price                             number
  2 distinct, 1 missing, such as 1.5;
  median, flag
open                             boolean
  2 distinct, such as yes; 0 or 1
since                               date
  2 distinct, 1 missing, such as
  2000-01-31; day, cycles`);
    expect(() => table.describe({ width: 39 })).toThrow('Table.describe(width): expected at least 40, got 39');
  });

  test('lines never exceed the width, whatever the cells are', async () => {
    const long = 'x'.repeat(300);
    const text = `${long},b b b,😀😀\n${long},1.${'1'.repeat(30)},\u001b[31m\n${'y '.repeat(200)},2e300,${'😀'.repeat(40)}\n`;
    const table = await readTable(text);
    for (const width of [40, 60, 80, 120])
      for (const line of table.describe({ width }).split('\n')) {
        expect(Array.from(line).length).toBeLessThanOrEqual(width);
        expect(line).not.toContain('\u001b');
      }
  });

  test('what holds for the whole file comes first', async () => {
    const table = await readTable('1,x\n2,y\n');
    expect(table.describe().split('\n').slice(0, 4)).toEqual([
      '2 rows, 2 columns',
      'The file has no header: its columns are named by their places. header: true',
      'takes the first row for names.',
      '',
    ]);
  });
});

test('the cells of a column, and its figures as plain properties', async () => {
  const table = await readTable('city,price\nLyon,120\nParis,\nLyon,80\n');
  expect(table.values('price')).toEqual([120, null, 80]);
  expect(() => table.values('prize')).toThrow('Table.values(name): there is no column "prize"');
  const figures = {
    name: 'city',
    kind: 'category',
    missing: 0,
    distinct: 2,
    example: 'Lyon',
    why: 'texts',
    made: 'left out: rare',
  };
  expect({ ...table.columns[0] }).toEqual(figures);
  expect(JSON.parse(JSON.stringify(table.columns[0]))).toEqual(figures);
  expect(inspect(table.columns[0])).toBe(inspect(figures));
});
