// 'tabular': networks that we choose for a table.
import { describe, expect, test } from 'vitest';
import { type Ensemble, fitPipeline, loadEnsemble, type TabularOptions } from '../../src/evaluate/index.js';
import { readTable } from '../../src/table/index.js';
import { rows, species } from '../helpers/penguins.js';

const penguins = await readTable(rows);
const bits = ({ data }: { data: ArrayLike<number> }): Uint32Array => new Uint32Array(Float32Array.from(data).buffer);

test('five networks, each stopped by the rows that it has not learnt from; all that was chosen can be seen', async () => {
  using fitted = await fitPipeline('tabular', penguins, 'species', { seed: 1 });
  expect(fitted.members).toHaveLength(5);
  expect([fitted.classes, fitted.outputNames]).toEqual([species, species]);
  // Each row has stopped one network.
  expect(fitted.outOfBag['rows']).toBe(penguins.rows);
  expect(fitted.outOfBag['accuracy']).toBeGreaterThan(0.9);
  expect(fitted.pipeline).toMatchObject({
    encode: { number: { pieces: 16 } },
    fit: { epochs: 30, batchSize: 32 },
    earlyStopping: { patience: 8, monitor: 'valLoss' },
    task: 'classification',
  });
  expect(fitted.members.map(({ pipeline }) => pipeline.encode)).toEqual(
    [0, 1, 2, 3, 4].map((m) => (m % 2 === 0 ? { number: { pieces: 16 } } : {})),
  );
  for (const { history, pipeline } of fitted.members) {
    expect(history.epochs.at(-1)).toHaveProperty('valLoss');
    expect(pipeline.fit.validationSplit).toBeUndefined();
  }
  const means = fitted.predictProbabilities(penguins);
  const each = fitted.members.map((member) => member.predictProbabilities(penguins).data);
  expect(means.data[7]).toBeCloseTo(each.reduce((sum, data) => sum + (data[7] as number), 0) / 5, 6);
  expect(fitted.predict(rows)).toEqual(fitted.predict(penguins));
});

test('numbers; the same bits when it is saved and loaded', async () => {
  using fitted = await fitPipeline('tabular', penguins, 'mass', { seed: 3, members: 2 });
  using loaded = loadEnsemble(fitted.save());
  expect(bits(loaded.predictProbabilities(rows))).toEqual(bits(fitted.predictProbabilities(penguins)));
  expect(loaded.pipeline).toEqual(fitted.pipeline);
  expect(fitted.outOfBag['r2']).toBeGreaterThan(0.7);
});

describe('which rows stop a network', () => {
  const herd = await_(rows.map((row, i) => ({ ...row, herd: `h${i % 12}`, day: i })));
  const stopped = async (o: TabularOptions): Promise<Ensemble> =>
    fitPipeline('tabular', await herd, 'mass', { ...o, seed: 1 });

  test('a single network is stopped by a fifth of them', async () => {
    using fitted = await stopped({ members: 1 });
    expect(fitted.outOfBag['rows']).toBeCloseTo(rows.length / 5, -1);
  });

  test('those of a group together, without the group as a feature', async () => {
    using fitted = await stopped({ groups: 'herd' });
    expect(fitted.members[0]?.columns).not.toContain('herd');
    expect(fitted.outOfBag['rows']).toBe((await herd).known('mass').rows);
  });

  test('the latest', async () => {
    using fitted = await stopped({ time: 'day', members: 2 });
    expect(fitted.outOfBag['rows']).toBeCloseTo(rows.length / 5, -1);
  });
});

test('what is refused', async () => {
  const refused = (x: unknown, o: object, message: string) =>
    expect(fitPipeline('tabular', x as typeof penguins, 'species', o)).rejects.toThrow(message);
  await refused([[1], [2]], {}, "fitPipeline: x: expected a Table for 'tabular'");
  await refused(penguins, { members: 0 }, 'fitPipeline(members): expected');
  await refused(penguins, { epochs: 5 }, 'fitPipeline: unknown option "epochs"');
  await refused(penguins, { positive: 'x' }, 'is about two classes, and there are 3');
  await expect(fitPipeline('table' as never, penguins, 'species')).rejects.toThrow('fitPipeline: expected a pipeline');
});

/** The rows with a mass. */
async function await_(given: readonly object[]) {
  return (await readTable(given)).known('mass');
}

test('a class with fewer rows than there are networks', async () => {
  const few = rows.map((row, i) => ({ ...row, species: i < 2 ? 'rare' : row.species }));
  using fitted = await fitPipeline('tabular', await readTable(few), 'species', { seed: 1, members: 3 });
  expect(fitted.classes).toContain('rare');
  using one = await fitPipeline('tabular', await readTable(few.slice(1)), 'species', { seed: 1, members: 1 });
  expect(one.classes).toContain('rare');
});
