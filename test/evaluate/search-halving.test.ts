// Halving while points are still drawn: who is promoted, when, and that it does not depend on who ends first.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdOut } from '../../src/data/index.js';
import {
  type Executor,
  inline,
  type Pipeline,
  type SearchOptions,
  search,
  type Trial,
} from '../../src/evaluate/index.js';
import { NO_SEARCH, readEarlier } from '../../src/evaluate/search/earlier.js';
import { Standing } from '../../src/evaluate/search/standing.js';
import { roundsOf } from '../../src/evaluate/search/strategies.js';
import { adam, dense } from '../../src/index.js';
import { blobs } from '../helpers/models.js';
import { space as grid, regretAfter, type Setting } from '../helpers/surrogates.js';
import { bestPointOf } from '../helpers/tried.js';

const { x, y } = blobs(90);
const splits = [...holdOut(90, { seed: 1 })];
type Point = { units: number; rate: number };
const space = { units: { min: 1, max: 16, integer: true }, rate: { min: 1e-4, max: 0.1, scale: 'log' as const } };
const pipeline = ({ units, rate }: Point): Pipeline => ({
  layers: [dense({ units, activation: 'tanh' })],
  optimizer: adam({ learningRate: rate }),
  fit: { epochs: 9 },
});
const common: SearchOptions<Point> = { space, pipeline, x, y, splits, monitor: 'loss', halving: true, trials: 20 };
const timeless = <T extends { seconds: number }>(trials: readonly T[]) =>
  trials.map(({ seconds: _, ...trial }) => trial);

/** What a strategy asks for, where the loss of point number i is `losses[i]` at any length; undefined fails. */
function asked(losses: readonly (number | undefined)[], factor: number, rungs: number): [number, number][][] {
  const standing = new Standing<{ a: number }>();
  standing.judge('loss');
  const plan = {
    trials: losses.length,
    limited: true,
    keeps: false,
    seconds: undefined,
    first: [],
    earlier: NO_SEARCH,
  };
  const rounds = roundsOf(
    'random',
    { a: { min: 0, max: 1 } },
    { ...plan, halving: { factor, rungs }, seed: 1, standing },
  );
  const numbers = new Map<object, number>();
  const told: [number, number][][] = [];
  for (let next = rounds.next([]); !next.done; ) {
    const { share } = next.value;
    const round: [number, number][] = [];
    const ran = Array.from(next.value.points, (parameters, i): Trial<{ a: number }> => {
      if (!numbers.has(parameters)) numbers.set(parameters, numbers.size);
      const number = numbers.get(parameters) as number;
      round.push([number, (share as number[])[i] as number]);
      const mean = losses[number];
      const common = { parameters, epochs: 1, seconds: 0 };
      return mean === undefined
        ? { ...common, error: 'no' }
        : { ...common, score: { mean, stddev: 0, values: [mean] } };
    });
    told.push(round);
    next = rounds.next(ran);
  }
  return told;
}

describe('promotions', () => {
  test('are of the best third of a rung, of the highest rung first; in the end one point has all epochs', () => {
    // Ten points, of which number 9 is the best, then 8, …
    const third = 1 / 3;
    const ninth = 1 / 9;
    expect(asked([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], 3, 3)).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7].map((number) => [number, ninth]),
      [
        [7, third],
        [6, third],
        [8, ninth],
        [9, ninth],
      ],
      // Of ten there are three in the best third: 9, 8 and 7, which has been promoted.
      [
        [9, third],
        [8, third],
      ],
      [[9, 1]],
    ]);
  });

  test('of four points and eight', () => {
    expect(asked([0.1, 0.4, 0.3, 0.2], 2, 2)).toEqual([
      [0, 1, 2, 3].map((number) => [number, 0.5]),
      [
        [0, 1],
        [3, 1],
      ],
    ]);
  });

  test('by any losses: each point once on a rung, only from the best of the rung below, and the best of the last rung has all epochs', () => {
    const loss = fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined, freq: 6 });
    fc.assert(
      fc.property(
        fc.array(loss, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 2, max: 4 }),
        (losses, factor, rungs) => {
          const rounds = asked(losses, factor, rungs);
          const rungOf = (share: number): number => rungs - 1 + Math.round(Math.log(share) / Math.log(factor));
          const ladder = Array.from({ length: rungs }, (): number[] => []);
          const drawn: number[] = [];
          for (const round of rounds) {
            const before = ladder.map((rung) => [...rung]);
            for (const [number, share] of round) {
              const rung = rungOf(share);
              expect(ladder[rung]).not.toContain(number);
              ladder[rung]?.push(number);
              if (rung === 0) drawn.push(number);
              else {
                const below = before[rung - 1] as number[];
                const better = below.filter((other) => (losses[other] ?? 99) < (losses[number] ?? 99));
                expect(below).toContain(number);
                expect(losses[number]).toBeDefined();
                // At the end one is enough to go on.
                expect(better.length).toBeLessThan(Math.max(Math.floor(below.length / factor), 1));
              }
            }
          }
          expect(drawn).toEqual(losses.map((_, i) => i));
          const sound = losses.flatMap((each) => each ?? []);
          if (sound.length > 0)
            expect(ladder.at(-1)?.some((number) => losses[number] === Math.min(...sound))).toBe(true);
        },
      ),
    );
  });
});

describe.each(['random', 'bayes'] as const)('%s', (strategy) => {
  test('points begin with a ninth of their epochs, and the best is one of those that had all', async () => {
    const told: [number, number][] = [];
    const { trials, best, toCsv } = await search<Point>({
      ...common,
      strategy,
      onProgress: (done, total, { trials }) => {
        told.push([done, total]);
        expect(trials.done).toBeLessThanOrEqual(trials.total as number);
      },
    });
    const points = new Set(trials.map(({ parameters }) => parameters));
    expect(points.size).toBe(20);
    expect(new Set(trials.map(({ epochs }) => epochs))).toEqual(new Set([1, 3, 9]));
    expect(trials.filter(({ epochs }) => epochs === 1).length).toBe(20);
    const longest = trials.filter(({ epochs }) => epochs === 9);
    expect(best.score.mean).toBe(Math.min(...longest.map(({ score }) => score?.mean as number)));
    expect(told.at(-1)).toEqual([trials.length, trials.length]);
    expect(toCsv().split('\r\n').length).toBe(trials.length + 1);
  });

  test('the trials are the same whoever ends first', async () => {
    const backwards: Executor = {
      concurrency: 4,
      async *run<T, R>(task: string, jobs: readonly T[], o = {}) {
        const outcomes = [];
        for await (const outcome of inline().run<T, R>(task, jobs, o)) outcomes.push(outcome);
        yield* outcomes.reverse();
      },
      async close() {},
    };
    const plain = await search<Point>({ ...common, strategy });
    const other = await search<Point>({ ...common, strategy, executor: backwards });
    expect(timeless(other.trials)).toEqual(timeless(plain.trials));
    expect(other.best).toEqual(plain.best);
  });

  test('begins nothing after its time; the best is of the longest that was reached', async () => {
    const { trials: _, ...timed } = common;
    const { trials, best } = await search<Point>({ ...timed, strategy, seconds: 1e-6 });
    expect(trials.length).toBe(strategy === 'random' ? 8 : 10);
    expect(new Set(trials.map(({ epochs }) => epochs))).toEqual(new Set([1]));
    expect(best.score.mean).toBe(Math.min(...trials.map(({ score }) => score?.mean as number)));
  });
});

test('a rate that falls along a cosine falls within the fewer epochs', async () => {
  const rate = (steps: number) => ({ type: 'cosine', initial: 0.1, steps, warmup: steps / 9 }) as const;
  const of = (epochs: number, steps: number): Pipeline => ({
    layers: [dense({ units: 3, activation: 'tanh' })],
    optimizer: adam({ learningRate: rate(steps) }),
    fit: { epochs, batchSize: 10 },
  });
  const common = { space: { a: [1, 2] }, x, y, splits, monitor: 'loss' };
  const rungs = { factor: 3, rungs: 2 };
  const halved = await search({ ...common, pipeline: () => of(9, 81), strategy: 'random', halving: rungs, trials: 2 });
  const { trials } = await search({ ...common, pipeline: () => of(3, 27), strategy: 'grid' });
  expect(halved.trials[0]?.epochs).toBe(3);
  expect(halved.trials[0]?.score).toEqual(trials[0]?.score);
});

test('a number of epochs that is a parameter is no rung', async () => {
  const { best, trials } = await search({
    space: { epochs: [2, 40], rate: { min: 0.01, max: 0.011 } },
    pipeline: ({ epochs, rate }) => ({ layers: [], optimizer: adam({ learningRate: rate }), fit: { epochs } }),
    x,
    y,
    splits,
    halving: { factor: 2, rungs: 2 },
    trials: 8,
    monitor: 'loss',
  });
  const all = trials.filter(({ epochs, parameters }) => epochs === parameters.epochs);
  expect(best.score.mean).toBe(Math.min(...all.map(({ score }) => score?.mean as number)));
});

test('an earlier search that halved is learnt from by the longest trial of each point', () => {
  const table = 'a,loss,epochs\r\n1,0.9,1\r\n2,0.8,1\r\n2,0.5,3\r\n3,0.7,1\r\n2,,9\r\n3,0.7,1\r\n';
  const { trials } = readEarlier({ a: [1, 2, 3] }, table, 'loss');
  expect(trials).toEqual([
    { place: [0], mean: 0.9, rung: 0 },
    { place: [1], mean: undefined, rung: 2 },
    { place: [2], mean: 0.7, rung: 0 },
    { place: [2], mean: 0.7, rung: 0 },
  ]);
});

test.each([
  [{ halving: 3 }, 'search(halving): expected true, or { factor, rungs }, got 3'],
  [{ halving: { least: 3 } }, 'search(halving): unknown option "least"; known are factor, rungs'],
  [{ halving: { factor: 1 } }, 'search(halving.factor): expected 2 or more, got 1'],
  [{ halving: { factor: 101 } }, 'search(halving.factor): expected at most 100, got 101'],
  [{ halving: { rungs: 1 } }, 'search(halving.rungs): expected 2 or more, got 1'],
  [{ halving: { rungs: 2.5 } }, 'search(halving.rungs): expected a positive integer, got 2.5'],
  [
    { strategy: 'grid', trials: undefined, halving: true },
    "search(halving): 'grid' has no use for it: leave it out, or use 'random' or 'bayes'",
  ],
])('refuses %j', async (o, message) => {
  await expect(search<Point>({ ...common, ...(o as object) })).rejects.toThrow(message);
});

test('on what networks of tables score after 3, 9 and 27 epochs, 38 halved points find more than 20 whole ones, which take as many epochs', () => {
  const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;
  for (const table of ['vowel', 'vehicle', 'concrete']) {
    const found = (trials: number, halving?: { factor: number; rungs: number }) =>
      Array.from({ length: 25 }, (_, seed) => {
        const rung = (share: number): number => 2 + Math.round(Math.log(share) / Math.log(3));
        const { point, work } = bestPointOf<Setting>(
          'bayes',
          grid,
          { trials, seed, ...(halving && { halving }) },
          (p, share) => regretAfter(table, p, rung(share)),
        );
        return { regret: regretAfter(table, point, 2), work };
      });
    const [whole, halved] = [found(20), found(38, { factor: 3, rungs: 3 })];
    expect(median(halved.map(({ regret }) => regret))).toBeLessThan(median(whole.map(({ regret }) => regret)));
    expect(median(halved.map(({ work }) => work))).toBeLessThan(21);
  }
});
