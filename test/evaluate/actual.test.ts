// What is true, compared with what is predicted: a table has booleans as true and false, a model answers them in the words of the file.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { calibration, confusionMatrix, fitPipeline, loadPipeline } from '../../src/evaluate/index.js';
import {
  brierScore,
  chooseThreshold,
  conformalSets,
  operatingPoints,
  permutationImportance,
  reliability,
  temperatureScaling,
  worstRows,
} from '../../src/explain/index.js';
import { readTable } from '../../src/table/index.js';
import { checkMessages } from '../bad-input/check.js';

const isOpen = (i: number): boolean => i >= 20;
const csv = (no: string, yes: string): string =>
  `size,open\n${Array.from({ length: 40 }, (_, i) => `${i},${isOpen(i) ? yes : no}`).join('\n')}`;
const pipeline = { layers: [], fit: { epochs: 200 } } as const;

describe.each([
  ['No', 'Yes'],
  ['yes', 'no'].reverse() as [string, string],
  ['FALSE', 'TRUE'],
  ['nein', 'ja'],
  ['F', 'T'],
])('a target of %s and %s', (no, yes) => {
  test('actual is in the words of predict, for tables and for objects, and what it compares is what evaluate counts', async () => {
    const table = await readTable(csv(no, yes));
    using fitted = await fitPipeline(pipeline, table, 'open');
    const values = table.values('open');
    expect(values).toEqual(Array.from({ length: 40 }, (_, i) => isOpen(i)));
    const actual = fitted.actual(table);
    expect(actual).toEqual(values.map((value) => (value ? yes : no)));
    const right = fitted.predict(table).filter((label, row) => label === actual[row]).length;
    expect(right / 40).toBe(fitted.evaluate(table)['accuracy']);
    expect(right).toBe(40);
    const rows = values.map((open, size) => ({ size, open }));
    expect(fitted.actual(rows)).toEqual(actual);
    expect(fitted.actual(await readTable(rows))).toEqual(actual);
    using again = loadPipeline(fitted.save());
    expect(again.actual(table)).toEqual(actual);
  });

  test('booleans are the classes that mean them, wherever what is true is given', async () => {
    const table = await readTable(csv(no, yes));
    for (const positive of [yes, no]) {
      using fitted = await fitPipeline({ ...pipeline, positive }, table, 'open');
      const classes = fitted.classes ?? [];
      const values = table.values('open');
      const words = fitted.actual(table);
      const p = fitted.predictProbabilities(table);
      const predicted = fitted.predict(table);
      for (const of of [
        (y: typeof values) => confusionMatrix(y, predicted, classes),
        (y: typeof values) => calibration(y, p, classes),
        (y: typeof values) => brierScore(y, p, classes),
        (y: typeof values) => chooseThreshold(y, p, { classes, recall: 0.9 }),
        (y: typeof values) => operatingPoints(y, p, { classes }),
        (y: typeof values) => reliability(y, p, classes),
        (y: typeof values) => temperatureScaling(y, p, classes).temperature,
        (y: typeof values) => conformalSets(y, p, classes).threshold,
        (y: typeof values) => fitted.evaluate(table, y),
      ])
        expect(of(values)).toEqual(of(words));
      expect(await worstRows(fitted, table, { y: values })).toEqual(await worstRows(fitted, table, { y: words }));
      expect(await permutationImportance(fitted, table, { y: values })).toEqual(
        await permutationImportance(fitted, table),
      );
    }
  });
});

test('true and false of JSON, 0 and 1, and a missing target', async () => {
  const rows = Array.from({ length: 40 }, (_, size) => ({ size, open: isOpen(size) }));
  using typed = await fitPipeline(pipeline, await readTable(rows), 'open');
  expect(typed.classes).toEqual(['false', 'true']);
  expect(typed.actual([{ open: true }, { open: 'false' }, { open: null }])).toEqual(['true', 'false', null]);
  expect(
    confusionMatrix([true, false], typed.predict([{ size: 39 }, { size: 0 }]), typed.classes ?? []).counts,
  ).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(
    brierScore(
      [true, false],
      Matrix.from([
        [0, 1],
        [1, 0],
      ]),
      [0, 1],
    ),
  ).toBe(0);
  using numbers = await fitPipeline({ ...pipeline, task: 'regression' }, await readTable(rows), 'size');
  expect(numbers.actual([{ size: 3 }])).toEqual([3]);
});

test('booleans mean nothing among other classes', () => {
  const p = Matrix.from([[0.5, 0.5]]);
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 3, maxLength: 9 }), { minLength: 2, maxLength: 2 }),
      (classes) => {
        fc.pre(
          !classes.some((label) =>
            /^(false|true|yes|off|nein|non|oui|nee|não|sim|falsch|wahr|faux|vrai|falso|vero|verda.*|onwaar|waar)$/i.test(
              label,
            ),
          ),
        );
        expect(() => brierScore([true], p, classes)).toThrow('true in row 0 is not among the classes');
      },
    ),
  );
});

const table = await readTable(csv('No', 'Yes'));
const fitted = await fitPipeline(pipeline, table, 'open');
const plain = await fitPipeline({ layers: [], fit: { epochs: 1 } }, [[1], [2]], ['a', 'b']);
const two = await readTable('a,b,c\n1,2,4\n3,4,4.5\n5,7,2\n');
const several = await fitPipeline({ layers: [], fit: { epochs: 1 } }, two, ['b', 'c']);
checkMessages([
  [
    () => plain.actual(table),
    'SimdenseError [STATE]: actual: the model was not fitted on a Table, and knows no target',
  ],
  [
    () => several.actual(two),
    'SimdenseError [STATE]: actual: a row has several labels or targets; use predictProbabilities, and compare it with the columns of the rows',
  ],
  [() => fitted.actual(two), 'SimdenseError [DATA]: actual: the table has no column "open"'],
  [() => fitted.actual([{ opne: true }]), 'SimdenseError [DATA]: actual: row 0 has no "open"; is it opne?'],
  [
    () => fitted.actual([{ open: 'maybe' }]),
    'SimdenseError [DATA]: actual: row 0, column "open" is "maybe", expected true or false',
  ],
  [
    () => fitted.actual([1] as never),
    'SimdenseError [ARGUMENT]: actual: x: expected a Table, or an array of objects such as { "open": … }, got an array of 1',
  ],
  [
    () => fitted.evaluate(table, [null]),
    "SimdenseError [DATA]: evaluate: y is null in row 0, expected a string or a finite number: a value is missing; fill it in, or leave the row out (parseCsv: missing: 'skip')",
  ],
]);

describe('what is wrong with rows to predict is said in the name of the function that was called', () => {
  const records = [{ sise: 3 }];
  test.each(['predict', 'predictProbabilities'] as const)('%s', async (name) => {
    const ensemble = await fitPipeline('tabular', table, 'open', { members: 2 });
    for (const model of [fitted, ensemble])
      expect(() => model[name](records)).toThrow(`${name}: row 0 has no "size"; is it sise?`);
    if (name === 'predict') expect(() => ensemble.predict(records, { by: 'votes' })).toThrow('predict: row 0 has no');
    ensemble.dispose();
  });

  test('a name twice in the table, of which the model reads one', async () => {
    const twice = await readTable('size,size,open\n1,2,No\n30,4,Yes\n');
    for (const name of ['predict', 'predictProbabilities', 'evaluate'] as const)
      expect(() => fitted[name](twice)).toThrow(
        `${name}: column "size" was not read as in training: read the table with one column of this name`,
      );
    const answers = await readTable('size,open,open\n1,No,Yes\n30,Yes,No\n');
    expect(fitted.predict(answers)).toEqual(['No', 'Yes']);
    expect(() => fitted.actual(answers)).toThrow('actual: the table has two columns "open"');
    expect(() => fitted.evaluate(answers)).toThrow('evaluate: the table has two columns "open"');
  });

  test('a model that was trained on such a table takes it, also where the second told nothing, and also when loaded', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${i % 7},${i / 2},7,${isOpen(i) ? 'Yes' : 'No'}`);
    const twice = await readTable(`size,size,x,open\n${lines.join('\n')}`);
    const constant = await readTable(`size,x,size,open\n${lines.join('\n')}`);
    for (const [own, columns] of [
      [twice, ['size', 'size.1']],
      [constant, ['size', 'x']],
    ] as const) {
      using model = await fitPipeline(pipeline, own, 'open');
      using again = loadPipeline(model.save());
      expect(again.columns).toEqual(columns);
      expect(again.evaluate(own)).toEqual(model.evaluate(own));
      expect(again.predict(own)).toEqual(model.predict(own));
    }
  });
});
