// Figures of probabilities, beside scikit-learn's and published ones.
import { expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { brierScore } from '../../src/explain/index.js';

test("the Brier score is scikit-learn's brier_score_loss", () => {
  // The example of its documentation: brier_score_loss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]) is 0.0375.
  const probabilities = Matrix.from([0.1, 0.9, 0.8, 0.3].map((p) => [1 - p, p]));
  expect(brierScore([0, 1, 1, 0], probabilities, [0, 1])).toBeCloseTo(0.0375, 6);
});
