// Columns of all types, as pyarrow writes them: see test/golden/formats/make.py.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readTable } from '../../src/table/index.js';
import { hasPeers } from '../helpers/peers.js';

const file = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../golden/formats/${name}`, import.meta.url)));

const formats = [
  ['types.parquet', await hasPeers('hyparquet')],
  ['types.feather', await hasPeers('@uwdata/flechette')],
] as const;

for (const [name, runs] of formats)
  describe.runIf(runs)(name, () => {
    test('typed cells', async () => {
      const table = await readTable(file(name));
      const rows = table.head(3).map((row) => ({ ...row }));
      expect(rows[0]).toEqual({
        int8: -128,
        uint32: 4294967295,
        int64: Number.MAX_SAFE_INTEGER,
        // Beyond 2⁵³: no float64, so the column holds texts.
        beyond: '9007199254740993',
        uint64: '18446744073709551615',
        float: Math.fround(0.1),
        double: 0.1,
        boolean: true,
        text: 'süß',
        category: 'b',
        day: new Date('1969-12-31'),
        seconds: new Date('2000-01-31T10:20:30Z'),
        milliseconds: new Date('2000-01-31T10:20:30.123Z'),
        microseconds: new Date('2000-01-31T10:20:30.123Z'),
        nanoseconds: new Date('2000-01-31T10:20:30.123Z'),
        time: 3723.5,
        decimal: 1234.1,
        list: '[1,2]',
        struct: '{"a":1,"b":"x"}',
        bytes: null,
        nothing: null,
      });
      expect(Object.values(rows[1]!)).toEqual(Array.from({ length: 21 }, () => null));
      expect(rows[2]).toMatchObject({
        int8: 127,
        int64: -5,
        beyond: '-5',
        double: null,
        boolean: false,
        text: null,
        day: new Date('2000-02-29'),
        // Before 1970 rounding down is away from 0.
        seconds: new Date(-1000),
        milliseconds: new Date(-1),
        microseconds: new Date(-1),
        nanoseconds: new Date(-1),
        time: 1,
        decimal: -0.3,
        list: '[]',
        struct: '{"a":null,"b":"y"}',
      });
    });

    test('kinds follow the types', async () => {
      const { columns, data } = await readTable(file(name));
      const kinds = Object.fromEntries(columns.map((column) => [column.name, column.kind]));
      expect(kinds).toMatchObject({ decimal: 'number', day: 'date', nanoseconds: 'date', boolean: 'boolean' });
      expect(kinds).toMatchObject({ time: 'number', category: 'category', nothing: 'ignore' });
      expect(data.notes).toEqual(['Column "bytes" holds bytes, which are taken for missing cells.']);
    });

    test('a part of a larger buffer, a stream of bytes', async () => {
      const bytes = file(name);
      const larger = new Uint8Array(bytes.length + 20);
      larger.set(bytes, 3);
      const expected = await readTable(bytes);
      expect((await readTable(larger.subarray(3, 3 + bytes.length))).data).toEqual(expected.data);
      expect((await readTable(new Blob([bytes as BlobPart]).stream())).data).toEqual(expected.data);
    });
  });

describe('a library that is not installed', () => {
  afterEach(() => {
    vi.resetModules();
    vi.doUnmock('hyparquet');
    vi.doUnmock('hyparquet-compressors');
    vi.doUnmock('@uwdata/flechette');
  });

  test.each([
    [
      'types.parquet',
      'hyparquet',
      'readTable: Parquet is read by a library of its own: npm install hyparquet, and for a file that is compressed by other than Snappy, such as ZSTD, hyparquet-compressors too',
    ],
    [
      'table-zstd.feather',
      '@uwdata/flechette',
      /^readTable: Arrow compressed by ZSTD is read .*: npm install @uwdata\/flechette@2\.6 hyparquet-compressors$/,
    ],
    [
      'types.feather',
      '@uwdata/flechette',
      'readTable: Arrow is read by a library of its own: npm install @uwdata/flechette@2.6',
    ],
    [
      'table-brotli.parquet',
      'hyparquet-compressors',
      /compressed by BROTLI is read .*: npm install hyparquet hyparquet-compressors$/,
    ],
    [
      'table-zstd.feather',
      'hyparquet-compressors',
      /compressed by ZSTD is read .*: npm install @uwdata\/flechette@2\.6 hyparquet-comp/,
    ],
  ] as [string, string, string | RegExp][])('%s without %s', async (name, library, message) => {
    const [needed] = formats.filter(([each]) => each.endsWith(name.slice(name.lastIndexOf('.'))));
    if (library === 'hyparquet-compressors' && !needed?.[1]) return;
    vi.resetModules();
    vi.doMock(library, () => {
      throw new Error('not found');
    });
    const { readTable: read } = await import('../../src/table/index.js');
    const refused = read(file(name));
    await expect(refused).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await expect(refused).rejects.toThrow(message);
  });
});

test.each([
  ['PAR1', 'parquet', formats[0][1], /^readTable: the Parquet file is broken or cut short: /],
  ['ARROW1\0\0', 'arrow', formats[1][1], /^readTable: /],
  ['FEA1xxxx', undefined, true, 'readTable: Feather version 1 is not read; save it as version 2'],
  [
    '\xd0\xcf\x11\xe0',
    undefined,
    true,
    /^readTable: xls files and workbooks with a password are not read; save it as xlsx$/,
  ],
  ['SQLite format 3\0', undefined, true, 'readTable: SQLite is read by readTable of simdense/node'],
  ['%PDF-1.7', undefined, true, 'readTable: PDF is not read'],
  ['\x28\xb5\x2f\xfd', undefined, true, /compressed by zstd/],
  ['PK\x03\x04', undefined, true, /^readTable: the xlsx file is broken or cut short: the zip file has no directory$/],
  ['<!DOCTYPE html><html>', undefined, true, 'readTable: the content is a web page (HTML), no table'],
  ['<?xml version="1.0"?><a/>', undefined, true, 'readTable: the content is XML, which is not read'],
] as const)('%j is refused', async (text, format, runs, message) => {
  if (!runs) return;
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  await expect(readTable(bytes)).rejects.toThrow(message);
  if (format)
    await expect(readTable(text, { format })).rejects.toThrow(/is read from the bytes of a file, not from a text$/);
});

test.runIf(await hasPeers('hyparquet'))('duckdb.parquet: decimals of all widths, and spans of time', async () => {
  const table = await readTable(file('duckdb.parquet'));
  const [row] = table.head(1);
  expect({ ...row, id: '' }).toEqual({
    short: 0.25,
    middle: 1234.567,
    long: -123456789.01,
    wide: 12345678901.0625,
    huge: 1,
    id: '',
    time: 36002,
    span: null,
    instant: new Date('2020-01-01T09:00:00Z'),
    struct: '{"x":1}',
  });
  expect(row?.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(table.data.notes).toEqual(['Column "span" holds bytes, which are taken for missing cells.']);
});
