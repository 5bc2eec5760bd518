// How the command writes numbers.
import { expect, test } from 'vitest';
import { lossOf } from '../../src/cli/numbers.js';

test.each([
  [0.12345, '0.1235'],
  [999.5, '999.5000'],
  [46275.8971, '46276'],
  [46275897.1005, '4.63e+7'],
  [Number.NaN, 'NaN'],
])('a loss of %s in a progress bar', (loss, shown) => {
  expect(lossOf(loss)).toBe(shown);
});
