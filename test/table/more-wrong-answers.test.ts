// More cells that were once read as something else than they mean: brothers of those in wrong-answers.test.ts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPipeline } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { type ReadTableOptions, readTable, type TableSource } from '../../src/table/index.js';
import { numberReader } from '../../src/table/read-value.js';
import { fitted } from './columns.js';

const column = async (source: TableSource, options?: ReadTableOptions) => {
  const table = await readTable(source, options);
  const [first] = table.columns;
  return { kind: first!.kind, why: first!.why, values: table.values(first!.name), notes: table.data.notes ?? [] };
};

describe('numbers for missing cells in columns of other kinds', () => {
  const day = (text: string) => new Date(text);
  test.each<[string, TableSource, ReadTableOptions, string, unknown[]]>([
    [
      'dates',
      'd\n2000-01-01\n-999\n2000-01-03\n',
      { missing: ['-999'] },
      'date',
      [day('2000-01-01'), null, day('2000-01-03')],
    ],
    [
      'days',
      'd\n20000101\n99999999\n20000103\n',
      { missing: ['99999999'] },
      'date',
      [day('2000-01-01'), null, day('2000-01-03')],
    ],
    ['typed dates', [{ d: day('2000-01-01') }, { d: -999 }], { missing: ['-999'] }, 'date', [day('2000-01-01'), null]],
    [
      'seconds since 1970',
      [{ d: 1_600_000_000 }, { d: -999 }],
      { missing: ['-999'], kinds: { d: 'date' } },
      'date',
      [day('2020-09-13T12:26:40Z'), null],
    ],
    ['booleans', 'b\n0\n9\n1\n', { missing: ['9'], kinds: { b: 'boolean' } }, 'boolean', [false, null, true]],
    ['units', 'c\n5 kg\n-999\n7 kg\n', { missing: ['-999'] }, 'number', [5, null, 7]],
    ['times', 'c\n03:21\n999\n04:21\n', { missing: ['999'] }, 'number', [12060, null, 15660]],
    ['nothing else', 'c\n-999\n-999\n', { missing: ['-999'] }, 'ignore', [null, null]],
  ])('%s', async (_, source, options, kind, values) => {
    expect(await column(source, options)).toMatchObject({ kind, values });
  });

  test('records likewise', () => {
    const dates = numberReader({ holds: 'date', format: { missing: ['-999'], since: 'seconds' } });
    expect([-999, '-999', '-999.0'].map(dates)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(dates(1_600_000_000)).toBe(1_600_000_000_000);
    const booleans = numberReader({ holds: 'boolean', format: { missing: ['9'], words: ['0', '1'] } });
    expect([9, '9', 1, '0'].map(booleans)).toEqual([Number.NaN, Number.NaN, 1, 0]);
  });
});

describe('whole numbers beyond 2^53', () => {
  const lost = 'the last digits of whole numbers beyond 2^53 are lost';
  test.each<[string, TableSource]>([
    ['digits', 'a\n9007199254740993\n5\n'],
    ['texts of JSON', '[{"a":"9007199254740993"},{"a":"5"}]'],
    ['BigInt', [{ a: 9007199254740993n }, { a: 5n }]],
  ])('that are asked to be numbers say so: %s', async (_, source) => {
    expect((await column(source, { kinds: { a: 'number' } })).why).toBe(`whole numbers; ${lost}, as asked`);
  });

  test('thousands separators say so too; 2^53 itself and measurements say nothing', async () => {
    const whole = await column('a;b\n9,007,199,254,740,993;1\n5,000;2\n');
    expect(whole.why).toBe(`whole numbers with thousands separators; ${lost}`);
    expect((await column('a;b\n9007199254740991;1\n5;2\n', { kinds: { a: 'number' } })).why).not.toContain('lost');
    expect((await column('a;b\n1e20;1\n5;2\n', { kinds: { a: 'number' } })).why).not.toContain('lost');
  });
});

describe('units', () => {
  test('typed numbers beside % are no numbers together', async () => {
    const { kind, why } = await column([{ a: '5%' }, { a: 0.05 }]);
    expect([kind, why]).toEqual(['category', 'texts; numbers with % and without']);
    expect(await column([{ a: '5%' }, { a: Number.NaN }])).toMatchObject({ kind: 'number', values: [5, null] });
  });

  test.each([
    ['5 kg\n6 lb\n7 kg', 'amounts in kg and in lb'],
    ['5 kg\n6\n7 kg', 'numbers with kg and without'],
  ])('%j', async (cells, two) => {
    await expect(readTable(`a\n${cells}\n`, { kinds: { a: 'number' } })).rejects.toThrow(
      `readTable: column "a" has ${two}; it is asked to be 'number'`,
    );
  });

  test('a model of amounts in $ refuses a table in €', async () => {
    const text = (sign: string) =>
      `a,y\n${Array.from({ length: 40 }, (_, i) => `${sign}${i}.50,${i % 2 ? 'p' : 'n'}`).join('\n')}\n`;
    const pipeline = { layers: [dense({ units: 2, activation: 'tanh' as const })], fit: { epochs: 1 } };
    using model = await fitPipeline(pipeline, await readTable(text('$')), 'y');
    const euros = await readTable(text('€'));
    expect(() => model.predict(euros)).toThrow(
      'column "a" was not read as in training: read the table with amounts in $',
    );
    expect(model.predict(await readTable(text('')))).toEqual(model.predict(await readTable(text('$'))));
  });
});

describe('dates and times that there are not', () => {
  const isDate = async (text: string) => (await column(`d,x\n${text},1\n${text},2\n2000-01-02,3\n`)).kind === 'date';
  test.each(['T10:00+99:99', 'T10:00+05:60', 'T24:30', 'T24:00:01', 'T24:00:00.5', 'T10:60', 'T10:00:61'])(
    '%s',
    async (time) => expect(await isDate(`2000-01-01${time}`)).toBe(false),
  );
  test.each(['T24:00:00', 'T10:00:60', 'T10:00+14:00', 'T10:00-1130', 'T10:00+05', 'T10:00:00.25Z', ' 10:00 UTC'])(
    '%s is one',
    async (time) => expect(await isDate(`2000-01-01${time}`)).toBe(true),
  );
  test('as a time of the day', async () => {
    expect((await column('t,x\n24:30,1\n10:10,2\n')).kind).toBe('category');
    expect((await column('t,x\n24:00,1\n10:10,2\n')).values).toEqual([86400, 36600]);
    expect((await column('t,x\n36:10:05,1\n10:10:00,2\n')).values).toEqual([130205, 36600]);
  });
});

test('lists that are too short are refused, as in CSV', async () => {
  const message = 'readTable: row 3 has 1 cell, the first row 2';
  await expect(readTable([['a', 'b'], [1, 2], [3]])).rejects.toThrow(message);
  await expect(readTable('[["a","b"],[1,2],[3]]')).rejects.toThrow(message);
  await expect(readTable('["a","b"]\n[1,2]\n[3]\n', { format: 'jsonl' })).rejects.toThrow(message);
});

describe('what cannot be written as JSON is missing, with a note', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  let deep: unknown[] = [];
  for (let i = 0; i < 20_000; i++) deep = [deep];
  test.each<[string, unknown]>([
    ['an object that contains itself', circular],
    ['a deep list', deep],
    ['a function', () => 1],
    ['an object without JSON', { toJSON: () => undefined }],
  ])('%s', async (_, cell) => {
    const { values, notes } = await column([{ a: cell }, { a: { q: 1 } }]);
    expect(values).toEqual([null, '{"q":1}']);
    expect(notes).toEqual([
      'Column "a": 1 cell cannot be written as JSON, such as an object that contains itself, and is taken for missing.',
    ]);
  });
});

test('what is made of columns that are asked for and say nothing', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ same: 'k', none: null, day: null, rare: `r${i}`, y: i }));
  const kinds = { same: 'category', none: 'number', day: 'date', rare: 'category' } as const;
  const table = await readTable(rows, { kinds });
  expect(table.columns.slice(0, 4).map(({ made }) => made)).toEqual([
    'left out',
    'left out',
    'left out',
    'left out: rare',
  ]);
  expect(fitted(table.data).features).toEqual(['y']);
});

describe('every cell stays in its row', () => {
  test('fractions beside %', async () => {
    for (const end of ['', ',x']) {
      const cells = ['0.20', '0.40', '30%', '40%', '50%'];
      const table = await readTable(`r${end}\n${cells.map((cell) => cell + end).join('\n')}\n`);
      expect(table.values('r')).toEqual(cells);
      expect(table.columns[0]?.why).toContain('numbers with % and without');
    }
  });

  test('however cells of several kinds are mixed', async () => {
    const written: readonly (readonly [text: string, number: number])[] = [
      ['0.20', 0.2],
      ['1.50', 1.5],
      ['7', 7],
      ['-3', -3],
      ['1e3', 1000],
      ['30%', 30],
      ['2.5 %', 2.5],
      ['$5', 5],
      ['€1.25', 1.25],
      ['12 kg', 12],
      ['0.70 lb', 0.7],
      ['03:21', 12_060],
      ['1,234', 1234],
      ['red', Number.NaN],
      ['yes', Number.NaN],
      ['007', 7],
      ['+4', 4],
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...written), { minLength: 2, maxLength: 12 }), async (cells) => {
        const table = await readTable(`r\ti\n${cells.map(([text], i) => `${text}\t${i}`).join('\n')}\n`);
        const values = table.values('r');
        expect(values).toHaveLength(cells.length);
        for (const [i, [text, number]] of cells.entries()) {
          const value = values[i];
          // Each is its own number or its own text, and none is missing.
          expect([text, value]).toEqual([text, typeof value === 'number' ? number : text]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a table is read as the model has it', () => {
  test('its words for missing cells are those of tables too', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ c: i % 6 === 0 ? 7777 : i, y: i % 2 ? 'p' : 'n' }));
    const pipeline = { layers: [dense({ units: 2, activation: 'tanh' as const })], fit: { epochs: 1 } };
    using model = await fitPipeline(pipeline, await readTable(rows, { missing: ['7777'] }), 'y');
    const later = [{ c: 7777 }, { c: null }, { c: 5 }];
    expect(model.predictProbabilities(await readTable(later))).toEqual(model.predictProbabilities(later));
  });

  test('a comma more than the header has may be a decimal comma', async () => {
    for (const text of ['kg,town\n40,5,a\n41,5,b\n', 'town,kg\na,40,5\na,41,5\n'])
      await expect(readTable(text)).rejects.toThrow('row 2 has 3 cells, the table 2 columns');
    expect((await readTable('"kg","town"\n"1",5,"a"\n"2",6,"b"\n')).columns.map(({ name }) => name)).toEqual([
      'column 1',
      'kg',
      'town',
    ]);
  });

  test('two columns of one name are said', async () => {
    const { data } = await readTable('y,a,y,a\n1,2,3,4\n5,6,7,8\n');
    expect(data.notes).toEqual([
      'Two columns are called "y", and the second has the name "y.1" here. So it is with 1 more.',
    ]);
  });
});
