// Cells that were once read as something else than they mean.
import { describe, expect, test } from 'vitest';
import { fitPipeline } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { readTable, Table } from '../../src/table/index.js';
import { fitted } from './columns.js';

describe('words for missing cells that are numbers', () => {
  test.each<[string, Parameters<typeof readTable>[0], (number | null)[]]>([
    ['CSV', 'c,x\n-999,1\n5,2\n-999.0,3\n7,4\n', [null, 5, null, 7]],
    ['objects', [{ c: -999 }, { c: 5 }, { c: '-999' }, { c: 7 }], [null, 5, null, 7]],
    ['JSON', '[{"c":-999},{"c":5},{"c":-9.99e2},{"c":7}]', [null, 5, null, 7]],
    ['other texts in the column', 'c,x\na,1\n-999,2\nb,3\n', ['a', null, 'b'] as never],
  ])('%s', async (_, source, cells) => {
    const table = await readTable(source, { missing: ['-999'] });
    expect(table.values('c')).toEqual(cells);
    expect(table.columns[0]?.missing).toBe(cells.filter((cell) => cell === null).length);
  });

  test.each<[string, number[], string | undefined]>([
    [
      'far below',
      [3, 7, -999, 12, -999, 5],
      "-999 in 2 cells, and from 3 to 12 in all others; missing: ['-999'] takes",
    ],
    ['far above', [1999, 9999, 2001, 9999], "9999 in 2 cells, and from 1999 to 2001 in all others; missing: ['9999']"],
    ['once', [3, 7, -999, 12, 5], undefined],
    ['near the others', [18, 99, 80, 99, 34], undefined],
    ['another number', [3, 7, -998, 12, -998, 5], undefined],
    ['nothing but one other', [3, -999, 3, -999], undefined],
  ])('are suspected: %s', async (_, cells, note) => {
    const { data } = await readTable(cells.map((kg) => ({ kg })));
    expect(data.notes?.join() ?? '').toContain(note ?? '');
    expect(data.notes?.length ?? 0).toBe(note ? 1 : 0);
  });

  test('are texts', async () => {
    await expect(readTable('c\n1\n', { missing: [-999] as never })).rejects.toThrow(
      "readTable: missing: expected a list of texts such as ['None', '-999']",
    );
  });

  test('a model reads them likewise', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ c: i % 6 === 0 ? -999 : i, y: i % 2 ? 'p' : 'n' }));
    const table = await readTable(rows, { missing: ['-999'] });
    const pipeline = { layers: [dense({ units: 2, activation: 'tanh' as const })], fit: { epochs: 1 } };
    using model = await fitPipeline(pipeline, table, 'y');
    const [first, ...others] = model
      .predictProbabilities([{ c: null }, { c: -999 }, { c: '-999' }, { c: '-999.0' }])
      .toArrays();
    expect(others).toEqual([first, first, first]);
  });
});

describe('the order of dates that is asked for', () => {
  test('holds for dots too', async () => {
    const text = 'd,x\n01.02.2000,1\n03.04.2000,5\n';
    expect((await readTable(text, { dates: 'mdy' })).values('d')).toEqual([
      new Date('2000-01-02'),
      new Date('2000-03-04'),
    ]);
    expect((await readTable(text)).values('d')).toEqual([new Date('2000-02-01'), new Date('2000-04-03')]);
  });

  test('is not overruled', async () => {
    const text = 'd,x\n13/1/2000,1\n1/2/2000,5\n';
    await expect(readTable(text, { dates: 'mdy', kinds: { d: 'date' } })).rejects.toThrow(
      'readTable: row 2, column "d" is "13/1/2000", no date with the month first; it is asked to be \'date\'',
    );
    const { kind, why } = (await readTable(text, { dates: 'mdy' })).columns[0]!;
    expect(kind).not.toBe('date');
    expect(why).toContain('not all are dates with the month first, as asked');
    expect((await readTable(text, { dates: 'dmy' })).columns[0]).toMatchObject({ kind: 'date' });
  });
});

describe('a column of one word that is asked to be booleans', () => {
  const boolean = async (word: string) =>
    (await readTable(`c,x\n${word},1\n${word},2\n`, { kinds: { c: 'boolean' } })).values('c')[0];

  test.each([
    ['1', true],
    ['0', false],
    ['true', true],
    ['No', false],
    ['T', true],
    ['ja', true],
  ])('%s', async (word, value) => {
    expect(await boolean(word)).toBe(value);
  });

  test('a word of its own says nothing', async () => {
    await expect(boolean('male')).rejects.toThrow(
      /has one word, "male", which does not say whether it means false or true/,
    );
  });
});

describe('the missing cells of a single column', () => {
  test.each([
    ['as pandas writes them', 'x\n1\n""\n3\n', [1, null, 3]],
    ['the last one', 'x\n1\n3\n""\n', [1, 3, null]],
    ['empty lines', 'x\n1\n\n\n3\n\n', [1, null, null, 3]],
    ['of texts', 'x\nred\n\nblue\nred\n', ['red', null, 'blue', 'red']],
  ])('%s', async (_, text, cells) => {
    const table = await readTable(text);
    expect(table.values('x')).toEqual(cells);
    expect(table.data.notes?.join()).toMatch(/^\d rows? (is|are) empty: missing cells of the only column\.$/);
  });

  test('tables of more columns have none', async () => {
    expect((await readTable('x,y\n1,2\n\n3,4\n')).rows).toBe(2);
  });
});

describe('units', () => {
  test('% beside numbers without it are no numbers together', async () => {
    const { kind, why } = (await readTable('a,b\n5%,1\n0.05,2\n10%,3\n5%,4\n')).columns[0]!;
    expect([kind, why]).toEqual(['category', expect.stringContaining('numbers with % and without')]);
    expect((await readTable('a,b\n5%,1\n7%,2\n')).columns[0]?.why).toBe('whole numbers in %');
  });

  test.each([
    ['$5\n€6\n7%', 'amounts in $ and in €'],
    ['5%\n6', 'numbers with % and without'],
  ])('%j is not read as numbers', async (cells, two) => {
    await expect(readTable(`a\n${cells}\n`, { kinds: { a: 'number' } })).rejects.toThrow(
      `readTable: column "a" has ${two}; it is asked to be 'number'`,
    );
  });

  test('a model of amounts in $ takes $ and bare numbers, and refuses others', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ a: `$${i},${i % 2}00`, y: i % 2 ? 'p' : 'n' }));
    const pipeline = { layers: [dense({ units: 2, activation: 'tanh' as const })], fit: { epochs: 1 } };
    using model = await fitPipeline(pipeline, await readTable(rows), 'y');
    const [dollars, bare] = model.predictProbabilities([{ a: '$5' }, { a: 5 }]).toArrays();
    expect(dollars).toEqual(bare);
    for (const a of ['€5', '5%', '5 kg'])
      expect(() => model.predict([{ a }])).toThrow(`predict: row 0, column "a" is "${a}", expected a number`);
  });
});

test('what is made of a column is what the default encoder makes', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    mostlyRare: i < 100 ? 'usual' : `k${i % 60}`,
    allRare: `a${i % 100}`,
    plain: 'xyz'[i % 3],
    gap: i < 2 ? null : 'uv'[i % 2],
    y: i,
  }));
  const table = await readTable(rows);
  const encoder = fitted(table.data, { ignore: ['y'] });
  for (const { name, made } of table.columns.slice(0, 4)) {
    const features = encoder.features.filter((feature) => feature.startsWith(`${name}=`)).length;
    expect([name, made]).toEqual([name, features === 0 ? 'left out: rare' : `${features} features`]);
  }
});

test('contradictions are refused', async () => {
  await expect(readTable('a,b\n1,2\n', { kinds: { a: 'number' }, ignore: ['a'] })).rejects.toThrow(
    'readTable: ignore: expected columns that kinds does not name, got "a"',
  );
  const { data } = await readTable('a,b\n1,2\n3,4\n');
  const [a] = data.columns;
  expect(() => new Table({ ...data, columns: [a!, a!] })).toThrow(
    'Table(data.columns[1]): expected columns of different names, got "a"',
  );
});
