// The rows that a model predicts worst.
import { expect, test } from 'vitest';
import { fitPipeline } from '../../src/evaluate/index.js';
import { worstRows } from '../../src/explain/index.js';
import { readTable } from '../../src/table/index.js';
import { rows } from '../helpers/penguins.js';
import { cases, labelModel, modelOf } from './cases.js';

test('classes: by the log loss, as computed from the probabilities', async () => {
  const each = cases[1]!;
  using model = await modelOf(each);
  const probabilities = model.predictProbabilities(each.x).toArrays();
  const predicted = model.predict(each.x);
  const expected = each.y
    .map((y, row) => ({ row, actual: y, predicted: predicted[row], loss: -Math.log(probabilities[row]![y]!) }))
    .sort((a, b) => b.loss - a.loss);
  const found = await worstRows(model, each.x, { y: each.y, count: 1000 });
  expect(found).toHaveLength(80);
  for (const [i, row] of found.entries()) {
    expect(row).toMatchObject({
      row: expected[i]!.row,
      actual: expected[i]!.actual,
      predicted: expected[i]!.predicted,
    });
    expect(row.loss).toBeCloseTo(expected[i]!.loss, 10);
  }
  expect(await worstRows(model, each.x, { y: each.y })).toEqual(found.slice(0, 10));
});

test('numbers: by the absolute error, of the target that is asked for', async () => {
  const table = await readTable(rows.map((row) => ({ ...row, twice: row.mass * 2, species: undefined })));
  const known = table.known(['mass']);
  const pipeline = { layers: [], fit: { epochs: 20 } } as const;
  using fitted = await fitPipeline(pipeline, known, ['mass', 'twice']);
  const predicted = fitted.predictProbabilities(known).toArrays();
  const errors = predicted.map(([, p], row) => Math.abs(p! - Math.fround(2 * rows[row]!.mass)));
  const [worst] = await worstRows(fitted, known, { output: 'twice', count: 1 });
  const row = errors.indexOf(Math.max(...errors));
  expect(worst).toEqual({
    row,
    actual: Math.fround(2 * rows[row]!.mass),
    predicted: predicted[row]![1],
    loss: errors[row],
  });
  await expect(worstRows(fitted, known)).rejects.toThrow(
    'worstRows(output): expected one of "mass", "twice", since the model predicts several numbers, got undefined',
  );
});

test('several labels', async () => {
  const { model, x, y } = await labelModel();
  using fitted = model;
  const wrong = [...y.slice(0, 3), [0, 1], ...y.slice(4)];
  // Row 3 has both labels, and only the second is said.
  const [worst] = await worstRows(fitted, x, { y: wrong, count: 1 });
  expect(worst).toMatchObject({ row: 3, actual: [1], predicted: [0, 1] });
  await expect(worstRows(fitted, x, { y, output: 1 })).rejects.toThrow('it only for a model of several numbers');
});
