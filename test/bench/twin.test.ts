// The plain JavaScript that simdense is compared with computes the same: beside the float64 oracle, and beside simdense itself.
import { describe, expect, test } from 'vitest';
import * as loops from '../../src/bench/loops.js';
import { blocked, plain } from '../../src/bench/products.js';
import { makeTwin } from '../../src/bench/twin.js';
import { adam, dense, Matrix, sequential } from '../../src/index.js';
import { distance, numbers } from '../helpers/numbers.js';
import { multiply, type Rows, transpose } from '../oracle/matrix.js';
import { forward, networkLoss, type OracleLayer } from '../oracle/network.js';

const versions = Object.entries({ plain, blocked });
const drawn = (length: number, seed: number): Float32Array => {
  const next = numbers(seed);
  return Float32Array.from({ length }, () => next() * 2 - 1);
};
const rowsOf = (data: Float32Array, columns: number): number[][] =>
  Array.from({ length: data.length / columns }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
const flat = (rows: Rows): number[] => rows.flatMap((row) => [...row]);

describe.each(versions)('%s products', (_, products) => {
  test.each([
    [1, 1, 1],
    [3, 5, 7],
    [8, 16, 12],
    [6, 33, 10],
  ])('%i rows, %i inputs, %i units', (rows, inputs, units) => {
    const [x, w] = [drawn(rows * inputs, 1), drawn(inputs * units, 2)];
    const [dy, bias] = [drawn(rows * units, 3), drawn(units, 4)];
    const [y, dw, dx] = [drawn(rows * units, 5), drawn(inputs * units, 6), drawn(rows * inputs, 7)];
    products.forward(rows, inputs, units, x, w, bias, y);
    products.kernelGradient(rows, inputs, units, x, dy, dw);
    products.inputGradient(rows, inputs, units, dy, w, dx);
    const [X, W, DY] = [rowsOf(x, inputs), rowsOf(w, units), rowsOf(dy, units)];
    const sums = multiply(X, W).map((row) => row.map((value, j) => value + (bias[j] as number)));
    // Rounding of a sum of k products of numbers below 1: Higham 2002, section 3.1.
    const bound = (k: number): number => (k + 2) * k * 2 ** -24;
    expect(distance(y, flat(sums))).toBeLessThan(bound(inputs));
    expect(distance(dw, flat(multiply(transpose(X), DY)))).toBeLessThan(bound(rows));
    expect(distance(dx, flat(multiply(DY, transpose(W))))).toBeLessThan(bound(units));
  });
});

describe.each(versions)('the %s twin', (_, products) => {
  const [inputs, hidden, classes, rows] = [7, 9, 3, 13];
  const x = drawn(rows * inputs, 8);
  const labels = Int32Array.from({ length: rows }, (_, i) => (i * 5) % classes);
  const layers = [
    { inputs, units: hidden, kernel: drawn(inputs * hidden, 9), bias: drawn(hidden, 10) },
    { inputs: hidden, units: classes, kernel: drawn(hidden * classes, 11), bias: drawn(classes, 12) },
  ];
  const oracle = layers.map(
    ({ units, kernel, bias }, i): OracleLayer => ({
      type: 'dense',
      kernel: rowsOf(kernel, units),
      bias: [...bias],
      activation: i === 0 ? 'relu' : 'softmax',
    }),
  );

  test('predicts and measures as the float64 oracle', () => {
    const twin = makeTwin(layers, rows, products);
    expect(distance(twin.predict(x), flat(forward(oracle, rowsOf(x, inputs))))).toBeLessThan(1e-6);
    const y = Array.from(labels, (label) => Array.from({ length: classes }, (_, j) => (j === label ? 1 : 0)));
    const loss = networkLoss(oracle, rowsOf(x, inputs), y, 'categoricalCrossentropy');
    expect(twin.step(x, labels)).toBeCloseTo(loss, 5);
  });

  test('takes the steps that simdense takes', () => {
    using model = sequential({
      inputs,
      layers: [dense({ units: hidden, activation: 'relu' }), dense({ units: classes, activation: 'softmax' })],
      seed: 3,
    }).compile({ optimizer: adam({ learningRate: 0.001 }), loss: 'categoricalCrossentropy' });
    const tensors = [...model.getWeights().values()].map(({ data }) => data);
    const own = [0, 2].map((i) => ({
      inputs: i === 0 ? inputs : hidden,
      units: i === 0 ? hidden : classes,
      kernel: tensors[i] as Float32Array,
      bias: tensors[i + 1] as Float32Array,
    }));
    const twin = makeTwin(own, rows, products);
    const matrix = new Matrix(x, inputs);
    for (let step = 0; step < 50; step++)
      expect(twin.step(x, labels)).toBeCloseTo(model.trainOnBatch(matrix, labels)['loss'] as number, 4);
  });
});

describe('loops', () => {
  const [rows, columns] = [11, 13];
  const [a, x] = [drawn(rows * columns, 13), drawn(columns, 14)];

  test.each([loops.gemv, loops.gemvBlocked])('%o', (gemv) => {
    const y = new Float32Array(rows);
    gemv(rows, columns, a, x, y);
    expect(distance(y, flat(multiply(rowsOf(a, columns), transpose([[...x]]))))).toBeLessThan(1e-6);
  });

  test('sums, tanh, softmax', () => {
    const exact = [...a].reduce((sum, value) => sum + value, 0);
    expect(loops.sum(a)).toBeCloseTo(exact, 10);
    expect(loops.sumBlocked(a)).toBeCloseTo(exact, 10);
    const y = new Float32Array(a.length);
    loops.tanh(a, y);
    expect(distance(y, [...a].map(Math.tanh))).toBeLessThan(1e-7);
    loops.softmax(columns, a, y);
    const expected = rowsOf(a, columns).flatMap((row) => {
      const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
      return row.map((value) => Math.exp(value) / total);
    });
    expect(distance(y, expected)).toBeLessThan(1e-6);
  });
});
