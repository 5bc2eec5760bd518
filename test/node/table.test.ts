// Evaluations of a table, on threads as inline, with the built package.
import { adam, dense } from 'simdense';
import { kFold } from 'simdense/data';
import {
  bagging,
  bootstrapScore,
  crossValidate,
  fitPipeline,
  inline,
  learningCurve,
  loadEnsemble,
  type Pipeline,
  search,
} from 'simdense/evaluate';
import { workers } from 'simdense/node';
import { readTable } from 'simdense/table';
import { afterAll, describe, expect, test } from 'vitest';
import { rows } from '../helpers/penguins.js';

const penguins = await readTable(rows);
const splits = [...kFold(90, { folds: 3 })];
const pipeline: Pipeline = {
  layers: [dense({ units: 8, activation: 'relu' })],
  optimizer: adam({ learningRate: 0.02 }),
  fit: { epochs: 3 },
};

describe('evaluations take a table and the name of its target', () => {
  const pool = workers({ count: 2 });
  afterAll(() => pool.close());

  test("fitPipeline('tabular')", async () => {
    const o = { seed: 3, members: 2 };
    using here = await fitPipeline('tabular', penguins, 'species', { ...o, executor: inline() });
    using there = await fitPipeline('tabular', penguins, 'species', { ...o, executor: pool });
    expect(there.save()).toEqual(here.save());
  });

  test('crossValidate, on threads as inline', async () => {
    const expected = await crossValidate(pipeline, penguins, 'species', splits, { seed: 2, executor: inline() });
    expect(await crossValidate(pipeline, penguins, 'species', splits, { seed: 2, executor: pool })).toEqual(expected);
  });

  test('bootstrapScore, bagging, learningCurve, search', async () => {
    const { accuracy } = await bootstrapScore(pipeline, penguins, 'species', { repeats: 3 });
    expect(accuracy?.values).toHaveLength(3);
    using ensemble = await bagging(pipeline, penguins, 'species', { members: 2, executor: pool });
    using loaded = loadEnsemble(ensemble.save());
    expect(loaded.predict(rows)).toEqual(ensemble.predict(penguins));
    const points = await learningCurve(pipeline, penguins, 'species', splits, { sizes: [1] });
    expect(points[0]?.test['accuracy']?.values).toHaveLength(3);
    const { best } = await search({
      space: { units: [2, 4] },
      strategy: 'grid',
      pipeline: ({ units }) => ({ ...pipeline, layers: [dense({ units, activation: 'relu' })] }),
      x: penguins,
      y: 'species',
      splits,
    });
    expect(best.score.mean).toBeGreaterThan(0);
  });
});
