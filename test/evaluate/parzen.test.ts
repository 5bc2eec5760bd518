// The Parzen estimators of 'bayes', beside Optuna's and the normal distribution's own figures.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { words } from '../../src/data/random.js';
import { massBetween, massFromMean, quantileBetween } from '../../src/evaluate/search/normal.js';
import { Parzen } from '../../src/evaluate/search/parzen.js';
import { active, dimensionsOf, placeOf, pointOf } from '../../src/evaluate/search/places.js';
import { propose } from '../../src/evaluate/search/propose.js';

const space = {
  rate: { min: 3e-4, max: 0.03, scale: 'log' as const },
  layers: { min: 1, max: 6, integer: true },
  choice: ['a', 'b', 'c'],
  dropout: { min: 0, max: 0.5 },
  units: { min: 4, max: 256, integer: true, scale: 'log' as const },
};
type Row = readonly [number, number, number, number, number];
const pointOfRow = ([rate, layers, choice, dropout, units]: Row) => ({
  rate,
  layers,
  choice: space.choice[choice] as string,
  dropout,
  units,
});
const place = (row: Row) => placeOf(space as never, pointOfRow(row) as never) ?? [];

interface Golden {
  readonly tried: readonly Row[];
  readonly asked: readonly Row[];
  readonly logDensity: readonly number[];
}
const golden: readonly Golden[] = JSON.parse(
  readFileSync(new URL('../golden/search/parzen.json', import.meta.url), 'utf8'),
);
/** Draws from 0 to 1. */
function uniform(seed: number): () => number {
  const next = words(seed, 99, 0);
  return () => next() / 2 ** 32;
}

const dimensions = dimensionsOf(space as never);

test.each(golden)('densities are those of Optuna: %#', ({ tried, asked, logDensity }) => {
  const estimator = new Parzen(dimensions, tried.map(place));
  // Ours is a density over log₂ of two of the parameters, Optuna's over natural logarithms.
  const perNatural = 2 * Math.log(Math.LN2);
  for (const [i, row] of asked.entries())
    expect(Math.log(estimator.at(place(row))) - perNatural).toBeCloseTo(logDensity[i] as number, 9);
});

test('probabilities of the normal distribution, by their published values', () => {
  // Abramowitz, Stegun 1964, table 26.1.
  expect(massFromMean(1)).toBeCloseTo(0.341344746068543, 14);
  expect(massFromMean(-1.96)).toBeCloseTo(-0.47500210485178, 14);
  expect(massFromMean(5)).toBeCloseTo(0.499999713348428, 14);
  expect(massBetween(-40, 40)).toBe(1);
});

test('a share of the probability between two points ends where it should', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -6, max: 6, noNaN: true }),
      fc.double({ min: 0.01, max: 6, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (from, width, share) => {
        const z = quantileBetween(from, from + width, share);
        expect(z).toBeGreaterThanOrEqual(from);
        expect(z).toBeLessThanOrEqual(from + width);
        expect(massBetween(from, z)).toBeCloseTo(share * massBetween(from, from + width), 12);
      },
    ),
  );
});

test('draws have the density that the estimator says', () => {
  const estimator = new Parzen([{ low: 0, high: 1, whole: false }], [[0.2], [0.9]]);
  const next = uniform(1);
  const draws = Array.from({ length: 20_000 }, () => estimator.draw(() => next())[0] as number);
  const bins = 10;
  for (let bin = 0; bin < bins; bin++) {
    const inside = draws.filter((value) => Math.floor(value * bins) === bin).length / draws.length;
    let expected = 0;
    for (let i = 0; i < 100; i++) expected += estimator.at([(bin + (i + 0.5) / 100) / bins]) / (100 * bins);
    expect(Math.abs(inside - expected)).toBeLessThan(0.015);
  }
});

test('points become places and points again', () => {
  for (const { tried } of golden)
    for (const row of tried) {
      const { rate, ...rest } = pointOf(space as never, place(row)) as ReturnType<typeof pointOfRow>;
      const { rate: given, ...others } = pointOfRow(row);
      expect(rest).toEqual(others);
      expect(Math.abs(rate / given - 1)).toBeLessThan(1e-12);
    }
  expect(placeOf(space as never, { ...pointOfRow([0.01, 2, 0, 0.1, 8]), layers: 2.5 } as never)).toBeUndefined();
  expect(placeOf(space as never, { ...pointOfRow([0.01, 2, 0, 0.1, 8]), choice: 'd' } as never)).toBeUndefined();
});

test('proposals lie near the good points, and not where others are tried already', () => {
  const next = uniform(2);
  const line = [{ low: 0, high: 1, whole: false }];
  const tried = Array.from({ length: 40 }, (_, i) => ({ place: [i / 40], loss: Math.abs(i / 40 - 0.7) }));
  const proposed = Array.from(
    { length: 20 },
    () =>
      propose(
        line,
        tried,
        (at) => at,
        () => next(),
      )[0] as number,
  );
  for (const value of proposed) expect(Math.abs(value - 0.7)).toBeLessThan(0.25);
});

test('a parameter that has no meaning at a point is left out of it, and says nothing of it', () => {
  const conditional = {
    kind: ['plain', 'dropout'],
    rate: { min: 0, max: 1, when: { kind: ['dropout'] } },
  };
  const trim = active(conditional as never);
  expect(trim([0, 0.5])).toEqual([0, undefined]);
  expect(trim([1, 0.5])).toEqual([1, 0.5]);
  expect(pointOf(conditional as never, [0, undefined])).toEqual({ kind: 'plain' });
  const estimator = new Parzen(dimensionsOf(conditional as never), [
    [0, undefined],
    [1, 0.1],
  ]);
  expect(estimator.at([0, undefined])).toBeGreaterThan(0);
  expect(estimator.at([1, 0.1])).toBeGreaterThan(estimator.at([1, 0.9]));
});
