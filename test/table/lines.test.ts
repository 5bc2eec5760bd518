// The row of the file in which each row of a table stands: lines that are no rows count, as in a spreadsheet.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTable, Table } from '../../src/table/index.js';
import { lineOf, rowOfLine } from '../../src/table/lines.js';

const linesIn = async (text: string, o = {}) => {
  const { data } = await readTable(text, o);
  return Array.from({ length: data.rows }, (_, row) => lineOf(data, row));
};

test.each([
  ['a header and no other line', 'x,y\n1,2\n3,4\n', [2, 3]],
  ['a blank line', 'x,y,t\n11,1,v\n\n22,2,u\n33,3,v\n', [2, 4, 5]],
  ['comments, a title and blank lines', '# made by hand\n#\nx,y\n\n1,2\n  \n\n3,4\n', [5, 8]],
  ['sep=; above the header', 'sep=;\nx;y\n1;2\n3;4\n', [3, 4]],
  ['no header', '1,2\n3,4\n\n5,6\n', [1, 2, 4]],
])('%s', async (_, text, lines) => {
  expect(await linesIn(text)).toEqual(lines);
});

test('a table in step keeps none, and rows that are chosen keep theirs', async () => {
  expect((await readTable('x,y\n1,2\n3,4\n')).data.lines).toBeUndefined();
  expect((await readTable([{ x: 1 }, { x: 2 }])).data.lines).toBeUndefined();
  const table = await readTable('x,y\n1,2\n\n3,4\n\n5,6\n');
  expect(table.select([2, 0]).data.lines).toEqual(Int32Array.of(6, 2));
  expect(() => new Table({ ...table.data, lines: Int32Array.of(1) })).toThrow(
    'Table(data.lines): expected an Int32Array with a number for each row',
  );
});

test('they are the places of the lines that are not blank, and lead back to the rows', async () => {
  const line = fc.constantFrom('1,2', '', '   ', '7,8');
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 60 }), async (lines) => {
      const text = ['x,y', '3,4', ...lines].join('\n');
      const expected = text.split('\n').flatMap((each, i) => (i > 0 && each.trim() !== '' ? [i + 1] : []));
      const { data } = await readTable(text);
      expect(Array.from({ length: data.rows }, (_, row) => lineOf(data, row))).toEqual(expected);
      for (const [row, each] of expected.entries()) expect(rowOfLine(data, each)).toBe(row);
      expect(rowOfLine(data, 1)).toBeUndefined();
    }),
  );
});
