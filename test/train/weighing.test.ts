// classWeight and sampleWeight against rows that stand there several times; custom losses and metrics against our own.
import { describe, expect, test } from 'vitest';
import { type CustomLoss, dense, Matrix, sequential, sgd } from '../../src/index.js';
import { blobs, classifier } from '../helpers/models.js';
import { distance } from '../helpers/numbers.js';

const { x, y } = blobs(12);
const compiled = (learningRate: number) =>
  classifier().compile({
    optimizer: sgd({ learningRate }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy', 'f1'],
  });
const full = { batchSize: 'full', shuffle: false } as const;
const kernel = (model: ReturnType<typeof compiled>) => model.getWeights().get('dense/kernel')!.data;

test('a row of weight 2 is a row that stands there twice', async () => {
  const counts = Array.from({ length: 12 }, (_, i) => (i % 4) + 1);
  const rows = Int32Array.from(counts.flatMap((n, i) => new Array<number>(n).fill(i)));
  // The mean is over the rows given: twelve here, fewer there.
  using weighted = compiled(0.5);
  using repeated = compiled((0.5 * rows.length) / 12);
  const a = await weighted.fit(x, y, { ...full, sampleWeight: counts });
  const b = await repeated.fit(
    x.select(rows),
    rows.map((row) => y[row]!),
    full,
  );
  expect(distance(kernel(weighted), kernel(repeated))).toBeLessThan(1e-6);
  expect(a.epochs[0]!['loss']).toBeCloseTo((b.epochs[0]!['loss']! * rows.length) / 12, 6);
  expect(a.epochs[0]!['accuracy']).toBeCloseTo(b.epochs[0]!['accuracy']!, 12);
  expect(a.epochs[0]!['f1']).toBeCloseTo(b.epochs[0]!['f1']!, 12);
});

test('classWeight is sampleWeight by class, and both multiply', async () => {
  const trained = async (o: object) => {
    using model = compiled(0.5);
    await model.fit(x, y, { ...full, ...o });
    return Array.from(kernel(model));
  };
  const byClass = Array.from(y, (label) => [1, 3, 0.5][label]!);
  const own = Array.from(y, (_, i) => i / 6);
  expect(await trained({ classWeight: { 1: 3, 2: 0.5 } })).toEqual(await trained({ sampleWeight: byClass }));
  const both = byClass.map((w, i) => Math.fround(Math.fround(own[i]!) * w));
  expect(await trained({ classWeight: { 1: 3, 2: 0.5 }, sampleWeight: own })).toEqual(
    await trained({ sampleWeight: both }),
  );
});

test("'balanced' is rows / (classes · rows of the class)", async () => {
  const uneven = Int32Array.from([0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
  const weights = { 0: 12 / 18, 1: 12 / 9, 2: 12 / 9 };
  using one = compiled(0.5);
  using other = compiled(0.5);
  await one.fit(x, uneven, { ...full, classWeight: 'balanced' });
  await other.fit(x, uneven, { ...full, classWeight: weights });
  expect(kernel(one)).toEqual(kernel(other));
});

test('weights follow the shuffle', async () => {
  using one = compiled(0.5);
  using other = compiled(0.5);
  const oneHot = Array.from(y, (label) => [0, 1, 2].map((c) => Number(c === label)));
  const sampleWeight = Array.from(y, (_, i) => i);
  await one.fit(x, y, { epochs: 3, batchSize: 5, sampleWeight });
  await other.fit(x, oneHot, { epochs: 3, batchSize: 5, sampleWeight });
  expect(kernel(one)).toEqual(kernel(other));
});

describe('custom parts', () => {
  const squares: CustomLoss = {
    name: 'squares',
    compute(target, predicted, gradient, rows, outputs) {
      let sum = 0;
      for (const [i, t] of target.entries()) {
        const error = predicted[i]! - t;
        sum += error * error;
        gradient[i] = (2 * error) / (rows * outputs);
      }
      return sum / (rows * outputs);
    },
  };
  const build = (loss: CustomLoss | 'meanSquaredError') =>
    sequential({
      inputs: 2,
      layers: [dense({ units: 9, activation: 'tanh' }), dense({ units: 3, activation: 'sigmoid' })],
    }).compile({
      optimizer: 'adam',
      loss,
      metrics: [
        'meanSquaredError',
        {
          name: 'mine',
          compute: (t, p, rows, outputs) => t.reduce((sum, v, i) => sum + (v - p[i]!) ** 2, 0) / (rows * outputs),
        },
      ],
    });

  test('a custom loss and a custom metric train and measure as our own do', async () => {
    using own = build('meanSquaredError');
    using custom = build(squares);
    const a = await own.fit(x, y, { epochs: 5, batchSize: 5, validationSplit: 0.25 });
    const b = await custom.fit(x, y, { epochs: 5, batchSize: 5, validationSplit: 0.25 });
    expect(distance(kernel(custom), kernel(own))).toBeLessThan(1e-5);
    for (const [i, logs] of b.epochs.entries()) {
      expect(logs['loss']).toBeCloseTo(a.epochs[i]!['loss']!, 5);
      expect(logs['mine']).toBeCloseTo(logs['meanSquaredError']!, 6);
      expect(logs['valMine']).toBeCloseTo(logs['valMeanSquaredError']!, 6);
    }
    expect(custom.evaluate(x, y)['loss']).toBeCloseTo(custom.evaluate(x, y)['mine']!, 6);
  });

  test('a custom loss that is not finite diverges, and takes no weights', async () => {
    using model = build({ name: 'broken', compute: () => Number.NaN });
    await expect(model.fit(x, y)).rejects.toMatchObject({ code: 'DIVERGED' });
    await expect(model.fit(x, y, { classWeight: 'balanced' })).rejects.toThrow(
      'a custom loss takes no classWeight or sampleWeight',
    );
  });
});

test('targets are left alone', async () => {
  using model = compiled(0.1);
  const labels = Int32Array.from(y);
  const rows = Float32Array.from(x.data);
  await model.fit(new Matrix(x.data, 2), y, { epochs: 2 });
  expect([y, x.data]).toEqual([labels, rows]);
});
