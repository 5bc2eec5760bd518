// Comma-separated values: quotes, headers, categories, and errors with row and column.
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { formatCsv } from '../../src/data/csv.js';
import { isNumber } from '../../src/data/csv-columns.js';
import { rowsOf } from '../../src/data/csv-rows.js';
import { type CsvOptions, parseCsv } from '../../src/data/index.js';

const flowers = 'length,width,species\n5.1,3.5,setosa\n7,3.2,"versi,color"\r\n6.3,3.3,"a ""rare"" one"\n';

test('numbers, names and a target with quotes', () => {
  const { names, x, target } = parseCsv(flowers, { target: 'species' });
  expect(names).toEqual(['length', 'width']);
  expect(x.data).toEqual(Float32Array.of(5.1, 3.5, 7, 3.2, 6.3, 3.3));
  expect(target).toEqual(['setosa', 'versi,color', 'a "rare" one']);
});

test('without a header, by number; a byte order mark, semicolons, empty lines and spaces', () => {
  const { names, x, target } = parseCsv('\uFEFF1; 2 ;3\n\n4;5;6\n', { target: 2 });
  expect(names).toEqual(['column 0', 'column 1']);
  expect(x.toArrays()).toEqual([
    [1, 2],
    [4, 5],
  ]);
  expect(target).toEqual([3, 6]);
});

test('categories become columns of 0 and 1', () => {
  const { names, x } = parseCsv('color,size\nred,1\nblue,2\nred,3');
  expect(names).toEqual(['color=blue', 'color=red', 'size']);
  expect(x.toArrays()).toEqual([
    [0, 1, 1],
    [1, 0, 2],
    [0, 1, 3],
  ]);
});

test('chosen columns in the order asked for', () => {
  expect(parseCsv(flowers, { target: 'species', columns: ['width', 0] }).names).toEqual(['width', 'length']);
});

test('which columns lack cells in the rows that were left out', () => {
  const text = 'a,b,c,d\n1,2,x,\n,NA,y,1\n4,NA,x,1\n5,6,?,1\n7,8,z,1';
  const { skipped, lacking } = parseCsv(text, { target: 'c', columns: ['a', 'b'], missing: 'skip' });
  expect([skipped, lacking]).toEqual([3, { a: 1, b: 2, c: 1 }]);
  expect(parseCsv('a,b\n1,2', { missing: 'skip' }).lacking).toEqual({});
  expect(() => parseCsv('a,b\n,2\n,NA', { missing: 'skip' })).toThrow(
    'every row from row 2 on has a missing cell: column "a" lacks 2 cells, column "b" 1',
  );
});

test('rows with missing cells are left out where that is asked for', () => {
  const { x, target } = parseCsv('a,b,c\n1,2,x\n,3,y\n4,NA,x\n5,6,\n7,8,z', { target: 'c', missing: 'skip' });
  expect(x.toArrays()).toEqual([
    [1, 2],
    [7, 8],
  ]);
  expect(target).toEqual(['x', 'z']);
});

describe('what is wrong is named', () => {
  test.each<[string, CsvOptions | undefined, string, string]>([
    [
      'a,b\n1,2\n,3',
      undefined,
      'DATA',
      'parseCsv: row 3, column "a" is missing. missing: \'skip\' leaves such rows out',
    ],
    ['a,b\n1,?\n,3', undefined, 'DATA', 'parseCsv: row 2, column "b" is missing, and 1 more rows have missing cells'],
    ['a,b\n1,2\n3,x\n4,5', undefined, 'DATA', 'parseCsv: row 3, column "b" is "x", expected a number'],
    ['a,b\n1,2\n3,1e39', undefined, 'DATA', 'parseCsv: row 3, column "b" is "1e39", expected a number'],
    ['a,b\n1,2\n3', undefined, 'FORMAT', 'parseCsv: row 3 has 1 cells, row 1 has 2'],
    ['a,b\n1,"2', undefined, 'FORMAT', 'parseCsv: row 2: the cell "2 opens with a quote that is never closed'],
    [
      'a,b\n"1"x,2\n3,4',
      undefined,
      'FORMAT',
      'parseCsv: row 2: the cell "1"x,2 goes on behind the quote that closes it',
    ],
    ['a,a\n1,2', undefined, 'FORMAT', 'parseCsv: two columns are called "a"'],
    ['', undefined, 'DATA', 'parseCsv: the text holds no rows'],
    ['a,b', undefined, 'DATA', 'parseCsv: there are no rows below the header'],
    [
      flowers,
      { target: 'petal' },
      'ARGUMENT',
      'parseCsv(target): no column "petal" among "length", "width", "species"',
    ],
    [flowers, { target: 7 }, 'ARGUMENT', 'parseCsv(target): no column 7 among'],
    [flowers, { columns: ['nothing'] }, 'ARGUMENT', 'parseCsv(columns): no column "nothing" among'],
    ['a\n1', { target: 'a' }, 'DATA', 'parseCsv: there is no column to predict from'],
    [flowers, { sep: ',' } as never, 'ARGUMENT', 'parseCsv: unknown option "sep"'],
    [
      `name,y\n${Array.from({ length: 300 }, (_, i) => `n${i},1`).join('\n')}`,
      { target: 'y' },
      'DATA',
      'parseCsv: column "name" has 300 different texts, at most 256 categories are allowed',
    ],
  ])('%j %j', (text, options, code, message) => {
    expect(() => parseCsv(text, options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('a text that is none', () => {
    expect(() => parseCsv(7 as never)).toThrow('parseCsv(text): expected a string, got 7');
  });
});

test('what formatCsv has written is read back', () => {
  const cell = fc.string({ maxLength: 8 }).map((text) => `t${text.replace(/[\r\n\0]/g, '').trimEnd()}`);
  const rows = fc.array(fc.tuple(cell, fc.integer()), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(rows, (cells) => {
      const named = [['label', 'number', 'one'], ...cells.map(([label, number]) => [label, number, 1])];
      const text = formatCsv(named);
      // Not with the numbers beside a target: those that float32 does not tell apart are refused there.
      const { target } = parseCsv(text, { target: 'label', columns: ['one'], delimiter: ',' });
      expect(target).toEqual(cells.map(([label]) => label));
      const { x } = parseCsv(text, { columns: ['number'], delimiter: ',' });
      expect(Array.from(x.data)).toEqual(cells.map(([, number]) => Math.fround(number)));
    }),
  );
});

test('part by part the rows are those of the whole', () => {
  // Some parts end within a quoted cell, between two quotes or \r and \n, or hold no whole row.
  const cell = fc.oneof(
    fc.constantFrom('', '"', '"",', '\r\n', ' x', '7'),
    fc
      .tuple(fc.constantFrom('a', '"', '\r\n', 'é,'), fc.integer({ min: 1, max: 70_000 }))
      .map(([unit, n]) => unit.repeat(n)),
  );
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(rows, (table) => {
      const text = Papa.unparse([['a', 'b'], ...table]);
      const whole = Papa.parse<string[]>(text, { delimiter: ',' }).data;
      const expected = whole.map((cells, i) => ({ cells, row: i + 1 }));
      const filled = expected.filter(({ cells }) => cells.some((one) => one.trim() !== ''));
      expect([...rowsOf(text, ',')]).toEqual(filled);
    }),
    { numRuns: 60 },
  );
});

test('numbers are texts where a column is of texts, as they stand in the file', () => {
  const text = 'kind,y\nx,1.50\ny,no\n01,2\nx,3\n';
  const { names, x, target } = parseCsv(text, { target: 'y' });
  expect(names).toEqual(['kind=01', 'kind=x', 'kind=y']);
  expect(x.toArrays()).toEqual([
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
  ]);
  expect(target).toEqual(['1.50', 'no', '2', '3']);
  expect(parseCsv('k,y\n1,2\n01,3', { features: ['k=01', 'k=1'], target: 'y' }).x.toArrays()).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

describe('first-contact rows 12 and 13: what is large in one direction', () => {
  // test/torture/growth fits the time. Code with quadratic time took minutes for these.
  test.each(['1', '1.', '.1', '1e1', '-1'])('cells of %s over and over and an x are texts', (part) => {
    const cell = `${part.repeat(100_000)}x`;
    const { names } = parseCsv(`a,b\n${cell},1\n${cell},2\n`);
    expect(names).toEqual([`a=${cell}`, 'b']);
  });

  test('two rows of 200,000 columns', () => {
    const line = (cell: (c: number) => unknown): string => Array.from({ length: 200_000 }, (_, c) => cell(c)).join();
    const { names, x } = parseCsv(`${line((c) => `c${c}`)}\n${line((c) => c % 7)}\n`);
    expect([names.length, x.rows, x.columns, x.data[8]]).toEqual([200_000, 1, 200_000, 1]);
  });

  test('what a number is, as JavaScript reads it', () => {
    const cell = fc.array(fc.constantFrom('1', '0', '.', 'e', 'E', '+', '-', 'x'), { maxLength: 7 });
    fc.assert(
      fc.property(cell, (parts) => {
        const text = parts.join('');
        // Not its hexadecimal and binary numbers.
        const right = text !== '' && !/x/.test(text) && !Number.isNaN(Number(text));
        expect(isNumber(text)).toBe(right);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('first-contact row 87: encoded names cannot clash', () => {
  const text = 'a,a=x,y\nx,5,0\nz,6,1\nx,7,0\n';
  const expected = [
    [1, 0, 5],
    [0, 1, 6],
    [1, 0, 7],
  ];

  test('a number in a column called a=x, beside the category x of a column a', () => {
    const { names, x } = parseCsv(text, { columns: ['a', 'a=x'] });
    expect(names).toEqual(['a=x', 'a=z', '"a=x"']);
    expect(x.toArrays()).toEqual(expected);
    expect(parseCsv(text, { features: names })).toEqual(parseCsv(text, { columns: ['a', 'a=x'] }));
    const turned = [...names].reverse();
    expect(parseCsv(text, { features: turned }).x.toArrays()).toEqual(expected.map((row) => [...row].reverse()));
  });

  test('of any tables: names differ, and bring the same columns back', () => {
    const name = fc
      .array(fc.constantFrom('a', '=', '"', '\\', 'b'), { minLength: 1, maxLength: 4 })
      .map((c) => c.join(''));
    const column = fc.record({
      name,
      cells: fc.oneof(fc.constant(['7', '8', '9']), fc.array(name, { minLength: 3, maxLength: 3 })),
    });
    fc.assert(
      fc.property(fc.uniqueArray(column, { minLength: 1, maxLength: 4, selector: (c) => c.name }), (columns) => {
        const rows = [0, 1, 2].map((row) => columns.map(({ cells }) => cells[row] as string));
        const table = formatQuoted([columns.map((c) => c.name), ...rows]);
        const first = parseCsv(table, { header: true, delimiter: ',' });
        expect(new Set(first.names).size).toBe(first.names.length);
        expect(parseCsv(table, { header: true, delimiter: ',', features: first.names })).toEqual(first);
      }),
    );
  });

  test('names that 0.1.0 wrote are read still', () => {
    const old = 'b=d,c=e,n\n5,u,1\n6,v,2\n';
    const features = ['b=d', 'c=e=u', 'c=e=v', 'n'];
    const { names, x } = parseCsv(old, { features });
    expect(names).toEqual(features);
    expect(x.toArrays()).toEqual([
      [5, 1, 0, 1],
      [6, 0, 1, 2],
    ]);
  });
});

describe('first-contact row 6: seconds since 1970', () => {
  const text = `t,n,y\n${Array.from({ length: 50 }, (_, i) => `${1.7e9 + i},${i},${i % 2}`).join('\n')}\n`;

  test('are refused in what is to be trained on', () => {
    expect(() => parseCsv(text, { target: 'y' })).toThrow(
      'parseCsv: column "t" ranges from 1700000000 to 1700000049, and float32 rounds its numbers by up to 49; subtract a constant first, such as 1700000000, or leave the column out with the columns option',
    );
    expect(parseCsv(text, { target: 'y', columns: ['n'] }).x.columns).toBe(1);
  });

  test('are read for a model that is there, whose range was another', () => {
    expect(parseCsv(text, { features: ['t', 'n'], target: 'y' }).x.rows).toBe(50);
  });
});

/** Writes every cell in quotes. */
const formatQuoted = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join()).join('\n');

describe('whole numbers beyond 2^53 as labels', () => {
  const table = (labels: string[]) => `x,id\n${labels.map((label, i) => `${i},${label}\n`).join('')}`;
  const read = (...labels: string[]) => parseCsv(table(labels), { target: 'id' }).target;

  test('are refused where float64 does not hold them: two of them would be one class', () => {
    const said =
      'parseCsv: row 3, column "id" is "9007199254740993", which float64 cannot hold: it becomes 9007199254740992. For classification, begin each label with a letter; for regression, divide the column by a constant';
    expect(() => read('9007199254740992', '9007199254740993')).toThrow(
      expect.objectContaining({ code: 'DATA', message: said }),
    );
    expect(() => read('1', '-12345678901234567891')).toThrow('it becomes -12345678901234567168.');
  });

  test('are numbers where it does, and for reals', () => {
    expect(read('9007199254740992', '1e300', '123456789012345678.5', '100000000000000000000')).toEqual([
      2 ** 53,
      1e300,
      123456789012345680,
      1e20,
    ]);
    expect(read('a9007199254740993', '9007199254740993')).toEqual(['a9007199254740993', '9007199254740993']);
  });
});

test('formulas are defused', () => {
  expect(formatCsv([['=1+1', -3]])).toBe('"\'=1+1",-3');
});

describe('features: a table as another one was', () => {
  const text = 'c,a,b=d\nred,1,5\nblue,2,6\ngreen,3,7\n';
  const read = (features: string[], more = {}) => parseCsv(text, { features, ...more });

  test('the same columns in the order that is asked for, whatever the file has, mixed categories too', () => {
    const features = ['c=red', 'a', 'c=green', 'b=d', 'c=blue'];
    const { names, x } = read(features);
    expect(names).toEqual(features);
    expect(x.toArrays()).toEqual([
      [1, 1, 0, 5, 0],
      [0, 2, 0, 6, 1],
      [0, 3, 1, 7, 0],
    ]);
  });

  test('what parseCsv had made of a table comes out again, from one with its columns turned round', () => {
    const first = parseCsv('x,kind,y\n1,u,2\n3,v,4\n', { target: 'y' });
    const again = parseCsv('y,kind,x\n2,u,1\n4,v,3\n', { features: first.names, target: 'y' });
    expect(again).toEqual(first);
  });

  test.each([
    [['a', 'z'], {}, 'no column for "z" among "c", "a", "b=d"'],
    [['a'], { columns: ['a'] }, 'give columns or features, not both'],
    [['c=red'], {}, 'row 3, column "c" is "blue", which is not among "red"'],
    ['a', {}, 'parseCsv(features): expected an array of names, got "a"'],
  ])('%j %j', (features, more, message) => {
    expect(() => read(features as string[], more)).toThrow(message);
  });
});
