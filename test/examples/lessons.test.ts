// The lessons in examples/ show textbook facts about training on real digits, and their results are as they claim.
import { expect, test } from 'vitest';
import { batchSizes } from '../../examples/lessons/batch-sizes.js';
import type { Outcome } from '../../examples/lessons/compare.js';
import { optimizers } from '../../examples/lessons/optimizers.js';
import { overfitting } from '../../examples/lessons/overfitting.js';
import { vanishingGradients } from '../../examples/lessons/vanishing-gradients.js';

const by = (outcomes: readonly Outcome[]) =>
  Object.fromEntries(outcomes.map((o) => [o.name, o])) as Record<string, Outcome>;

test('full batch, mini-batches and stochastic descent all learn, full-batch by far the slowest in epochs', async () => {
  const o = by(await batchSizes());
  expect(Object.values(o).map(({ updates }) => updates)).toEqual([20, 400, 860, 26_960]);
  const [short, long, mini, stochastic] = Object.values(o) as [Outcome, Outcome, Outcome, Outcome];
  for (const outcome of [long, mini, stochastic]) expect(outcome.testAccuracy).toBeGreaterThan(0.96);
  expect(short.loss).toBeGreaterThan(5 * mini.loss);
  expect(mini.loss).toBeGreaterThan(stochastic.loss);
});

test('every optimizer learns, and all beat plain descent in the same epochs', async () => {
  const outcomes = await optimizers();
  const sgd = outcomes[0]!;
  expect(sgd.testAccuracy).toBeGreaterThan(0.9);
  for (const outcome of outcomes.slice(1)) {
    expect(outcome.testAccuracy, outcome.name).toBeGreaterThan(0.96);
    expect(outcome.loss, outcome.name).toBeLessThan(sgd.loss / 2);
  }
});

test('gradients vanish through six sigmoids, and not with batch normalization', async () => {
  const o = by(await vanishingGradients());
  expect(o['6 × sigmoid']!.testAccuracy).toBeLessThan(0.6);
  expect(o['6 × sigmoid, batch norm']!.testAccuracy).toBeGreaterThan(0.95);
  expect(o['6 × relu']!.testAccuracy).toBeGreaterThan(0.95);
});

test('a hundred rows are learnt by heart; l2, dropout, early stopping and augmentation each win loss on the others back', async () => {
  const o = by(await overfitting());
  const alone = o['nothing']!;
  expect(alone.trainAccuracy).toBe(1);
  expect(alone.testLoss).toBeGreaterThan(100 * alone.loss);
  for (const name of ['l2', 'dropout', 'early stopping', 'augmentation']) {
    expect(o[name]!.testLoss, name).toBeLessThan(0.85 * alone.testLoss);
  }
});
