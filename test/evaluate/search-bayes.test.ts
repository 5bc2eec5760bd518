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

test('a point that is known to be good is tried first, and one outside of the space is refused', async () => {
  const [first] = await pointsOf({ trials: 12, first: [{ units: 7, rate: 0.03 }] });
  expect(first).toEqual({ units: 7, rate: 0.03 });
  await expect(pointsOf({ first: [{ units: 17, rate: 0.03 }] })).rejects.toThrow(
    'search(first)[0]: expected a point of the space',
  );
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
  await expect(pointsOf({ earlier: 'units,rate,accuracy\n3,0.01,0.5' })).rejects.toThrow(
    'search(earlier): there is no column loss among units, rate, accuracy',
  );
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
  await expect(pointsOf({ strategy: 'halving', seconds: 5 })).rejects.toThrow(
    "search(seconds): 'halving' has no use for it: leave it out, or use 'random' or 'bayes'",
  );
  await expect(pointsOf({ strategy: 'grid', earlier: '' })).rejects.toThrow(
    "search(earlier): 'grid' has no use for it",
  );
  await expect(pointsOf({ strategy: 'random', first: [{ units: 2, rate: 0.01 }] })).rejects.toThrow(
    "search(first): 'random' has no use for it",
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
    await expect(tried({ a: [3] })).rejects.toThrow('search(space)(b.when).a: expected values of a, got 3');
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
