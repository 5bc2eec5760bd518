// One table in many formats and encodings, and sources that cannot be read.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type ReadTableOptions, readTable, type TableSource } from '../../src/table/index.js';
import { told } from '../helpers/told.js';

const records = [
  { city: 'Lyon', price: 1.5, open: true, since: new Date('2000-01-31'), stars: null },
  { city: 'Zürich', price: 250, open: false, since: new Date('2001-12-01T10:20:00Z'), stars: 3 },
  { city: null, price: -0.25, open: true, since: null, stars: 5 },
];
const csv = `city,price,open,since,stars
Lyon,1.5,true,2000-01-31,
Zürich,250,false,2001-12-01T10:20:00.000Z,3
,-0.25,true,,5
`;
const bytes = (text: string) => new TextEncoder().encode(text);
const json = JSON.stringify(records);
const jsonl = records.map((record) => JSON.stringify(record)).join('\n');
const columns = Object.fromEntries(
  Object.keys(records[0]!).map((name) => [name, records.map((record) => record[name as 'city'])]),
);
const lists = [Object.keys(records[0]!), ...records.map((record) => Object.values(record))];
const utf16 = (text: string, big = false) => {
  const units = Uint16Array.from(`\uFEFF${text}`, (c) =>
    big ? ((c.charCodeAt(0) & 255) << 8) | (c.charCodeAt(0) >> 8) : c.charCodeAt(0),
  );
  return new Uint8Array(units.buffer);
};
async function* parts<T>(...items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield item;
}
const slices = (all: Uint8Array, size: number) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.subarray(i * size, (i + 1) * size));

describe('one table', async () => {
  const expected = await readTable(csv);

  test.each([
    ['bytes', bytes(csv)],
    ['a byte order mark', bytes(`\uFEFF${csv}`)],
    ['a text with a mark', `\uFEFF${csv}`],
    ['CRLF', csv.replaceAll('\n', '\r\n')],
    ['CR, as of old', csv.replaceAll('\n', '\r')],
    ['no final line break', csv.trimEnd()],
    ['semicolons', csv.replaceAll(',', ';')],
    ['decimal commas', csv.replaceAll(',', ';').replaceAll(/(\d)\.(\d+;)/g, '$1,$2')],
    ['tabs', csv.replaceAll(',', '\t')],
    ['bars', csv.replaceAll(',', '|')],
    ['quotes', csv.replaceAll(/[^,\n]+/g, '"$&"')],
    ['a delimiter at the end of each row', csv.replaceAll('\n', ',\n').replace('stars,', 'stars')],
    ['blank lines', csv.replaceAll('\n', '\n\n')],
    ['UTF-16', utf16(csv)],
    ['UTF-16, big end first', utf16(csv, true)],
    ['windows-1252', Uint8Array.from(csv, (c) => c.charCodeAt(0))],
    ['gzip', new Uint8Array(gzipSync(csv))],
    ['a Buffer', Buffer.from(csv)],
    ['an ArrayBuffer', bytes(csv).buffer],
    ['a stream of bytes', parts(...slices(bytes(csv), 7))],
    ['a stream of gzip', parts(...slices(new Uint8Array(gzipSync(csv)), 7))],
    ['a stream of texts', parts(csv.slice(0, 50), csv.slice(50))],
    ['a ReadableStream', new Blob([csv]).stream()],
    ['a Blob', new Blob([csv])],
    ['a File', new File([csv], 'table.csv')],
    ["fetch's answer", new Response(csv)],
    ["fetch's answer, compressed", new Response(new Blob([gzipSync(csv) as BlobPart]))],
    ['objects', records],
    ['a stream of objects', parts(...records)],
    ['an iterator of objects', new Set(records)],
    ['lists', lists],
    ['JSON', json],
    ['JSON in bytes', bytes(JSON.stringify(records, null, 2))],
    ['JSON, lists', JSON.stringify(lists)],
    ['JSON, columns', JSON.stringify(columns)],
    [
      'JSON, columns by row as pandas writes',
      JSON.stringify(Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, { ...cells }]))),
    ],
    ['JSON, split as pandas writes', JSON.stringify({ columns: lists[0], index: [0, 1, 2], data: lists.slice(1) })],
    ['JSON in an answer', JSON.stringify({ status: 'ok', items: records })],
    ['JSON Lines', jsonl],
    ['JSON Lines with lists', lists.map((list) => JSON.stringify(list)).join('\r\n')],
    ['JSON Lines, UTF-16', utf16(jsonl)],
    ['JSON Lines in gzip', new Uint8Array(gzipSync(jsonl))],
  ] as [string, TableSource][])('%s', async (_, source) => {
    const table = await readTable(source);
    // The words of booleans are those of the file, and a dictionary's order is that of the rows: all is the same.
    expect(told(table)).toEqual(told(expected));
    expect(Array.from(records, (_, row) => table.row(row))).toEqual(records);
  });

  test('what is said of the file', async () => {
    expect((await readTable(utf16(csv))).data.notes).toEqual(['The file is UTF-16LE.']);
    expect((await readTable(Uint8Array.from(csv, (c) => c.charCodeAt(0)))).data.notes).toEqual([
      'The file is no UTF-8, and is read as windows-1252 (Latin 1).',
    ]);
    // Far into the file.
    const late = `a,b\n${'x,1\n'.repeat(200_000)}é,2\n`;
    const table = await readTable(Uint8Array.from(late, (c) => c.charCodeAt(0)));
    expect([table.rows, table.row(200_000)]).toEqual([200_001, { a: 'é', b: 2 }]);
  });
});

describe('headers', () => {
  const names = async (text: string, o: ReadTableOptions = {}) => {
    const { columns, rows, data } = await readTable(text, o);
    return [rows, columns.map(({ name }) => name), data.notes ?? []];
  };
  test('found out, or said', async () => {
    expect(await names('a,b\n1,2\n3,4\n')).toEqual([2, ['a', 'b'], []]);
    const none =
      'The file has no header: its columns are named by their places. header: true takes the first row for names.';
    expect(await names('1,x\n2,y\n')).toEqual([2, ['column 1', 'column 2'], [none]]);
    expect(await names('a,b\nc,d\n', { header: false })).toEqual([2, ['column 1', 'column 2'], [none]]);
    expect(await names('2019,2020\n1,2\n3,4\n', { header: true })).toEqual([2, ['2019', '2020'], []]);
    // Mushrooms: letters that come again.
    expect((await names('p,x,x\ne,y,x\np,x,y\n'))[0]).toBe(3);
  });
  test('names that are missing, or come twice', async () => {
    expect(await names(',a,a\n1,2,3\n2,3,5\n')).toEqual([
      2,
      ['column 1', 'a', 'a.1'],
      ['Two columns are called "a", and the second has the name "a.1" here.'],
    ]);
    const [rows, found] = await names('"a","b"\n"r1",1,2\n"r2",3,4\n');
    expect([rows, found]).toEqual([2, ['column 1', 'a', 'b']]);
  });
  test('one column', async () => {
    expect(await names('x\n3,14\n2,5\n')).toEqual([2, ['x'], []]);
    expect((await readTable('x\n3,14\n2,5\n')).row(0)).toEqual({ x: 3.14 });
  });
});

describe('records', () => {
  test('columns are all names that come', async () => {
    const table = await readTable([{ a: 1 }, { b: 'x' }, { a: 2, b: 'y' }]);
    expect([0, 1, 2].map((row) => table.row(row))).toEqual([
      { a: 1, b: null },
      { a: null, b: 'x' },
      { a: 2, b: 'y' },
    ]);
  });
  test('cells of all types', async () => {
    const table = await readTable([
      { a: 1n, b: [1, 'x'], c: { d: 1 }, e: '02134', f: Number.NaN, g: '1.50', __proto__: null },
      { a: 2n ** 70n, b: null, c: undefined, e: '10001', f: 1, g: 'x' },
    ] as Record<string, unknown>[]);
    expect(table.row(0)).toEqual({ a: '1', b: '[1,"x"]', c: '{"d":1}', e: '02134', f: null, g: '1.50' });
    expect(table.row(1)).toMatchObject({ a: '1180591620717411303424', e: '10001', f: 1 });
  });
  test('dates among texts', async () => {
    const table = await readTable([
      { a: new Date('2000-01-31') },
      { a: '2001-12-01' },
      { a: null },
      { a: new Date(Number.NaN) },
    ]);
    expect(table.column('a').kind).toBe('date');
    expect(table.row(0)['a']).toEqual(new Date('2000-01-31'));
    expect((await readTable([{ a: new Date(0) }, { a: 5 }])).row(0)['a']).toBe('1970-01-01T00:00:00.000Z');
  });
  test('a name such as __proto__ is a name', async () => {
    const table = await readTable('[{"__proto__": 1, "constructor": 2}, {"__proto__": 2, "constructor": 5}]');
    expect(Object.entries(table.row(0))).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });
});

test.each([
  ['', {}, 'DATA', 'readTable: there are no rows'],
  ['a,b\n', {}, 'DATA', 'readTable: there are no rows'],
  [[], {}, 'DATA', 'readTable: there are no rows'],
  ['a,b\n1,2\n3\n', {}, 'FORMAT', 'readTable: row 3 has 1 cell, the table 2 columns'],
  ['a,b\n1,2\n\n3,4,5\n', {}, 'FORMAT', 'readTable: row 4 has 3 cells, the table 2 columns'],
  ['a,b\n1,"2\n3,4\n', {}, 'FORMAT', 'readTable: row 2: the cell "2 opens with a quote that is never closed'],
  [
    'a,b\n1,"2"x\n3,4\n',
    {},
    'FORMAT',
    'readTable: row 2: the cell "2"x goes on behind the quote that closes it; within a quoted cell a quote is written twice, ""',
  ],
  ['[1, 2]', {}, 'FORMAT', 'readTable: row 1 is 1, expected a list of cells or an object'],
  ['[{"a": 1}, 2]', {}, 'FORMAT', 'readTable: row 2 is 2, expected an object'],
  ['[{"a": 1}', {}, 'FORMAT', /^readTable: no JSON: /],
  ['{"a": 1}\n{"a": }\n', {}, 'FORMAT', /^readTable: line 2: no JSON: /],
  ['{"a": [1], "b": [1, 2]}', {}, 'FORMAT', 'readTable: the columns differ in length: "a" has 1 cells, another 2'],
  ['[[1, 2], [1, 2, 3]]', {}, 'FORMAT', 'readTable: row 2 has 3 cells, the first row 2'],
  [new Uint8Array(gzipSync(csv)).subarray(0, 40), {}, 'FORMAT', 'readTable: the gzip file is broken or cut short'],
  [
    new Response('no', { status: 404, statusText: 'Not Found' }),
    {},
    'ARGUMENT',
    'readTable: the answer is 404 Not Found, no table',
  ],
  [
    new Response('<p>', { headers: { 'content-type': 'text/html' } }),
    {},
    'FORMAT',
    'readTable: the answer is a web page (text/html), no table',
  ],
  [new Response(null), {}, 'DATA', 'readTable: there are no rows'],
  [
    5,
    {},
    'ARGUMENT',
    'readTable(source): expected a text, the bytes of a file, a list of objects or a stream of these, got 5',
  ],
  ['a\n1\n', { sep: ';' }, 'ARGUMENT', /unknown option "sep"; .*; did you mean delimiter\?$/],
  ['a\n1\n', { decimal: ';' }, 'ARGUMENT', 'readTable: decimal: expected one of ., ,, got ";"'],
  ['a\n1\n', { missing: 'NA' }, 'ARGUMENT', /^readTable: missing: expected a list of texts/],
  ['a\n1\n', { format: 'excel' }, 'ARGUMENT', /did you mean xlsx\?$/],
] as [unknown, object, string, string | RegExp][])('%j is refused', async (source, o, code, message) => {
  const read = readTable(source as string, o);
  await expect(read).rejects.toMatchObject({ code });
  await expect(read).rejects.toThrow(message);
});
