// 'tabular': networks that we choose for a table.

import { describe, expect, test } from 'vitest';
import {
  type Ensemble,
  fitPipeline,
  loadEnsemble,
  type Pipeline,
  type TabularOptions,
} from '../../src/evaluate/index.js';
import { tabularAlone, tabularMember } from '../../src/evaluate/tabular-members.js';
import { interactions, permutationImportance, worstRows } from '../../src/explain/index.js';
import { loadEnsemblePredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';
import { rows, species } from '../helpers/penguins.js';

const penguins = await readTable(rows);
const bits = ({ data }: { data: ArrayLike<number> }): Uint32Array => new Uint32Array(Float32Array.from(data).buffer);

test('five networks, each judged by the rows that it has not learnt from; all that was chosen can be seen', async () => {
  using fitted = await fitPipeline('tabular', penguins, 'species', { seed: 1 });
  expect(fitted.members).toHaveLength(5);
  expect([fitted.classes, fitted.outputNames]).toEqual([species, species]);
  // Each row judges one network.
  expect(fitted.outOfBag['rows']).toBe(penguins.rows);
  expect(fitted.outOfBag['accuracy']).toBeGreaterThan(0.9);
  expect(fitted.pipeline).toMatchObject({
    encode: { number: { pieces: 6 } },
    fit: { epochs: 20, batchSize: 32 },
    task: 'classification',
  });
  expect(fitted.members.map(({ pipeline }) => pipeline.encode)).toEqual(
    [0, 1, 2, 3, 4].map((m) => (m % 2 === 0 ? { number: { pieces: 6 } } : {})),
  );
  // Nothing stops them; the first shows how its own part fares.
  expect(fitted.pipeline.earlyStopping).toBeUndefined();
  const measured = fitted.members.map(({ history }) => history.epochs.at(-1)?.['valLoss'] !== undefined);
  expect(measured).toEqual([true, false, false, false, false]);
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

describe('which rows judge a network', () => {
  const herd = await_(rows.map((row, i) => ({ ...row, herd: `h${i % 12}`, day: i })));
  const judged = async (o: TabularOptions): Promise<Ensemble> =>
    fitPipeline('tabular', await herd, 'mass', { ...o, seed: 1 });

  test('none a single network, which learns from all; another of its kind is judged by a fifth', async () => {
    using fitted = await judged({ members: 1 });
    expect(fitted.outOfBag['rows']).toBeCloseTo(rows.length / 5, -1);
    const { pipeline, history } = fitted.members[0] as Ensemble['members'][number];
    expect(pipeline.earlyStopping).toBeUndefined();
    expect(history.epochs).toHaveLength(pipeline.fit.epochs as number);
    // Medians, spreads and edges are those of the whole table.
    const own = { encode: pipeline.encode, layers: [], fit: { epochs: 1 } } as Pipeline;
    using again = await fitPipeline(own, (await herd).known('mass'), 'mass');
    expect(fitted.members[0]?.encoder?.toJSON()).toEqual(again.encoder?.toJSON());
  });

  test('those of a group together, without the group as a feature', async () => {
    using fitted = await judged({ groups: 'herd' });
    expect(fitted.members[0]?.columns).not.toContain('herd');
    expect(fitted.outOfBag['rows']).toBe((await herd).known('mass').rows);
  });

  test('the latest', async () => {
    using fitted = await judged({ time: 'day', members: 2 });
    expect(fitted.outOfBag['rows']).toBeCloseTo(rows.length / 5, -1);
  });
});

test('three networks of few epochs for more than 5,000 rows, of which the first sees pieces', async () => {
  const line = await readTable(
    Array.from({ length: 5_001 }, (_, i) => ({ x: (i * 37) % 101, z: i % 7, y: (i * 37) % 101 })),
  );
  using fitted = await fitPipeline('tabular', line, 'y', { seed: 1 });
  expect(fitted.members.map(({ pipeline }) => pipeline.encode)).toEqual([{ number: { pieces: 4 } }, {}, {}]);
  expect(fitted.pipeline.fit.epochs).toBe(10);
  expect(fitted.outOfBag['rows']).toBe(5_001);
  expect(fitted.outOfBag['r2']).toBeGreaterThan(0.98);
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

describe('the judgement', () => {
  test('in words and figures, beside a guess and a linear model of the same rows; it is saved', async () => {
    using fitted = await fitPipeline('tabular', penguins, 'mass', { seed: 1 });
    const { words, figures } = fitted.judgement!;
    expect(words).toMatch(
      /^On 9\d rows, each predicted by a network that has not learnt from it, it is off by [\d.]+ on average \([\d.]+ to [\d.]+, with 95 % confidence\)/,
    );
    expect(words).toMatch(/A linear model of the same rows is off by [\d.]+: /);
    // The same figures, from the predictions themselves.
    const { rows: judged, predictions, linear } = fitted.outOfFold!;
    const mass = penguins.known('mass').values('mass') as number[];
    const off = ({ data }: { data: ArrayLike<number> }): number =>
      Array.from(judged, (row, i) => Math.abs((mass[row] as number) - (data[i] as number))).reduce((a, b) => a + b) /
      judged.length;
    expect(figures['meanAbsoluteError']).toBeCloseTo(off(predictions), 4);
    expect(figures['linear']).toBeCloseTo(off(linear!), 4);
    expect(figures['linearGain']).toBeCloseTo(off(linear!) - off(predictions), 4);
    using again = loadEnsemble(fitted.save());
    expect(again.judgement).toEqual(fitted.judgement);
  });

  test('a linear model that is as good is said to be', async () => {
    const line = await readTable(
      Array.from({ length: 300 }, (_, i) => ({ a: Math.sin(i * 7.1), b: Math.cos(i * 3.7) })).map(({ a, b }, i) => ({
        a,
        b,
        y: 3 * a - 2 * b + Math.sin(i * 99.7),
      })),
    );
    using fitted = await fitPipeline('tabular', line, 'y', { seed: 1, members: 3 });
    expect(fitted.judgement?.figures['besideLinear']).not.toBe('better');
    expect(fitted.judgement?.words).toContain('layers: [] trains one');
  });

  test('who never finds a class has not clearly learnt', async () => {
    // Nothing tells the rare ones from the others.
    const rare = [13, 58, 120, 121, 200, 243, 311, 378];
    const table = await readTable(
      Array.from({ length: 400 }, (_, i) => ({
        a: (i * 37) % 101,
        b: (i * 17) % 89,
        y: rare.includes(i) ? 'rare' : i % 2 ? 'odd' : 'even',
        odd: i % 2,
      })),
    );
    using fitted = await fitPipeline('tabular', table, 'y', { seed: 1, members: 3 });
    expect(fitted.judgement?.figures).toMatchObject({ verdict: 'unsure', neverFound: ['rare'] });
    expect(fitted.judgement?.words).toContain('never finds "rare". Try classWeight: \'balanced\' first');
    using balanced = await fitPipeline('tabular', table, 'y', { seed: 1, members: 3, classWeight: 'balanced' });
    expect(balanced.pipeline.fit.classWeight).toBe('balanced');
  });
});

test('callbacks watch the first network, and change no bits', async () => {
  const epochs: number[] = [];
  const progress: number[][] = [];
  const o = { seed: 2, members: 3 };
  using watched = await fitPipeline('tabular', penguins, 'species', {
    ...o,
    callbacks: [{ onEpochEnd: ({ epoch }) => void epochs.push(epoch) }],
    onProgress: (done, total) => void progress.push([done, total]),
  });
  expect(epochs).toHaveLength(watched.members[0]!.history.epochs.length);
  expect(progress.at(-1)).toEqual([6, 6]);
  using alone = await fitPipeline('tabular', penguins, 'species', o);
  expect(bits(watched.predictProbabilities(rows))).toEqual(bits(alone.predictProbabilities(rows)));
  const gone = new AbortController();
  const aborted = fitPipeline('tabular', penguins, 'species', {
    ...o,
    signal: gone.signal,
    callbacks: [{ onEpochEnd: () => gone.abort(new Error('enough')) }],
  });
  await expect(aborted).rejects.toThrow('enough');
});

test.each([
  [{ classWeight: 'even' }, "fitPipeline(classWeight): expected 'balanced'"],
  [{ callbacks: {} }, 'fitPipeline(callbacks): expected an array of callbacks'],
])('%j is refused', async (o, message) => {
  await expect(fitPipeline('tabular', penguins, 'species', o as never)).rejects.toThrow(message);
});

test.each([
  [100, 32],
  [1_000, 32],
  [1_001, 64],
  [5_000, 64],
  [5_001, 128],
  [20_000, 128],
  [20_001, 256],
  [10_000_000, 256],
])('%d rows are learnt in batches of %d', (count, batchSize) => {
  const set = { x: { rows: count, columns: [] }, task: 'regression' as const };
  expect(tabularMember(set as never, 0, count).fit?.batchSize).toBe(batchSize);
  expect(tabularAlone(set as never, count).fit?.batchSize).toBe(batchSize);
});

test('errors name fitPipeline, and none of the functions that it is made of', async () => {
  const six = [1, 2, 3, 4, 5, 6];
  const refused = async (rows: object[], message: string, o: object = {}) =>
    expect(fitPipeline('tabular', await readTable(rows), 'y', o)).rejects.toThrow(message);
  await refused([{ a: 1, y: 2.5 }], 'fitPipeline: needs 2 rows or more, got 1');
  const grouped = six.map((i) => ({ a: i, g: 1, y: i + 0.5 }));
  await refused(grouped, 'fitPipeline(groups): one group, expected 2 or more', { groups: 'g' });
  await refused(grouped, 'fitPipeline(time): all rows are of one moment', { time: 'g' });
  for (const members of [1, 2])
    await refused(
      six.map((i) => ({ a: 1, y: i + 0.5 })),
      'fitPipeline: no column is left to learn from',
      { members },
    );
});

test('an ensemble cannot be changed from outside, and after dispose it does nothing', async () => {
  const table = await readTable(Array.from({ length: 40 }, (_, i) => ({ a: i % 7, b: i % 5, k: i % 2 ? 'x' : 'y' })));
  const ensemble = await fitPipeline('tabular', table, 'k', { members: 2 });
  const changeable = ensemble as unknown as Record<string, unknown>;
  for (const key of ['members', 'temperature', 'outOfBag', 'outOfFold', 'judgement'])
    expect(() => Object.assign(changeable, { [key]: 1 })).toThrow(TypeError);
  expect(() => (ensemble.members as unknown[]).pop()).toThrow(TypeError);
  ensemble.decide({ positive: 'x', threshold: 0.3 });
  const predictor = await loadEnsemblePredictor(ensemble.save());
  for (const key of ['members', 'temperature', 'decision'])
    expect(() => Object.assign(predictor, { [key]: 1 })).toThrow(TypeError);
  ensemble.dispose();
  for (const use of [
    () => ensemble.decide({ positive: 'x', threshold: 0.5 }),
    () => ensemble.predict(table),
    () => ensemble.predictProbabilities(table),
    () => ensemble.save(),
  ])
    expect(use).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  for (const explain of [permutationImportance, worstRows, interactions])
    await expect(explain(ensemble, table)).rejects.toThrow(`${explain.name}: the model has been disposed`);
});
