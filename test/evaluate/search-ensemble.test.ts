// What a search has trained, put together.
import { expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import { kFold } from '../../src/data/index.js';
import { inline, loadEnsemble, type Pipeline, search, tabularSpace } from '../../src/evaluate/index.js';
import { tabularMember } from '../../src/evaluate/tabular-members.js';
import { integratedGradients } from '../../src/explain/index.js';
import { adam, dense } from '../../src/index.js';
import { loadEnsemblePredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';

const x = Array.from({ length: 90 }, (_, i) => [
  Math.fround(((i * 37) % 90) / 45 - 1),
  Math.fround(((i * 53) % 90) / 45 - 1),
]);
const y = x.map(([a, b]) => ((a as number) * (b as number) > 0.05 ? 'same' : (a as number) > 0 ? 'right' : 'left'));
const numbers = x.map(([a, b]) => (a as number) ** 2 + (b as number));
const space = { units: [2, 4, 8, 16], rate: { min: 0.003, max: 0.1, scale: 'log' as const } };
const pipeline = ({ units, rate }: { units: number; rate: number }): Pipeline => ({
  layers: [dense({ units, activation: 'tanh' })],
  optimizer: adam({ learningRate: rate }),
  fit: { epochs: 20 },
});

test.each([
  ['classes', y, 'loss'],
  ['numbers', numbers, 'meanSquaredError'],
] as const)(
  '%s: as good as the best trial on what judges it, or better, and the same after saving',
  async (task, y, monitor) => {
    const metrics = task === 'numbers' ? { metrics: ['meanSquaredError', 'r2'] as const } : {};
    const found = await search({
      space,
      pipeline: (point) => ({ ...pipeline(point), ...metrics }),
      x,
      y,
      trials: 10,
      monitor,
      ensemble: true,
      splits: kFold(90, { folds: 3, seed: 4 }),
    });
    using ensemble = found.ensemble;
    expect(found.trials.length).toBe(10);
    const counts = found.chosen.flatMap(({ count }) => [count, count, count]);
    expect(ensemble.weights ?? counts.map(() => 1)).toEqual(ensemble.weights ? counts : counts.map(() => 1));
    expect(ensemble.members.length).toBe(3 * found.chosen.length);
    expect(ensemble.outOfBag['loss']).toBeLessThan(found.best.score.mean);
    expect(ensemble.judgement?.words).toContain('chosen by these rows');
    const before = ensemble.predictProbabilities(x);
    const [saved, predictor] = [loadEnsemble(ensemble.save()), loadEnsemblePredictor(ensemble.save())];
    expect(saved.weights).toEqual(ensemble.weights);
    expect(saved.predictProbabilities(x).data).toEqual(before.data);
    expect(predictor.predict(x).data).toEqual(before.data);
    const { code } = compile(ensemble);
    const module = await import(`data:text/javascript,${encodeURIComponent(code)}`);
    for (const [i, row] of x.entries()) expect([...module.predict(row)]).toEqual([...before.row(i)]);
    saved.dispose();
    predictor.dispose();
  },
);

test('weights: the mean counts each member as often as they say, also where it is explained', async () => {
  // So few epochs leave errors that differ, which a mean takes away.
  const found = await search({
    space,
    pipeline: (point) => ({ ...pipeline(point), fit: { epochs: 5 } }),
    x,
    y: numbers,
    trials: 12,
    ensemble: true,
  });
  using ensemble = found.ensemble;
  const weights = ensemble.weights ?? ensemble.members.map(() => 1);
  expect(new Set(weights).size).toBeGreaterThan(1);
  const each = ensemble.members.map((member) => member.predictProbabilities(x).data);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const expected = x.map(
    (_, row) => each.reduce((sum, data, m) => sum + (weights[m] as number) * (data[row] as number), 0) / all,
  );
  for (const [row, value] of ensemble.predictProbabilities(x).data.entries())
    expect(value).toBeCloseTo(expected[row] as number, 6);
  const { prediction } = await integratedGradients(ensemble, x[3] as number[]);
  expect(prediction).toBeCloseTo(expected[3] as number, 5);
});

test('the same trials and ensemble whoever ends first, and as without an ensemble', async () => {
  const of = (o: object) => search({ space, pipeline, x, y, trials: 9, strategy: 'bayes', ensemble: true, ...o });
  const [one, two] = [await of({}), await of({ executor: backwards() })];
  const alone = await search({ space, pipeline, x, y, trials: 9, strategy: 'bayes' });
  const plain = ({ trials }: { trials: readonly { seconds: number }[] }) =>
    trials.map((trial) => ({ ...trial, seconds: 0 }));
  expect(plain(two)).toEqual(plain(one));
  expect(plain(alone)).toEqual(plain(one));
  expect(two.ensemble.save()).toEqual(one.ensemble.save());
  one.ensemble.dispose();
  two.ensemble.dispose();
});

function backwards() {
  return {
    ...inline(),
    async *run<T, R>(task: string, jobs: readonly T[], o = {}) {
      const outcomes = [];
      for await (const outcome of inline().run<T, R>(task, jobs, o)) outcomes.push(outcome);
      yield* outcomes.reverse();
    },
  };
}

test("the space of 'tabular' begins with its own networks", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    size: i,
    colour: ['red', 'blue', 'green'][i % 3],
    sold: i % 7 < 3 ? 'yes' : 'no',
  }));
  const table = await readTable(rows);
  const { space, first, pipeline } = tabularSpace(table, 'sold');
  const set = { x: table.data, task: 'classification' as const };
  const { columns } = table.data;
  const x = { rows: 60, columns: columns.filter(({ name }) => name !== 'sold') };
  for (const [m, point] of first.slice(0, 2).entries()) {
    const { task, metrics, ...member } = tabularMember({ ...set, x }, m, 48);
    expect(pipeline(point)).toEqual(member);
  }
  expect(Object.keys(space)).toEqual(Object.keys(first[0] as object));
  using ensemble = (await search({ space, first, pipeline, x: table, y: 'sold', trials: 3, ensemble: true })).ensemble;
  expect(ensemble.classes).toEqual(['no', 'yes']);
});

test('what it refuses', async () => {
  const table = await readTable('a,b\n1,x\n2,y\n');
  expect(() => tabularSpace(table, 'c')).toThrow('tabularSpace: y: there is no column "c"');
  expect(() => tabularSpace([[1]] as never, 'c')).toThrow('tabularSpace: x: expected a Table');
  expect(() => tabularSpace(table, 3 as never)).toThrow("tabularSpace: y: expected the name of the table's column");
  expect(() => tabularSpace(table, 'b', { folds: 1 })).toThrow('tabularSpace(folds): expected 2 or more, got 1');
  await expect(search({ space, pipeline, x, y, ensemble: 1 as never })).rejects.toThrow('search(ensemble): expected');
});
