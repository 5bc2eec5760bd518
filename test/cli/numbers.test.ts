// How the command writes numbers.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossOf, shortFloat } from '../../src/cli/numbers.js';

test.each([
  [0.12345, '0.1235'],
  [999.5, '999.5000'],
  [46275.8971, '46276'],
  [46275897.1005, '4.63e+7'],
  [Number.NaN, 'NaN'],
])('a loss of %s in a progress bar', (loss, shown) => {
  expect(lossOf(loss)).toBe(shown);
});

test('a prediction has at most nine digits, and is the same float32', () => {
  expect([0.1, 0.886302, -2, 1e-40, 16777217].map((value) => shortFloat(Math.fround(value)))).toEqual([
    0.1, 0.886302, -2, 9.99995e-41, 16777216,
  ]);
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const short = shortFloat(value);
      expect(Math.fround(short) + 0).toBe(value + 0);
      expect(
        String(short)
          .replace(/e.*$/, '')
          .replace(/^-?0*\.?0*|\./g, '')
          .replace(/0+$/, '').length,
      ).toBeLessThanOrEqual(9);
    }),
  );
});
