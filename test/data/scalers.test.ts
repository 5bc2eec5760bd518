// Scalers against scikit-learn 1.2.1's StandardScaler, MinMaxScaler, RobustScaler and QuantileTransformer, and on constant columns.
import { describe, expect, test } from 'vitest';
import { fitScaler, Matrix, type ScalerData, scalerFromJson } from '../../src/data/index.js';
import { scaledRows, scalerTypes } from '../../src/data/scalers/index.js';
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

/** QuantileTransformer() of these rows; each figure rounded to seven places. */
describe('quantile', () => {
  const scaler = fitScaler('quantile', x);

  test("gives scikit-learn's figures for its own rows, the third column constant and the second with repeats", () => {
    const own = [0, 0.375, 0, 0, 0.25, 0.75, 0, 0.25, 0.5, 1, 0, 0.5, 0.75, 0.375, 0, 1, 1, 0, 0, 0.75];
    expect(distance(scaler.transform(x).data, own)).toBeLessThan(1e-7);
    expect(scaler.toJSON().quantiles).toEqual([
      [1, 2, 4, 8, 16],
      [-30, 10, 10, 20, 40],
      [5, 5, 5, 5, 5],
      [-3.5, 0, 2.25, 7, 100],
    ]);
  });

  test('for other rows: between, at repeats, and outside, which is clipped', () => {
    const others = Matrix.from([
      [0, 10, 4, 1],
      [3, -10, 5, 50],
      [17, 15, 6, 1000],
      [8, 39, 5, -3],
    ]);
    const figures = [0, 0.375, 0, 0.3611111, 0.375, 0.125, 0, 0.8655914, 1, 0.625, 1, 1, 0.75, 0.9875, 0, 0.0357143];
    expect(distance(scaler.transform(others).data, figures)).toBeLessThan(1e-7);
  });

  test('for the way back, clipped too', () => {
    const shares = Matrix.from([
      [-1, 0.5, 0.3, 0],
      [0.1, 0.3, 0, 0.6],
      [2, 0.9, 1, 1],
    ]);
    const figures = [1, 10, 5, -3.5, 1.4, 10, 5, 4.15, 16, 32, 5, 100];
    expect(distance(scaler.inverse(shares).data, figures)).toBeLessThan(1e-6);
    expect(distance(scaler.inverse(scaler.transform(x)).data, x.data)).toBeLessThan(1e-6);
  });

  test('for runs of equal numbers: the middle inside, 0 or 1 at an end', () => {
    const runs = [1, 2, 3, 5, 5, 5, 9, 0, 0, 0, 0].map((value) => [value]);
    const figures = [0.4, 0.5, 0.6, 0.8, 0.8, 0.8, 1, 0, 0, 0, 0];
    expect(distance(fitScaler('quantile', runs).transform(runs).data, figures)).toBeLessThan(1e-7);
  });

  test('for more rows than quantiles (subsample=None)', () => {
    const rows = Array.from({ length: 3001 }, (_, i) => [
      (i * i) % 1009,
      (i * 7919) % 3001,
      Math.min(500, (i * 37) % 1000),
    ]);
    const many = fitScaler('quantile', rows);
    expect(many.toJSON().quantiles.map(({ length }) => length)).toEqual([1000, 1000, 1000]);
    const scaled = many.transform(rows).toArrays();
    const some = [0, 1, 17, 100, 500, 1500, 2999, 3000].flatMap((row) => scaled[row] as number[]);
    const figures = [
      0, 0, 0, 0.0015015, 0.639, 0.0379242, 0.2922923, 0.8596667, 1, 0.8973974, 0.879, 1, 0.7592593, 0.3936667, 1,
      0.9174174, 0.1806667, 1, 0.7652653, 0.7226667, 1, 0.7152152, 0.3613333, 0,
    ];
    expect(distance(some, figures)).toBeLessThan(1e-7);
    const sums = [0, 1, 2].map((c) => scaled.reduce((sum, row) => sum + (row[c] as number), 0));
    expect(distance(sums, [1500.6796797, 1500.5, 1875.1216306])).toBeLessThan(1e-4);
    const back = many.inverse([0.1, 0.5, 0.77].map((share) => [share, share, share])).data;
    expect(distance(back, [89.7, 300, 99.2, 505.7492492, 1500, 499.5, 787.23, 2310, 500])).toBeLessThan(1e-3);
  });

  test('for one row: 0, and the row back', () => {
    const one = fitScaler('quantile', [[5]]);
    expect([...one.transform([[4], [5], [6]]).data]).toEqual([0, 0, 0]);
    expect([...one.inverse([[0], [0.5], [1]]).data]).toEqual([5, 5, 5]);
  });

  test('never decreases, also where interpolation is rounded', () => {
    const rows = Array.from({ length: 2500 }, (_, i) => [0.1 + Math.floor(i / 3) * 2 ** -52 * (1 + (i % 2))]);
    const { quantiles } = fitScaler('quantile', rows).toJSON();
    expect(quantiles[0]).toEqual([...(quantiles[0] as number[])].sort((a, b) => a - b));
  });

  test('JSON gives the scaler', () => {
    const again = scalerFromJson(JSON.parse(JSON.stringify(scaler)));
    expect(again.transform(x)).toEqual(scaler.transform(x));
    expect([again.type, again.columns]).toEqual(['quantile', 4]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no columns', []],
    ['a column of no quantiles', [[]]],
    ['what is not a list', [{ length: 1, 0: 1 }]],
    ['a column that is missing', new Array(1)],
    ['a first column that is null', [null, [1]]],
    ['columns of different lengths', [[1, 2], [1]]],
    ['texts', [['1', '2']]],
    ['numbers that are not finite', [[0, Number.POSITIVE_INFINITY]]],
    ['falling numbers', [[2, 1]]],
  ])('JSON with %s is refused', (_, quantiles) => {
    expect(() => scalerFromJson({ type: 'quantile', quantiles } as ScalerData)).toThrow(
      expect.objectContaining({ code: 'FORMAT', message: 'scalerFromJson(data): expected what toJSON gave' }),
    );
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
  [() => fitScaler('log' as never, x), `fitScaler(type): expected one of ${scalerTypes.join(', ')}, got "log"`],
  [() => fitScaler('standard', [1, 2, 3]), 'fitScaler: x is flat numbers with an unknown number of columns'],
  [() => fitScaler('standard', [[1, Number.NaN]]), 'fitScaler: x is NaN in row 0, column 1'],
  [() => fitScaler('standard', []), 'fitScaler: x'],
  [
    () => scalerFromJson({ type: 'standard', center: [0], scale: [0] }),
    'scalerFromJson(data): expected what toJSON gave',
  ],
  [() => scalerFromJson({ type: 'standard', center: [0], scale: [] }), 'scalerFromJson(data): expected'],
  [() => scalerFromJson(null), 'scalerFromJson(data): expected'],
  [() => scalerFromJson({ type: { toString: 0 } }), 'scalerFromJson(data): expected'],
])('bad input %#', (call, message) => {
  expect(call).toThrow(message);
});

test('scaled rows: a bad cell is told by the name of the function that was called', () => {
  const scaler = fitScaler('standard', [[1], [3]]);
  expect(scaledRows(scaler, [[5]], 'predict')).toEqual(scaler.transform([[5]]));
  expect(() => scaledRows(scaler, [[Number.NaN]], 'predict')).toThrow('predict: x is NaN in row 0, column 0');
  expect(() => scaler.transform([[Number.NaN]])).toThrow('transform: x is NaN in row 0, column 0');
  expect(() => scaler.inverse([[Number.NaN]])).toThrow('inverse: x is NaN in row 0, column 0');
});
