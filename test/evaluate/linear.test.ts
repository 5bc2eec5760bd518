// The linear model that networks are compared with is linear, and as good as least squares.
import { expect, test } from 'vitest';
import { fitPipeline } from '../../src/evaluate/index.js';
import { readTable } from '../../src/table/index.js';
import { numbers } from '../helpers/numbers.js';

const rows = (count: number) => {
  const next = numbers(12);
  return Array.from({ length: count }, () => {
    // The sum of a few has a bell and tails.
    const [a, b] = [next() + next() + next(), next() + next()];
    return { a, b, y: 3 * a + 2 * b + 100 + 0.05 * next() };
  });
};

test('without hidden layers a pipeline goes on in a straight line', async () => {
  using fitted = await fitPipeline({ layers: [] }, await readTable(rows(500)), 'y', { seed: 0 });
  for (const a of [-6, -3, 0, 3, 6]) expect(fitted.predict([{ a, b: 1 }])[0]).toBeCloseTo(3 * a + 102, 0);
});

test('a linear target is not said to need networks', async () => {
  using fitted = await fitPipeline('tabular', await readTable(rows(400)), 'y', { seed: 0 });
  const { words } = fitted.judgement as NonNullable<typeof fitted.judgement>;
  expect(words).toMatch(/the linear one is better|is as good/);
});
