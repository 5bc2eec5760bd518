// classWeight and sampleWeight against repeated rows; custom losses and metrics against the built-in ones.
import { describe, expect, test } from 'vitest';
import {
  type CompileOptions,
  type CustomLoss,
  type CustomMetric,
  dense,
  Matrix,
  type Sequential,
  sequential,
  sgd,
} from '../../src/index.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';
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

  test('a custom loss that is not finite diverges, and takes no weights unless it has a parameter for them', async () => {
    using model = build({ name: 'broken', compute: () => Number.NaN });
    await expect(model.fit(x, y)).rejects.toMatchObject({ code: 'DIVERGED' });
    await expect(model.fit(x, y, { classWeight: 'balanced' })).rejects.toThrow(
      'fit: the loss "broken" takes no weights: give its compute a sixth parameter, (target, predicted, gradient, rows, outputs, weights)',
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

describe('first-contact row 28: weights are taken wherever rows are', () => {
  const weights = Float32Array.from({ length: x.rows }, (_, row) => 0.25 + (row % 4));
  /** Σ weight · −log p of the class ÷ rows. */
  const lossOf = (predicted: Matrix): number => {
    let sum = 0;
    for (let row = 0; row < x.rows; row++) sum -= weights[row]! * Math.log(predicted.row(row)[y[row]!]!);
    return sum / x.rows;
  };
  const accuracyOf = (predicted: Matrix): number => {
    const right = predicted.argmax().reduce((sum, label, row) => sum + (label === y[row] ? weights[row]! : 0), 0);
    return right / weights.reduce((sum, weight) => sum + weight, 0);
  };
  const classifying = (metrics: CompileOptions['metrics'] = ['accuracy']): Sequential =>
    classifier().compile({ loss: 'categoricalCrossentropy', metrics: metrics! });

  test('evaluate, in batches', () => {
    using model = classifying();
    const predicted = model.predict(x);
    const logs = model.evaluate(x, y, { batchSize: 7, sampleWeight: weights });
    expect(logs['loss']).toBeCloseTo(lossOf(predicted), 5);
    expect(logs['accuracy']).toBeCloseTo(accuracyOf(predicted), 6);
  });

  test('validationData', async () => {
    using model = classifying();
    const { epochs } = await model.fit(x, y, { validationData: [x, y, weights] });
    const predicted = model.predict(x);
    expect(epochs[0]!['valLoss']).toBeCloseTo(lossOf(predicted), 5);
    expect(epochs[0]!['valAccuracy']).toBeCloseTo(accuracyOf(predicted), 6);
  });

  test('trainOnBatch: as a batch of fit', async () => {
    using one = classifying();
    using other = classifying();
    const logs = one.trainOnBatch(x, y, { sampleWeight: weights });
    const { epochs } = await other.fit(x, y, { batchSize: 'full', shuffle: false, sampleWeight: weights });
    expect(weightsHash(one)).toBe(weightsHash(other));
    expect(logs).toEqual({ loss: epochs[0]!['loss'], accuracy: epochs[0]!['accuracy'] });
  });

  test('losses and metrics in JavaScript get them, or refuse them', async () => {
    const seen: (Float32Array | undefined)[] = [];
    const loss: CustomLoss = {
      name: 'seeing',
      compute(_target, _predicted, _gradient, _rows, _outputs, given) {
        seen.push(given);
        return 0;
      },
    };
    const metric: CustomMetric = { name: 'mass', compute: (_t, _p, _rows, _outputs, given) => given?.[0] ?? -1 };
    using model = classifier().compile({ loss, metrics: [metric] });
    const { epochs } = await model.fit(x, y, { batchSize: 'full', shuffle: false, sampleWeight: weights });
    expect(seen).toEqual([weights]);
    expect(epochs[0]!['mass']).toBe(0.25);
    using blind = classifying([{ name: 'blind', compute: (_t, _p, rows, _outputs) => rows }]);
    expect(() => blind.evaluate(x, y, { sampleWeight: weights })).toThrow(
      'evaluate: the metric "blind" takes no weights: give its compute a fifth parameter',
    );
  });

  test('a batch that weighs nothing adds nothing to a metric in JavaScript', () => {
    using model = sequential({ inputs: 2, layers: [dense({ units: 1 })] }).compile({
      loss: 'meanSquaredError',
      metrics: [
        {
          name: 'weighted',
          compute: (target, predicted, _rows, _outputs, w) => {
            const sum = (f: (i: number) => number) => target.reduce((all, _, i) => all + f(i), 0);
            return (
              sum((i) => (w?.[i] ?? 1) * Math.abs((target[i] as number) - (predicted[i] as number))) /
              sum((i) => w?.[i] ?? 1)
            );
          },
        },
        'meanAbsoluteError',
      ],
    });
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ];
    const logs = model.evaluate(rows, [1, 2, 3, 4], { batchSize: 2, sampleWeight: [0, 0, 1, 2] });
    expect(logs['weighted']).toBeCloseTo(logs['meanAbsoluteError'] as number, 5);
  });

  test('classes that all weigh 0 are refused', async () => {
    using model = classifying();
    await expect(model.fit(x, y, { classWeight: { 0: 0, 1: 0, 2: 0 } })).rejects.toThrow(
      'fit: classWeight leaves no row a weight',
    );
  });

  test('a product that float32 does not hold is refused', async () => {
    using model = classifying();
    const before = weightsHash(model);
    const at = y.indexOf(1);
    await expect(
      model.fit(x, y, { classWeight: { 1: 3e38 }, sampleWeight: Array.from(y, () => 3e38) }),
    ).rejects.toMatchObject({
      code: 'DATA',
      message: `fit: sampleWeight times classWeight in float32 is Infinity in row ${at}`,
    });
    expect(weightsHash(model)).toBe(before);
  });

  test('what is no number for each row is refused before anything changes', async () => {
    using model = classifying();
    const before = weightsHash(model);
    expect(() => model.trainOnBatch(x, y, weights as never)).toThrow(
      'trainOnBatch: expected a plain object with options',
    );
    expect(() => model.trainOnBatch(x, y, { sampleWeight: [1] })).toThrow('x has 12 rows, sampleWeight has 1');
    expect(() => model.evaluate(x, y, { sampleWeight: weights.map(() => -1) })).toThrow('sampleWeight is -1 in row 0');
    await expect(model.fit(x, y, { validationData: [x, y, [1]] })).rejects.toThrow('sampleWeight has 1');
    expect(weightsHash(model)).toBe(before);
  });
});
