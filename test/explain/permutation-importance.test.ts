// Permutation importance, beside scikit-learn's, and by columns of a table.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { type Ensemble, fitPipeline } from '../../src/evaluate/index.js';
import { readingFeatures } from '../../src/explain/features.js';
import { type ColumnImportance, type ImportanceMetric, permutationImportance } from '../../src/explain/index.js';
import { measuring, type Permutations } from '../../src/explain/permutation-importance.js';
import { subjectOf } from '../../src/explain/subject.js';
import { readTable, Table } from '../../src/table/index.js';
import { distance } from '../helpers/numbers.js';
import { rows } from '../helpers/penguins.js';
import { cases, labelModel, modelOf } from './cases.js';

const penguins = await readTable(rows);
const columns = ['island', 'bill', 'mass', 'male', 'ringed'];
const ensemble = await fitPipeline('tabular', penguins, 'species', { members: 2, seed: 1 });

/** Permutations that are given. */
const these = (orders: readonly (readonly number[])[]): Permutations =>
  function* () {
    yield;
    return orders.map((order) => Int32Array.from(order));
  };

test("scikit-learn's figures, with its permutations", async () => {
  for (const each of cases) {
    using model = await modelOf(each);
    for (const [metric, expected] of Object.entries(each.importance)) {
      const permute = these(each.permutations);
      const given = { y: each.y, metric: metric as ImportanceMetric };
      const found = atOnce(measuring('test', subjectOf('test', model), each.x, given, permute));
      expect(found.map(({ mean }) => mean)).toEqual(found.map(({ mean }) => mean).sort((a, b) => b - a));
      for (const [c, values] of expected.values.entries()) {
        const own = found.find(({ column }) => column === String(c)) as ColumnImportance;
        expect(distance(own.values, values)).toBeLessThan(1e-6);
        expect(distance([own.mean, own.std], [expected.mean[c] as number, expected.std[c] as number])).toBeLessThan(
          1e-6,
        );
      }
    }
  }
});

describe('by columns of a table', () => {
  /** The log loss by hand, after exchanging cells in the table itself. */
  function lossOf(model: Ensemble, table: Table): number {
    const { data, columns: classes } = model.predictProbabilities(table);
    const places = rows.map(({ species }) => model.classes?.indexOf(species) as number);
    return -places.reduce((sum, c, row) => sum + Math.log(data[row * classes + c] as number), 0) / rows.length;
  }

  const exchanged = (column: string, order: Int32Array): Table => {
    const moved = penguins.select(order).column(column);
    return new Table({
      ...penguins.data,
      columns: penguins.data.columns.map((each) => (each.name === column ? moved : each)),
    });
  };

  test('permuting the features of a column together is permuting its cells', () => {
    const before = lossOf(ensemble, penguins);
    fc.assert(
      fc.property(fc.shuffledSubarray([...rows.keys()], { minLength: rows.length }), (order) => {
        const permute = these([order]);
        const found = atOnce(measuring('test', subjectOf('test', ensemble), penguins, {}, permute));
        expect(found.map(({ column }) => column).sort()).toEqual([...columns].sort());
        for (const { column, mean } of found)
          expect(mean).toBeCloseTo(lossOf(ensemble, exchanged(column, Int32Array.from(order))) - before, 6);
      }),
      { numRuns: 5 },
    );
  });

  test('features are the same whether they are kept or computed again', () => {
    const order = Int32Array.from([5, 5, 0, 88, 17]);
    for (const member of ensemble.members) {
      const [kept, computed] = [undefined, 0].map((most) => atOnce(readingFeatures('test', member, penguins, most)));
      for (const column of columns) {
        const [a, b] = [kept, computed].map((features) => {
          const into = atOnce(features!.of(Int32Array.from([1, 2, 3, 4, 6])));
          atOnce(features!.put(column, order, into));
          return into;
        });
        expect(a).toEqual(b);
        const cell = penguins.values(column)[5]!;
        kept!.fill(column, cell, a!);
        computed!.fill(column, cell, b!);
        expect(a).toEqual(b);
        const again = atOnce(kept!.of(order));
        atOnce(kept!.put(column, Int32Array.from([5, 5, 5, 5, 5]), again));
        for (let row = 0; row < 5; row++) {
          const { at, width } = kept!.spans.get(column)!;
          expect(a!.row(row).slice(at, at + width)).toEqual(again.row(row).slice(at, at + width));
        }
      }
    }
  });

  test('the same seed gives the same figures, another one others', async () => {
    const [a, b, c] = await Promise.all([1, 1, 2].map((seed) => permutationImportance(ensemble, penguins, { seed })));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(a![0]!.values).toHaveLength(5);
    // The species follows from bill and mass; the date says nothing.
    expect(
      a!
        .slice(0, 2)
        .map(({ column }) => column)
        .sort(),
    ).toEqual(['bill', 'mass']);
    const [only] = await permutationImportance(ensemble, penguins, { seed: 1, columns: ['mass'] });
    expect(only).toEqual(a!.find(({ column }) => column === 'mass'));
  });
});

test('several labels, and several numbers', async () => {
  const { model, x, y: flags } = await labelModel();
  using labels = model;
  expect(labels.pipeline.task).toBe('multilabel');
  const byLabels = await permutationImportance(labels, x, { y: flags, metric: 'accuracy' });
  expect(byLabels[2]).toMatchObject({ column: '2', mean: 0 });
  const y = flags.map(([a, b]) => [a! * 3.5, b! * 1000.25]);
  using numbers = await fitPipeline({ layers: [], fit: { epochs: 60 } }, x, y);
  const byNumbers = await permutationImportance(numbers, x, { y });
  // Each of two columns decides about one of the two targets, which count the same.
  expect(
    byNumbers
      .slice(0, 2)
      .map(({ column }) => column)
      .sort(),
  ).toEqual(['0', '1']);
  expect(byNumbers[0]!.mean / byNumbers[1]!.mean).toBeGreaterThan(0.5);
});

test('what is refused', async () => {
  const refused = (o: object, message: string, x: unknown = penguins) =>
    expect(permutationImportance(ensemble, x as Table, o)).rejects.toThrow(message);
  await refused({ metric: 'r2' }, 'permutationImportance(metric): expected one of logLoss, accuracy, got "r2"');
  await refused({ columns: ['ringd'] }, '"male", "ringed", got "ringd"; did you mean ringed?');
  await refused({ columns: ['bill', 'bill'] }, 'expected each column once, got "bill" twice');
  await refused({ repeats: 0 }, 'permutationImportance(repeats): expected a positive integer, got 0');
  await refused({ repeat: 3 }, 'unknown option "repeat"');
  await refused({}, 'permutationImportance(y): expected a label or targets for each row', rows);
  await refused({ y: ['Adelie'] }, 'x has 90 rows, y has 1');
  await refused({ signal: AbortSignal.abort(new Error('enough')) }, 'enough');
  await expect(permutationImportance({} as never, penguins)).rejects.toThrow(
    'expected a fitted pipeline or an ensemble',
  );
});
