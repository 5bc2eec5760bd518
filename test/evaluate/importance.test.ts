// Which parameters matter: beside Optuna's evaluator, and where the answer is known.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { words } from '../../src/data/random.js';
import { type AnySpace, search, type Trial } from '../../src/evaluate/index.js';
import { fanova, variancesOf } from '../../src/evaluate/search/fanova.js';
import { importanceOf, longestOf } from '../../src/evaluate/search/importance.js';
import { draws } from '../../src/evaluate/search/space.js';
import { adam, dense } from '../../src/index.js';
import { blobs } from '../helpers/models.js';

type Point = Record<string, number | string | boolean | undefined>;
const trial = (parameters: Point, mean: number, more: Partial<Trial<Point>> = {}): Trial<Point> => ({
  parameters,
  score: { mean, stddev: 0, values: [mean] },
  epochs: 1,
  seconds: 0,
  ...more,
});
/** Trials at random points of a space, with a figure of our own. */
const trialsOf = (space: AnySpace, count: number, figure: (point: never) => number, seed = 1): Trial<Point>[] =>
  [...draws<Point>(space as never, count, seed)].map((point) => trial(point, figure(point as never)));
const of = (space: AnySpace, trials: readonly Trial<Point>[], seed = 1) => {
  const list = importanceOf<Point>(space as never, trials, seed);
  return Object.fromEntries(list.map((each) => [each.parameter, each]));
};
const unit = { min: 0, max: 1 };

interface Golden {
  readonly points: readonly Point[];
  readonly figures: readonly number[];
  readonly tree?: {
    readonly leaves: readonly { readonly box: readonly [number, number][]; readonly value: number }[];
    readonly total: number;
    readonly marginals: readonly number[];
  };
  readonly mean: readonly number[];
  readonly std: readonly number[];
}
const golden: readonly Golden[] = JSON.parse(
  readFileSync(new URL('../golden/search/importance.json', import.meta.url), 'utf8'),
);
const ranges = {
  rate: { min: Math.log2(3e-4), max: Math.log2(0.03) },
  dropout: { min: 0, max: 0.5 },
  momentum: { min: -1, max: 1 },
};

describe("beside Optuna's evaluator", () => {
  test.each(golden.filter(({ tree }) => tree))('a tree has the same variances: %#', ({ tree }) => {
    const dimensions = Object.values(ranges).map(({ min, max }) => ({ low: min, high: max, whole: false }));
    const leaves = tree?.leaves.map(({ box, value }) => ({ value, box: box.map(([from, to]) => ({ from, to })) }));
    const { total, marginals } = variancesOf(dimensions, leaves ?? []);
    expect(total).toBeCloseTo(tree?.total as number, 12);
    for (const [d, marginal] of marginals.entries()) expect(marginal).toBeCloseTo(tree?.marginals[d] as number, 12);
  });

  // It cuts choices as numbers of 0 and 1 for each, and counts corners of that cube which are no choice.
  test.each(golden)('a forest has nearly the same shares: %#', ({ points, figures, mean, std }) => {
    const chosen = 'kind' in (points[0] as Point);
    const space = { ...ranges, ...(chosen && { kind: ['a', 'b', 'c'] }) };
    const shares = of(
      space,
      points.map((point, i) => trial(point, figures[i] as number)),
    );
    for (const [i, name] of Object.keys(space).entries()) {
      const near = 4 * (std[i] as number) + (chosen ? 0.04 : 0.005);
      expect(Math.abs((shares[name]?.mean as number) - (mean[i] as number)), name).toBeLessThan(near);
    }
  });

  test('a log range is measured by its logarithms', () => {
    const { points, figures } = golden[1] as Golden;
    const rate = { min: 3e-4, max: 0.03, scale: 'log' } as const;
    const inLogs = of(
      ranges,
      points.map((point, i) => trial(point, figures[i] as number)),
    );
    const asRates = of(
      { ...ranges, rate },
      points.map((point, i) => trial({ ...point, rate: 2 ** (point['rate'] as number) }, figures[i] as number)),
    );
    for (const name of Object.keys(ranges)) expect(asRates[name]?.mean).toBeCloseTo(inLogs[name]?.mean as number, 6);
  });
});

describe('where the answer is known', () => {
  test.each([
    [3, 1],
    [1, 1],
    [2, 1],
  ])('a sum of %i x and %i y: by the squares', (a, b) => {
    const space = { x: unit, y: unit, nothing: unit };
    const { x, y, nothing } = of(
      space,
      trialsOf(space, 300, (point: { x: number; y: number }) => a * point.x + b * point.y),
    );
    expect(Math.abs((x?.mean as number) - a ** 2 / (a ** 2 + b ** 2))).toBeLessThan(0.03);
    expect(Math.abs((y?.mean as number) - b ** 2 / (a ** 2 + b ** 2))).toBeLessThan(0.03);
    expect(nothing?.mean).toBeLessThan(0.001);
    expect(x?.r2).toBeGreaterThan(0.97);
  });

  test('choices: by the variance of their means', () => {
    const space = { kind: ['a', 'b', 'c'], x: unit, whole: { min: 1, max: 4, integer: true } };
    const own = { a: 0, b: 0.3, c: -0.2 };
    const trials = trialsOf(
      space,
      400,
      (point: { kind: keyof typeof own; x: number; whole: number }) => own[point.kind] + point.x / 2 + point.whole / 10,
    );
    // 0.04222, 1 / 48, 0.0125.
    const [kind, x, whole] = [0.38 / 9, 1 / 48, 0.0125];
    const shares = of(space, trials);
    for (const [name, variance] of Object.entries({ kind, x, whole }))
      expect(Math.abs((shares[name]?.mean as number) - variance / (kind + x + whole)), name).toBeLessThan(0.03);
  });

  // Ishigami, Homma 1990, with a = 7 and b = 0.1: first-order indices 0.3139, 0.4424 and 0.
  const ishigami = ([x, y, z]: readonly number[]): number =>
    Math.sin(x as number) + 7 * Math.sin(y as number) ** 2 + 0.1 * (z as number) ** 4 * Math.sin(x as number);
  const side = { low: -Math.PI, high: Math.PI, whole: false };

  test("Ishigami's function, in boxes", () => {
    const steps = 32;
    const step = (2 * Math.PI) / steps;
    const leaves = Array.from({ length: steps ** 3 }, (_, i) => {
      const cell = [i % steps, Math.floor(i / steps) % steps, Math.floor(i / steps ** 2)];
      const box = cell.map((each) => ({ from: -Math.PI + each * step, to: -Math.PI + (each + 1) * step }));
      return { box, value: ishigami(box.map(({ from }) => from + step / 2)) };
    });
    const { total, marginals } = variancesOf([side, side, side], leaves);
    const [x, y, z] = marginals.map((variance) => variance / total);
    expect(x).toBeCloseTo(0.3139, 2);
    expect(y).toBeCloseTo(0.4424, 2);
    expect(z).toBeCloseTo(0, 9);
  });

  // Of 600 points a forest sees less of the two waves of y than there is; Optuna's does too.
  test("Ishigami's function, by a forest", () => {
    const next = words(1, 99, 0);
    const places = Array.from({ length: 600 }, () => [0, 1, 2].map(() => (next() / 2 ** 31 - 1) * Math.PI));
    const { means, r2 } = fanova([side, side, side], places, places.map(ishigami), 1);
    expect(means[0]).toBeGreaterThan(0.28);
    expect(means[0]).toBeLessThan(0.35);
    expect(means[1]).toBeGreaterThan(0.2);
    expect(means[1]).toBeLessThan(0.45);
    expect(means[2]).toBeLessThan(0.03);
    expect(r2).toBeGreaterThan(0.8);
  });

  test('a figure by chance alone: the forest says that it predicts nothing', () => {
    const next = words(2, 99, 0);
    const space = { x: unit, y: unit };
    const { x } = of(
      space,
      trialsOf(space, 60, () => next() / 2 ** 32),
    );
    expect(x?.r2).toBeLessThan(0.1);
  });
});

describe('what is measured', () => {
  const space = { x: unit, y: unit };
  const sum = ({ x, y }: { x: number; y: number }): number => 2 * x + y;

  test('nothing with fewer than ten sound trials, and where all are the same', () => {
    const nine = [
      ...trialsOf(space, 9, sum),
      { parameters: { x: 0.5, y: 0.5 }, error: 'no', epochs: 1, seconds: 0 },
      trial({ x: 0.1, y: 0.1 }, Number.POSITIVE_INFINITY),
    ];
    expect(of(space, nine)).toEqual({ x: { parameter: 'x', trials: 9 }, y: { parameter: 'y', trials: 9 } });
    expect(of(space, trialsOf(space, 10, sum))['x']?.mean).toBeGreaterThan(0.5);
    const flat = of(
      space,
      trialsOf(space, 30, () => 0.5),
    );
    expect(flat['x']).toEqual({ parameter: 'x', trials: 30 });
  });

  test('trials that failed do not count, and of a point the longest', () => {
    const sound = trialsOf(space, 40, sum);
    const failed: Trial<Point>[] = [...draws<Point>(space as never, 20, 9)].map((parameters) => ({
      parameters,
      error: 'no',
      epochs: 90,
      seconds: 0,
    }));
    const short = sound.map((each, i) => ({ ...each, ...trial(each.parameters, i), epochs: 1 / 2 }));
    expect(of(space, [...short, ...sound, ...failed])).toEqual(of(space, sound));
    expect(longestOf([...short, ...sound]).map(({ epochs }) => epochs)).toEqual(sound.map(() => 1));
    const ended = trial({ x: 0 }, 1);
    expect(longestOf([ended, { parameters: ended.parameters, error: 'no', epochs: 9, seconds: 0 }])).toEqual([ended]);
  });

  test('a conditional parameter is measured where it has a meaning, within the values at which it has one', () => {
    const conditional = {
      kind: ['plain', 'noisy', 'wild'],
      x: unit,
      rate: { min: 0, max: 1, when: { kind: ['noisy', 'wild'] } },
      power: { min: 0, max: 1, when: { rate: [0.5], kind: ['wild'] } },
    };
    const trials = trialsOf(
      conditional,
      400,
      ({ kind, x, rate = 0 }: { kind: string; x: number; rate?: number }) => x + 2 * rate + (kind === 'wild' ? 10 : 0),
    );
    const shares = of(conditional, trials);
    const noisy = trials.filter(({ parameters }) => parameters['rate'] !== undefined);
    expect(shares['rate']?.trials).toBe(noisy.length);
    // Of 'noisy' and 'wild' the choice explains 25, the rate 4 / 12 and x 1 / 12.
    expect(Math.abs((shares['rate']?.mean as number) - 4 / 12 / (25 + 5 / 12))).toBeLessThan(0.01);
    expect(shares['kind']?.trials).toBe(400);
    expect(shares['power']).toEqual({ parameter: 'power', trials: 0 });
    const listed = importanceOf<Point>(conditional as never, trials, 1);
    expect(listed.map(({ parameter }) => parameter)).toEqual(['kind', 'rate', 'x', 'power']);
  });

  test('the seed decides, and shares add up to 1 at most, whatever the size of the figures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 }), fc.constantFrom(1e-300, 1, 1e300), (seed, size) => {
        const own = { ...space, kind: [1, 'a', true], only: { min: 3, max: 3 } };
        const trials = trialsOf(own, 25, (p: { x: number; kind: unknown }) => (p.kind === 1 ? p.x : 0) * size, seed);
        const shares = of(own, trials, seed);
        const sum = Object.values(shares).reduce((total, { mean }) => total + (mean as number), 0);
        expect(sum).toBeGreaterThan(0);
        expect(sum).toBeLessThan(1 + 1e-9);
        expect(shares['only']?.mean).toBeCloseTo(0, 12);
        expect(of(own, trials, seed)).toEqual(shares);
      }),
      { numRuns: 20 },
    );
  });
});

test('a search has it, with its figure and its space', async () => {
  const { x, y } = blobs(60);
  const space = { units: [1, 2], rate: { min: 1e-5, max: 0.3, scale: 'log' as const } };
  const o = {
    space,
    pipeline: ({ units, rate }: { units: number; rate: number }) => ({
      layers: [dense({ units, activation: 'tanh' as const })],
      optimizer: adam({ learningRate: rate }),
      fit: { epochs: 2 },
    }),
    x,
    y,
    monitor: 'loss',
    trials: 12,
    seed: 3,
  };
  const result = await search(o);
  expect(result.monitor).toBe('loss');
  expect(result.space).toBe(space);
  const importance = result.importance();
  expect(importance[0]?.parameter).toBe('rate');
  expect(importance).toEqual(importanceOf(space, result.trials, 3));
});
