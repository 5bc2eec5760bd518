// Initial weights: mean, deviation and bounds on large draws, and how they follow from the seed.
import { describe, expect, test } from 'vitest';
import { dense, type Initializer, sequential } from '../../src/index.js';
import { distance } from '../helpers/numbers.js';
import { multiply, transpose } from '../oracle/matrix.js';

const [INPUTS, UNITS] = [300, 500];

function kernel(kernelInitializer: Initializer, seed = 0): Float32Array {
  using model = sequential({ inputs: INPUTS, layers: [dense({ units: UNITS, kernelInitializer })], seed });
  return model.getWeights().get('dense/kernel')!.data;
}

const uniform = (variance: number) => ({ deviation: Math.sqrt(variance), bound: Math.sqrt(3 * variance) });
const normal = (variance: number) => ({ deviation: Math.sqrt(variance), bound: 6 * Math.sqrt(variance) });
const expected: [Initializer, { deviation: number; bound: number; mean?: number }][] = [
  ['glorotUniform', uniform(2 / (INPUTS + UNITS))],
  ['glorotNormal', normal(2 / (INPUTS + UNITS))],
  ['heUniform', uniform(2 / INPUTS)],
  ['heNormal', normal(2 / INPUTS)],
  ['lecunNormal', normal(1 / INPUTS)],
  [
    { type: 'randomUniform', min: -1, max: 3 },
    { deviation: 4 / Math.sqrt(12), bound: 2, mean: 1 },
  ],
  [
    { type: 'randomNormal', mean: -2, stddev: 0.5 },
    { deviation: 0.5, bound: 3, mean: -2 },
  ],
];

describe.each(expected)('%j', (initializer, { deviation, bound, mean = 0 }) => {
  test('mean, deviation and bounds of 150,000 draws', () => {
    const values = kernel(initializer);
    const n = values.length;
    const average = values.reduce((a, b) => a + b, 0) / n;
    const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - average) ** 2, 0) / n);
    // Five standard errors of the mean; one percent of the deviation.
    expect(Math.abs(average - mean)).toBeLessThan((5 * deviation) / Math.sqrt(n));
    expect(Math.abs(spread / deviation - 1)).toBeLessThan(0.01);
    expect(values.every((v) => Math.abs(v - mean) <= bound * (1 + 1e-6))).toBe(true);
  });

  test('the seed decides', () => {
    expect(kernel(initializer, 3)).toEqual(kernel(initializer, 3));
    expect(kernel(initializer, 3)).not.toEqual(kernel(initializer, 4));
    expect(kernel(initializer, 3)).not.toEqual(kernel(initializer, 3 + 2 ** 32));
  });
});

test('constants', () => {
  expect(new Set(kernel('zeros'))).toEqual(new Set([0]));
  expect(new Set(kernel('ones'))).toEqual(new Set([1]));
  expect(new Set(kernel({ type: 'constant', value: 0.25 }))).toEqual(new Set([0.25]));
});

test('the default is he for the relu family and glorot for the rest, biases are zero', () => {
  expect(dense({ units: 2, activation: 'relu' }).kernelInitializer).toBe('heUniform');
  expect(dense({ units: 2, activation: 'gelu' }).kernelInitializer).toBe('heUniform');
  expect(dense({ units: 2, activation: { type: 'elu', alpha: 2 } }).kernelInitializer).toBe('heUniform');
  expect(dense({ units: 2, activation: 'tanh' }).kernelInitializer).toBe('glorotUniform');
  expect(dense({ units: 2 }).biasInitializer).toBe('zeros');
});

test('two layers of one shape draw different weights', () => {
  using model = sequential({ inputs: 8, layers: [dense({ units: 8 }), dense({ units: 8 })] });
  const weights = model.getWeights();
  expect(weights.get('dense/kernel')!.data).not.toEqual(weights.get('dense_1/kernel')!.data);
});

test.each([
  [40, 40],
  [70, 33],
  [9, 50],
  [1, 5],
])('orthogonal: %i×%i has orthonormal columns, or rows where these are fewer', (inputs, units) => {
  using model = sequential({ inputs, layers: [dense({ units, kernelInitializer: 'orthogonal' })] });
  const { data } = model.getWeights().get('dense/kernel')!;
  const rows = Array.from({ length: inputs }, (_, i) => Array.from(data.slice(i * units, (i + 1) * units)));
  const vectors = inputs >= units ? transpose(rows) : rows;
  const products = multiply(vectors, transpose(vectors)).flat();
  const identity = products.map((_, i) => Number(i % (vectors.length + 1) === 0));
  expect(distance(products, identity)).toBeLessThan(1e-6);
});

test.each([
  [1300, 1],
  [200, 300],
])('orthogonal: %i units in %i layers are refused before they are drawn: the time is cubic', (units, count) => {
  const layers = Array.from({ length: count }, () => dense({ units, kernelInitializer: 'orthogonal' }));
  expect(() => sequential({ inputs: units, layers })).toThrow(
    expect.objectContaining({
      code: 'ARGUMENT',
      message: expect.stringMatching(/^sequential\(layers\): orthogonal kernels of this size take too long/),
    }),
  );
});
