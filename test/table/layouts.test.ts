// Files as R, Excel and numpy write them: separated by spaces, with backslashes before quotes, and with lines above the table.
import { describe, expect, test } from 'vitest';
import { type ReadTableOptions, readTable } from '../../src/table/index.js';

const read = async (text: string, o: ReadTableOptions = {}) => {
  const table = await readTable(text, o);
  const { columns, data } = table;
  return {
    names: columns.map(({ name }) => name),
    kinds: columns.map(({ kind }) => kind),
    rows: table.head(10).map((row) => Object.values(row)),
    notes: data.notes ?? [],
    why: columns.map(({ why }) => why),
  };
};

describe("R's write.table", () => {
  // What R 4 writes for data.frame(x = c(3.5, NA, -1e-5), sex = c('Male', 'Fe male', NA), t = c('he said "hi" to me', 'a, b', 'C:\\dir'), ok = c(TRUE, FALSE, NA)).
  const cells = [
    [3.5, 'Male', 'he said "hi" to me', true],
    [null, 'Fe male', 'a, b', false],
    [-1e-5, null, 'C:\\dir', null],
  ];
  test.each([
    [
      'by default',
      '"x" "sex" "t" "ok"\n"1" 3.5 "Male" "he said \\"hi\\" to me" TRUE\n"2" NA "Fe male" "a, b" FALSE\n"3" -1e-05 NA "C:\\dir" NA\n',
    ],
    [
      'with commas, and quotes twice',
      '"x","sex","t","ok"\n"1",3.5,"Male","he said ""hi"" to me",TRUE\n"2",NA,"Fe male","a, b",FALSE\n"3",-1e-05,NA,"C:\\dir",NA\n',
    ],
  ])('%s', async (_, text) => {
    const { names, rows, kinds, notes, why } = await read(text);
    expect([names, rows]).toEqual([['column 1', 'x', 'sex', 't', 'ok'], cells.map((row, i) => [i + 1, ...row])]);
    expect([kinds[0], why[0]]).toEqual(['ignore', 'it counts the rows: 1, 2, 3 …']);
    expect(notes).toEqual([
      'The header has one name less than the rows have cells: the first column has no name.',
      '"NA" in 1 cell of column "sex" is taken for missing; missing: { only: [] } keeps it.',
    ]);
  });

  test.each([
    ['without row names', '"x" "sex"\n3.5 "Male"\nNA "Fe male"\n-1e-05 NA\n', ['x', 'sex']],
    ['a single column', '"x"\n"1" 3.5\n"2" NA\n"3" -1e-05\n', ['column 1', 'x']],
    ['a single column, with commas', '"x"\n"1",3.5\n"2",NA\n"3",-1e-05\n', ['column 1', 'x']],
    ['without quotes', 'x ok\n1 3.5 TRUE\n2 NA FALSE\n3 -1e-05 NA\n', ['column 1', 'x', 'ok']],
    ['without quotes and row names', 'x y sex\n1.5 2 Male\n2.5 3 Female\n', ['x', 'y', 'sex']],
    ['without quotes, and words of one letter', `count spray\n${'10 A\n7 B\n'.repeat(5)}`, ['count', 'spray']],
    ['whole numbers alone', 'height weight\n58 115\n59 117\n', ['height', 'weight']],
    ['aligned, as read.table reads it', 'x   y  sex\n1.5 2   Male\n 2.5  3  "Fe male" \n', ['x', 'y', 'sex']],
    ['decimal commas', 'x y z\n1,5 2,5 3\n2,5 3,5 4\n', ['x', 'y', 'z']],
    ['line breaks of Windows', '"x" "y"\r\n1 "a"\r\n2 "b"\r\n', ['x', 'y']],
    ['a tab before the last column', '18.0   8   307.0\t"a b c"\n15.0   4   350.0\t"d e"\n', many(4)],
  ])('%s', async (_, text, names) => {
    expect((await read(text)).names).toEqual(names);
  });

  test('names of rows that are texts', async () => {
    const text = '"a" "b"\n"Mazda RX4" 21 "x"\n"Datsun" 22.8 "y"\n"Valiant" 18 "x"\n';
    const { kinds, why } = await read(text);
    expect([kinds[0], why[0]]).toEqual(['ignore', 'it has no name, and each of its texts is another: row names']);
  });

  test('names of rows that are numbers with decimals', async () => {
    const { kinds, why } = await read('"a" "b"\n"1962.25" 21 "x"\n"1962.5" 22.8 "y"\n"1962.75" 18 "x"\n');
    expect([kinds[0], why[0]]).toEqual(['ignore', 'it has no name, and each of its numbers is another: row names']);
  });

  test.each([
    ['cities', 'New York\nLos Angeles Bay\n'],
    ['cities of two words', 'city name\nNew York\nLos Angeles\nSan Diego\nEl Paso\n'],
    ['cities and zip codes', 'city zip\nNew York 10001\nLos Angeles 90210\nSan Francisco 94105\n'],
    ['amounts', 'net weight\n12 kg\n13 kg\n'],
    ['thousands', 'total\n1 234\n5 678\n'],
    ['amounts of money', 'net price\n12 €\n13 €\n'],
    ['dates', 'first day\nMar 2004\nApr 2005\n'],
    ['times', 'start time\n3:21 PM\n4:21 AM\n'],
    ['flats', 'flat name\nflat 1\nflat 2\nflat 3\nflat 4\nflat 5\nflat 6\n'],
    ['sentences with commas', 'text\nHello, my friend, how\nfoo\nbar, baz\n'],
    ['a single line of a header', 'a b c\n'.repeat(3)],
  ])('one column of %s stays one', async (_, text) => {
    expect((await read(text)).names).toHaveLength(1);
  });

  test('by name', async () => {
    expect((await read('a b\n1 2\n3  4\n', { delimiter: ' ' })).rows).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect((await read('a b c\n1 2 3\n3  4\n', { delimiter: ' ' })).rows[1]).toEqual([3, null, 4]);
  });

  test('much of it, in parts', async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `"${i + 1}" ${i / 4} "a \\"${i % 3}\\" b"  ${i % 7}`);
    const table = await readTable(new TextEncoder().encode(`"x" "t" "y"\n${rows.join('\n')}\n`));
    expect([table.rows, table.row(-1)]).toEqual([40_000, { 'column 1': 40_000, x: 9999.75, t: 'a "0" b', y: 1 }]);
  });
});

describe('a quote behind a backslash', () => {
  test('is part of the cell where it cannot be its end', async () => {
    expect((await read('a,t\n3,"he said \\"hi\\", to me"\n4,"b"\n')).rows[0]).toEqual([3, 'he said "hi", to me']);
    expect((await read('a,t\n3,"C:\\dir\\"\n4,"b ""c"" d"\n')).rows).toEqual([
      [3, 'C:\\dir\\'],
      [4, 'b "c" d'],
    ]);
  });
  test('far into the file', async () => {
    const text = `a,t\n${'1,"x, y"\n'.repeat(60_000)}2,"he said \\"hi\\", to me"\n`;
    expect((await readTable(text)).row(-1)).toEqual({ a: 2, t: 'he said "hi", to me' });
  });
  test('does not mend what is wrong otherwise', async () => {
    await expect(readTable('a,t\n3,"x \\" y"\n4,5,6\n')).rejects.toThrow('row 3 has 3 cells, the table 2 columns');
    await expect(readTable('"a" "b"\n1 "x"y\n2 "z"\n')).rejects.toThrow(/^readTable: row 2: the cell "x"y goes on/);
  });
});

describe('lines above the table', () => {
  const table = [
    ['n', 1, 2.5],
    ['s', 2, 3.5],
  ];
  test.each([
    ['sep=;', 'sep=;\nr;u;p\nn;1;2,5\ns;2;3,5\n', 'The first line, sep=;, names the delimiter and is no row.'],
    [
      'sep= with quotes',
      '"sep=,"\r\nr,u,p\r\nn,1,2.5\r\ns,2,3.5\r\n',
      'The first line, "sep=,", names the delimiter and is no row.',
    ],
    [
      'a comment',
      '# by us, in 2016\nr,u,p\nn,1,2.5\ns,2,3.5\n',
      'The first line begins with # and is taken for a comment.',
    ],
    [
      'comments',
      '#by us\n# it is 1, 2, 3, 4\n\nr,u,p\nn,1,2.5\ns,2,3.5\n',
      'The first 2 lines begin with # and are taken for comments.',
    ],
    ['a header behind #', '# r u p\nn 1 2.5\ns 2 3.5\n', undefined],
    [
      'a title',
      'Sales 2016,,\n,,\nr,u,p\nn,1,2.5\ns,2,3.5\n',
      'What stands above the header is taken for a title: "Sales 2016".',
    ],
    [
      'titles',
      '"Sales, ""all""",,\nof us,,\nr,u,p\nn,1,2.5\ns,2,3.5\n',
      'What stands above the header is taken for a title: "Sales, "all"", "of us".',
    ],
    [
      'a title by itself',
      'Sales 2016\n\nr,u,p\nn,1,2.5\ns,2,3.5\n',
      'What stands above the header is taken for a title: "Sales 2016".',
    ],
  ])('%s', async (_, text, note) => {
    const { names, rows, notes } = await read(text);
    expect([names, rows, notes]).toEqual([['r', 'u', 'p'], table, note === undefined ? [] : [note]]);
  });

  test.each([
    ['a header that begins with #', '#chrom,pos\nc1,1\nc2,2\n', ['#chrom', 'pos']],
    ['a column called #', '#,Name,HP\n1,a,45\n2,b,50\n', ['#', 'Name', 'HP']],
    ['colours', '#ff0000,3\n#00ff00,4\n', many(2)],
    ['one column of hashtags', '#a\n#b\nc\n', ['#a']],
    ['a number alone in its row', '5,,\n,3,\n1,2,3\n', many(3)],
    ['rows that are nearly empty', 'a,b,c\n1,,\n2,,3\n', ['a', 'b', 'c']],
  ])('not %s', async (_, text, names) => {
    const found = await read(text);
    expect([found.names, found.notes.filter((note) => !/no header/.test(note))]).toEqual([names, []]);
  });

  test('rows are counted with them', async () => {
    for (const above of ['sep=,\n', '# by us\n', 'Sales 2016,,\n', '# by us\n# in 2016\nSales,,\n\n'])
      await expect(readTable(`${above}r,u,p\nn,1,2.5\ns,x,3.5\n`, { kinds: { u: 'date' } })).rejects.toThrow(
        new RegExp(`row ${above.split('\n').length + 2}, column "u" is "x"`),
      );
    await expect(readTable('# by us\nr,u,p\nn,1,2.5\ns,2\n')).rejects.toThrow('row 4 has 2 cells, the table 3 columns');
  });
});

function many(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `column ${i + 1}`);
}
