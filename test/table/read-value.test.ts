// Values of records are read as readTable reads the same cells.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTable } from '../../src/table/index.js';
import { numberReader, textReader } from '../../src/table/read-value.js';

const { NaN: missing, POSITIVE_INFINITY } = Number;

test.each([
  [
    'a;b\n1,5;x\n1.234,5;y\n-;z\n',
    ['1,5', '1.234,5', '-', 'NA', '', 7, null, 'x', missing],
    [1.5, 1234.5, missing, missing, missing, 7, missing, undefined, missing],
  ],
  ['a,b\nyes,x\nno,y\n,z\n', ['yes', 'NO', '', true, 'maybe', null], [1, 0, missing, 1, undefined, missing]],
  [
    'a,b\n31/1/2000,x\n1/2/2000,y\n-,z\n',
    ['31/1/2000', '1/2/2000', '-', '2000-01-01', new Date(5), 'x'],
    [Date.UTC(2000, 0, 31), Date.UTC(2000, 1, 1), missing, Date.UTC(2000, 0, 1), 5, undefined],
  ],
  ['a,b\n$5,x\n"$1,000",y\n7,z\n', ['$5', '6', '1e3', 5n, POSITIVE_INFINITY], [5, 6, 1000, 5, undefined]],
] as [string, unknown[], unknown[]][])('%j', async (text, values, numbers) => {
  const column = (await readTable(text)).column('a');
  const read = numberReader(column);
  expect(values.map(read)).toEqual(numbers);
  const strings = values.filter((value) => typeof value === 'string');
  // As when the table has the cell.
  for (const value of strings) {
    const expected = read(value);
    if (expected === undefined) continue;
    const delimiter = text.includes(';') ? ';' : ',';
    const again = await readTable(`${text}"${value}"${delimiter}w\n`);
    const { values: all } = again.column('a').cells as { values: Float64Array };
    expect([value, all[3]]).toEqual([value, expected]);
  }
});

test('texts', async () => {
  const column = (await readTable('a,b\nx,1\nNA,2\n1.0,3\nNone,4\nx,5\n', { missing: ['None'] })).column('a');
  const read = textReader(column);
  expect(['x', ' x ', 'NA', 'None', 1, true, null, Number.NaN, [1], new Date(0)].map(read)).toEqual([
    'x',
    'x',
    null,
    null,
    '1',
    'true',
    null,
    null,
    undefined,
    '1970-01-01T00:00:00.000Z',
  ]);
  const only = textReader((await readTable('a,b\nNA,1\nDE,2\nNA,3', { missing: { only: [] } })).column('a'));
  expect(['NA', ''].map(only)).toEqual(['NA', null]);
});

test('any number as it is written', () => {
  const read = numberReader({ holds: 'number' });
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => read(String(value)) === value));
});
