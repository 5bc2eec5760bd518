// Scalers against scikit-learn 1.2.1's StandardScaler, MinMaxScaler and RobustScaler, and what they do where nothing varies.
import { describe, expect, test } from 'vitest';
import { fitScaler, Matrix, scalerFromJson } from '../../src/data/index.js';
import { distance } from '../helpers/numbers.js';

const x = Matrix.from([
  [1, 10, 5, -3.5],
  [2, 20, 5, 0],
  [4, 40, 5, 2.25],
  [8, 10, 5, 100],
  [16, -30, 5, 7],
]);
/** fit_transform(x), rounded to seven places; the third column does not vary. */
const expected = {
  standard: [
    -0.9532062, 0, 0, -0.6229158, -0.7698974, 0.438529, 0, -0.5344694, -0.4032796, 1.315587, 0, -0.4776109, 0.329956, 0,
    0, 1.9925725, 1.7964272, -1.754116, 0, -0.3575764,
  ],
  minMax: [
    0, 0.5714286, 0, 0, 0.0666667, 0.7142857, 0, 0.0338164, 0.2, 1, 0, 0.0555556, 0.4666667, 0.5714286, 0, 1, 1, 0, 0,
    0.1014493,
  ],
  robust: [
    -0.5, 0, 0, -0.8214286, -0.3333333, 1, 0, -0.3214286, 0, 3, 0, 0, 0.6666667, 0, 0, 13.9642857, 2, -4, 0, 0.6785714,
  ],
} as const;

describe.each(['standard', 'minMax', 'robust'] as const)('%s', (type) => {
  const scaler = fitScaler(type, x);

  test("gives scikit-learn's figures", () => {
    expect(distance(scaler.transform(x).data, expected[type])).toBeLessThan(1e-6);
  });

  test('the inverse gives the numbers back, and JSON the scaler', () => {
    expect(distance(scaler.inverse(scaler.transform(x)).data, x.data)).toBeLessThan(1e-6);
    const again = scalerFromJson(JSON.parse(JSON.stringify(scaler)));
    expect(again.transform(x)).toEqual(scaler.transform(x));
    expect([again.type, again.columns]).toEqual([type, 4]);
  });

  test('a column that did not vary becomes its difference', () => {
    const other = scaler.transform(Matrix.from([[1, 10, 7, 0]]));
    expect(other.data[2]).toBe(2);
    const large = Matrix.from([[1e6], [1e6], [1e6 + 0.0625]]);
    expect(
      fitScaler(type, large)
        .transform(large)
        .data.every((value) => Math.abs(value) <= 0.0626),
    ).toBe(true);
  });

  test('other columns are refused', () => {
    expect(() => scaler.transform([[1, 2]])).toThrow('transform: x has 2 columns but the scaler was fitted on 4');
  });
});

test("'none' is the same rows, bytes included", () => {
  const bytes = new Matrix(Uint8Array.of(1, 2, 3, 4), 2);
  const scaler = fitScaler('none', bytes);
  expect(scaler.transform(bytes).data).toBe(bytes.data);
  expect(scalerFromJson(scaler.toJSON()).inverse(bytes).data).toBe(bytes.data);
});

test('bytes are scaled as numbers', () => {
  const bytes = new Matrix(Uint8Array.of(0, 255, 51, 102), 1);
  expect(distance(fitScaler('minMax', bytes).transform(bytes).data, [0, 1, 0.2, 0.4])).toBeLessThan(1e-7);
});

test.each([
  [() => fitScaler('log' as never, x), 'fitScaler(type): expected one of standard, minMax, robust, none, got "log"'],
  [() => fitScaler('standard', [1, 2, 3]), 'fitScaler: x is flat numbers with an unknown number of columns'],
  [() => fitScaler('standard', [[1, Number.NaN]]), 'fitScaler: x is NaN in row 0, column 1'],
  [() => fitScaler('standard', []), 'fitScaler: x'],
  [
    () => scalerFromJson({ type: 'standard', center: [0], scale: [0] }),
    'scalerFromJson(data): expected what toJSON gave',
  ],
  [() => scalerFromJson({ type: 'standard', center: [0], scale: [] }), 'scalerFromJson(data): expected'],
  [() => scalerFromJson(null), 'scalerFromJson(data): expected'],
])('bad input %#', (call, message) => {
  expect(call).toThrow(message);
});
