// What there is to predict, read from the columns of a table.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { fittingTargets, type TargetOptions } from '../../src/table/encoders/fit-targets.js';
import { type ReadTargets, readingTargets, targetsFromJson } from '../../src/table/encoders/targets.js';
import { readTable } from '../../src/table/index.js';
import type { TableData } from '../../src/table/kind.js';
import { column, table } from './columns.js';

const coder = (data: TableData, target: string | readonly string[], o?: TargetOptions) =>
  targetsFromJson(JSON.parse(JSON.stringify(atOnce(fittingTargets(data, target, o)))));

/** What a table says, without what is empty. */
function read(data: TableData, target: string | readonly string[], o?: TargetOptions, rows?: Int32Array) {
  const { labels, numbers, ...found } = atOnce(readingTargets(coder(data, target, o), data, rows));
  return { ...found, ...(labels && { labels }), ...(numbers && { numbers: [...numbers] }) };
}

const data = table(
  column('kind', 'category', ['a', 'b', null, 'a']),
  column('price', 'number', [1.5, null, 1.7e9 + 1, 3]),
  column('sold', 'boolean', [true, false, true, null], { words: ['no', 'yes'] }),
  column('red', 'number', [0, 1, 1, null]),
  column('tags', 'category', ['x;y', ' y ; z;', null, 'x']),
  column('none', 'text', [null, ';', null, null]),
  column('when', 'date', [new Date(0), null, null, null]),
);

describe('one column', () => {
  test('of texts, numbers or booleans is labels', () => {
    expect(read(data, 'kind')).toEqual({
      rows: Int32Array.of(0, 1, 3),
      missing: Int32Array.of(2),
      labels: ['a', 'b', 'a'],
      names: ['kind'],
      unknown: [],
    });
    expect(read(data, ['price']).labels).toEqual([1.5, 1.7e9 + 1, 3]);
    expect(read(data, 'sold').labels).toEqual(['yes', 'no', 'yes']);
    expect(read(data, 'sold', { task: 'regression' }).numbers).toEqual([1, 0, 1]);
  });

  test('is classes for sure unless it is numbers that nobody called categories', () => {
    const tasks = (['kind', 'price', 'sold'] as const).map((name) => coder(data, name));
    expect(tasks.map((each) => each.kind === 'labels' && each.task)).toEqual([
      'classification',
      undefined,
      'classification',
    ]);
    expect(coder(data, 'price', { task: 'classification' })).toMatchObject({ task: 'classification' });
    const stars = table({ ...column('stars', 'number', [1, 2, 3]), kind: 'category' });
    expect(coder(stars, 'stars')).toMatchObject({ task: 'classification', parts: [{ holds: 'number' }] });
  });

  test('of some rows', () => {
    expect(read(data, 'kind', {}, Int32Array.of(3, 2, 1))).toMatchObject({
      rows: Int32Array.of(3, 1),
      missing: Int32Array.of(2),
      labels: ['a', 'b'],
    });
  });

  test('of texts that were classes is texts in a later table of numbers', () => {
    const classes = coder(table(column('doors', 'category', ['1', '2', '3', '4+'])), 'doors');
    const later = table(column('doors', 'number', [1, 3, null, 2]));
    expect(atOnce(readingTargets(classes, later))).toMatchObject({
      labels: ['1', '3', '2'],
      missing: Int32Array.of(2),
    });
  });

  test('of numbers is numbers in a later table of texts, or refused', () => {
    const price = coder(data, 'price');
    expect(atOnce(readingTargets(price, table(column('price', 'text', ['7', null])))).labels).toEqual([7]);
    expect(() => atOnce(readingTargets(price, table(column('price', 'text', ['7', 'dear']))))).toThrow(
      'readingTargets: row 3, column "price" is "dear", expected a number',
    );
    // Rows are named as they stand in the file, of which some are no rows of the table.
    const later = { ...table(column('price', 'text', ['7', 'dear'])), lines: Int32Array.of(2, 5) };
    expect(() => atOnce(readingTargets(price, later))).toThrow('row 5, column "price" is "dear"');
  });
});

describe('several outputs', () => {
  test('are numbers', () => {
    expect(read(data, ['price', 'sold'])).toEqual({
      rows: Int32Array.of(0, 2),
      missing: Int32Array.of(1, 3),
      numbers: [1.5, 1, 1.7e9 + 1, 1],
      names: ['price', 'sold'],
      unknown: [],
    });
    expect(coder(data, ['price', 'sold']).kind).toBe('numbers');
  });

  test('of 0 and 1 are labels', () => {
    expect(coder(data, ['sold', 'red']).kind).toBe('flags');
    expect(coder(data, ['sold', 'red'], { task: 'regression' }).kind).toBe('numbers');
    expect(read(data, ['sold', 'red']).numbers).toEqual([1, 0, 0, 1, 1, 1]);
  });

  test('in a cell are labels', () => {
    expect(read(data, 'tags', { separator: ';' })).toEqual({
      rows: Int32Array.of(0, 1, 3),
      missing: Int32Array.of(2),
      numbers: [1, 1, 0, 0, 1, 1, 1, 0, 0],
      names: ['x', 'y', 'z'],
      unknown: [],
    });
    const later = atOnce(
      readingTargets(coder(data, 'tags', { separator: ';' }), table(column('tags', 'text', ['w;x']))),
    );
    expect([[...later.numbers!], later.unknown]).toEqual([[1, 0, 0], ['w']]);
  });
});

test.each<[string | readonly string[], TargetOptions | undefined, string]>([
  ['Price', undefined, 'the table has no column "Price"; did you mean price?'],
  [[], undefined, "fittingTargets(target): expected a column's name, or several, got an array of 0"],
  [['red', 'red'], undefined, 'fittingTargets(target): expected each column once, got "red, red"'],
  [['kind', 'price'], undefined, 'fittingTargets: column "kind" is texts; several targets are numbers, or 0 and 1'],
  [
    'when',
    undefined,
    'fittingTargets: column "when" holds dates, which cannot be predicted; make numbers of them first',
  ],
  ['tags', { separator: '' }, 'fittingTargets(separator): expected a text of one character or more, got ""'],
  [
    ['tags', 'kind'],
    { separator: ';' },
    'fittingTargets(target): expected a single column with a separator, got "tags, kind"',
  ],
  ['none', { separator: ';' }, 'fittingTargets: column "none" lists 0 different labels, expected 1 to 1000'],
  ['tags', { sep: ';' } as TargetOptions, 'fittingTargets: unknown option "sep"; known are separator, task'],
  [
    'tags',
    { task: 'guess' } as unknown as TargetOptions,
    'fittingTargets(task): expected one of classification, regression, got "guess"',
  ],
])('%j with %j is refused', (target, o, message) => {
  expect(() => coder(data, target, o)).toThrow(message);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['an unknown kind', { kind: 'toString', parts: [{ name: 'a', holds: 'text' }] }],
  ['no part', { kind: 'labels', parts: [] }],
  ['a hole', { kind: 'labels', parts: new Array(1) }],
  [
    'several columns of labels',
    {
      kind: 'labels',
      parts: [
        { name: 'a', holds: 'text' },
        { name: 'b', holds: 'text' },
      ],
    },
  ],
  ['dates', { kind: 'labels', parts: [{ name: 'a', holds: 'date' }] }],
  ['an unknown format', { kind: 'labels', parts: [{ name: 'a', holds: 'text', format: { decimal: 1 } }] }],
  ['a list without labels', { kind: 'list', separator: ';', parts: [{ name: 'a', holds: 'text' }], labels: [] }],
])('%s is no coder', (_, json) => {
  expect(() => targetsFromJson(json)).toThrow('targetsFromJson(json): expected what fittingTargets gave');
});

test('each row either has a target or lacks one', () => {
  const cells = fc.array(fc.option(fc.constantFrom('p', 'q', 'p,q', ',')), { minLength: 1 });
  fc.assert(
    fc.property(cells, fc.boolean(), (given, separated) => {
      fc.pre(given.some((cell) => cell !== null && cell !== ','));
      const { rows, missing, labels, numbers, names }: Partial<ReadTargets> = read(
        table(column('t', 'category', given)),
        't',
        separated ? { separator: ',' } : {},
      ) as never;
      expect([...rows!, ...missing!].sort((a, b) => a - b)).toEqual(given.map((_, row) => row));
      expect(separated ? numbers!.length / names!.length : labels!.length).toBe(rows!.length);
    }),
  );
});

test('whole numbers with more digits than a number holds are classes, and it is said', async () => {
  const lines = (of: (i: number) => string) =>
    `x,id\n${Array.from({ length: 40 }, (_, i) => `${i % 7},${of(i)}`).join('\n')}`;
  for (const start of [10n ** 16n, 10n ** 18n]) {
    const text = lines((i) => String(start + 1n + BigInt(i % 3) * 10000n));
    const fitted = await fitPipeline({ layers: [], fit: { epochs: 1 } }, await readTable(text), 'id');
    expect([fitted.pipeline.task, fitted.why]).toEqual([
      'classification',
      "the labels are codes, or whole numbers with more digits than a number holds; kinds: { id: 'number' } makes numbers of them",
    ]);
    fitted.dispose();
    const numbers = await fitPipeline(
      { layers: [], fit: { epochs: 1 }, task: 'regression' },
      await readTable(
        lines((i) => String(start + 10n ** 15n * BigInt(i))),
        { kinds: { id: 'number' } },
      ),
      'id',
    ).then(
      (made) => made.pipeline.task,
      (error: Error) => error.message,
    );
    expect(numbers).toBe('regression');
  }
});

test('ids that float64 cannot tell apart are not proposed as numbers, and it is said where they are asked for', async () => {
  // Number('12345678901234567') is 12345678901234568: 2^53 < 1.2e16 < 2^54, so the odd ones are rounded.
  const lines = Array.from({ length: 40 }, (_, i) => `${i % 7},${12345678901234567n + BigInt(i % 2)}`);
  const text = `x,id\n${lines.join('\n')}`;
  using fitted = await fitPipeline({ layers: [], fit: { epochs: 1 } }, await readTable(text), 'id');
  expect(fitted.why).toBe(
    'the labels are codes, or whole numbers with more digits than a number holds: as numbers, 12345678901234567 and 12345678901234568 would be one',
  );
  const { data } = await readTable(text, { kinds: { id: 'number' } });
  expect(data.notes).toEqual([
    'Column "id": 12345678901234567 and 12345678901234568 become one number, and so may others; kinds: { id: \'category\' } keeps them apart.',
  ]);
  const apart = await readTable(text.replaceAll('4567', '2567'), { kinds: { id: 'number' } });
  expect(apart.data.notes).toBeUndefined();
});
