// JSON in the shapes in which people and programs write tables: against pandas, test/golden/make-json.py.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readTable } from '../../src/table/index.js';

interface Case {
  readonly name: string;
  readonly orient: string;
  readonly text: string;
  readonly cells: Readonly<Record<string, readonly unknown[]>>;
}
const cases = JSON.parse(readFileSync('test/golden/json.json', 'utf8')) as Case[];

const columnOf = (rows: readonly Record<string, unknown>[], name: string) => rows.map((row) => row[name]);

test.each(cases)('as pandas writes and reads it: $name', async ({ orient, text, cells }) => {
  const table = await readTable(text);
  const rows = table.head(table.rows);
  for (const [name, expected] of Object.entries(cells)) expect([name, columnOf(rows, name)]).toEqual([name, expected]);
  const more = table.columns.filter(({ name }) => !(name in cells));
  // The names of the rows.
  expect(more.map(({ name, kind }) => [name, kind])).toEqual(orient === 'index' ? [['key', 'ignore']] : []);
});

describe('an object of objects', () => {
  const shape = async (json: unknown) => {
    const { columns, data } = await readTable(JSON.stringify(json));
    return { columns: columns.map(({ name, kind }) => `${name}: ${kind}`), notes: data.notes };
  };
  const asRows = ['Each key of the JSON object is taken for a row, and the first column has the keys.'];
  const asColumns = ['Each key of the JSON object is taken for a column, and what is in it for rows.'];

  test('rows by their ids, some of which lack a part', async () => {
    const types = { 'a/b': { source: 'iana', ok: true }, 'a/c': { source: 'x' }, 'a/d': {}, 'a/e': { ok: false } };
    expect(await shape(types)).toEqual({ columns: ['key: ignore', 'source: category', 'ok: boolean'], notes: asRows });
    const table = await readTable(JSON.stringify(types));
    expect(table.row(2)).toEqual({ key: 'a/d', source: null, ok: null });
  });

  test('with a part that is called key itself', async () => {
    const { columns } = await shape({ a: { key: 1, x: 2 }, b: { key: 2, x: 3 }, c: { key: 9, x: 3 } });
    expect(columns).toEqual(['row name: ignore', 'key: ignore', 'x: number']);
  });

  test('columns by the numbers of their rows, however many', async () => {
    const wide = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`c${i}`, { 0: i, 1: 7 * i, 2: 5 }]));
    expect(await shape(wide)).toEqual({
      columns: Object.keys(wide).map((name) => `${name}: number`),
      notes: undefined,
    });
  });

  test('a column of each type settles it; else there are more rows than columns', async () => {
    const typed = { pop: { fr: 60, no: 5 }, name: { fr: 'F', no: 'N' }, eu: { fr: true, no: false } };
    expect(await shape(typed)).toEqual({ columns: ['pop: number', 'name: category', 'eu: boolean'], notes: asColumns });
    expect((await shape({ fr: { pop: 60 }, no: { pop: 5 } })).notes).toEqual(asRows);
    expect((await shape({ pop: { fr: 6, no: 5, de: 8 }, area: { fr: 6, no: 3, de: 3 } })).notes).toEqual(asColumns);
  });

  test('dates as keys are a column to learn from', async () => {
    const { columns } = await shape({ '2024-01-01': { t: 3 }, '2024-01-02': { t: 4 }, '2024-01-03': { t: 9 } });
    expect(columns).toEqual(['key: date', 't: number']);
  });
});

describe('an object with lists of rows', () => {
  test('what stands beside the only one is said', async () => {
    const { data } = await readTable('{"name":"x","at":1,"rows":[{"b":1},{"b":2}]}');
    expect(data.notes).toEqual(['The rows are the list "rows" of an object; "name" and "at" beside it are left out.']);
    expect((await readTable('{"rows":[{"b":1},{"b":2}]}')).data.notes).toBeUndefined();
  });

  test('several are refused', async () => {
    await expect(readTable('{"name":"x","who":[{"a":1}],"rows":[{"b":1},{"b":2}]}')).rejects.toThrow(
      'readTable: the JSON is an object with 2 lists of objects, "who" and "rows"; parse it, and read the one that is meant: readTable(JSON.parse(text)["rows"])',
    );
    // As long as each other they are columns.
    expect((await readTable('{"a":[{"x":1},{"x":2}],"b":[{"y":1},{"y":2}]}')).columns.length).toBe(2);
  });
});

describe('JSON Lines', () => {
  test.each(['\n\n', '\r\n\r\n', '\n  \n\n'])('with blank lines %j', async (gap) => {
    const { rows } = await readTable(`{"a":1}${gap}{"a":2}\n`);
    expect(rows).toBe(2);
  });
  test('JSON with blank lines stays JSON', async () => {
    expect((await readTable('[\n\n{"a":1},\n\n{"a":2}]')).rows).toBe(2);
    expect((await readTable('{"a":[1,2]}\n\n')).rows).toBe(2);
  });
});

describe('whole numbers that float64 does not hold', () => {
  const ids = ['12345678901234567890', '12345678901234567891', '-9007199254740993', '7'];
  const listed = `[${ids.map((id, i) => `{"id":${id},"x":${i / 7},"t":"${'\\'.repeat(2 * i)}\\"${id}"}`).join()}]`;

  test.each([
    ['JSON', listed],
    ['JSON Lines', listed.slice(1, -1).replaceAll('},{', '}\n{')],
    ['columns', `{"id":[${ids.join(', ')}],"x":[0,1,2,3]}`],
  ])('are texts in %s', async (_, text) => {
    const table = await readTable(text);
    expect(columnOf(table.head(4), 'id')).toEqual(ids);
    expect(table.column('x').kind).toBe('number');
    expect(table.column('id').why).toContain('which would lose digits as numbers');
  });

  test('within texts nothing changes', async () => {
    const table = await readTable(listed);
    expect(columnOf(table.head(4), 't')).toEqual(ids.map((id, i) => `${'\\'.repeat(i)}"${id}`));
  });

  test('floats stay numbers', async () => {
    const numbers =
      '[1e300, 12345678901234567890.5, 1.2345678901234567890, 12345678901234567e5, 9007199254740991, 1e-12345678901234567, 1E+0000000000000000001, -0.12345678901234567890]';
    const table = await readTable(`{"a":${numbers}}`);
    expect(columnOf(table.head(9), 'a')).toEqual(JSON.parse(numbers));
  });

  test('in linear time', async () => {
    const time = async (count: number) => {
      const text = `[${Array.from({ length: count }, (_, i) => `{"id":${10n ** 18n + BigInt(i)},"s":"${'\\\\'.repeat(20)}"}`).join()}]`;
      const start = performance.now();
      await readTable(text);
      return performance.now() - start;
    };
    await time(2000);
    expect(await time(40_000)).toBeLessThan(60 * Math.max(1, await time(4000)));
  });

  test('objects: as BigInt they are kept, as numbers they have lost digits already, and that is said', async () => {
    const kept = await readTable(ids.map((id) => ({ id: BigInt(id) })));
    expect(columnOf(kept.head(4), 'id')).toEqual(ids);
    const lost = await readTable([{ id: Number(ids[0]) }, { id: Number(ids[1]) }, { id: 7 }]);
    expect(lost.column('id')).toMatchObject({ kind: 'category', why: expect.stringContaining('last digits are lost') });
    const asked = await readTable([{ id: 2 ** 60 }, { id: 7 }], { kinds: { id: 'number' } });
    expect(asked.row(0)).toEqual({ id: 2 ** 60 });
    for (const cells of [
      [1e17, 0.5],
      [1e300, 7],
      [7, 8],
    ])
      expect((await readTable(cells.map((a) => ({ a })))).column('a').kind).toBe('number');
  });
});

test.each(['data.csv', './My files/x.xlsx', 'C:\\data\\x.parquet', 'https://x.org/t?a=1,2', 'file:///x.json.gz'])(
  'the place %s is no table',
  async (place) => {
    await expect(readTable(place)).rejects.toThrow(
      /^readTable: ".*" is a path or a URL, and here the content of a file is read: readTable of simdense\/node/,
    );
  },
);

test('broken JSON is named by its line where the engine says a position', async () => {
  for (const text of ['{"a":1}\nnull', '{"a":1},\n{"a":2},\n'])
    await expect(readTable(text)).rejects.toThrow(/^readTable: .*\bline \d/);
});
