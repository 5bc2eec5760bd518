// Partial dependence, beside scikit-learn's, and by brute force on tables.
import { expect, test } from 'vitest';
import { fitPipeline } from '../../src/evaluate/index.js';
import { partialDependence } from '../../src/explain/index.js';
import { readTable } from '../../src/table/index.js';
import { distance } from '../helpers/numbers.js';
import { rows } from '../helpers/penguins.js';
import { cases, modelOf } from './cases.js';

const penguins = await readTable(rows);
const ensemble = await fitPipeline('tabular', penguins, 'species', { members: 2, seed: 1 });

test("scikit-learn's grid and means", async () => {
  for (const each of cases) {
    using model = await modelOf(each);
    for (const [c, { values, means }] of each.dependence.entries()) {
      const found = await partialDependence(model, each.x, String(c), { points: 12 });
      expect(distance(found.values as number[], values)).toBeLessThan(1e-12);
      // Of two classes scikit-learn has the second alone.
      const own = found.means.slice(found.means.length - means.length);
      for (const [o, expected] of means.entries()) expect(distance(own[o]!, expected)).toBeLessThan(1e-6);
    }
  }
});

test.each(['island', 'male', 'bill', 'ringed'])('a column of a table: %s, in all rows as records', async (column) => {
  const { values, means, outputs } = await partialDependence(ensemble, penguins, column, { points: 5 });
  expect(outputs).toEqual(ensemble.classes);
  for (const [v, value] of values.entries()) {
    const { data } = ensemble.predictProbabilities(rows.map((row) => ({ ...row, [column]: value })));
    for (const o of outputs.keys()) {
      const mean = [...data].reduce((sum, p, i) => sum + (i % 3 === o ? p : 0), 0) / rows.length;
      expect(means[o]![v]).toBeCloseTo(mean, 6);
    }
  }
  // The same of records.
  expect(await partialDependence(ensemble, rows, column, { points: 5 })).toEqual({ column, values, means, outputs });
});

test('which values', async () => {
  const of = async (column: string, points?: number) =>
    (await partialDependence(ensemble, penguins, column, points ? { points } : {})).values;
  const counts = (column: 'island' | 'male', value: unknown) => rows.filter((row) => row[column] === value).length;
  for (const column of ['island', 'male'] as const) {
    const values = await of(column);
    expect(new Set(values)).toEqual(new Set(rows.map((row) => row[column])));
    expect(values.map((value) => counts(column, value))).toEqual(
      values.map((value) => counts(column, value)).sort((a, b) => b - a),
    );
  }
  expect(await of('bill')).toHaveLength(20);
  const dates = (await of('ringed', 4)) as Date[];
  expect(dates.map((date) => date instanceof Date)).toEqual([true, true, true, true]);
  expect(dates.map(Number)).toEqual(dates.map(Number).sort((a, b) => a - b));
});

test('a column that is nearly always the same number is looked at from its least to its largest', async () => {
  const x = Array.from({ length: 100 }, (_, i) => [i < 97 ? 5 : i, i]);
  using fitted = await fitPipeline(
    { layers: [], fit: { epochs: 1 } },
    x,
    x.map(([, b]) => b! + 0.5),
  );
  expect((await partialDependence(fitted, x, '0', { points: 3 })).values).toEqual([5, 52, 99]);
  // Fewer distinct numbers than points: these.
  expect((await partialDependence(fitted, x, '0', { points: 5 })).values).toEqual([5, 97, 98, 99]);
});

test('one output, and what is refused', async () => {
  const found = await partialDependence(ensemble, penguins, 'mass', { output: 'Gentoo' });
  expect(found.outputs).toEqual(['Gentoo']);
  expect(found.means).toHaveLength(1);
  const refused = (column: string, o: object, message: string) =>
    expect(partialDependence(ensemble, penguins, column, o)).rejects.toThrow(message);
  await refused('species', {}, 'partialDependence(column): expected a column that the model reads, "island"');
  await refused('mass', { output: 'x' }, 'partialDependence(output): expected one of "Adelie", "Chinstrap", "Gentoo"');
  const empty = await readTable(rows.map((row) => ({ ...row, mass: null, island: null })));
  for (const column of ['mass', 'island'])
    await expect(partialDependence(ensemble, empty, column)).rejects.toThrow(
      `partialDependence: column "${column}" has no value in these rows, so there is nothing to compare`,
    );
  await refused('mass', { points: 1 }, 'partialDependence(points): expected two or more, got 1');
});
