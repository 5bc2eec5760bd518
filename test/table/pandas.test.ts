// The cells of little tables, against what pandas makes of the same text: test/golden/make-tables.py.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readTable } from '../../src/table/index.js';

interface Golden {
  readonly tables: Readonly<
    Record<
      string,
      {
        readonly text: string;
        readonly columns: readonly { name: string; dtype: string; cells: (number | string | boolean | null)[] }[];
      }
    >
  >;
}
const { tables } = JSON.parse(readFileSync('test/golden/tables.json', 'utf8')) as Golden;

/** What we call pandas' types. */
const holds: Readonly<Record<string, string>> = {
  int64: 'number',
  uint64: 'number',
  float64: 'number',
  bool: 'boolean',
  object: 'text',
  'datetime64[ns]': 'date',
};

describe.each(Object.entries(tables))('%s', (_, { text, columns }) => {
  test.each([
    ['a text', text],
    ['bytes', new TextEncoder().encode(text)],
    ['UTF-16', new Uint8Array(Uint16Array.from(`\uFEFF${text}`, (c) => c.charCodeAt(0)).buffer)],
  ])('as %s', async (_, source) => {
    const table = await readTable(source);
    expect(table.columns).toHaveLength(columns.length);
    for (const [c, { name, dtype, cells }] of columns.entries()) {
      const column = table.data.columns[c]!;
      // Columns without a name have ours: 'column 1'. pandas calls them by their place.
      if (!/^(index|\d+)$/.test(name)) expect(column.name).toBe(name);
      expect([name, column.holds]).toEqual([name, holds[dtype]]);
      // As pandas reads -0 in a column of whole numbers.
      const unsigned = (cell: unknown) => (cell === 0 ? 0 : cell);
      const read = Array.from({ length: table.rows }, (_, row) => unsigned(table.row(row)[column.name]));
      const expected = cells.map((cell) => {
        if (dtype === 'datetime64[ns]' && cell !== null) return new Date(`${cell}Z`);
        // We leave out white space around a cell.
        return typeof cell === 'string' ? cell.trim() : unsigned(cell);
      });
      expect(read).toEqual(expected);
    }
  });
});
