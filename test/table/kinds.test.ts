// What readTable takes a column for, and how it is overruled.
import { describe, expect, test } from 'vitest';
import { type Cell, type ReadTableOptions, readTable, type Table } from '../../src/table/index.js';

/** A table of one column of interest, with another that varies, so that no row is blank. */
const column = async (cells: readonly string[], o: ReadTableOptions = {}, name = 'x') => {
  const quoted = cells.map((cell) => `"${cell.replaceAll('"', '""')}"`);
  const table = await readTable(`y,${name}\n${quoted.map((cell, i) => `${(i * 3) % 7},${cell}`).join('\n')}`, o);
  return look(table, name);
};
const look = (table: Table, name: string) => {
  const { kind, why, missing } = table.columns.find((each) => each.name === name)!;
  const cells = Array.from({ length: table.rows }, (_, row) => table.row(row)[name] as Cell);
  return { kind, why, missing, cells, format: table.column(name).format };
};
const many = (count: number, of: (i: number) => string) => Array.from({ length: count }, (_, i) => of(i));

describe('numbers', () => {
  test.each([
    [
      ['1', '2.5', '-3'],
      [1, 2.5, -3],
    ],
    [
      ['+1', '.5', '3.'],
      [1, 0.5, 3],
    ],
    [
      ['1e-3', '2E5', '-1.5e2'],
      [0.001, 200000, -150],
    ],
    [
      ['1,234', '7', '1,234,567'],
      [1234, 7, 1234567],
    ],
    [
      ['1,234.5', '7'],
      [1234.5, 7],
    ],
    [
      ['12%', '3.5 %'],
      [12, 3.5],
    ],
    [
      ['$5.00', '-$3', '$1,200.50'],
      [5, -3, 1200.5],
    ],
    [
      ['($5.00)', '(3)', '1'],
      [-5, -3, 1],
    ],
    [
      ['5 €', '6 €'],
      [5, 6],
    ],
    [
      ['US$5', 'US$6'],
      [5, 6],
    ],
    [
      ['EUR 5', 'EUR 6'],
      [5, 6],
    ],
    [
      ['−5', '−1.5', '2'],
      [-5, -1.5, 2],
    ],
    [
      ["1'234.5", '2'],
      [1234.5, 2],
    ],
    [
      ['1 234.5', '2'],
      [1234.5, 2],
    ],
    [
      ['1\u00a0234', '2\u202f345', '7'],
      [1234, 2345, 7],
    ],
    [
      ['12,34,567', '1'],
      [1234567, 1],
    ],
    [
      ['3,14', '2,5'],
      [3.14, 2.5],
    ],
    [
      ['1.234,5', '2,5'],
      [1234.5, 2.5],
    ],
    [
      ['0,125', '1,250'],
      [0.125, 1.25],
    ],
    [
      [' 1', '2 '],
      [1, 2],
    ],
    [
      ['123456789012345', '1'],
      [123456789012345, 1],
    ],
    [
      ['0.3745401188473625', '0.1'],
      [0.3745401188473625, 0.1],
    ],
    [
      ['1e308', '1'],
      [1e308, 1],
    ],
    [
      ['0', '-0', '00.5'.slice(1)],
      [0, -0, 0.5],
    ],
  ] as [string[], number[]][])('%j', async (cells, values) => {
    const { kind, cells: read } = await column(cells);
    expect([kind, ...read]).toEqual(['number', ...values]);
  });

  test('with a sign for a missing cell', async () => {
    const { kind, cells, why, format } = await column(['1', '-', '.', '3']);
    expect([kind, ...cells]).toEqual(['number', 1, null, null, 3]);
    expect(why).toBe('whole numbers; "-" and "." taken for missing');
    expect(format).toEqual({ missing: ['-', '.'] });
    expect((await column(['a', '-', '.', 'b', 'a'])).cells).toEqual(['a', '-', '.', 'b', 'a']);
  });

  test('infinite ones are missing, and that is said', async () => {
    const { cells, why } = await column(['1', 'inf', '-Infinity', '1e999', '2']);
    expect(cells).toEqual([1, null, null, null, 2]);
    expect(why).toMatch(/inf/);
  });

  test('two currencies are no numbers', async () => {
    expect(await column(['$5', '€6', '$5'])).toMatchObject({ kind: 'category', why: 'texts; amounts in $ and in €' });
  });

  test('codes with leading zeros stay as they are', async () => {
    expect(await column(['02134', '10001', '02134'])).toMatchObject({
      kind: 'category',
      cells: ['02134', '10001', '02134'],
    });
    expect(await column(['02134', '10001', '02134'], { kinds: { x: 'number' } })).toMatchObject({
      kind: 'number',
      cells: [2134, 10001, 2134],
    });
    expect((await column(['12345678901234567890', '1', '1'])).cells[0]).toBe('12345678901234567890');
  });

  test('a word among numbers makes texts, as the file has them', async () => {
    const { kind, cells, why } = await column(['1.0', '2.50', 'None', '1.0', '1e3']);
    expect([kind, ...cells]).toEqual(['category', '1.0', '2.50', 'None', '1.0', '1e3']);
    expect(why).toBe(`texts; "None" is no number; missing: ['None'] if it means a missing cell`);
  });

  test('asked for, a cell that is none is refused by row, column and value', async () => {
    await expect(column(['1', 'x', 'y'], { kinds: { x: 'number' } })).rejects.toThrow(
      `readTable: row 3, column "x" is "x", no number with a decimal point; it is asked to be 'number'; missing: ['x'] takes it for a missing cell`,
    );
  });
});

describe('decimal signs are one decision for a file', () => {
  const kinds = async (text: string, o: ReadTableOptions = {}) => {
    const table = await readTable(text, o);
    return table.columns.map(({ name }) => look(table, name));
  };

  test('an unambiguous comma decides for all columns', async () => {
    const [a, b] = await kinds('a;b\n1,234;3,14\n2,345;2,5\n');
    expect([a!.cells, b!.cells]).toEqual([
      [1.234, 2.345],
      [3.14, 2.5],
    ]);
  });

  test('an unambiguous point makes 1,234 thousands', async () => {
    const [a, b] = await kinds('a;b\n1,234;3.14\n2,345;2.5\n');
    expect([a!.cells, b!.cells]).toEqual([
      [1234, 2345],
      [3.14, 2.5],
    ]);
    expect(a!.why).toBe('whole numbers with thousands separators');
  });

  test('where nothing else settles it, the delimiter does', async () => {
    const [a] = await kinds('a;b\n1,234;3\n2,345;2\n');
    expect(a).toMatchObject({ cells: [1.234, 2.345] });
    expect(a!.why).toBe(
      "numbers with decimal commas; , is the decimal sign: the cells are separated by ;, as where the comma is the decimal sign; decimal: '.' overrules it",
    );
    const [b] = await kinds('a\tb\n1,234\t3\n2,345\t2\n');
    expect(b).toMatchObject({ cells: [1234, 2345] });
    expect(b!.why).toMatch(/decimal: ',' overrules it$/);
    expect((await kinds('a;b\n1.234;3\n2.345;2\n'))[0]).toMatchObject({ cells: [1234, 2345] });
    expect((await kinds('a,b\n1.234,3\n2.345,2\n'))[0]).toMatchObject({ cells: [1.234, 2.345] });
  });

  test('columns that contradict each other: the point, and how to overrule it', async () => {
    const [a, b] = await kinds('a;b\n1.25;3,14\n2.5;2,5\n');
    expect([a!.kind, b!.kind, b!.why]).toEqual([
      'number',
      'category',
      "texts; other columns have decimal points; decimal: ',' reads it as numbers",
    ]);
    const [c, d] = await kinds('a;b\n1.25;3,14\n2.5;2,5\n', { decimal: ',' });
    expect([c!.kind, d!.cells]).toEqual(['category', [3.14, 2.5]]);
  });

  test('a decision that the beginning of the file does not tell', async () => {
    const rows = many(30_000, (i) => `${1 + (i % 9)}.234;${i % 5}`);
    const [a] = await kinds(`a;b\n${rows.join('\n')}\n7;2,5\n`);
    expect(a!.cells.slice(0, 2)).toEqual([1234, 2234]);
    const tabs = rows.map((row) => row.replace(';', '\t'));
    const [b, c] = await kinds(`a\tb\n${tabs.join('\n')}\n7\t2,5\n`);
    expect([b!.cells[0], c!.cells.at(-1)]).toEqual([1234, 2.5]);
    const late = many(30_000, (i) => `${1 + (i % 9)},234;${i % 5}`);
    const [d] = await kinds(`a;b\n${late.join('\n')}\n7;2.5\n`);
    expect(d!.cells.slice(0, 2)).toEqual([1234, 2234]);
  });

  test('a beginning of whole numbers, and then many decimals', async () => {
    const rows = many(150_000, (i) => (i < 20_000 ? `${i}\tx` : `${i},5\tx`));
    const [a] = await kinds(`a\tb\n${rows.join('\n')}\n`);
    expect([a!.kind, a!.cells[5], a!.cells.at(-1)]).toEqual(['number', 5, 149_999.5]);
  });

  test('of records too', async () => {
    const table = await readTable([
      { a: '1.234', b: '0,5' },
      { a: '2', b: '1,5' },
    ]);
    expect(table.row(0)).toEqual({ a: 1234, b: 0.5 });
  });
});

describe('booleans', () => {
  test.each([
    [
      ['yes', 'no', 'Yes'],
      ['no', 'yes'],
      [true, false, true],
    ],
    [
      ['TRUE', 'FALSE', 'FALSE'],
      ['FALSE', 'TRUE'],
      [true, false, false],
    ],
    [
      ['Y', 'N', ''],
      ['N', 'Y'],
      [true, false, null],
    ],
    [
      ['ja', 'nein'],
      ['nein', 'ja'],
      [true, false],
    ],
  ] as [string[], [string, string], Cell[]][])('%j', async (cells, words, values) => {
    const read = await column(cells);
    expect([read.kind, read.format?.words, read.cells]).toEqual(['boolean', words, values]);
  });

  test('two other words are categories, unless asked for', async () => {
    expect((await column(['male', 'female', 'male'])).kind).toBe('category');
    expect(await column(['male', 'female', 'male'], { kinds: { x: 'boolean' } })).toMatchObject({
      cells: [true, false, true],
      format: { words: ['female', 'male'] },
    });
    expect((await column(['0', '1', '1'], { kinds: { x: 'boolean' } })).cells).toEqual([false, true, true]);
    await expect(column(['a', 'b', 'c'], { kinds: { x: 'boolean' } })).rejects.toThrow(
      `readTable: row 4, column "x" is "c", neither "a" nor "b"; it is asked to be 'boolean'`,
    );
  });
});

describe('dates', () => {
  test.each([
    [
      ['2000-01-31', '2001-12-01'],
      ['2000-01-31', '2001-12-01'],
    ],
    [
      ['2000/1/31', '2001/12/1'],
      ['2000-01-31', '2001-12-01'],
    ],
    [
      ['2000-01-31T10:20:30.5Z', '2001-12-01 01:02'],
      ['2000-01-31T10:20:30.500Z', '2001-12-01T01:02'],
    ],
    [
      ['2000-01-31T10:20:30+02:00', '2001-12-01'],
      ['2000-01-31T08:20:30Z', '2001-12-01'],
    ],
    [
      ['31/1/2000', '1/2/2000'],
      ['2000-01-31', '2000-02-01'],
    ],
    [
      ['1/31/2000', '1/2/2000'],
      ['2000-01-31', '2000-01-02'],
    ],
    [
      ['01.02.2000', '03.04.2000'],
      ['2000-02-01', '2000-04-03'],
    ],
    [
      ['Jan 1 2000', 'Feb 29 2000'],
      ['2000-01-01', '2000-02-29'],
    ],
    [
      ['January 1, 2000', 'Sept 3, 2001'],
      ['2000-01-01', '2001-09-03'],
    ],
    [
      ['1-Jan-99', '2-Feb-01'],
      ['1999-01-01', '2001-02-02'],
    ],
    [
      ['Sat, 01 Jan 2000 10:00:00 GMT', 'Sun, 02 Jan 2000 00:00:00 GMT'],
      ['2000-01-01T10:00', '2000-01-02'],
    ],
    [
      ['1/31/2000 1:05 PM', '1/2/2000 12:00 am'],
      ['2000-01-31T13:05', '2000-01-02'],
    ],
    [
      ['2000-01', '2000-12'],
      ['2000-01-01', '2000-12-01'],
    ],
    [
      ['Aug 2000', 'Dec 2001'],
      ['2000-08-01', '2001-12-01'],
    ],
  ] as [string[], string[]][])('%j', async (cells, dates) => {
    const read = await column(cells);
    const utc = (text: string) => new Date(/T.*\d$/.test(text) ? `${text}Z` : text);
    expect([read.kind, ...read.cells]).toEqual(['date', ...dates.map(utc)]);
  });

  test('without a settled order they are left out, and that is said', async () => {
    const read = await column(['1/2/2000', '3/4/2001']);
    expect([read.kind, read.why]).toEqual([
      'ignore',
      "dates such as 1/2/2000, with the day or the month first: dates: 'dmy' or 'mdy' settles it",
    ]);
    expect((await column(['1/2/2000', '3/4/2001'], { dates: 'dmy' })).cells[0]).toEqual(new Date('2000-02-01'));
    expect((await column(['1/2/2000', '3/4/2001'], { dates: 'mdy' })).cells[0]).toEqual(new Date('2000-01-02'));
    await expect(column(['1/2/2000', '3/4/2001'], { kinds: { x: 'date' } })).rejects.toThrow(
      `readTable: the dates of column "x" may have the day or the month first, such as "1/2/2000"; say dates: 'dmy' or 'mdy'`,
    );
  });

  test('another column settles the order', async () => {
    const table = await readTable('a,b\n1/2/2000,31/1/2000\n3/4/2000,2/2/2000\n');
    expect(table.row(0)['a']).toEqual(new Date('2000-02-01'));
    expect(table.columns[0]!.why).toBe('dates, day first, as in another column');
  });

  test('both orders are none', async () => {
    expect((await column(['31/1/2000', '1/31/2000'])).kind).toBe('category');
    expect((await column(['2000-02-30', '2000-01-01'])).kind).toBe('category');
  });

  test('years and days in digits, if asked for', async () => {
    expect((await column(['1990', '2001'], { kinds: { x: 'date' } })).cells).toEqual([
      new Date('1990-01-01'),
      new Date('2001-01-01'),
    ]);
    expect((await column(['19900131', '20011201'], { kinds: { x: 'date' } })).cells[0]).toEqual(new Date('1990-01-31'));
    await expect(column(['2000-01-01', 'x'], { kinds: { x: 'date' } })).rejects.toThrow(
      `readTable: row 3, column "x" is "x", no date; it is asked to be 'date'`,
    );
  });
});

describe('what is left out', () => {
  test('empty and constant columns', async () => {
    expect(await column(['', 'NA', '?'])).toMatchObject({ kind: 'ignore', why: 'it is empty: every cell is missing' });
    expect(await column(['5', '5', '5'])).toMatchObject({ kind: 'ignore', why: 'it is always 5' });
    expect(await column(['a', 'a', 'a'])).toMatchObject({ kind: 'ignore', why: 'it is always "a"' });
    // That a cell is missing says something.
    expect((await column(['5', '', '5'])).kind).toBe('number');
    expect((await column(['a', '', 'a'])).kind).toBe('category');
  });

  test('row names', async () => {
    const rows = many(25, (i) => `${i + 1},${(i * 7) % 5},${(i * 3) % 4}`);
    const first = look(await readTable(`n,a,b\n${rows.join('\n')}`), 'n');
    expect([first.kind, first.why]).toEqual(['ignore', 'it counts the rows: 1, 2, 3 …']);
    const few = look(await readTable(`n,a,b\n${rows.slice(0, 5).join('\n')}`), 'n');
    expect(few.kind).toBe('number');
    const unnamed = look(await readTable(`,a,b\n7,1,2\n3,4,5\n5,1,5\n`), 'column 1');
    expect([unnamed.kind, unnamed.why]).toEqual([
      'ignore',
      'it has no name, and each of its numbers is another: row names',
    ]);
    expect(await column(['7', '3', '5'], {}, 'PassengerId')).toMatchObject({ kind: 'ignore' });
    expect(await column(['7', '3', '5'], {}, 'customer_id')).toMatchObject({ kind: 'ignore' });
    expect(await column(['7', '3', '5'], {}, 'humid')).toMatchObject({ kind: 'number' });
    expect(await column(['7', '3', '5'], { kinds: { id: 'number' } }, 'id')).toMatchObject({ kind: 'number' });
  });

  test('names, and free text', async () => {
    expect(await column(many(25, (i) => `car ${i}`))).toMatchObject({
      kind: 'ignore',
      why: 'each of its texts is another: names or ids',
    });
    expect((await column(many(15, (i) => `car ${i}`))).kind).toBe('category');
    const sentence = (i: number) => `The ${i}. guest would have liked a larger room with a view`;
    expect((await column(many(25, sentence))).kind).toBe('text');
    expect((await column(many(200, (i) => sentence(i % 4)))).kind).toBe('category');
  });

  test('what the caller leaves out, or asks for', async () => {
    expect(await column(['1', '2', '1'], { ignore: ['x'] })).toMatchObject({
      kind: 'ignore',
      why: 'left out, as asked',
      cells: [1, 2, 1],
    });
    expect(await column(['1.0', '2.50', '1.0'], { kinds: { x: 'category' } })).toMatchObject({
      kind: 'category',
      cells: ['1.0', '2.50', '1.0'],
    });
    await expect(column(['1'], { ignore: ['z'] })).rejects.toThrow(
      'readTable: there is no column "z"; there are "y", "x"',
    );
    await expect(column(['1'], { kinds: { x: 'float' as 'number' } })).rejects.toThrow('did you mean number?');
  });
});

describe('missing cells', () => {
  test("pandas' words and ?, but not None", async () => {
    expect(
      (await column(['', 'NA', 'N/A', 'NaN', 'nan', 'null', '<NA>', '#N/A', '?', ' ', 'None', 'a'])).cells,
    ).toEqual([...many(10, () => '').fill(null as never), 'None', 'a']);
  });

  test('more words, or others', async () => {
    expect((await column(['1', 'None', '3'], { missing: ['None'] })).cells).toEqual([1, null, 3]);
    expect((await column(['NA', 'DE', '', 'NA'], { missing: { only: [] } })).cells).toEqual(['NA', 'DE', null, 'NA']);
    expect((await column(['NA', 'x', 'y'], { missing: { only: ['x'] } })).cells).toEqual(['NA', null, 'y']);
  });
});
