// How long and in which steps tables are trained on, by their rows.
import { expect, test } from 'vitest';
import { sizesFor } from '../../src/evaluate/sizes.js';

test.each([
  [100, 32, 200, 20],
  [5_000, 32, 200, 20],
  [5_001, 64, 200, 20],
  [20_000, 128, 100, 10],
  [50_000, 256, 40, 4],
  [200_000, 256, 10, 2],
  [10_000_000, 256, 5, 2],
])('%d rows', (rows, batchSize, epochs, patience) => {
  expect(sizesFor(rows)).toEqual({
    batchSize,
    epochs,
    patience,
    learningRate: expect.closeTo(0.001 * Math.sqrt(batchSize / 32), 12),
  });
});
