// H² of pairs of columns, beside numpy's by the published formula, and of functions whose interactions are known.
import { expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { type FittedPipeline, fitPipeline } from '../../src/evaluate/index.js';
import { type Interaction, interactions } from '../../src/explain/index.js';
import { dense } from '../../src/index.js';
import { readTable } from '../../src/table/index.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';
import { rows } from '../helpers/penguins.js';
import { cases, modelOf } from './cases.js';

test("the formula, as numpy's loops have it", async () => {
  for (const each of cases) {
    using model = await modelOf(each);
    const found = await interactions(model, each.x.slice(0, 30), { rows: 30, pairs: 100 });
    expect(found).toHaveLength(each.interactions.length);
    for (const { columns, h2, size } of each.interactions) {
      const own = found.find((pair) => String(pair.columns) === String(columns)) as Interaction;
      expect(distance([own.h2, own.size], [h2, size])).toBeLessThan(1e-5);
    }
  }
});

/** A pipeline whose network computes a function of three numbers. */
async function functionOf(f: (row: readonly number[]) => number): Promise<FittedPipeline> {
  const y = [0.5, 1.25];
  const fitted = await fitPipeline(
    { layers: [], scale: 'none', targetScale: 'none', fit: { epochs: 1 } },
    [
      [0, 1, 2],
      [1, 1, 0],
    ],
    y,
  );
  const { model } = fitted;
  Object.assign(model, {
    *prediction(x: Matrix) {
      return new Matrix(
        Float32Array.from({ length: x.rows }, (_, row) => f([...x.row(row)])),
        1,
      );
    },
  });
  return fitted;
}

test('x₁·x₂ + x₃ has an interaction of the first two and no other', async () => {
  const x = matrix(200, 3, numbers(4));
  using model = await functionOf(([a, b, c]: readonly number[]) => a! * b! + c!);
  const found = await interactions(model, x, { rows: 200 });
  expect(found).toHaveLength(3);
  expect(found[0]!.columns).toEqual(['0', '1']);
  // The means of x₁ and x₂ are nearly 0, so neither has much of an effect alone.
  expect(found[0]!.h2).toBeGreaterThan(0.95);
  // What is left of x₁·x₂ without the effects of each alone: (x₁ − mean)·(x₂ − mean).
  const mean = (c: number) => x.reduce((sum, row) => sum + row[c]!, 0) / x.length;
  const products = x.map(([a, b]) => (a! - mean(0)) * (b! - mean(1)));
  const middle = products.reduce((sum, p) => sum + p, 0) / x.length;
  const spread = Math.sqrt(products.reduce((sum, p) => sum + (p - middle) ** 2, 0) / x.length);
  expect(found[0]!.size).toBeCloseTo(spread, 5);
  for (const { h2, size } of found.slice(1)) {
    expect(h2).toBeLessThan(1e-6);
    expect(size).toBeLessThan(1e-5);
  }
});

test('columns without an effect have no interaction: rounding is none', async () => {
  const x = matrix(50, 3, numbers(8));
  using model = await functionOf(([, , c]: readonly number[]) => 1000 + c!);
  const found = await interactions(model, x);
  expect(found.map(({ h2 }) => h2 < 1e-6)).toEqual([true, true, true]);
});

test('of a table; the same seed gives the same rows; the most important columns first', async () => {
  const penguins = await readTable(rows);
  using ensemble = await fitPipeline('tabular', penguins, 'species', { members: 2, seed: 1 });
  const [a, b] = await Promise.all([
    interactions(ensemble, penguins, { rows: 40 }),
    interactions(ensemble, penguins, { rows: 40 }),
  ]);
  expect(a).toEqual(b);
  expect(a).toHaveLength(10);
  expect([...a![0]!.columns].sort()).toEqual(['bill', 'mass']);
  for (const { h2, size } of a!) expect(h2 >= 0 && size >= 0).toBe(true);
  const one = await interactions(ensemble, penguins, { rows: 40, columns: ['mass', 'bill'], output: 'Adelie' });
  expect(one).toHaveLength(1);
});

test('of many columns those that matter are found: tanh(x₃ + x₁₇) among 30 columns', async () => {
  const x = matrix(60, 30, numbers(5));
  using fitted = await fitPipeline(
    {
      layers: [dense({ units: 1, activation: 'tanh' })],
      scale: 'none',
      targetScale: 'none',
      fit: { epochs: 1 },
    },
    x,
    x.map(([a]) => a as number),
  );
  const kernel = new Float32Array(30);
  kernel[3] = 2;
  kernel[17] = -2;
  fitted.model.setWeights(
    new Map([
      ['dense/kernel', { shape: [30, 1], data: kernel }],
      ['dense/bias', { shape: [1], data: new Float32Array(1) }],
      ['dense_1/kernel', { shape: [1, 1], data: Float32Array.of(1) }],
      ['dense_1/bias', { shape: [1], data: new Float32Array(1) }],
    ]),
  );
  const [first, second] = await interactions(fitted, x);
  expect(first!.columns).toEqual(['3', '17']);
  expect(first!.size).toBeGreaterThan(0.01);
  expect(second!.size).toBeLessThan(1e-6);
  // The same as when it is asked for these two.
  expect((await interactions(fitted, x, { columns: ['3', '17'] }))[0]).toEqual(first);
});

test('what is refused', async () => {
  using model = await modelOf(cases[0]!);
  const refused = (o: object, message: string) => expect(interactions(model, cases[0]!.x, o)).rejects.toThrow(message);
  await refused({ columns: ['0'] }, 'interactions(columns): expected two columns or more, got an array of 1');
  await refused({ rows: 1 }, 'interactions(rows): expected two rows or more, got 1');
  await refused({ rows: 1e6 }, 'interactions(rows): expected at most 2000, got 1000000');
  await refused({ output: 3 }, 'interactions(output): expected one of 0, got 3');
});

test('one row tells nothing of what columns do together', async () => {
  const each = cases[0]!;
  using model = await modelOf(each);
  await expect(interactions(model, each.x.slice(0, 1))).rejects.toThrow(
    'interactions: x has one row; what columns do together takes two or more',
  );
  expect((await interactions(model, each.x.slice(0, 2))).length).toBeGreaterThan(0);
});
