// matthewsCorrelation: published values, its properties, and its use in training runs. test/nn/metrics.test.ts compares it with scikit-learn's figures.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kFold } from '../../src/data/index.js';
import { crossValidate, fitPipeline } from '../../src/evaluate/index.js';
import { dense, earlyStopping, loadModel, type Matrix, sequential } from '../../src/index.js';
import { meter } from '../../src/nn/metrics/index.js';
import { numbers } from '../helpers/numbers.js';

/** The correlation for rows of classes `y` that are predicted as `taken`. */
function correlation(y: readonly number[], taken: readonly number[], outputs = 3, weights?: readonly number[]): number {
  const m = meter('matthewsCorrelation');
  const predicted = Float32Array.from(
    taken.flatMap((label) => Array.from({ length: outputs }, (_, o) => +(o === label))),
  );
  m.add({
    rows: y.length,
    outputs,
    predicted,
    classes: Int32Array.from(y),
    targets: undefined,
    separate: false,
    weights: weights && Float32Array.from(weights),
  });
  return m.value() as number;
}

/** The correlation for two classes with a single output. */
function ofOne(y: readonly number[], taken: readonly number[]): number {
  const m = meter('matthewsCorrelation');
  const column = (values: readonly number[]) => Float32Array.from(values);
  const [predicted, targets] = [column(taken), column(y)];
  m.add({ rows: y.length, outputs: 1, predicted, classes: undefined, targets, separate: true });
  return m.value() as number;
}

const label = fc.integer({ min: 0, max: 2 });
const pairs = fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 40 });

describe('values', () => {
  test("the example of scikit-learn's matthews_corrcoef, by one output and by two", () => {
    expect(ofOne([1, 1, 1, 0], [1, 0, 1, 1])).toBeCloseTo(-1 / 3, 15);
    expect(correlation([1, 1, 1, 0], [1, 0, 1, 1], 2)).toBeCloseTo(-1 / 3, 15);
  });

  test('of two classes (TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN)), Matthews 1975', () => {
    const count = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(count, count, count, count, (tp, tn, fp, fn) => {
        const rows = (of: readonly [number, number, number, number]) =>
          [tp, tn, fp, fn].flatMap((times, i) => new Array<number>(times).fill(of[i] as number));
        const expected = (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
        const [y, taken] = [rows([1, 0, 0, 1]), rows([1, 0, 1, 0])];
        expect(ofOne(y, taken)).toBeCloseTo(expected, 14);
        expect(correlation(y, taken, 2)).toBeCloseTo(expected, 14);
      }),
    );
  });

  test('is 1 where all rows are right, −1 where two classes are swapped, 0 where a class is alone', () => {
    expect(correlation([0, 1, 2, 2], [0, 1, 2, 2])).toBe(1);
    expect(correlation([0, 1, 1], [1, 0, 0])).toBe(-1);
    expect(ofOne([0, 1, 1], [1, 0, 0])).toBe(-1);
    expect(correlation([0, 1, 2], [1, 1, 1])).toBe(0);
    expect(correlation([1, 1, 1], [0, 1, 2])).toBe(0);
    expect(correlation([1, 1], [1, 1])).toBe(0);
    expect(ofOne([1, 1], [1, 1])).toBe(0);
    expect(correlation([0, 1], [0, 1], 3, [0, 0])).toBe(0);
  });
});

describe('properties', () => {
  test('targets and predictions may be swapped, and classes renamed', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [y, taken] = [rows.map(([t]) => t), rows.map(([, p]) => p)];
        const value = correlation(y, taken);
        expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-15);
        expect(correlation(taken, y)).toBeCloseTo(value, 14);
        const renamed = (all: number[]) => all.map((one) => (one + 1) % 3);
        expect(correlation(renamed(y), renamed(taken))).toBeCloseTo(value, 14);
      }),
    );
  });

  test('a row of weight k counts as k rows', () => {
    const weighted = fc.array(fc.tuple(label, label, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(weighted, (rows) => {
        const column = (c: 0 | 1 | 2, all = rows) => all.map((row) => row[c]);
        const repeated = rows.flatMap((row) => new Array<typeof row>(row[2]).fill(row));
        const expected = correlation(column(0, repeated), column(1, repeated));
        expect(correlation(column(0), column(1), 3, column(2))).toBeCloseTo(expected, 14);
      }),
    );
  });

  test('a class alone is 0 with any weights, and one of little weight is not lost', () => {
    const w = [0.1, 0.7, 1 / 3, 0.2, 1e-6];
    expect(correlation([0, 1, 2, 1, 0], [1, 1, 1, 1, 1], 3, w)).toBe(0);
    expect(correlation([1, 1, 1, 1, 1], [0, 1, 2, 1, 0], 3, w)).toBe(0);
    expect(correlation([0, 0, 1], [0, 0, 1], 2, [1, 0.3, 1e-30])).toBe(1);
  });
});

describe('in training runs', () => {
  const next = numbers(5);
  const x = Array.from({ length: 90 }, () => [next(), next()]);
  const y = x.map(([a = 0, b = 0]) => (a > 0.2 ? 2 : b > 0 ? 1 : 0));
  const sampleWeight = y.map((_, i) => (i % 4) / 2);
  const layers = [dense({ units: 8, activation: 'tanh' }), dense({ units: 3, activation: 'softmax' })] as const;
  const compiled = () =>
    sequential({ inputs: 2, layers, seed: 2 }).compile({
      loss: 'categoricalCrossentropy',
      metrics: ['matthewsCorrelation'],
    });
  const takenBy = (model: { predict(rows: number[][]): Matrix }) =>
    model
      .predict(x)
      .toArrays()
      .map((row) => row.indexOf(Math.max(...row)));

  test('evaluate, with weights, after loading, and in batches of any size', async () => {
    using model = compiled();
    await model.fit(x, y, { epochs: 3 });
    const expected = correlation(y, takenBy(model));
    expect(model.evaluate(x, y)['matthewsCorrelation']).toBe(expected);
    expect(model.evaluate(x, y, { batchSize: 7 })['matthewsCorrelation']).toBe(expected);
    expect(model.evaluate(x, y, { sampleWeight })['matthewsCorrelation']).toBe(
      correlation(y, takenBy(model), 3, sampleWeight),
    );
    using loaded = loadModel(model.save({ optimizer: true }));
    expect(loaded.evaluate(x, y)['matthewsCorrelation']).toBe(expected);
  });

  test('a stream has the figures of its rows at once', async () => {
    const half = (from: number): [number[][], number[]] => [x.slice(from, from + 45), y.slice(from, from + 45)];
    const stream = async function* () {
      yield half(0);
      yield half(45);
    };
    using streamed = compiled();
    using whole = compiled();
    const a = await streamed.fit(stream, undefined, { epochs: 2, validationData: [x, y] });
    const b = await whole.fit(x, y, { epochs: 2, batchSize: 45, shuffle: false, validationData: [x, y] });
    expect(a.epochs.map((logs) => logs['matthewsCorrelation'])).toEqual(
      b.epochs.map((logs) => logs['matthewsCorrelation']),
    );
    expect(a.epochs.at(-1)?.['valMatthewsCorrelation']).toBe(correlation(y, takenBy(streamed)));
  });

  test('earlyStopping keeps the epoch where it is largest', async () => {
    using model = compiled();
    const monitor = 'valMatthewsCorrelation';
    const { epochs } = await model.fit(x, y, {
      epochs: 15,
      validationData: [x, y],
      callbacks: [earlyStopping({ monitor, patience: 15 })],
    });
    const best = Math.max(...epochs.map((logs) => logs[monitor] as number));
    expect(model.evaluate(x, y)['matthewsCorrelation']).toBe(best);
    expect(best).toBeGreaterThan(epochs[0]?.[monitor] as number);
  });

  test('pipelines and folds', async () => {
    const pipeline = { layers: [layers[0]], metrics: ['matthewsCorrelation'], fit: { epochs: 3 } } as const;
    using fitted = await fitPipeline(pipeline, x, y, { seed: 1 });
    const taken = fitted.predict(x) as number[];
    expect(fitted.evaluate(x, y)['matthewsCorrelation']).toBe(correlation(y, taken));
    const scores = await crossValidate(pipeline, x, y, kFold(90, { folds: 3 }));
    expect(Math.abs(scores['matthewsCorrelation']?.mean as number)).toBeLessThanOrEqual(1);
  });
});
