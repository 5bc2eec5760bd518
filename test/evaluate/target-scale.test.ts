// first-contact row 50: a pipeline scales the target of a regression, and gives predictions, losses and metrics in the target's own units. They are compared with float64 figures
// computed from the predictions, and with the same pipeline on targets in other units.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kFold, Matrix } from '../../src/data/index.js';
import { packFiles } from '../../src/evaluate/files.js';
import {
  crossValidate,
  type FittedPipeline,
  fitPipeline,
  loadEnsemble,
  loadPipeline,
  type Pipeline,
} from '../../src/evaluate/index.js';
import { adam, type Callback, dense, type Logs } from '../../src/index.js';
import { fromOnnx, toOnnx } from '../../src/onnx/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { decode, encode } from '../../src/train/safetensors.js';
import { numbers } from '../helpers/numbers.js';

/** Houses: rooms, area, age; a price near 1e5. */
function houses(rows: number, seed = 1): { x: Matrix; y: number[] } {
  const next = numbers(seed);
  const x = Matrix.from(Array.from({ length: rows }, () => [4 + 2 * next(), 120 + 60 * next(), 40 + 40 * next()]));
  const y = x.toArrays().map(([rooms = 0, area = 0, age = 0]) => 2e4 * rooms + 900 * area - 400 * age + 5e3 * next());
  return { x, y };
}

const { x, y } = houses(300);
const quick: Pipeline = {
  layers: [dense({ units: 12, activation: 'relu' })],
  optimizer: adam({ learningRate: 0.01 }),
  fit: { epochs: 40 },
};

/** Figures in float64, from predictions and targets, row-major. */
function oracle(predicted: ArrayLike<number>, actual: readonly number[]): Logs {
  const errors = actual.map((value, i) => (predicted[i] as number) - value);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const middle = mean(actual);
  const squares = mean(errors.map((e) => e * e));
  return {
    meanSquaredError: squares,
    meanAbsoluteError: mean(errors.map(Math.abs)),
    rootMeanSquaredError: Math.sqrt(squares),
    r2: 1 - squares / mean(actual.map((value) => (value - middle) ** 2)),
  };
}

function expectClose(logs: Logs, expected: Logs, relative = 1e-4): void {
  for (const [name, value] of Object.entries(expected))
    expect(Math.abs(logs[name]! - value), name).toBeLessThanOrEqual(relative * Math.abs(value));
}

test('prices are learnt: 500 houses at 1e5, by the defaults', async () => {
  const { x, y } = houses(500);
  using fitted = await fitPipeline({ layers: [dense({ units: 32, activation: 'relu' })], fit: { epochs: 100 } }, x, y);
  expect(fitted.pipeline.targetScale).toBe('standard');
  const figures = oracle(fitted.predict(x) as number[], y);
  expect(figures['r2']).toBeGreaterThan(0.95);
  const { meanSquaredError, meanAbsoluteError, r2 } = figures;
  expectClose(fitted.evaluate(x, y), { loss: meanSquaredError!, meanAbsoluteError: meanAbsoluteError!, r2: r2! }, 1e-3);
});

describe('losses and metrics are in the target’s own units', () => {
  const metrics = ['meanSquaredError', 'meanAbsoluteError', 'rootMeanSquaredError', 'r2'] as const;
  test.each([
    ['meanSquaredError', 'meanSquaredError', 1],
    ['halfMeanSquaredError', 'meanSquaredError', 0.5],
    ['meanAbsoluteError', 'meanAbsoluteError', 1],
  ] as const)('%s', async (loss, figure, factor) => {
    const seen: Logs[] = [];
    const watch: Callback = { onEpochEnd: (t) => void seen.push(t.logs) };
    using fitted = await fitPipeline({ ...quick, loss, metrics }, x, y, { callbacks: [watch] });
    const expected = oracle(fitted.predict(x) as number[], y);
    const logs = fitted.evaluate(x, y);
    expectClose(logs, { ...expected, loss: factor * expected[figure]! });
    expect(seen).toEqual(fitted.history.epochs);
    // An epoch's means are of an epoch's changing weights.
    expect(fitted.history.epochs.at(-1)!['loss']! / logs['loss']!).toBeGreaterThan(0.5);
    expect(fitted.history.epochs.at(-1)!['loss']! / logs['loss']!).toBeLessThan(2);
  });

  test('huber has its δ at one scale of the targets', async () => {
    using fitted = await fitPipeline({ ...quick, loss: 'huber' }, x, y);
    const [scale] = fitted.targetScaler.toJSON().scale as [number];
    const predicted = fitted.predict(x) as number[];
    const losses = y.map((value, i) => {
      const size = Math.abs(predicted[i]! - value);
      return size <= scale ? size ** 2 / 2 : scale * (size - scale / 2);
    });
    expectClose(fitted.evaluate(x, y), { loss: losses.reduce((a, b) => a + b) / 300 });
  });

  test.each([1, 2])('logCosh is scale² · log cosh(error / scale), of %i output(s)', async (outputs) => {
    const rows = y.map((price, row) => [price, row / 300].slice(0, outputs));
    const targets = outputs === 1 ? y : rows;
    const fit = { epochs: 40, validationSplit: 0.2 };
    using fitted = await fitPipeline({ ...quick, loss: 'logCosh', fit }, x, targets);
    const { scale } = fitted.targetScaler.toJSON();
    const { data } = fitted.predictProbabilities(x);
    const losses = rows.flat().map((value, i) => {
      const s = scale[i % outputs] as number;
      return s ** 2 * Math.log(Math.cosh(((data[i] as number) - value) / s));
    });
    expectClose(fitted.evaluate(x, targets), { loss: losses.reduce((a, b) => a + b) / losses.length });
    for (const { valLoss } of fitted.history.epochs) expect(valLoss).toBeGreaterThan(0);
  });

  test('penalties count in the same units', async () => {
    const layers = [dense({ units: 4, activation: 'tanh', kernelRegularizer: { l2: 0.01 } })];
    using fitted = await fitPipeline({ layers, fit: { epochs: 3 } }, x, y);
    const [scale] = fitted.targetScaler.toJSON().scale as [number];
    const kernel = fitted.model.getWeights().get('dense/kernel')!.data;
    const penalty = 0.01 * kernel.reduce((sum, w) => sum + w * w, 0) * scale ** 2;
    const { meanSquaredError = 0 } = oracle(fitted.predict(x) as number[], y);
    expectClose(fitted.evaluate(x, y), { loss: meanSquaredError + penalty });
  });

  test('several outputs, each with its own unit', async () => {
    const both = y.map((price, row) => [price, row / 300]);
    using fitted = await fitPipeline({ ...quick, metrics }, x, both);
    const { data } = fitted.predictProbabilities(x);
    const { meanSquaredError, meanAbsoluteError } = oracle(data, both.flat());
    expectClose(fitted.evaluate(x, both), {
      loss: meanSquaredError!,
      meanSquaredError: meanSquaredError!,
      meanAbsoluteError: meanAbsoluteError!,
    });
    const [last] = fitted.history.epochs.slice(-1);
    expect(last!['loss']! / meanSquaredError!).toBeLessThan(3);
    expect(() => fitted.predict(x)).toThrow('predict: a row has several labels or targets; use predictProbabilities');
    // Both are learnt, though one has 1e10 times the other's squares.
    const second = oracle(
      Array.from({ length: 300 }, (_, row) => data[row * 2 + 1]!),
      both.map(([, b]) => b!),
    );
    expect(second['meanAbsoluteError']).toBeLessThan(0.3);
  });

  test('in cross-validation, and with weights', async () => {
    const { r2, meanAbsoluteError } = await crossValidate(quick, x, y, kFold(300, { folds: 3 }));
    expect(r2!.mean).toBeGreaterThan(0.9);
    expect(meanAbsoluteError!.mean).toBeGreaterThan(1000);
    using plain = await fitPipeline(quick, x, y);
    using weighed = await fitPipeline(quick, x, y, { sampleWeight: y.map((_, row) => 1 + (row % 2)) });
    expect(weighed.predict(x)).not.toEqual(plain.predict(x));
    await expect(fitPipeline(quick, x, y, { sampleWeight: [1] })).rejects.toThrow('x has 300 rows, sampleWeight has 1');
  });
});

test('the unit of the target makes no difference: its predictions are those in the other unit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -12, max: 12 }), fc.integer({ min: -40, max: 40 }), async (power, shift) => {
      // Powers of two keep every bit of the scaled targets; the shift costs some of float32's.
      const unit = 2 ** power;
      const base = y.slice(0, 60).map((price) => price / 1e5);
      const rows = x.select(Int32Array.from({ length: 60 }, (_, i) => i));
      const p: Pipeline = { ...quick, fit: { epochs: 3 } };
      using a = await fitPipeline(p, rows, base);
      using b = await fitPipeline(
        p,
        rows,
        base.map((value) => (value + shift / 8) * unit),
      );
      const [one, other] = [a.predict(rows), b.predict(rows)] as [number[], number[]];
      for (const [row, value] of one.entries()) expect(other[row]! / unit - shift / 8).toBeCloseTo(value, 4);
    }),
    { numRuns: 15 },
  );
});

describe('the scale is kept with the pipeline', () => {
  const train = (): Promise<FittedPipeline> => fitPipeline(quick, x, y);

  test('saved and loaded, in simdense/predict and in ONNX', async () => {
    using fitted = await train();
    const bytes = fitted.save({ optimizer: true });
    const expected = fitted.predict(x) as number[];
    using again = loadPipeline(bytes);
    expect(again.predict(x)).toEqual(expected);
    expect(again.evaluate(x, y)).toEqual(fitted.evaluate(x, y));
    using predictor = loadPredictor(bytes);
    expect(predictor.predictLabels(x)).toEqual(expected);
    expect(Array.from(predictor.predict(x).data)).toEqual(expected);
    expect(Array.from(predictor.predictInto(new Float32Array(300), x.data as Float32Array))).toEqual(expected);
    using onnx = fromOnnx(toOnnx(fitted));
    for (const [row, value] of Array.from(onnx.predict(x).data).entries())
      expect(Math.abs(value - expected[row]!)).toBeLessThan(1e-5 * Math.abs(expected[row]!));
    // Learning goes on in the same units, to the bit.
    expect(again.trainOnBatch(x, y)).toEqual(fitted.trainOnBatch(x, y));
    expect(again.predict(x)).toEqual(fitted.predict(x));
  });

  test('a file whose scaler does not fit is refused', async () => {
    using fitted = await train();
    const { tensors, metadata } = decode(fitted.save());
    const description = JSON.parse(metadata['pipeline']!);
    const file = (change: object): Uint8Array =>
      encode(tensors, { ...metadata, pipeline: JSON.stringify({ ...description, ...change }) });
    loadPipeline(file({})).dispose();
    const { targetScaler } = description;
    for (const wrong of [
      {},
      7,
      { ...targetScaler, scale: [0] },
      { ...targetScaler, center: [1, 2], scale: [1, 2] },
      { type: 'quantile', quantiles: [[1, 2]] },
      null,
    ]) {
      for (const load of [loadPipeline, loadPredictor])
        expect(() => load(file({ targetScaler: wrong })), JSON.stringify(wrong)).toThrow(
          expect.objectContaining({ code: 'FORMAT' }),
        );
    }
  });
});

describe('how it is chosen', () => {
  test('by median and quartiles where outliers stretch the standard deviation', async () => {
    const wild = y.map((price, row) => (row % 100 === 0 ? price * 1000 : price));
    using fitted = await fitPipeline({ ...quick, fit: { epochs: 1 } }, x, wild);
    expect(fitted.targetScaler.type).toBe('robust');
    expect(fitted.targetScaler.toJSON().center[0]).toBeCloseTo(
      [...wild]
        .map(Math.fround)
        .sort((a, b) => a - b)
        .slice(149, 151)
        .reduce((a, b) => a + b / 2, 0),
      -1,
    );
  });

  test('by mean and deviation where half of the values are one', async () => {
    const counts = y.map((price, row) => (row % 3 === 0 ? price : 0.5));
    using fitted = await fitPipeline(
      { ...quick, fit: { epochs: 1 } },
      x,
      counts.map((c, row) => (row % 6 === 0 ? c : 0.5)),
    );
    expect(fitted.targetScaler.type).toBe('standard');
  });

  test('as told, and never behind an output that cannot reach it', async () => {
    using none = await fitPipeline({ ...quick, targetScale: 'none', fit: { epochs: 1 } }, x, y);
    expect(none.targetScaler.type).toBe('none');
    await expect(
      fitPipeline(
        { ...quick, targetScale: 'standard' },
        x,
        y.map((v) => (v > 1e5 ? 'dear' : 'cheap')),
      ),
    ).rejects.toThrow('fitPipeline(targetScale): classes are not scaled; leave it out');
    for (const wrong of ['log', 'quantile'])
      await expect(fitPipeline({ ...quick, targetScale: wrong as never }, x, y)).rejects.toThrow(
        'fitPipeline(targetScale): expected one of',
      );
  });
});

test('first-contact row 70: what a pipeline’s file says of its classes and parts is checked', async () => {
  const labels = y.map((price) => (price > 1.5e5 ? 'dear' : 'cheap'));
  using fitted = await fitPipeline({ ...quick, fit: { epochs: 1 } }, x, labels);
  const { tensors, metadata } = decode(fitted.save());
  const description = JSON.parse(metadata['pipeline']!);
  const file = (change: object): Uint8Array =>
    encode(tensors, { ...metadata, pipeline: JSON.stringify({ ...description, ...change }) });
  const wrong = [
    { classes: ['only'] },
    { classes: ['a', 'a'] },
    { classes: ['a', 'b', 'c'] },
    { classes: [1, null] },
    { pipeline: {} },
    { pipeline: { ...description.pipeline, layers: 7 } },
    { history: {} },
  ];
  for (const change of wrong) {
    for (const load of [loadPipeline, loadPredictor])
      expect(() => load(file(change)), JSON.stringify(change)).toThrow(expect.objectContaining({ code: 'FORMAT' }));
  }
  for (const pipeline of [{ ...description.pipeline, loss: 7 }, { layers: [] }])
    expect(() => loadPipeline(file({ pipeline }))).toThrow(expect.objectContaining({ code: 'FORMAT' }));
  const other = file({ classes: ['cheap', 'cheaper'] });
  const pack = (...files: Uint8Array[]) => packFiles(files, { ensemble: JSON.stringify({ version: 1, outOfBag: {} }) });
  loadEnsemble(pack(file({}), file({}))).dispose();
  expect(() => loadEnsemble(pack(file({}), other))).toThrow(
    'loadEnsemble: member 1 has other columns or classes than the first',
  );
});

test('a network that is compiled anew still tells losses in the target’s own units', async () => {
  const x = Array.from({ length: 60 }, (_, i) => [i / 30 - 1]);
  const y = x.map(([a = 0]) => 100_000 + 50_000 * a);
  const fitted = await fitPipeline({ layers: [dense({ units: 1 })], fit: { epochs: 5 }, task: 'regression' }, x, y, {
    seed: 1,
  });
  const before = fitted.evaluate(x, y)['loss'];
  fitted.model.compile({ loss: 'meanSquaredError' });
  expect(fitted.evaluate(x, y)['loss']).toBe(before);
  // What a loss of one's own would tell nobody can convert.
  const compute = (): number => 0;
  expect(() => fitted.model.compile({ loss: { name: 'own', compute } })).toThrow(
    'compile(loss): the targets are scaled, and a loss of your own would not be in their units',
  );
  expect(fitted.evaluate(x, y)['loss']).toBe(before);
});
