// Rows that stop a training must not judge the epoch that they have chosen.
import { expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { CrossFitted } from '../../src/evaluate/cross-fitted.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { readTable } from '../../src/table/index.js';

test('each half is predicted by the epoch that is best on the other', () => {
  // Rows 0 and 2 are best predicted in epoch 1, rows 1 and 3 in epoch 2.
  const epochs = [
    [5, 5, 5, 5],
    [0, 3, 0, 3],
    [2, 0, 2, 0],
    [9, 9, 9, 9],
  ].map((data) => new Matrix(data, 1));
  const watch = new CrossFitted(new Matrix([1, 2, 3, 4], 1), new Matrix([0, 0, 0, 0], 1), { task: 'regression' });
  for (const outputs of epochs) watch.onEpochEnd({ model: { predict: () => outputs } } as never);
  expect([...watch.outputs!.data]).toEqual([2, 3, 2, 3]);
  // Rows of a group are in one half.
  const groups = Int32Array.from([0, 0, 1, 1]);
  const grouped = new CrossFitted(new Matrix([1, 2, 3, 4], 1), new Matrix([0, 0, 0, 0], 1), {
    task: 'regression',
    groups,
  });
  for (const outputs of [
    [9, 9, 9, 9],
    [1, 1, 4, 4],
    [2, 2, 1, 1],
  ].map((data) => new Matrix(data, 1)))
    grouped.onEpochEnd({ model: { predict: () => outputs } } as never);
  expect([...grouped.outputs!.data]).toEqual([2, 2, 4, 4]);
});

test('a single group, or a single row, is predicted by the last epoch', () => {
  for (const groups of [Int32Array.of(7, 7), undefined]) {
    const rows = groups ? 2 : 1;
    const numbers = (value: number): Matrix => new Matrix(new Array<number>(rows).fill(value), 1);
    const set = { task: 'regression' as const, ...(groups && { groups }) };
    const watch = new CrossFitted(numbers(1), numbers(0), set);
    for (const value of [5, 0, 3]) watch.onEpochEnd({ model: { predict: () => numbers(value) } } as never);
    expect([...watch.outputs!.data]).toEqual(new Array(rows).fill(3));
  }
});

test('classes by their probabilities, one sigmoid or several', () => {
  const two = new CrossFitted(new Matrix([1, 2], 1), Int32Array.of(1, 0), { task: 'classification' });
  for (const data of [
    [0.6, 0.4],
    [0.9, 0.9],
    [0.2, 0.1],
  ])
    two.onEpochEnd({ model: { predict: () => new Matrix(data, 1) } } as never);
  // Row 0 chooses 0.9, which gives row 1 0.9; row 1 chooses 0.1, which gives row 0 0.2.
  expect([...two.outputs!.data].map((p) => Number(p.toFixed(2)))).toEqual([0.2, 0.9]);
});

test('labels that are drawn by chance are not predicted better than by chance', async () => {
  let state = 5;
  const draw = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const runs = 30;
  let sum = 0;
  let better = 0;
  for (let seed = 0; seed < runs; seed++) {
    const table = await readTable(
      Array.from({ length: 60 }, () => ({ a: draw(), b: draw(), y: draw() > 0.5 ? 'x' : 'y' })),
    );
    using fitted = await fitPipeline('tabular', table, 'y', { members: 10, seed });
    sum += fitted.outOfBag['accuracy'] as number;
    better += Number(fitted.judgement?.figures['verdict'] === 'better');
  }
  // Two and a half standard errors of 1,800 rows; where a row judges the epoch that it has chosen, it is 0.6.
  expect(sum / runs).toBeLessThan(0.5 + 2.5 * Math.sqrt(0.25 / (runs * 60)));
  expect(better).toBeLessThan(4);
});
