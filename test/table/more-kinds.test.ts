// Columns that say what they are by their name, by a unit, by a clock, or by most of their cells.
import { describe, expect, test } from 'vitest';
import { type Cell, type ReadTableOptions, readTable } from '../../src/table/index.js';
import { numberReader, textReader } from '../../src/table/read-value.js';

/** The second of three columns. */
const column = async (cells: readonly string[], name = 'x', o: ReadTableOptions = {}) => {
  const lines = cells.map((cell, i) => `${(i * 3) % 7},"${cell.replaceAll('"', '""')}",${i % 3}`);
  const table = await readTable(`y,${name},z\n${lines.join('\n')}\n`, o);
  const { kind, why } = table.columns[1]!;
  const values = Array.from({ length: table.rows }, (_, row) => table.row(row)[table.columns[1]!.name] as Cell);
  return { kind, why, values, data: table.data.columns[1]!, notes: table.data.notes ?? [] };
};
const many = <T>(count: number, of: (i: number) => T) => Array.from({ length: count }, (_, i) => of(i));

describe('booleans', () => {
  test.each([
    ['T', 'TRUE', 'F', 'FALSE'],
    ['y', 'Yes', 'N', 'no'],
    ['WAHR', 'wahr', 'FALSCH', 'FALSCH'],
    ['VRAI', 'VRAI', 'FAUX', 'faux'],
    ['VERDADERO', 'VERDADERO', 'FALSO', 'FALSO'],
    ['VERO', 'vero', 'FALSO', 'FALSO'],
    ['VERDADEIRO', 'VERDADEIRO', 'FALSO', 'FALSO'],
    ['WAAR', 'WAAR', 'ONWAAR', 'ONWAAR'],
    ['sí', 'SÍ', 'no', 'NO'],
    ['sim', 'sim', 'não', 'NÃO'],
  ])('%s and %s are true, %s and %s false', async (...words) => {
    const { kind, values, data } = await column(words);
    expect([kind, values]).toEqual(['boolean', [true, true, false, false]]);
    expect(words.map(numberReader(data))).toEqual([1, 1, 0, 0]);
  });
  test('the longest words are those of the column', async () => {
    const { data, why } = await column(['T', 'FALSE', 'TRUE', 'F']);
    expect([data.format?.words, why]).toEqual([['FALSE', 'TRUE'], 'FALSE or TRUE; also written T and F']);
    expect((await column(['T', 'TRUE', 'N', 'NO'])).kind).toBe('category');
    expect((await column(['T', 'T', 'TRUE', 'T'])).kind).toBe('category');
  });
});

describe('ids by name', () => {
  const repeating = many(60, (i) => String(1000 + ((i * 7) % 13)));
  const different = many(60, (i) => String(1000 + ((i * 7) % 59)));
  const names = [
    'user_id',
    'userId',
    'in_reply_to_user_id_str',
    'ID',
    'customer id',
    'id',
    'UserID',
    'user.id',
    'account_guid',
  ];
  test.each(names)('%s is a category where it repeats', async (name) => {
    const { kind, why, values } = await column(repeating, name);
    expect([kind, values[1]]).toEqual(['category', '1007']);
    expect(why).toMatch(/^ids that repeat: a category, no amount; kinds: \{ .*: 'number' \} overrules it$/);
    expect((await column(repeating, name, { kinds: { [name]: 'number' } })).kind).toBe('number');
  });
  test.each(names)('%s is left out where it hardly repeats', async (name) => {
    expect(await column(different, name)).toMatchObject({ kind: 'ignore', why: 'its numbers hardly repeat: ids' });
    const long = different.map((cell) => `76543210987654${cell}`);
    expect(await column(long, name)).toMatchObject({
      kind: 'ignore',
      why: expect.stringMatching(/^its texts hardly repeat: ids/),
    });
    const some = different.map((cell, i) => (i % 4 === 0 ? cell : ''));
    expect((await column(some, name)).kind).toBe('ignore');
  });
  test.each(['idle', 'width', 'valid', 'humid', 'covid', 'grid', 'id_count', 'mid'])('%s is no id', async (name) => {
    expect((await column(repeating, name)).kind).toBe('number');
  });
  test('numbers with decimals are amounts, and whole ones with a point are ids', async () => {
    expect(
      (
        await column(
          repeating.map((cell) => `${cell}.5`),
          'user_id',
        )
      ).kind,
    ).toBe('number');
    const { kind, values, data } = await column([...repeating.map((cell) => `${cell}.0`), ''], 'user_id');
    expect([kind, values[1], values.at(-1)]).toEqual(['category', '1007', null]);
    expect(['1007.0', '1007', 1007, null].map(textReader(data))).toEqual(['1007', '1007', '1007', null]);
  });
  test('of records', async () => {
    const table = await readTable(many(60, (i) => ({ user_id: (i * 7) % 13, y: i % 5 })));
    expect([table.columns[0]!.kind, table.row(1)['user_id']]).toEqual(['category', '7']);
  });
});

describe('row names of programs', () => {
  const first = async (name: string, at: (i: number) => number, columns = 3) => {
    const lines = many(25, (i) => [at(i), (i * 7) % 5, (i * 3) % 4].slice(0, columns).join(','));
    return (await readTable(`${[name, 'a', 'b'].slice(0, columns).join(',')}\n${lines.join('\n')}`)).columns[0]!;
  };
  test('X of R, whose rows have been filtered', async () => {
    expect(await first('X', (i) => 3 * i + 2)).toMatchObject({
      kind: 'ignore',
      why: 'it is called X, as R calls it, and its numbers increase: row names',
    });
    expect((await first('X', (i) => i + 1)).kind).toBe('ignore');
    expect((await first('x', (i) => 3 * i + 2)).kind).toBe('number');
    expect((await first('X', (i) => (3 * i) % 7)).kind).toBe('number');
    expect((await first('X', (i) => 3 * i + 2.5)).kind).toBe('number');
    // It is all that there is to predict from.
    expect((await first('X', (i) => 3 * i + 2, 2)).kind).toBe('number');
  });
  test.each(['Unnamed: 0', 'Unnamed: 0.1', '...1', 'rownames'])('%s', async (name) => {
    expect((await first(name, (i) => (i * 7) % 25)).kind).toBe('ignore');
  });
});

describe('a column most of whose cells are numbers', () => {
  const cells = many(40, (i) => (i % 10 === 3 ? `5' ${i}"` : String(150 + i / 2)));
  test('says so, and how to use it', async () => {
    const { kind, why } = await column(cells, 'height');
    expect(kind).not.toBe('number');
    expect(why).toContain(
      `36 of 40 cells are numbers, 4 are not, such as "5' 3"": kinds: { height: 'number' } takes these for missing`,
    );
  });
  test('asked for, the others are missing, and a note says so', async () => {
    const { kind, values, notes, data } = await column(cells, 'height', { kinds: { height: 'number' } });
    expect([kind, values.slice(2, 5)]).toEqual(['number', [151, null, 152]]);
    expect(notes).toEqual([
      `Column "height": 4 of 40 cells are no numbers, such as "5' 3"", and are taken for missing.`,
    ]);
    // Of records too.
    expect(['5\' 9"', '180', 'tall', null].map(numberReader(data))).toEqual([Number.NaN, 180, Number.NaN, Number.NaN]);
  });
  test('half of them is enough, less is not', async () => {
    const o = { kinds: { x: 'number' } } as const;
    expect((await column(['1', '', 'a'], 'x', o)).values).toEqual([1, null, null]);
    await expect(column(['1', 'b', 'a'], 'x', o)).rejects.toThrow('row 3, column "x" is "b", no number');
    expect((await column(['1', 'b', 'c', 'a'])).why).not.toMatch(/cells are numbers/);
    expect((await column(['02134', '10001', 'K1A', 'K2B'])).why).not.toMatch(/cells are numbers/);
  });
});

describe('times', () => {
  test.each([
    [
      ['03:21', '23:59'],
      [12_060, 86_340],
    ],
    [
      ['03:21:45.5', '24:00:00'],
      [12_105.5, 86_400],
    ],
    [
      ['3:21 PM', '12:00 am'],
      [55_260, 0],
    ],
    [
      ['12:30 p.m.', '1:05a.m.'],
      [45_000, 3900],
    ],
    [
      ['36:10:05', '-'],
      [130_205, null],
    ],
  ] as [string[], (number | null)[]][])('%j', async (cells, seconds) => {
    const { kind, values, why, data } = await column(cells);
    expect([kind, values]).toEqual(['number', seconds]);
    expect(why).toMatch(/^times, in seconds/);
    expect(cells.map(numberReader(data))).toEqual(seconds.map((each) => each ?? Number.NaN));
    expect([5, '7'].map(numberReader(data))).toEqual([5, 7]);
  });
  test('what is none', async () => {
    for (const cells of [
      ['16:9', '4:3'],
      ['03:21', '03:61'],
      ['33:21', '03:21'],
      ['13:00 PM', '1:00 PM'],
    ])
      expect((await column(cells)).kind).toBe('category');
    expect(numberReader({ holds: 'number' })('03:21')).toBe(undefined);
  });
});

describe('units', () => {
  test.each([
    [['12 kg', '3.5kg', '-'], [12, 3.5, null], 'numbers in kg; "-" taken for missing'],
    [['3 mins', '1 min'], [3, 1], 'whole numbers in min'],
    [['3°C', '-4 °C'], [3, -4], 'whole numbers in °C'],
    [['1,200 m²', '80 m²'], [1200, 80], 'whole numbers in m² with thousands separators'],
  ] as [string[], (number | null)[], string][])('%j', async (cells, numbers, why) => {
    const found = await column(cells);
    expect([found.kind, found.values]).toEqual(['number', numbers]);
    expect(found.why.startsWith(why.replace(/ with thousands.*/, ''))).toBe(true);
    expect(cells.map(numberReader(found.data))).toEqual(numbers.map((each) => each ?? Number.NaN));
    expect(numberReader(found.data)('5 lb')).toBe(undefined);
  });
  test('two units are none, and that is seen', async () => {
    expect((await column(['12 kg', '3 lb'])).kind).toBe('category');
    const { kind, why } = await column(many(30, (i) => `${i} ${i % 2 ? 'kg' : 'lb'}`));
    expect([kind, why]).toEqual([
      'ignore',
      'each of its texts is another, such as "0 lb": a number that is written alone, as 12.5, or a date, as 2003-03-04, would be used',
    ]);
    expect((await column(['1st', '2nd', '3rd'])).kind).toBe('category');
  });
});

describe('dates', () => {
  test.each([
    [
      ['04MAR2003', '5Apr2003'],
      ['2003-03-04', '2003-04-05'],
    ],
    [
      ['04/Mar/2003', '05/Apr/2003'],
      ['2003-03-04', '2003-04-05'],
    ],
    [
      ['04MAR2003:03:21:00', '05APR2003:00:00:01'],
      ['2003-03-04T03:21:00Z', '2003-04-05T00:00:01Z'],
    ],
    [
      ['4-Mar-2003', 'March 4, 2004'],
      ['2003-03-04', '2004-03-04'],
    ],
    [
      ['2010Q4', '2011 Q1'],
      ['2010-10-01', '2011-01-01'],
    ],
    [
      ['Q4 2010', 'Q1-2011'],
      ['2010-10-01', '2011-01-01'],
    ],
    [
      ['20170404', '20161231'],
      ['2017-04-04', '2016-12-31'],
    ],
  ])('%j', async (cells, days) => {
    const { kind, values, data } = await column(cells);
    expect([kind, values]).toEqual(['date', days.map((day) => new Date(day))]);
    expect(cells.map(numberReader(data))).toEqual(days.map((day) => Date.parse(day)));
  });
  test('whole numbers of which one is no day are numbers', async () => {
    expect((await column(['20170404', '20170231'])).kind).toBe('number');
    expect((await column(['20170404', '1'])).kind).toBe('number');
    expect((await column(['20170404', '20161231'], 'x', { kinds: { x: 'number' } })).values[0]).toBe(20_170_404);
    expect((await column(['20170404', '', '20161231'])).why).toBe(
      "dates written as 20170404; kinds: { x: 'number' } overrules it",
    );
  });
});

test('free text says how it is used', async () => {
  const { kind, why } = await column(
    many(25, (i) => `The ${i}. guest would have liked a larger room with a view`),
    'review',
  );
  expect([kind, why]).toEqual([
    'text',
    'free text: sentences that hardly repeat; encode: { columns: { review: {} } } learns from its words',
  ]);
});

describe('files that are no text', () => {
  const bytes = (...parts: (string | number[])[]) =>
    Uint8Array.from(
      parts.flatMap((part) => (typeof part === 'string' ? Array.from(part, (c) => c.charCodeAt(0)) : part)),
    );
  const zeros = new Array(20).fill(0);
  test.each([
    ['R', bytes('X\n', [0, 0, 0, 3, 0, 4, 1, 2]), /R's own files.*write\.csv/],
    ['RData', bytes('RDX3\nX\n', zeros), /R's own files/],
    ['PNG', bytes([0x89], 'PNG\r\n', zeros), /an image/],
    ['JPEG', bytes([0xff, 0xd8, 0xff, 0xe0], zeros), /an image/],
    ['PDF', bytes('%PDF-1.7\n'), /PDF/],
    ['pickle', bytes([0x80, 4, 0x95], zeros), /pickle.*pandas/],
    ['npy', bytes([0x93], 'NUMPY', [1, 0]), /numpy/],
    ['HDF5', bytes([0x89], 'HDF\r\n'), /HDF5/],
    ['bzip2', bytes('BZh91AY&SY', zeros), /bzip2/],
    ['zip', bytes('PK', [5, 6], zeros), /zip/],
    ['ORC', bytes('ORC', zeros), /Parquet/],
  ])('%s', async (_, file, message) => {
    await expect(readTable(file)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(message),
    });
  });
  test('random bytes', async () => {
    let state = 7;
    const random = Uint8Array.from({ length: 5000 }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state & 255;
    });
    await expect(readTable(random)).rejects.toThrow('readTable: the file is no text and no format that is read');
  });
  test('texts that begin like them', async () => {
    for (const name of ['ORC', 'BZh', 'Rar!', 'GIF8', 'RDX', 'Obj'])
      expect((await readTable(bytes(`${name},b\n1,2\n3,4\n`))).columns[0]!.name).toBe(name);
    expect((await readTable(bytes('a\x1fb\n1\x1f2\n3\x1f4\n'.repeat(20)))).rows).toBe(59);
  });
});
