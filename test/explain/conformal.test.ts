// Intervals and sets that cover what they promise to cover.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { conformalIntervals, conformalSets } from '../../src/explain/index.js';
import { readTable } from '../../src/table/index.js';
import { checkMessages } from '../bad-input/check.js';
import { rows as penguins } from '../helpers/penguins.js';

interface Case {
  readonly actual: number[];
  readonly predicted: number[];
  readonly radius: Record<string, number>;
}
const golden = new URL('../golden/probabilities.json', import.meta.url);
const { numbers: cases } = JSON.parse(readFileSync(golden, 'utf8')) as { numbers: Case[] };
const { E, PI, cos, log, sqrt } = Math;

/** Numbers from 0 to 1, by mulberry32. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const normal = (next: () => number): number => sqrt(-2 * log(1 - next())) * cos(2 * PI * next());

/** The mean of 1,000 coverages, each of one drawing of data. */
const DRAWS = 1000;
function meanCoverage(coverageOf: (next: () => number) => number): number {
  const next = draws(20_260);
  let sum = 0;
  for (let draw = 0; draw < DRAWS; draw++) sum += coverageOf(next);
  return sum / DRAWS;
}
const share = (hits: readonly boolean[]): number => hits.filter(Boolean).length / hits.length;
const inside = (intervals: readonly (readonly [number, number])[], truths: readonly number[]): boolean[] =>
  intervals.map(([low, high], row) => low <= (truths[row] as number) && (truths[row] as number) <= high);

/** The line of least squares, with a little ridge. */
function line(rows: readonly (readonly [x: number, y: number])[]): (x: number) => number {
  let [sx, sy, sxx, sxy] = [0, 0, 0, 0];
  for (const [x, y] of rows) [sx, sy, sxx, sxy] = [sx + x, sy + y, sxx + x * x, sxy + x * y];
  const n = rows.length;
  const slope = (sxy - (sx * sy) / n) / (sxx - sx ** 2 / n + 0.1);
  return (x) => sy / n + slope * (x - sx / n);
}

describe('intervals', () => {
  test.each(cases)("have numpy's quantile as their radius: case %#", ({ actual, predicted, radius }) => {
    for (const [coverage, expected] of Object.entries(radius)) {
      const found = conformalIntervals(actual, predicted, { coverage: Number(coverage) });
      expect(found.radius).toBeCloseTo(expected, 5);
      expect(found.intervals([1])).toEqual([[1 - found.radius, 1 + found.radius]]);
    }
  });

  test('cover 90 % of new rows, of any distribution and however bad the model is', () => {
    const found = meanCoverage((next) => {
      // Skewed errors of a model that is off by one.
      const error = () => 1 - E * log(1 - next());
      const truths = Array.from({ length: 59 }, error);
      const { intervals } = conformalIntervals(truths, new Float32Array(59));
      const others = Array.from({ length: 40 }, error);
      return share(inside(intervals(new Float64Array(40)), others));
    });
    expect(found).toBeGreaterThan(0.885);
    expect(found).toBeLessThan(0.915);
  });

  test('cover 90 % with out-of-fold predictions, as an ensemble has them', () => {
    const found = meanCoverage((next) => {
      const row = (): [number, number] => {
        const x = normal(next);
        return [x, 2 * x + 1 + normal(next)];
      };
      const rows = Array.from({ length: 60 }, row);
      const members = [0, 1, 2, 3, 4].map((fold) => line(rows.filter((_, i) => i % 5 !== fold)));
      const held = rows.map(([x], i) => (members[i % 5] as (x: number) => number)(x));
      const { intervals } = conformalIntervals(
        rows.map(([, y]) => y),
        held,
      );
      const others = Array.from({ length: 40 }, row);
      const means = others.map(([x]) => members.reduce((sum, member) => sum + member(x), 0) / 5);
      return share(
        inside(
          intervals(means),
          others.map(([, y]) => y),
        ),
      );
    });
    expect(found).toBeGreaterThan(0.885);
    expect(found).toBeLessThan(0.915);
  });

  test('take the predictions of an ensemble', async () => {
    const table = (await readTable(penguins)).known('mass');
    using fitted = await fitPipeline('tabular', table, 'mass', { seed: 1, members: 2 });
    const { actual, predictions } = fitted.outOfFold ?? expect.unreachable();
    const { radius, intervals } = conformalIntervals(actual, predictions, { coverage: 0.8 });
    const hits = inside(intervals(predictions), actual as number[]);
    expect(hits.filter(Boolean)).toHaveLength(Math.ceil((table.rows + 1) * 0.8));
    expect(intervals(fitted.predict(table))[0]?.[1]).toBeCloseTo((fitted.predict(table)[0] as number) + radius, 6);
  });
});

describe('sets', () => {
  /** A row of three classes at the corners of a triangle. */
  const corners = [
    [0, 0],
    [2, 0],
    [1, 1.5],
  ] as const;
  interface Row {
    readonly x: readonly [number, number];
    readonly label: string;
  }
  const drawn = (next: () => number) => (): Row => {
    const index = Math.floor(next() * 3);
    const [a, b] = corners[index] as readonly [number, number];
    return { x: [a + normal(next), b + normal(next)], label: 'abc'[index] as string };
  };
  /** Probabilities by the distance from the mean of each class. */
  function nearestMean(rows: readonly Row[]): ({ x }: Row) => number[] {
    const means = ['a', 'b', 'c'].map((label) => {
      const own = rows.filter((row) => row.label === label);
      const mean = (c: 0 | 1) => own.reduce((sum, { x }) => sum + x[c], 0) / Math.max(1, own.length);
      return [mean(0), mean(1)] as const;
    });
    return ({ x }) => {
      const weights = means.map(([a, b]) => E ** (-((x[0] - a) ** 2 + (x[1] - b) ** 2) / 2));
      const sum = weights.reduce((all, weight) => all + weight, 0);
      return weights.map((weight) => (sum > 0 ? weight / sum : 1 / 3));
    };
  }
  const classes = ['a', 'b', 'c'];
  const labelsOf = (rows: readonly Row[]): string[] => rows.map(({ label }) => label);
  const hit = (sets: readonly (readonly unknown[])[], rows: readonly Row[]): number =>
    share(sets.map((set, i) => set.includes(rows[i]?.label)));

  test('cover 90 % of new rows', () => {
    const found = meanCoverage((next) => {
      const row = drawn(next);
      const predict = nearestMean(Array.from({ length: 30 }, row));
      const [held, others] = [Array.from({ length: 59 }, row), Array.from({ length: 40 }, row)];
      const { sets } = conformalSets(labelsOf(held), Matrix.from(held.map(predict)), classes);
      return hit(sets(Matrix.from(others.map(predict))), others);
    });
    expect(found).toBeGreaterThan(0.885);
    expect(found).toBeLessThan(0.915);
  });

  test('cover 90 % with out-of-fold predictions', () => {
    const found = meanCoverage((next) => {
      const row = drawn(next);
      const [rows, others] = [Array.from({ length: 60 }, row), Array.from({ length: 40 }, row)];
      const members = [0, 1, 2, 3, 4].map((fold) => nearestMean(rows.filter((_, i) => i % 5 !== fold)));
      const held = rows.map((each, i) => (members[i % 5] as ReturnType<typeof nearestMean>)(each));
      const { sets } = conformalSets(labelsOf(rows), Matrix.from(held), classes);
      const means = others.map((each) =>
        members
          .map((member) => member(each))
          .reduce((sums, p) => sums.map((sum, c) => sum + (p[c] as number) / 5), [0, 0, 0]),
      );
      return hit(sets(Matrix.from(means)), others);
    });
    expect(found).toBeGreaterThan(0.885);
    expect(found).toBeLessThan(0.915);
  });

  test('have the most probable class first, and none where none is probable enough', () => {
    const p = Matrix.from([
      [0.9, 0.1],
      [0.8, 0.2],
      [0.3, 0.7],
      [0.2, 0.8],
    ]);
    const { threshold, sets } = conformalSets(['a', 'a', 'b', 'b'], p, ['a', 'b'], { coverage: 0.6 });
    expect(threshold).toBeCloseTo(0.8, 6);
    expect(
      sets(
        Matrix.from([
          [0.6, 0.4],
          [0.1, 0.9],
        ]),
      ),
    ).toEqual([[], ['b']]);
    const wide = conformalSets(['a', 'a', 'b', 'a'], p, ['a', 'b'], { coverage: 0.8 });
    expect(wide.sets(p)).toEqual([['a'], ['a', 'b'], ['b', 'a'], ['b', 'a']]);
  });
});

describe('what is refused', () => {
  const p = Matrix.from([[0.4, 0.6]]);
  const eight = new Float32Array(8);
  const inBounds = 'conformalIntervals(coverage): expected a number between 0 and 1, got';
  checkMessages([
    [
      () => conformalIntervals(eight, eight),
      'SimdenseError [DATA]: conformalIntervals: a coverage of 0.9 needs at least 9 rows, got 8',
    ],
    [
      () => conformalIntervals(eight, eight, { coverage: 0.95 }),
      'SimdenseError [DATA]: conformalIntervals: a coverage of 0.95 needs at least 19 rows, got 8',
    ],
    [
      () => conformalSets(['b'], p, ['a', 'b']),
      'SimdenseError [DATA]: conformalSets: a coverage of 0.9 needs at least 9 rows, got 1',
    ],
    [() => conformalIntervals(eight, eight, { coverage: 1 }), `SimdenseError [ARGUMENT]: ${inBounds} 1`],
    [() => conformalIntervals(eight, eight, { coverage: 0 }), `SimdenseError [ARGUMENT]: ${inBounds} 0`],
    [
      () => conformalIntervals(eight, [1, 2]),
      'SimdenseError [SHAPE]: conformalIntervals: 2 predictions for 8 actual numbers',
    ],
    [
      () => conformalIntervals(['a', 'b'], [1, 2]),
      'SimdenseError [DATA]: conformalIntervals(actual): "a" in row 0, expected a finite number',
    ],
    [
      () => conformalIntervals(p, p),
      'SimdenseError [SHAPE]: conformalIntervals(actual): 2 numbers a row, expected one',
    ],
    [
      () => conformalIntervals([1, Number.NaN], [1, 2]),
      'SimdenseError [DATA]: conformalIntervals(actual): NaN in row 1, expected a finite number',
    ],
    [
      () => conformalIntervals(7 as never, [1]),
      'SimdenseError [ARGUMENT]: conformalIntervals(actual): expected a number for each row, got 7',
    ],
  ]);
});

test('nine rows are enough for 90 %, nineteen for 95 %', () => {
  const errors = (rows: number) => Float32Array.from({ length: rows }, (_, i) => i + 1);
  expect(conformalIntervals(errors(9), new Float32Array(9)).radius).toBe(9);
  expect(conformalIntervals(errors(19), new Float32Array(19), { coverage: 0.95 }).radius).toBe(19);
  // (99 + 1) · 0.07 is 7.000000000000001.
  expect(conformalIntervals(errors(99), new Float32Array(99), { coverage: 0.07 }).radius).toBe(7);
});
