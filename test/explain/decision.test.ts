// What an ensemble answers after `decide` is what all of simdense/explain goes by.
import { expect, test } from 'vitest';
import { bagging, fitPipeline } from '../../src/evaluate/index.js';
import { integratedGradients, permutationImportance, worstRows } from '../../src/explain/index.js';

const x = Array.from({ length: 60 }, (_, i) => [i, (i * 7) % 11]);
const y = x.map(([i]) => (i! < 30 ? 'low' : i! < 45 ? 'mid' : 'high'));
const pipeline = { layers: [], fit: { epochs: 20 } } as const;

test.each([0.05, 0.3, 1.5])('from %d on', async (threshold) => {
  using ensemble = await bagging(pipeline, x, y, { members: 3 });
  const before = ensemble.predict(x);
  ensemble.decide({ positive: 'mid', threshold });
  const answers = ensemble.predict(x);
  expect(answers).not.toEqual(before);
  const worst = await worstRows(ensemble, x, { y, count: 100 });
  expect(worst).toHaveLength(60);
  for (const { row, predicted } of worst) expect(predicted).toBe(answers[row]);
  for (const row of [0, 28, 33, 44, 50, 59])
    expect((await integratedGradients(ensemble, x[row]!)).output).toBe(answers[row]);
});

test('importance by accuracy is the fall of the share of these answers that is right', async () => {
  using ensemble = await bagging(pipeline, x, y, { members: 3 });
  ensemble.decide({ positive: 'mid', threshold: 0.3 });
  const share = (rows: number[][]): number =>
    ensemble.predict(rows).filter((answer, row) => answer === y[row]).length / y.length;
  const [found] = await permutationImportance(ensemble, x, { y, metric: 'accuracy', repeats: 1, columns: ['0'] });
  // The fall is a whole number of rows, and leaves no less than nothing.
  expect((found!.mean * 60) % 1).toBeCloseTo(0, 9);
  expect(found!.mean).toBeLessThanOrEqual(share(x));
  // Whoever answers one class for all rows loses nothing.
  ensemble.decide({ positive: 'mid', threshold: 1e-9 });
  expect((await permutationImportance(ensemble, x, { y, metric: 'accuracy' })).map(({ mean }) => mean)).toEqual([0, 0]);
});

test('one network answers the most probable class', async () => {
  using fitted = await fitPipeline(pipeline, x, y);
  const answers = fitted.predict(x);
  for (const { row, predicted } of await worstRows(fitted, x, { y, count: 100 })) expect(predicted).toBe(answers[row]);
});
