// Cells that are lists: labels of a target; of a feature it is said.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { kFold } from '../../src/data/index.js';
import { crossValidate, fitPipeline, loadPipeline, type Pipeline } from '../../src/evaluate/index.js';
import { adam } from '../../src/index.js';
import { fittingTargets } from '../../src/table/encoders/fit-targets.js';
import { readingTargets, targetsFromJson } from '../../src/table/encoders/targets.js';
import { readTable, Table } from '../../src/table/index.js';
import { hasPeers } from '../helpers/peers.js';

const rows = Array.from({ length: 120 }, (_, i) => {
  const [x, z] = [(i % 16) / 16, (i % 10) / 10];
  return { x, z, tags: [...(x > 0.5 ? ['red'] : []), ...(z > 0.5 ? ['big, "round"'] : [])] };
});
const labels = ['big, "round"', 'red'];
const pipeline: Pipeline = { layers: [], optimizer: adam({ learningRate: 0.1 }), fit: { epochs: 60 } };

describe('a target of lists', () => {
  test('is several labels, without a separator', async () => {
    const table = await readTable(JSON.stringify(rows));
    using fitted = await fitPipeline(pipeline, table, 'tags', { seed: 1 });
    expect(fitted.pipeline.task).toBe('multilabel');
    expect(fitted.targets).toMatchObject({
      kind: 'list',
      labels,
      parts: [{ name: 'tags', format: { json: 'lists' } }],
    });
    expect(fitted.targets).not.toHaveProperty('separator');
    using loaded = loadPipeline(fitted.save());
    expect(loaded.targets).toEqual(fitted.targets);
    expect(loaded.evaluate(table)).toEqual(fitted.evaluate(table));
    expect(fitted.evaluate(table)['accuracy']).toBeGreaterThan(0.9);
    const [[big, red]] = fitted.predictProbabilities([{ x: 1, z: 0 }]).toArrays() as [[number, number]];
    expect([big < 0.5, red > 0.5]).toEqual([true, true]);
    // The same as of a text with a separator.
    const written = await readTable(rows.map(({ tags, ...row }) => ({ ...row, tags: tags.join(';') || ';' })));
    using other = await fitPipeline({ ...pipeline, separator: ';' }, written, 'tags', { seed: 1 });
    expect(fitted.predictProbabilities(table).data).toEqual(other.predictProbabilities(written).data);
    const scores = await crossValidate(pipeline, table, 'tags', kFold(table.rows, { folds: 2 }));
    expect(scores['accuracy']?.mean).toBeGreaterThan(0.9);
  });

  test('refuses a separator, and another task', async () => {
    const table = await readTable(rows);
    await expect(fitPipeline({ ...pipeline, separator: ',' }, table, 'tags')).rejects.toThrow(
      'fitPipeline(separator): each cell of column "tags" is a list, whose parts are the labels; leave out the separator',
    );
    await expect(fitPipeline({ ...pipeline, task: 'classification' }, table, 'tags')).rejects.toThrow(
      "expected 'multilabel' for targets of several labels",
    );
  });

  test('cells that are missing, empty, numbers, or JSON in another file', async () => {
    const table = await readTable([{ a: [2, 10, ' 2 '] }, { a: null }, { a: [] }, { a: [null, ''] }]);
    const coder = atOnce(fittingTargets(table.data, 'a'));
    expect(coder).toMatchObject({ kind: 'list', labels: ['10', '2'] });
    expect(targetsFromJson(JSON.parse(JSON.stringify(coder)))).toEqual(coder);
    const { numbers, missing, unknown } = atOnce(readingTargets(coder, table.data));
    expect([[...(numbers ?? [])], [...missing], unknown]).toEqual([[1, 1, 0, 0, 0, 0], [1], []]);
    const csv = await readTable('a;b\n[2,10];1\n["7"];2\n', { kinds: { a: 'text' } });
    expect(atOnce(readingTargets(coder, csv.data))).toMatchObject({
      numbers: Float64Array.of(1, 1, 0, 0),
      unknown: ['7'],
    });
    const wrong = await readTable('a;b\n2,10;1\n{"x":1};2\n', { kinds: { a: 'text' } });
    expect(() => atOnce(readingTargets(coder, wrong.data))).toThrow(
      'row 2, column "a" is "2,10", expected a list of texts or numbers such as ["a","b"]',
    );
    const deep = await readTable([{ a: [['x']] }, { a: [{ y: 1 }] }]);
    expect(() => atOnce(fittingTargets(deep.data, 'a'))).toThrow('expected a list of texts or numbers');
  });
});

describe('an empty cell of labels is no label, a missing word and null are missing', () => {
  const expected = { numbers: Float64Array.of(1, 1, 0, 0, 0, 0, 0, 1), missing: Int32Array.of(2), unknown: [] };
  test.each([
    ['CSV', 'tags,n\na;b,1\n,2\nNA,3\n"",4\nb,5\n'],
    ['CSV with spaces', 'tags,n\na;b ,1\n  ,2\nNA,3\n" ",4\nb,5\n'],
    ['JSON', [{ tags: 'a;b' }, { tags: '' }, { tags: null }, { tags: ' ' }, { tags: 'b' }]],
    [
      'JSON without the key',
      [{ tags: 'a;b', n: 1 }, { tags: '', n: 2 }, { n: 3 }, { tags: '', n: 4 }, { tags: 'b', n: 5 }],
    ],
    ['JSON with lists', [{ tags: ['a', 'b'] }, { tags: [] }, { tags: null }, { tags: '' }, { tags: ['b'] }]],
  ])('%s', async (name, source) => {
    const separator = name === 'JSON with lists' ? {} : { separator: ';' };
    for (const table of [
      await readTable(source as string),
      await readTable(typeof source === 'string' ? new TextEncoder().encode(source) : JSON.stringify(source)),
      await readTable(typeof source === 'string' ? source : source.map((row) => JSON.stringify(row)).join('\n'), {
        kinds: { tags: 'text' },
      }),
    ]) {
      const coder = atOnce(fittingTargets(table.data, 'tags', separator));
      expect(atOnce(readingTargets(coder, table.data))).toMatchObject(expected);
      // To everything else it is missing.
      expect(table.values('tags').map((cell) => cell === null)).toEqual(
        name === 'JSON with lists' ? [false, false, true, true, false] : [false, true, true, true, false],
      );
      expect(table.known('tags', { empty: true }).rows).toBe(4);
      expect(table.known('tags').rows).toBe(name === 'JSON with lists' ? 3 : 2);
      const some = table.select([1, 2]);
      expect(atOnce(readingTargets(coder, some.data))).toMatchObject({
        rows: Int32Array.of(0),
        missing: Int32Array.of(1),
      });
      expect(atOnce(readingTargets(coder, new Table(structuredClone(table.data)).data))).toMatchObject(expected);
    }
  });

  test('a number that means a missing cell is no label either', async () => {
    const table = await readTable('tags,n\na;b,1\n-9,2\n,3\n', { missing: ['-9'] });
    const coder = atOnce(fittingTargets(table.data, 'tags', { separator: ';' }));
    expect(atOnce(readingTargets(coder, table.data))).toMatchObject({
      missing: Int32Array.of(1),
      rows: Int32Array.of(0, 2),
    });
  });

  test('fitPipeline learns from rows without a label, and says which rows have no answer', async () => {
    const lines = rows.map(({ x, z, tags }) => `${x},${z},"${tags.join(';').replaceAll('"', '""')}"`);
    const table = await readTable(`x,z,tags\n${lines.join('\n')}`);
    using fitted = await fitPipeline({ ...pipeline, separator: ';' }, table, 'tags', { seed: 1 });
    using other = await fitPipeline(pipeline, await readTable(rows), 'tags', { seed: 1 });
    expect(fitted.predictProbabilities(table).data).toEqual(other.predictProbabilities(table).data);
    const lacking = await readTable(`x,z,tags\n${lines.join('\n')}\n1,1,NA\n`);
    await expect(fitPipeline({ ...pipeline, separator: ';' }, lacking, 'tags')).rejects.toThrow(
      'row 120 of the table has no "tags" to learn from; leave such rows out with table.known("tags", { empty: true })',
    );
  });
});

test.each([
  ['types.parquet', 'hyparquet'],
  ['types.feather', '@uwdata/flechette'],
] as const)('lists and structs in %s', async (name, library) => {
  if (!(await hasPeers(library))) return;
  const table = await readTable(new Uint8Array(readFileSync(new URL(`../golden/formats/${name}`, import.meta.url))));
  expect(table.column('list')).toMatchObject({ why: 'each cell is a list', format: { json: 'lists' } });
  expect(table.column('struct')).toMatchObject({ why: 'each cell is an object', format: { json: 'objects' } });
  expect(atOnce(fittingTargets(table.known('list').data, 'list'))).toMatchObject({
    kind: 'list',
    labels: expect.arrayContaining(['1', '2']),
  });
});

test('of a feature it is said what its cells are', async () => {
  const long = Array.from({ length: 40 }, (_, i) => ({
    tags: [`the first of some words ${i}`, 'and another'],
    at: { place: `one of many places, number ${i}`, of: 'these' },
    id: [i],
    some: i % 2 ? [1] : 'x',
  }));
  const table = await readTable(long);
  expect(table.columns.map(({ name, why }) => `${name}: ${why}`)).toEqual([
    'tags: each cell is a list',
    'at: each cell is an object',
    'id: each cell is a list',
    'some: texts',
  ]);
  expect(table.column('some').format).toEqual({ json: 'some' });
});

test('a Set is its list and a Map its object, also within others', async () => {
  const sets = await readTable([
    { a: new Set(['x', 'y']), b: 1 },
    { a: new Set(['x']), b: 2 },
    { a: new Set(), b: 3 },
  ]);
  expect(sets.column('a')).toMatchObject({ why: 'each cell is a list', format: { json: 'lists' } });
  expect(sets.values('a')).toEqual(['["x","y"]', '["x"]', '[]']);
  expect(atOnce(fittingTargets(sets.data, 'a'))).toMatchObject({ kind: 'list', labels: ['x', 'y'] });
  const maps = await readTable([
    { a: new Map<string, unknown>([['k', new Set([1, 2])]]), b: 1 },
    { a: { k: new Map([[1, 'x']]) }, b: 2 },
  ]);
  expect(maps.column('a')).toMatchObject({ why: 'each cell is an object', format: { json: 'objects' } });
  expect(maps.values('a')).toEqual(['{"k":[1,2]}', '{"k":{"1":"x"}}']);
});
