// Search by 'bayes': what it learns from, where it ends, and that its points do not depend on who is first.
import { describe, expect, test } from 'vitest';
import { holdOut } from '../../src/data/index.js';
import { type Executor, inline, type Pipeline, type SearchOptions, search } from '../../src/evaluate/index.js';
import { adam, dense, dropout, type Layer } from '../../src/index.js';
import { blobs } from '../helpers/models.js';
import { space as grid, regret, type Setting, surrogates } from '../helpers/surrogates.js';
import { bestOf } from '../helpers/tried.js';

const { x, y } = blobs(90);
const splits = [...holdOut(90, { seed: 1 })];
type Point = { units: number; rate: number };
const space = { units: { min: 1, max: 16, integer: true }, rate: { min: 1e-4, max: 0.1, scale: 'log' as const } };
const pipeline = ({ units, rate }: Point): Pipeline => ({
  layers: [dense({ units, activation: 'tanh' })],
  optimizer: adam({ learningRate: rate }),
  fit: { epochs: 3 },
});
const common: SearchOptions<Point> = { space, pipeline, x, y, splits, strategy: 'bayes', monitor: 'loss' };
const pointsOf = (o: Partial<SearchOptions<Point>>) =>
  search<Point>({ ...common, ...o }).then(({ trials }) => trials.map(({ parameters }) => parameters));

test('begins with the points that random draws', async () => {
  const bayes = await pointsOf({ trials: 18, seed: 5 });
  const random = await pointsOf({ trials: 18, seed: 5, strategy: 'random' });
  expect(bayes.slice(0, 10)).toEqual(random.slice(0, 10));
  expect(bayes.slice(10)).not.toEqual(random.slice(10));
  expect(bayes.length).toBe(18);
});

test('tries the same points whoever ends first', async () => {
  const backwards: Executor = {
    concurrency: 4,
    async *run<T, R>(task: string, jobs: readonly T[], o = {}) {
      const outcomes = [];
      for await (const outcome of inline().run<T, R>(task, jobs, o)) outcomes.push(outcome);
      yield* outcomes.reverse();
    },
    async close() {},
  };
  expect(await pointsOf({ trials: 20, executor: backwards })).toEqual(await pointsOf({ trials: 20 }));
});

test('an earlier table with choices that a spreadsheet would run as formulas is read back', async () => {
  const common = {
    space: { v: ['=a', '+b', '-c', '@d'], u: [1] },
    pipeline: () => pipeline({ units: 2, rate: 0.01 }),
    x,
    y,
  };
  const earlier = await search({ ...common, splits, strategy: 'bayes', trials: 12 });
  const { trials } = await search({ ...common, splits, strategy: 'bayes', trials: 2, earlier: earlier.toCsv() });
  expect(trials.length).toBe(2);
});

test('a point that is known to be good is tried first, and one outside of the space is refused', async () => {
  const [first] = await pointsOf({ trials: 12, first: [{ units: 7, rate: 0.03 }] });
  expect(first).toEqual({ units: 7, rate: 0.03 });
  await expect(pointsOf({ first: [{ units: 17, rate: 0.03 }] })).rejects.toThrow(
    'search(first)[0].units: expected a whole number from 1 to 16, got 17',
  );
  await expect(pointsOf({ first: [{ units: 7 } as Point] })).rejects.toThrow(
    'search(first)[0].rate: expected a number from 0.0001 to 0.1, got undefined',
  );
  await expect(pointsOf({ first: [{ units: 7, rate: 0.03, momentum: 1 } as Point] })).rejects.toThrow(
    'search(first)[0]: expected parameters of the space, units, rate, got "momentum"',
  );
});

test("'random' tries known points first too, and then those that it draws without them", async () => {
  const drawn = await pointsOf({ strategy: 'random', trials: 12 });
  const known = { units: 7, rate: 0.03 };
  expect(await pointsOf({ strategy: 'random', trials: 12, first: [known] })).toEqual([known, ...drawn.slice(1)]);
  expect(await pointsOf({ strategy: 'random', trials: 12, seconds: 1000, first: [known] })).toEqual([
    known,
    ...drawn.slice(1),
  ]);
});

test("goes on from an earlier search's table, without ten random points again", async () => {
  const earlier = await search<Point>({ ...common, trials: 14, seed: 1 });
  const text = earlier.toCsv();
  const points = await pointsOf({ trials: 4, seed: 2, earlier: text });
  expect(points).not.toEqual(await pointsOf({ trials: 4, seed: 2, strategy: 'random' }));
  // What is learnt is in the table alone.
  expect(await pointsOf({ trials: 4, seed: 2, earlier: text })).toEqual(points);
  await expect(pointsOf({ earlier: 'units,loss\n3,0.5' })).rejects.toThrow(
    'search(earlier): there is no column rate; its columns are units, loss',
  );
  for (const [table, message] of [
    ['units,rate,accuracy\n3,0.01,0.5', 'there is no column loss among units, rate, accuracy'],
    ['units,rate,loss\n3,"0,01",0.5', 'row 2 is no point of the space: {"units":"3","rate":"0,01","loss":"0.5"}'],
    ['units,rate,loss\n3,0.01,0.5\n4,0.01,good', 'loss is "good" in row 3, expected a number'],
  ] as const)
    await expect(pointsOf({ earlier: table })).rejects.toThrow(`search(earlier): ${message}`);
  const { monitor: _, ...withoutFigure } = common;
  await expect(search<Point>({ ...withoutFigure, earlier: 'units,rate,loss\n3,0.01,0.5' })).rejects.toThrow(
    "search(earlier): no column tells the figure, such as 'accuracy' beside 'accuracy stddev': give monitor",
  );
  const other = 'units,rate,precision,precision stddev\n3,0.01,0.5,0.1';
  await expect(search<Point>({ ...withoutFigure, earlier: other })).rejects.toThrow(
    'search(earlier): it went by precision, this search goes by accuracy; give monitor',
  );
});

test('a few earlier trials are not tried again, and of many the first proposals know the scores', async () => {
  const few = await search<Point>({ ...common, trials: 5 });
  const tried = JSON.stringify(few.trials.map(({ parameters }) => parameters));
  for (const point of await pointsOf({ trials: 5, earlier: few.toCsv() }))
    expect(tried).not.toContain(JSON.stringify(point));
  const table = (rising: boolean): string =>
    [
      'units,rate,loss',
      ...Array.from({ length: 40 }, (_, i) => `8,${1e-4 * 10 ** (i / 13)},${rising ? i : 40 - i}`),
    ].join('\n');
  const low = await pointsOf({ trials: 4, earlier: table(true) });
  const high = await pointsOf({ trials: 4, earlier: table(false) });
  for (const { rate } of low) expect(rate).toBeLessThan(0.003);
  for (const { rate } of high) expect(rate).toBeGreaterThan(0.003);
});

test('a parameter may have the name of a column of the table', async () => {
  const spaced = { loss: ['a', 'b'], epochs: [1, 2] };
  const { toCsv, trials } = await search<{ loss: string; epochs: number }>({
    space: spaced,
    pipeline: ({ epochs }) => ({ layers: [], fit: { epochs } }),
    x,
    y,
    splits,
    strategy: 'grid',
    monitor: 'loss',
  });
  const [header, first] = toCsv().split('\r\n');
  expect(header).toBe('loss,epochs,trial loss,loss stddev,error,trial epochs,seconds');
  expect(first).toMatch(/^a,1,/);
  expect(trials.length).toBe(4);
});

test('begins no points after its time, and what it has tried is the same', async () => {
  const whole = await pointsOf({ trials: 40 });
  const some = await pointsOf({ seconds: 1e-6 });
  expect(some.length).toBe(10);
  expect(some).toEqual(whole.slice(0, 10));
  const drawn = await pointsOf({ seconds: 1e-6, strategy: 'random' });
  expect(drawn).toEqual(whole.slice(0, drawn.length));
});

test('has no use for options of other strategies, and says so', async () => {
  await expect(
    pointsOf({
      trials: 1,
      first: [
        { units: 2, rate: 0.01 },
        { units: 3, rate: 0.01 },
      ],
    }),
  ).rejects.toThrow('search(first): 2 points, and 1 trials; raise trials');
  await expect(pointsOf({ strategy: 'halving', seconds: 5 })).rejects.toThrow(
    "search(seconds): 'halving' has no use for it: leave it out, or use 'random' or 'bayes' with halving: true",
  );
  await expect(pointsOf({ strategy: 'grid', earlier: '' })).rejects.toThrow(
    "search(earlier): 'grid' has no use for it",
  );
  await expect(pointsOf({ strategy: 'halving', first: [{ units: 2, rate: 0.01 }] })).rejects.toThrow(
    "search(first): 'halving' has no use for it",
  );
  await expect(pointsOf({ seconds: 0 })).rejects.toThrow('search(seconds): expected a positive number, got 0');
});

test('choices that are equal to nothing, or are lists, and points that a pipeline changes', async () => {
  const odd = { hidden: [[4], [4, 4]], rate: [Number.NaN, 0.01] };
  const { trials } = await search<{ hidden: number[]; rate: number }>({
    space: odd,
    pipeline: (p) => {
      const layers = p.hidden.map((units) => dense({ units, activation: 'relu' }));
      const { rate } = p;
      Object.assign(p, { rate: 'changed' });
      return { layers, optimizer: adam({ learningRate: Number.isNaN(rate) ? 0.02 : rate }), fit: { epochs: 1 } };
    },
    x,
    y,
    splits,
    strategy: 'bayes',
    trials: 14,
    first: [{ hidden: [4, 4], rate: 0.01 }],
  });
  expect(trials.length).toBe(14);
  expect(trials[0]?.parameters.hidden).toEqual([4, 4]);
});

describe('a conditional space', () => {
  type Settings = { drops: boolean; rate?: number; units: number };
  const conditional = {
    drops: [false, true],
    rate: { min: 0.1, max: 0.5, when: { drops: [true] } },
    units: [2, 4],
  };
  const made = ({ drops, rate, units }: Settings): Pipeline => {
    const layers: Layer[] = [dense({ units, activation: 'relu' })];
    if (drops) layers.push(dropout({ rate: rate as number }));
    return { layers, fit: { epochs: 1 } };
  };

  test.each(['grid', 'random', 'bayes'] as const)('%s', async (strategy) => {
    const { trials, toCsv } = await search({
      space: conditional,
      pipeline: (p) => made(p as Settings),
      x,
      y,
      splits,
      strategy,
      ...(strategy !== 'grid' && { trials: 20 }),
    });
    expect(trials.some(({ error }) => error)).toBe(false);
    for (const { parameters } of trials) expect('rate' in parameters).toBe(parameters.drops);
    // Two points without dropout, and five rates for each of two numbers of units.
    if (strategy === 'grid') expect(trials.length).toBe(12);
    expect(toCsv().split('\r\n')[0]).toMatch(/drops/);
  });

  test('is refused where its condition is none', async () => {
    const tried = (when: object) =>
      search({ space: { a: [1, 2], b: { choices: [1], when } }, pipeline: () => ({ layers: [] }), x, y } as never);
    await expect(tried({ c: [1] })).rejects.toThrow('search(space)(b.when): expected one of those before it: a');
    await expect(tried({ a: [] })).rejects.toThrow('search(space)(b.when).a: expected an array of values');
    await expect(tried({ a: [3] })).rejects.toThrow('search(space)(b.when).a: expected values of a, 1, 2, got 3');
    await expect(tried({ b: [1] })).rejects.toThrow('search(space)(b.when): expected one of those before it: a');
  });
});

describe('on what networks of five tables score', () => {
  const median = (values: readonly number[]): number => {
    const sorted = [...values].sort((a, b) => a - b);
    return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
  };
  const medianOf = (strategy: 'random' | 'bayes', trials: number, table: string): number =>
    median(
      Array.from({ length: 50 }, (_, seed) => bestOf<Setting>(strategy, grid, trials, seed, (p) => regret(table, p))),
    );

  test.each(surrogates)('%s: 30 points find what random ones find in 60', (table) => {
    expect(medianOf('bayes', 30, table)).toBeLessThanOrEqual(medianOf('random', 60, table));
  });
});
