// Sources with a null of their own: there "NA" is a text.
import { describe, expect, test } from 'vitest';
import { fitPipeline } from '../../src/evaluate/index.js';
import { adam } from '../../src/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { missingWords, readTable, type TableSource } from '../../src/table/index.js';

const rows = ['NA', 'EU', null, 'AS', 'NA', '?'].map((continent, i) => ({
  continent,
  area: i === 1 ? 'NA' : String(i),
}));
const json = JSON.stringify(rows);
const sources: [string, () => TableSource][] = [
  ['objects', () => rows],
  ['JSON', () => json],
  ['JSON Lines', () => rows.map((row) => JSON.stringify(row)).join('\n')],
  ['columns', () => JSON.stringify({ continent: rows.map((row) => row.continent), area: rows.map((row) => row.area) })],
  [
    'a stream of objects',
    async function* () {
      yield* rows;
    } as never,
  ],
];

describe.each(sources)('%s', (_, source) => {
  const read = async (o?: Parameters<typeof readTable>[1]) => {
    const given = source();
    return readTable(given, o);
  };
  test('words are texts among texts, and missing among numbers, which is said', async () => {
    const table = await read();
    expect(table.head(9).map(({ continent }) => continent)).toEqual(['NA', 'EU', null, 'AS', 'NA', '?']);
    expect(table.head(9).map(({ area }) => area)).toEqual([0, null, 2, 3, 4, 5]);
    expect(table.column('area').why).toBe('whole numbers; "NA" taken for missing');
    expect(table.data.notes).toBeUndefined();
  });
  test('unless they are named', async () => {
    const some = await read({ missing: ['NA'] });
    expect(some.head(9).map(({ continent }) => continent)).toEqual([null, 'EU', null, 'AS', null, '?']);
    const none = await read({ missing: { only: [] } });
    expect(none.column('area')).toMatchObject({ holds: 'text' });
  });
});

test('among dates they are missing, also in columns that are asked for', async () => {
  const cells = ['2024-01-01', 'NA', '2024-03-01'].map((day, i) => ({
    day,
    flag: ['ja', 'n/a', 'nein'][i],
    n: ['1', 'null', '2'][i],
  }));
  const found = await readTable(cells);
  expect(found.head().map(({ day }) => day)).toEqual([new Date('2024-01-01'), null, new Date('2024-03-01')]);
  expect(found.column('flag').holds).toBe('text');
  const asked = await readTable(cells, { kinds: { day: 'date', flag: 'boolean', n: 'number' } });
  expect(asked.row(1)).toEqual({ day: null, flag: null, n: null });
});

test('CSV keeps its words, and says what they cost', async () => {
  const text = 'continent,area,note\nNA,1,x\nEU,NA,?\nNA,3,x\n';
  const table = await readTable(text);
  expect(table.column('continent').cells).toMatchObject({ codes: Int32Array.of(-1, 0, -1) });
  expect(table.data.notes).toEqual([
    '"NA" and "?" in 2 columns of texts, such as "continent" (2 cells) are taken for missing; missing: { only: [] } keeps them.',
  ]);
  expect((await readTable(text.replace('?', ''))).data.notes).toEqual([
    '"NA" in 2 cells of column "continent" is taken for missing; missing: { only: [] } keeps it.',
  ]);
  for (const missing of [['NA', '?'], { only: [] }])
    expect((await readTable(text, { missing })).data.notes).toBeUndefined();
  expect((await readTable('a,b\nNA,x\n1,y\n')).data.notes).toBeUndefined();
});

describe('a fitted pipeline', () => {
  const learnt = Array.from({ length: 40 }, (_, i) => ({
    continent: i % 4 === 0 ? null : i % 2 ? 'NA' : 'EU',
    kind: i % 2 ? 'N/A' : 'yes',
  }));
  const learn = async (source: TableSource) =>
    fitPipeline(
      { layers: [], optimizer: adam({ learningRate: 0.1 }), fit: { epochs: 60 } },
      await readTable(source),
      'kind',
      { seed: 1 },
    );

  test('reads records, tables and labels as its table was read', async () => {
    const fitted = await learn(learnt);
    expect(fitted.classes).toEqual(['N/A', 'yes']);
    expect(fitted.encoder?.features).toEqual(['continent=EU', 'continent=NA', 'continent=(missing)']);
    const asked = [{ continent: 'NA' }, { continent: 'EU' }, { continent: null }];
    const encoded = [
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ];
    expect(fitted.encoder?.encodeRecords(asked).toArrays()).toEqual(encoded);
    expect(fitted.predict(asked)).toEqual(['N/A', 'yes', 'yes']);
    const later = await readTable(JSON.stringify(asked.map((row) => ({ ...row, x: 1 }))));
    expect(fitted.predict(later)).toEqual(['N/A', 'yes', 'yes']);
    const small = loadPredictor(fitted.save());
    expect(small.predictLabels(asked)).toEqual(['N/A', 'yes', 'yes']);
    // Its labels too.
    expect(fitted.evaluate(await readTable(learnt))).toHaveProperty('accuracy');
  });

  test('of CSV takes the words for missing, in records as in its table', async () => {
    const text = [
      'continent,kind',
      ...learnt.map(({ continent, kind }) => `${continent ?? ''},${kind === 'yes' ? 'y' : 'x'}`),
    ].join('\n');
    const { encoder } = await learn(text);
    expect(encoder?.features).toEqual(['continent=EU', 'continent=(missing)']);
    for (const continent of [...missingWords, '', null])
      expect(encoder?.encodeRecords([{ continent }]).toArrays()).toEqual([[0, 1]]);
  });

  test('refuses what is no text, by row and column', async () => {
    const fitted = await learn(learnt);
    const small = loadPredictor(fitted.save());
    for (const [cell, shown] of [
      [{ a: 1 }, 'an Object'],
      [['x'], 'an array of 1'],
      [() => 1, 'a function'],
      [Symbol('x'), 'Symbol(x)'],
    ] as const)
      for (const model of [fitted, small])
        expect(() => model.predict([{ continent: 'EU' }, { continent: cell }])).toThrow(
          `predict: row 1, column "continent" is ${shown}, expected a text`,
        );
    for (const cell of [true, 5, 5n, new Date(0)]) expect(() => small.predict([{ continent: cell }])).not.toThrow();
  });

  test('that has learnt from lists and objects takes these', async () => {
    const nested = Array.from({ length: 20 }, (_, i) => ({ a: i % 2 ? { x: 1 } : { x: 2 }, y: i % 2 ? 'p' : 'q' }));
    const { encoder } = await fitPipeline({ layers: [], fit: { epochs: 1 } }, await readTable(nested), 'y');
    expect(encoder?.encodeRecords([{ a: { x: 1 } }, { a: { x: 2 } }]).toArrays()).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});
