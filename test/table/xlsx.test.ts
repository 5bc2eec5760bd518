// Workbooks as people and programs make them.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readTable } from '../../src/table/index.js';
import { workbook } from '../helpers/workbook.js';

const file = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../golden/formats/${name}`, import.meta.url)));

/** Rows of cells: texts, numbers, or XML of the cell. Empty ones are not written. */
const rowsOf = (...rows: readonly (readonly (string | number)[])[]): string =>
  rows
    .map((cells) => {
      const all = cells.map((cell) =>
        typeof cell === 'number'
          ? `<c><v>${cell}</v></c>`
          : cell.startsWith('<')
            ? cell
            : cell === ''
              ? '<c/>'
              : `<c t="inlineStr"><is><t>${cell}</t></is></c>`,
      );
      return `<row>${all.join('')}</row>`;
    })
    .join('');

test('a sheet as people make it, by openpyxl: a title, two rows of names, merged cells, blank rows, dates from 1904', async () => {
  const table = await readTable(file('people.xlsx'));
  expect(table.data.notes).toEqual([
    'Row 2 of the sheet is taken for a title: "Sales of 2024".',
    '1 blank row of the sheet is left out.',
    'The cell D7 is taken for missing: the formula failed.',
    'The cell C7 is taken for missing: the formula has no saved value. Open the file in Excel and save it.',
  ]);
  expect(Array.from({ length: table.rows }, (_, row) => table.row(row))).toEqual([
    { City: 'Lyon', 'Sales 2023': 1.5, 'Sales 2024': 7, Opened: new Date('2000-01-31'), 'column 5': null },
    // A formula that was never computed, and an error.
    { City: 'Zürich', 'Sales 2023': null, 'Sales 2024': null, Opened: new Date('1999-12-31T06:30Z'), 'column 5': null },
    // A time of the day, in seconds.
    { City: 'Århus & <Oslo>', 'Sales 2023': 0.1, 'Sales 2024': 1e300, Opened: null, 'column 5': 45_000 },
  ]);
  await expect(readTable(file('people.xlsx'), { kinds: { City: 'number' } })).rejects.toThrow(/^readTable: row 6, /);
  await expect(readTable(file('people.xlsx'), { kinds: { Opened: 'number' }, ignore: ['City'] })).rejects.toThrow(
    /row 6/,
  );
});

test.each<[string, string, number]>([
  ['a formula of a text without a value', '<c r="B2" t="str"><f>A1</f></c>', 1],
  ['a formula whose value is the empty text', '<c r="B2" t="str"><f>A1</f><v></v></c>', 0],
])('%s', async (_, cell, notes) => {
  const table = await readTable(workbook(rowsOf(['a', 'b'], [1, cell], [2, 5])));
  expect(table.values('b')).toEqual([null, 5]);
  expect(table.data.notes ?? []).toEqual(
    Array(notes).fill(
      'The cell B2 is taken for missing: the formula has no saved value. Open the file in Excel and save it.',
    ),
  );
});

describe('sheets', () => {
  test('the first, one by its name, one by its number', async () => {
    const table = await readTable(file('table.xlsx'));
    expect(table.data.notes).toEqual(['The first of 2 sheets is read: "Obst". sheet: chooses another.']);
    expect((await readTable(file('table.xlsx'), { sheet: 'Obst' })).data.notes).toBeUndefined();
    expect((await readTable(file('table.xlsx'), { sheet: 1 })).rows).toBe(60);
    await expect(readTable(file('table.xlsx'), { sheet: 'obst' })).rejects.toThrow(
      'readTable: sheet: there is no sheet "obst"; there are "Obst", "other"; did you mean Obst?',
    );
    await expect(readTable(file('table.xlsx'), { sheet: 3 })).rejects.toThrow('there is no sheet 3');
    await expect(readTable(file('table.xlsx'), { sheet: 0 })).rejects.toThrow('expected a positive integer');
    await expect(readTable(file('table.xlsx'), { sheet: 2 })).rejects.toThrow('readTable: there are no rows');
  });
});

test('rows that are wholly blank are left out, as in CSV, which is said', async () => {
  const blank = [
    '<row/>',
    '<row><c/><c t="str"><f>""</f><v></v></c></row>',
    '<row><c t="inlineStr"><is><t xml:space="preserve">  </t></is></c><c/></row>',
  ];
  const rows = [rowsOf(['a', 'b'], [1, 'x']), ...blank, rowsOf([2, 'y'], ['', 'z']), ...blank];
  const table = await readTable(workbook(rows.join('')));
  expect(table.head()).toEqual([
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
    { a: null, b: 'z' },
  ]);
  expect(table.data.notes).toEqual(['3 blank rows of the sheet are left out.']);
  await expect(readTable(workbook(rows.join('')), { kinds: { b: 'number' }, missing: ['x'] })).rejects.toThrow(
    'row 6, column "b" is "y"',
  );
});

test('"NA" is a missing cell, as people and pandas.read_excel have it, and that is said', async () => {
  const table = await readTable(workbook(rowsOf(['a', 'b'], [1, 'NA'], [2, 'y'])));
  expect(table.row(0)).toEqual({ a: 1, b: null });
  expect(table.data.notes).toEqual([
    '"NA" in 1 cell of column "b" is taken for missing; missing: { only: [] } keeps it.',
  ]);
});

describe('cells', () => {
  test('formulas by what they gave, booleans, errors, shared and rich texts, escapes, prefixes of names', async () => {
    const rows = `
      <x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" t="s"><x:v>1</x:v></x:c><x:c r="C1" t="str"><x:v>c</x:v></x:c></x:row>
      <x:row r="2"><x:c r="A2"><x:f>1+1</x:f><x:v>2</x:v></x:c><x:c r="B2" t="b"><x:v>1</x:v></x:c><x:c r="C2" t="str"><x:f>"a"</x:f><x:v>a_x000D_b</x:v></x:c></x:row>
      <x:row r="3"><x:c r="A3" t="e"><x:v>#DIV/0!</x:v></x:c><x:c r="B3" t="b"><x:v>0</x:v></x:c><x:c r="C3" t="d"><x:v>2000-01-31</x:v></x:c></x:row>
      <!-- <row> --><x:row r="4"><x:c r="A4"><x:v>1E-3</x:v></x:c><x:c r='C4' t="inlineStr"><x:is><x:r><x:t>p</x:t></x:r><x:r><x:t xml:space="preserve">q &#x3e;</x:t></x:r></x:is></x:c></x:row>`;
    const texts = `<sst><si><t>a&amp;b</t></si><si><r><t>東</t></r><r><t>京</t></r><rPh sb="0" eb="2"><t>とう</t></rPh></si></sst>`;
    const table = await readTable(workbook(rows, '', { 'xl/sharedStrings.xml': texts }));
    expect(table.head()).toEqual([
      { 'a&b': 2, 東京: true, c: 'a\rb' },
      { 'a&b': null, 東京: false, c: '2000-01-31' },
      { 'a&b': 0.001, 東京: null, c: 'pq >' },
    ]);
  });

  test('dates by their formats', async () => {
    const formats = ['yyyy\\-mm\\-dd;@', '[$-409]d\\-mmm', '[h]:mm', '0.00" days"', '#,##0_d', 'mmm yy', 'General'];
    const styles = `<styleSheet><numFmts>${formats.map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${code.replaceAll('"', '&quot;')}"/>`).join('')}</numFmts>
      <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${[0, 14, 21, 22, ...formats.map((_, i) => 164 + i)].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`;
    const cell = (style: number, value: number): string => `<c s="${style}"><v>${value}</v></c>`;
    const names = Array.from({ length: 11 }, (_, i) => `s${i}`);
    const row = (value: number) => names.map((_, i) => cell(i, value));
    const table = await readTable(workbook(rowsOf(names, row(36_556.5), row(59)), '', { 'xl/styles.xml': styles }));
    const day = new Date('2000-01-31T12:00Z');
    // Excel has 29 February 1900, so the days before it are one further.
    expect(table.row(1)).toMatchObject({ s0: 59, s1: new Date('1900-02-28') });
    const seconds = 36_556.5 * 86_400;
    expect(Object.values(table.row(0))).toEqual([
      36_556.5,
      day,
      seconds,
      day,
      day,
      day,
      seconds,
      36_556.5,
      36_556.5,
      day,
      36_556.5,
    ]);
  });

  test('numbers without a header, and a header when it is asked for', async () => {
    const numbers = workbook(rowsOf([2019, 2020], [1, 2], [3, 5]));
    const none = await readTable(numbers);
    expect([none.rows, Object.keys(none.row(0)), none.data.notes?.length]).toEqual([3, ['column 1', 'column 2'], 1]);
    expect((await readTable(numbers, { header: true })).head()).toEqual([
      { 2019: 1, 2020: 2 },
      { 2019: 3, 2020: 5 },
    ]);
  });

  test('a column without a name, further columns below, one name twice', async () => {
    const table = await readTable(workbook(rowsOf(['', 'a', 'a'], ['x', 1, 2], ['y', 3, 5, 'z'])));
    expect(table.head()).toEqual([
      { 'column 1': 'x', a: 1, 'a.1': 2, 'column 4': null },
      { 'column 1': 'y', a: 3, 'a.1': 5, 'column 4': 'z' },
    ]);
  });
});

test.each([
  [workbook('<row><c t="s"><v>7</v></c></row>'), 'FORMAT', /text number 7 of 0$/],
  [workbook('<row><c><v>x</v></c></row>'), 'FORMAT', /x for a number$/],
  [workbook('<row r="1"><c r="XFE1"><v>1</v></c></row>'), 'FORMAT', /a row or a column at 16384/],
  [workbook('<row r="2"/><row r="1"/>'), 'FORMAT', /a row or a column at 1, expected 3/],
  [workbook('<row r="1048577"/>'), 'FORMAT', /at 1048577/],
  [workbook('<row'), 'FORMAT', /a tag within a tag$/],
  [workbook('<!DOCTYPE a [<!ENTITY b "c">]>'), 'FORMAT', /a tag within a tag$/],
  [workbook('', '', { 'xl/workbook.xml': '<workbook/>' }), 'FORMAT', 'readTable: the workbook has no sheets'],
  [workbook(''), 'DATA', 'readTable: there are no rows'],
  [
    file('table.xlsx').subarray(0, 5000),
    'FORMAT',
    'readTable: the xlsx file is broken or cut short: the zip file has no directory',
  ],
] as const)('spoilt workbook %#', async (bytes, code, message) => {
  const read = readTable(bytes);
  await expect(read).rejects.toMatchObject({ code });
  await expect(read).rejects.toThrow(message);
});

test('whole numbers beyond 2^53, of which Excel keeps 15 digits, are texts', async () => {
  const cells = ['<c><v>9007199254740993</v></c>', '<c><v>9007199254740992</v></c>'];
  const rows = rowsOf(['id', 'size'], [cells[0]!, 1e20], [cells[1]!, 5]);
  const { columns } = await readTable(workbook(rows));
  expect(columns[0]).toMatchObject({ kind: 'ignore', why: 'it is always "9007199254740992"' });
  expect(columns[1]).toMatchObject({ kind: 'number', why: 'whole numbers' });
  const asked = await readTable(workbook(rows), { kinds: { id: 'number' } });
  expect(asked.columns[0]?.why).toBe('whole numbers; the last digits of whole numbers beyond 2^53 are lost, as asked');
});
