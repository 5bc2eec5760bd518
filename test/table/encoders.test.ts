// What encoders make of single cells, and what they refuse.
import { describe, expect, test } from 'vitest';
import { cosineOfTurns, cycles, sineOfTurns } from '../../src/table/encoders/cycle.js';
import { encoderOf } from '../../src/table/encoders/encoder.js';
import { hash } from '../../src/table/encoders/hash.js';
import { madeOf } from '../../src/table/encoders/made-of.js';
import type { CategoryOptions, EncoderOptions } from '../../src/table/encoders/options.js';
import { readTable } from '../../src/table/index.js';
import type { Cell } from '../../src/table/kind.js';
import { distance, numbers } from '../helpers/numbers.js';
import { column, encode, fitted, table } from './columns.js';

const plain: EncoderOptions = { number: { scale: 'none', clip: null }, category: { minFrequency: 1 } };
const port = column('port', 'category', ['S', 'C', 'S', 'S', 'Q', 'C', 'S']);
const age = column('age', 'number', [20, null, 30, 40, 22, 50, 1]);

describe('features', () => {
  const of = (cells: readonly Cell[], category: CategoryOptions) =>
    fitted(table(column('port', 'category', cells)), { category }).features;

  test('numbers have a flag only if training rows lack some', () => {
    const rows = Int32Array.of(0, 2, 3);
    expect(fitted(table(age, port), plain).features).toEqual(['age', 'age missing', 'port=C', 'port=Q', 'port=S']);
    expect(fitted(table(age, port), { ...plain, keepConstant: true }, rows).features).toEqual(['age', 'port=S']);
    expect(fitted(table(age, port), plain, rows).features).toEqual(['age']);
  });

  test('categories are sorted or by frequency, missing and rare ones at the end', () => {
    const cells = ['S', 'C', 'S', null, 'Q', 'C', 'S', null];
    expect(of(cells, { minFrequency: 1 })).toEqual(['port=C', 'port=Q', 'port=S', 'port=(missing)']);
    expect(of(cells, { minFrequency: 1, order: 'frequency' })).toEqual([
      'port=S',
      'port=C',
      'port=Q',
      'port=(missing)',
    ]);
    expect(of(cells, { minFrequency: 2 })).toEqual(['port=C', 'port=S', 'port=(missing)', 'port=(rare)']);
    expect(of(cells, { minFrequency: 3 })).toEqual(['port=S', 'port=(rare)']);
    expect(of(cells, { minFrequency: 0.3 })).toEqual(['port=S', 'port=(rare)']);
    expect(of(cells, { minFrequency: 1, maxCategories: 2, buckets: 2 })).toEqual([
      'port #0',
      'port #1',
      'port=(missing)',
    ]);
  });

  test('names that could be those of others are written as JSON', () => {
    const cells = ['x', '(rare)', '"x"', 'x', 'y', 'y'];
    const data = table(
      column('a', 'category', cells),
      column('a=x', 'number', [1, 2, 3, 4, 5, 6]),
      column('a missing', 'number', [1, 2, 3, 4, 5, 6]),
      column('b', 'number', [1, null, 3, 4, 5, 6]),
      column('b missing', 'boolean', [true, false, true, true, true, true]),
      column('c year sin', 'number', [1, 2, 3, 4, 5, 6]),
    );
    expect(fitted(data, { ...plain, category: { minFrequency: 1 } }).features).toEqual([
      'a="\\"x\\""',
      'a="(rare)"',
      'a=x',
      'a=y',
      '"a=x"',
      '"a missing"',
      'b',
      'b missing',
      '"b missing"',
      '"c year sin"',
    ]);
  });

  test('a column without a cell in the training rows is left out', () => {
    const none = column('none', 'number', [null, null, 1, 2, null, null, null]);
    expect(fitted(table(age, none), plain, Int32Array.of(0, 1)).columns).toEqual(['age']);
    expect(() => fitted(table(none), plain, Int32Array.of(0, 1))).toThrow('no column is left to learn from');
    expect(() => fitted(table(age), plain, new Int32Array(0))).toThrow('there are no training rows');
  });

  test('columns of kind ignore, those to ignore, and text that nobody asked for are left out', () => {
    const name = column('name', 'text', ['Ann Lee', 'Bob', 'Ann', 'C', 'D', 'E', null]);
    const id = { ...name, name: 'id', kind: 'ignore' as const };
    const data = table(age, port, name, id);
    expect(fitted(data, { ignore: ['port'] }).columns).toEqual(['age']);
    const asked = fitted(data, { ignore: ['port'], columns: { name: { buckets: 4 } } });
    expect(asked.features.slice(2)).toEqual(['name #0', 'name #1', 'name #2', 'name #3']);
    expect(asked.kinds).toEqual({ age: 'number', name: 'text' });
  });

  test('what is made of a column is said', () => {
    const data = table(
      age,
      port,
      column('when', 'date', [new Date('2024-01-05'), new Date('2024-02-05'), ...Array(5).fill(null)]),
    );
    const { columns } = fitted(data, { category: { minFrequency: 2 } }).toJSON();
    expect(columns.map(madeOf)).toEqual([
      'a number, scaled by median and spread, clipped smoothly at 3; 26 where it is missing, and a feature that is 1 where it is missing',
      'a feature for each of 2 categories; rare and unseen ones share a feature',
      'days since 1970, scaled by median and spread; sine and cosine of the place in the year, week, and a feature that is 1 where it is missing',
    ]);
    const hashed = fitted(table(port), { category: { minFrequency: 1, maxCategories: 1 } }).toJSON().columns;
    expect(hashed.map(madeOf)).toEqual([
      'too many categories for a feature each: they share 256 features by their hash',
    ]);
  });
});

test('numbers are clipped unless their scale has a bound', () => {
  const clips = (['standard', 'robust', 'spread', 'minMax', 'quantile', 'none'] as const).map((scale) => {
    const [only] = fitted(table(age), { number: { scale } }).toJSON().columns;
    return only?.kind === 'number' && only.clip;
  });
  expect(clips).toEqual([3, 3, 3, undefined, undefined, undefined]);
});

describe('cells of records', () => {
  const encoder = fitted(
    table(age, port, column('alive', 'boolean', [true, false, null, true, true, true, true], { words: ['No', 'Yes'] })),
    plain,
  );
  const of = (record: Record<string, unknown>) =>
    Array.from(encoder.encodeRecords([{ age: 0, port: 'C', alive: true, ...record }]).data);

  test('are read as the table has them', () => {
    expect(of({})).toEqual([0, 0, 1, 0, 0, 1, 0]);
    expect(of({ age: ' 1e1 ', port: ' Q ', alive: 'no' })).toEqual([10, 0, 0, 1, 0, 0, 0]);
    for (const missing of [null, undefined, '', ' ', Number.NaN])
      expect(of({ age: missing, port: missing, alive: missing })).toEqual([26, 1, 0, 0, 0, 1, 1]);
    expect(of({ age: 'NA', port: '?', alive: ' n/a ' })).toEqual([26, 1, 0, 0, 0, 1, 1]);
    expect(of({ port: 'never seen', other: 'ignored', age: 5n })).toEqual([5, 0, 0, 0, 0, 1, 0]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ age: 'young' }, 'row 0, column "age" is "young", expected a number'],
    [{ age: true }, 'row 0, column "age" is true, expected a number'],
    [{ age: Number.POSITIVE_INFINITY }, 'row 0, column "age" is Infinity, expected a number'],
    [{ age: [] }, 'row 0, column "age" is an array of 0, expected a number'],
    [{ age: '1,5' }, 'row 0, column "age" is "1,5", expected a number'],
    [{ alive: 'perhaps' }, 'row 0, column "alive" is "perhaps", expected true or false'],
    [{ alive: 2 }, 'row 0, column "alive" is 2, expected true or false'],
  ])('%j is refused', (record, message) => {
    expect(() => of(record)).toThrow(`encodeRecords: ${message}`);
  });

  test('a key that is not there is refused, with the one that was meant', () => {
    const rows = [
      { age: 1, port: 'S', alive: true },
      { Age: 1, port: 'S', alive: true },
    ];
    expect(() => encoder.encodeRecords(rows)).toThrow('encodeRecords: row 1 has no "age"; is it Age?');
    // Training rows lacked some.
    expect(encoder.encodeRecords([{ age: 1, port: 'S' }])).toEqual(
      encoder.encodeRecords([{ age: 1, port: 'S', alive: null }]),
    );
    expect(() => fitted(table(port), plain).encodeRecords([{ age: 1 }], 'predict')).toThrow(
      'predict: row 0 has no "port"; null says that it is not known',
    );
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const lacking = fitted(table(column(name, 'number', [1, 2, null])), plain);
      // As any other key that training rows lacked.
      expect([...lacking.encodeRecords([{ a: 1 }]).data]).toEqual([...lacking.encodeRecords([{ [name]: null }]).data]);
      const needed = fitted(table(column(name, 'number', [1, 2])), plain);
      expect(() => needed.encodeRecords([{ a: 1 }])).toThrow(`row 0 has no "${name}"; null says that it is not known`);
    }
    const odd = fitted(table(column('constructor', 'number', [1, 2])), plain);
    expect(() => odd.encodeRecords([{}])).toThrow('row 0 has no "constructor"');
    expect([...odd.encodeRecords([{ constructor: 3 }]).data]).toEqual([3]);
  });

  test.each<[unknown, string]>([
    [undefined, 'encodeRecords: expected an array of objects, got undefined'],
    [{ age: 1 }, 'encodeRecords: expected an array of objects, got an Object'],
    [[], 'encodeRecords: expected at least one record'],
    [[null], 'encodeRecords: row 0: expected an object, got null'],
    [[{ age: 1, port: 'S', alive: true }, [1]], 'encodeRecords: row 1: expected an object, got an array of 1'],
  ])('%j is no list of records', (rows, message) => {
    expect(() => encoder.encodeRecords(rows as never)).toThrow(message);
  });

  test('an array that claims more records than it holds is no list of records', () => {
    expect(() => encoder.encodeRecords(new Array(2 ** 31))).toThrow('row 0: expected an object, got undefined');
  });
});

describe('cells of other tables', () => {
  test('are read by what the column was', () => {
    const grade = fitted(table(column('grade', 'category', ['1', '2', '3', '4+', '1', '4+'])), plain);
    const numbers = table({ ...column('grade', 'number', [3, null, 1]), kind: 'number' });
    expect([...encode(grade, numbers)]).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    const ages = fitted(table(age), plain);
    expect([...encode(ages, table(column('age', 'text', ['7', null])))]).toEqual([7, 0, 26, 1]);
    expect(() => encode(ages, table(column('age', 'text', ['7', '8', 'old'])))).toThrow(
      'encoding: row 4, column "age" is "old", expected a number',
    );
    expect(() => encode(ages, table(column('Age', 'number', [1])))).toThrow(
      'encoding: the table has no column "age"; is it Age?',
    );
    expect(() => encode(ages, table(age), Int32Array.of(0, 7))).toThrow(
      'encoding(rows): expected rows from 0 to 6, got 7',
    );
  });
});

describe('options', () => {
  const data = table(age, port, {
    ...column('id', 'text', ['a', 'b', 'c', 'd', 'e', 'f', 'g']),
    kind: 'ignore' as const,
  });
  test.each<[unknown, string]>([
    [
      { numbers: {} },
      'fittingEncoder: unknown option "numbers"; known are number, category, date, text, columns, ignore, keepConstant; did you mean number?',
    ],
    [
      { number: { scale: 'log' } },
      'fittingEncoder(number): scale: expected one of standard, minMax, robust, quantile, none, spread, got "log"',
    ],
    [{ number: { clip: 0 } }, 'fittingEncoder(number): clip: expected a positive number, got 0'],
    [
      { category: { minFrequency: 1.5 } },
      'fittingEncoder(category): minFrequency: expected a whole number of rows, or a share between 0 and 1, got 1.5',
    ],
    [{ category: { buckets: 1e6 } }, 'fittingEncoder(category): buckets: expected at most 16384, got 1000000'],
    [{ date: { cycles: ['month'] } }, 'fittingEncoder(date): cycles: expected one of year, week, day, got "month"'],
    [
      { columns: { prot: {} } },
      'fittingEncoder(columns): expected a column of the table, got "prot"; did you mean port?',
    ],
    [
      { columns: { age: { order: 'sorted' } } },
      'fittingEncoder(columns): "age": unknown option "order"; known are scale, clip',
    ],
    [
      { columns: { id: {} } },
      'fittingEncoder(columns): expected a column that is used; "id" is left out: a test, got "id"',
    ],
    [{ ignore: ['Port'] }, 'fittingEncoder(ignore): expected a column of the table, got "Port"; did you mean port?'],
    [{ ignore: 'port' }, 'fittingEncoder(ignore): expected an array of names, got "port"'],
  ])('%j is refused', (options, message) => {
    expect(() => fitted(data, options as EncoderOptions)).toThrow(message);
  });

  test('two columns of one name are refused', () => {
    expect(() => fitted(table(age, age))).toThrow('fittingEncoder: the table has two columns "age"');
  });
});

describe('encoderOf', () => {
  const { columns } = fitted(table(age, port), plain).toJSON();
  const [number, category] = columns as [object, object];
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no version', { columns }],
    ['no columns', { version: 1, columns: [] }],
    ['a column twice', { version: 1, columns: [number, number] }],
    ['a hole', { version: 1, columns: new Array(1) }],
    ['an unknown kind', { version: 1, columns: [{ ...number, kind: 'toString' }] }],
    [
      'a scaler of two columns',
      { version: 1, columns: [{ ...number, scaler: { type: 'robust', center: [1, 2], scale: [1, 1] } }] },
    ],
    ['a scale of 0', { version: 1, columns: [{ ...number, scaler: { type: 'robust', center: [1], scale: [0] } }] }],
    ['a fill that is no number', { version: 1, columns: [{ ...number, fill: null }] }],
    ['a negative clip', { version: 1, columns: [{ ...number, clip: -3 }] }],
    ['an unknown decimal sign', { version: 1, columns: [{ ...number, format: { decimal: ';' } }] }],
    ['a category twice', { version: 1, columns: [{ ...category, categories: ['a', 'a'] }] }],
    ['categories that are no texts', { version: 1, columns: [{ ...category, categories: [1] }] }],
    ['no feature', { version: 1, columns: [{ ...category, categories: [], missing: false, rare: false }] }],
    ['a million buckets', { version: 1, columns: [{ kind: 'text', name: 'a', buckets: 1e6 }] }],
    ['an unknown cycle', { version: 1, columns: [{ ...number, kind: 'date', cycles: ['moon'] }] }],
  ])('%s is no encoder', (_, json) => {
    expect(() => encoderOf(json)).toThrow('encoderOf(json): expected what toJSON gave');
  });

  test('a newer format is refused', () => {
    expect(() => encoderOf({ version: 2, columns })).toThrow(/format 2, written by "a newer simdense".*reads up to 1/);
  });
});

test('murmur3 gives the published hashes (scikit-learn, test_murmurhash.py; Guava and others)', () => {
  expect(hash('foo')).toBe(-156908512);
  expect(hash('')).toBe(0);
  expect(hash('The quick brown fox jumps over the lazy dog') >>> 0).toBe(0x2e4ff723);
  expect(hash('a') >>> 0).toBe(0x3c2569b2);
});

test('sine and cosine of turns are those of the angle', () => {
  const next = numbers(7);
  for (let i = 0; i < 1000; i++) {
    const turns = 3 * next();
    expect(Math.abs(sineOfTurns(turns) - Math.sin(2 * Math.PI * turns))).toBeLessThan(3e-15);
    expect(Math.abs(cosineOfTurns(turns) - Math.cos(2 * Math.PI * turns))).toBeLessThan(3e-15);
  }
  expect([0, 0.25, 0.5, 0.75, 1].map(sineOfTurns)).toEqual([0, 1, 0, -1, 0].map((each) => expect.closeTo(each, 15)));
});

test('a time’s place in year, week and day', () => {
  const days = Date.UTC(2024, 11, 31, 18) / 86_400_000;
  expect([cycles.year(days), cycles.week(days), cycles.day(days)]).toEqual([365 / 366, 1 / 7, 0.75]);
});

test('words for missing are those of the column', () => {
  const dash = fitted(table(column('age', 'number', [1, 2, null], { missing: ['-'] })), plain);
  expect([...dash.encodeRecords([{ age: '-' }]).data]).toEqual([1.5, 1]);
  expect([...encoderOf(JSON.parse(JSON.stringify(dash))).encodeRecords([{ age: '-' }]).data]).toEqual([1.5, 1]);
  const cells = ['NA', 'FR', 'NA', 'FR', null, null];
  const country = fitted(table(column('country', 'category', cells, { missingOnly: true })), plain);
  expect(country.features).toEqual(['country=FR', 'country=NA', 'country=(missing)']);
  const again = encoderOf(JSON.parse(JSON.stringify(country)));
  expect(again.encodeRecords([{ country: 'NA' }, { country: null }]).toArrays()).toEqual([
    [0, 1, 0],
    [0, 0, 1],
  ]);
});

test('a column that tells no training row from another is left out, unless nothing else is there', () => {
  const year = column('year', 'number', [2020, 2020, 2020, 2021]);
  const name = column('name', 'category', ['ann', 'bob', 'cid', 'dan']);
  const size = column('size', 'number', [1, 2, 3, 4]);
  const three = Int32Array.of(0, 1, 2);
  expect(fitted(table(year, name, size), undefined, three).features).toEqual(['size']);
  expect(fitted(table(year, name, size)).features).toEqual(['year', 'size']);
  expect(fitted(table(year, name, size), { keepConstant: true }, three).features).toEqual([
    'year',
    'name=(rare)',
    'size',
  ]);
  expect(fitted(table(year, name), undefined, three).features).toEqual(['year', 'name=(rare)']);
  expect(() => fitted(table(size), { keepConstant: 1 as never })).toThrow('(keepConstant): expected true or false');
});

test('numbers that are not scaled must be precise enough in float32', () => {
  const time = column('time', 'number', [1e9, 1e9 + 0.5, 1e9 + 1]);
  expect(fitted(table(time)).features).toEqual(['time']);
  expect(() => fitted(table(time), { number: { scale: 'none' } })).toThrow(
    'fittingEncoder: column "time" ranges from 1000000000 to 1000000001, and float32 rounds its numbers by up to 1; subtract a constant first',
  );
});

describe('pieces of a range', () => {
  const cells = [5, 1, 9, 2, 2, 2, 2, 7, 3, null, 8];
  const size = column('size', 'number', cells);

  test('how much of each lies below a number, as Gorishniy et al. define it', () => {
    const encoder = fitted(table(size), { number: { scale: 'none', clip: null, pieces: 4 } });
    expect(encoder.features).toEqual(['size', 'size missing', 'size ~0', 'size ~1', 'size ~2', 'size ~3']);
    // The quartiles of 1 2 2 2 2 3 5 7 8 9, at whole places.
    const edges = [1, 2, 3, 7, 9];
    const shares = (value: number) =>
      edges.slice(1).map((edge, i) => Math.min(1, Math.max(0, (value - edges[i]!) / (edge - edges[i]!))) - 0.5);
    for (const value of [-3, 1, 1.5, 2, 4, 7, 8.5, 9, 100])
      expect(distance(encoder.encodeRecords([{ size: value }]).data, [value, 0, ...shares(value)])).toBeLessThan(1e-6);
    const [fill] = encoder.encodeRecords([{ size: null }]).data;
    expect(distance(encoder.encodeRecords([{ size: null }]).data, [fill!, 1, ...shares(fill!)])).toBeLessThan(1e-6);
  });

  test('a column of one number nearly always has none', () => {
    const flat = column('flat', 'number', [0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    expect(fitted(table(flat), { number: { pieces: 2 } }).features).toEqual(['flat']);
    expect(fitted(table(flat), { number: { pieces: 8 } }).features).toEqual(['flat', 'flat ~0', 'flat ~1']);
  });

  test('numbers at the end of float64', () => {
    const far = column('far', 'number', [-1.7e308, 0, 1.7e308, 5e-324]);
    const numbers = encode(fitted(table(far), { number: { pieces: 2 } }), table(far));
    expect(numbers.every((value) => Math.abs(value) <= 3)).toBe(true);
  });

  test.each([-1, 1.5, 257, '8'])('%j pieces are refused', (pieces) => {
    expect(() => fitted(table(size), { number: { pieces: pieces as number } })).toThrow('(number): pieces: expected');
  });

  test('edges that are none are refused in a file', () => {
    const json = fitted(table(size), { number: { pieces: 4 } }).toJSON();
    for (const edges of [[], [1, 2], [1, 2, 2], [1, 2, null], 'abc', [1, 2, 1 / 0]]) {
      const wrong = { ...json, columns: [{ ...json.columns[0], edges }] };
      expect(() => encoderOf(wrong)).toThrow('expected what toJSON gave');
    }
  });
});

test('free text that kinds asks for is learnt from, as where the encoder is asked', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => ({ txt: `the ${i % 3 ? 'red' : 'blue'} house number ${i}`, n: i }));
  const asked = await readTable(rows, { kinds: { txt: 'text' } });
  expect(asked.columns[0]).toMatchObject({ kind: 'text', why: 'as asked', made: 'hashed words' });
  const found = await readTable(rows.map(({ txt, n }) => ({ txt: `${txt} in a street with old trees`, n })));
  expect(found.columns[0]).toMatchObject({ kind: 'text', made: 'left out' });
  expect(fitted(found.data, {}).columns).toEqual(['n']);
  expect(fitted(asked.data, {}).columns).toEqual(['txt', 'n']);
  expect(fitted(asked.data, {}).toJSON()).toEqual(fitted(asked.data, { columns: { txt: {} } }).toJSON());
});
