// What a compiled module takes for a cell is what Predictor.predict takes, with the same bits; what that refuses, it refuses.
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import { type FittedPipeline, fitPipeline } from '../../src/evaluate/index.js';
import { dense, SimdenseError } from '../../src/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';
import { hash } from '../helpers/networks.js';
import { bits, hasCompiler, load, runC } from './run.js';

const DAY = 86_400_000;
const two = (n: number): string => String(n).padStart(2, '0');
const cells = (i: number) => ({
  price: `${1 + (hash(i) % 9)},${100 + (hash(i + 1) % 900)}.5`,
  share: `${hash(i + 2) % 90} %`,
  weight: `${(hash(i + 3) % 900) / 10} kg`,
  starts: `${two(hash(i + 4) % 24)}:${two(hash(i + 5) % 60)}`,
  code: i % 7 === 0 ? -999 : hash(i + 6) % 50,
  member: ['Yes', 'no', 'YES'][hash(i + 7) % 3],
  day: i % 11 === 0 ? null : new Date(DAY * (hash(i + 8) % 20_000)),
  at: `${two(1 + (hash(i + 9) % 28))}.${two(1 + (hash(i + 10) % 12))}.20${two(hash(i + 11) % 24)} ${two(hash(i + 12) % 24)}:15`,
  city: `town ${hash(i + 13) % 40}`,
  said: `${['good', 'bad', 'Größe'][hash(i + 14) % 3]} and ${['cheap', 'dear'][hash(i + 15) % 2]} ${i}`,
  sort: ['a', 'b', 'c'][hash(i + 16) % 3],
  y: hash(i) % 2 === 0 ? 'old' : 'new',
});
const data = Array.from({ length: 150 }, (_, i) => cells(i));

/** What is tried in each column. */
const tried: readonly unknown[] = [
  ...[
    null,
    undefined,
    Number.NaN,
    '',
    ' ',
    'NA',
    '-',
    'n/a',
    0,
    1,
    -0,
    3.5,
    40,
    -999,
    1e300,
    1e-300,
    Number.POSITIVE_INFINITY,
  ],
  ...[
    '40',
    '1,234.5',
    '1.234,5',
    '1,234',
    '12 %',
    '$5.00',
    '(3)',
    '−7',
    '1e3',
    '0.2',
    '0,2',
    '3 kg',
    '3 g',
    '36:10:05',
    '3:21 PM',
    'abc',
  ],
  ...[true, false, 'yes', 'N', 'No', '0', '1', 'true', 7n],
  ...[
    new Date(0),
    new Date(1e12),
    new Date(Number.NaN),
    new Date(8.64e15),
    new Date(-8.64e15),
    '2024-02-29',
    '2023-02-29',
    '1.2.2023',
  ],
  ...[
    '31.12.1999 23:59',
    '12/31/1999',
    '2024-01-01T10:00:00+02:00',
    '5 May 2020',
    '2020-Q3',
    '20240131',
    20240131,
    1e11,
    2024,
  ],
  ...['town 7', ' town 7 ', 'a', 'A', 'Good, good; BAD größe', ['a'], { a: 1 }, () => 1],
];

const ways = {
  'default scales': {},
  quantiles: { number: { scale: 'quantile', pieces: 3 }, date: { scale: 'quantile' } },
  'no scales, all cycles': {
    number: { scale: 'none' },
    date: { scale: 'none', cycles: ['year', 'week', 'day'] },
  },
} as const;

async function fitted(way: keyof typeof ways, rows: readonly object[], ignore: readonly string[] = []) {
  const table = await readTable(rows, { missing: ['-999'], kinds: { said: 'text', city: 'category' } });
  const encode = {
    ...ways[way],
    text: { buckets: 16 },
    columns: { ...(!ignore.includes('city') && { city: { maxCategories: 5, buckets: 8 } }) },
    keepConstant: true,
    ignore,
  };
  const layers = [dense({ units: 6, activation: 'tanh' })];
  return fitPipeline({ layers, encode, fit: { epochs: 2 } }, table, 'y');
}

/** What a function gives, or that it refuses. */
const told = (what: () => Float32Array): Int32Array | 'refused' => {
  try {
    return bits(what());
  } catch (error) {
    if (error instanceof SimdenseError ? error.code !== 'DATA' : !(error instanceof TypeError)) throw error;
    return 'refused';
  }
};

describe.each(Object.keys(ways) as (keyof typeof ways)[])('%s', (way) => {
  test('all kinds of columns', { timeout: 60_000 }, async () => {
    using pipeline = await fitted(way, data);
    expect(new Set(pipeline.encoder?.toJSON().columns.map(({ kind }) => kind))).toEqual(
      new Set(['number', 'boolean', 'category', 'hashedCategory', 'date', 'text']),
    );
    using predictor = loadPredictor(pipeline.save());
    const predicted = (row: object) => () => Float32Array.from(predictor.predict([row]).row(0));
    let refused = 0;
    for (const to of ['js', 'wasm'] as const) {
      const { predict } = await load(compile(pipeline, { to }));
      for (const row of data) expect(told(() => predict(row))).toEqual(told(predicted(row)));
      for (const name of predictor.columns ?? [])
        for (const cell of tried) {
          const row = { ...data[1], [name]: cell };
          const expected = told(predicted(row));
          expect(
            told(() => predict(row)),
            `${name}: ${String(cell)}`,
          ).toEqual(expected);
          if (expected === 'refused') refused++;
        }
    }
    expect(refused).toBeGreaterThan(200);
  });

  test.runIf(hasCompiler)('c: dates are milliseconds', async () => {
    using pipeline = await fitted(way, data, ['city', 'said']);
    const columns = pipeline.encoder?.toJSON().columns ?? [];
    const days = [0, -1, 1, DAY - 1, 8.64e15, -8.64e15, 8.64e15 - DAY * 400, -8.64e15 + DAY * 400, -62_135_596_800_000];
    const rows = [
      ...data,
      ...Array.from({ length: 3000 }, (_, i) => ({ ...cells(i), day: new Date((hash(i) - 2 ** 31) * 1e4) })),
      ...days.map((time) => ({ ...data[1], day: new Date(time), at: new Date(time) })),
    ];
    const found = runC(
      compile(pipeline, { to: 'c' }).code,
      Float64Array.from(rows.flatMap((row) => numbersOf(pipeline, row))),
      columns.length,
      2,
    );
    expect(bits(found)).toEqual(bits(Float32Array.from(pipeline.predictProbabilities(rows).data)));
  });
});

/** A row as C takes it: each number by hand. */
function numbersOf(pipeline: FittedPipeline, row: object): number[] {
  return (pipeline.encoder?.toJSON().columns ?? []).map((column) => {
    const cell = (row as Record<string, unknown>)[column.name];
    if (cell === null) return Number.NaN;
    if (cell instanceof Date) return cell.getTime();
    const text = String(cell);
    if (column.name === 'at') {
      const [, day, month, year, time] = /(\d+)\.(\d+)\.(\d+) (.*)/.exec(text) as unknown as string[];
      return Date.parse(`${year}-${month}-${day}T${time}Z`);
    }
    if (column.name === 'starts') return Number(text.slice(0, 2)) * 3600 + Number(text.slice(3)) * 60;
    if (column.name === 'member') return /yes/i.test(text) ? 1 : 0;
    if (column.kind === 'category') return column.categories.indexOf(text);
    return Number(text.replace(/[^\d.-]/g, ''));
  });
}

test('a key that is not there is refused, an inherited one is read, and a list is no row', async () => {
  using pipeline = await fitted('default scales', data);
  const { predict } = await load(compile(pipeline));
  const { said: _, ...lacking } = data[1] as (typeof data)[number];
  expect(() => predict(lacking)).toThrow('the row has no "said"; null says that it is not known');
  expect(bits(predict(Object.create(data[1] as object)))).toEqual(bits(predict(data[1] as object)));
  expect(() => predict([1, 2])).toThrow('expected an object with a value for each column');
  expect(() => predict({ ...data[1], day: 'soon' })).toThrow(
    `"day": expected a Date or a text such as '2024-12-31', got soon`,
  );
});

test('types and fields say what a cell is', async () => {
  using pipeline = await fitted('default scales', data);
  const { types } = compile(pipeline);
  for (const line of [
    '"price": number | string | null;',
    '"day": Date | string | number | null;',
    '"said": string | null;',
  ])
    expect(types).toContain(line);
  const { code } = compile(pipeline, { to: 'html' });
  expect(code).toMatch(/day<input type="date" name="\d+" value="\d{4}-\d\d-\d\d"/);
  expect(code).toMatch(/at<input type="datetime-local" name="\d+" value="\d{4}-\d\d-\d\dT\d\d:\d\d"/);
});
