// Training with extreme numbers and shapes: it ends correctly or with a clear refusal, never in NaN, and always leaves a usable model.
import { afterAll, describe, expect, test } from 'vitest';
import { defaultEngine } from '../../src/engine/engine.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import {
  activation,
  adagrad,
  adam,
  adamw,
  batchNormalization,
  dense,
  type Layer,
  lion,
  loadModel,
  Matrix,
  type Optimizer,
  rmsprop,
  type Sequential,
  SimdenseError,
  sequential,
  sgd,
} from '../../src/index.js';
import { blobs, weightsHash } from '../helpers/models.js';
import { numbers } from '../helpers/numbers.js';

const { x, y } = blobs(30);
const refusals = ['DIVERGED', 'DATA'];

/** The outcome, or the error code of the refusal. */
async function outcome<T>(run: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof SimdenseError)) throw error;
    expect(refusals).toContain(error.code);
    return undefined;
  }
}

const finite = (model: Sequential): boolean =>
  [...model.getWeights().values()].every(({ data }) => data.every(Number.isFinite));

/** Trains, evaluates, predicts, saves and loads; after a refusal the weights are still finite. */
async function live(model: Sequential, rows: Matrix, targets: Matrix | Int32Array, batchSize = 8): Promise<void> {
  const before = weightsHash(model);
  if (!(await outcome(() => model.trainOnBatch(rows, targets)))) expect(weightsHash(model)).toBe(before);
  expect(finite(model)).toBe(true);
  const history = await outcome(() => model.fit(rows, targets, { epochs: 3, batchSize }));
  for (const logs of history?.epochs ?? []) expect(Object.values(logs).every(Number.isFinite)).toBe(true);
  expect(finite(model)).toBe(true);
  const judged = await outcome(() => model.evaluate(rows, targets));
  if (judged) expect(Object.values(judged).every(Number.isFinite)).toBe(true);
  const predicted = await outcome(() => model.predict(rows));
  if (predicted) expect(predicted.data.every(Number.isFinite)).toBe(true);
  using loaded = loadModel(model.save({ optimizer: true }));
  expect(weightsHash(loaded)).toBe(weightsHash(model));
}

const network = (layers: Layer[], outputs = 3): Layer[] => [
  ...layers,
  dense({ units: outputs, activation: 'softmax' }),
];
const build = (inputs: number, layers: Layer[], optimizer: Optimizer = adam(), outputs = 3): Sequential =>
  sequential({ inputs, layers: network(layers, outputs), seed: 1 }).compile({
    optimizer,
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });

let before = 0;
test('memory before', () => {
  before = defaultEngine().bytesInUse;
});
afterAll(() => expect(defaultEngine().bytesInUse).toBe(before));

describe('extreme learning rates', () => {
  const rules = { sgd, adam, adamw, rmsprop, adagrad, lion };
  test.each(
    Object.keys(rules).flatMap((name) => [1e-38, 1e-12, 1, 1e6, 1e20, 1e38].map((rate) => [name, rate] as const)),
  )('%s %d', async (name, rate) => {
    using model = build(2, [dense({ units: 6, activation: 'relu' })], rules[name as 'sgd']({ learningRate: rate }));
    const history = await outcome(() => model.fit(x, y, { epochs: 3, batchSize: 8 }));
    for (const logs of history?.epochs ?? []) expect(Object.values(logs).every(Number.isFinite)).toBe(true);
    expect(finite(model)).toBe(true);
  });
});

describe('extreme inputs', () => {
  test.each(
    [1e-45, 1e-42, 1e-38, 1e-20, 1e10, 1e18, 1e20, 1e30, 1e38, 3e38].flatMap((size) =>
      [false, true].map((normalised) => [size, normalised] as const),
    ),
  )('of size %d, batch normalization %s', async (size, normalised) => {
    const next = numbers(4);
    const rows = new Matrix(
      Float32Array.from({ length: 60 }, () => next() * size),
      2,
    );
    const layers = [dense({ units: 6 }), ...(normalised ? [batchNormalization()] : []), activation('relu')];
    for (const optimizer of [sgd(), adam()]) {
      using model = build(2, layers, optimizer);
      await live(model, rows, y);
    }
  });

  test('constant columns', async () => {
    using model = build(2, [dense({ units: 4 }), batchNormalization(), activation('tanh')]);
    await live(model, new Matrix(new Float32Array(60).fill(7), 2), y);
  });
});

describe('extreme shapes', () => {
  test('one class, one row, one feature, a batch larger than the set', async () => {
    using one = build(2, [dense({ units: 4 })]);
    await live(one, x, new Int32Array(30));
    await live(one, x.select([0]), y.slice(0, 1), 1000);
    using narrow = build(1, [dense({ units: 4 })]);
    await live(narrow, new Matrix(x.data.slice(0, 30) as Float32Array, 1), y, 1_000_000);
    await expect(fitPipeline({ layers: [] }, x, new Array(30).fill('oak'))).rejects.toThrow(
      /y has only one class, "oak"/,
    );
  });

  test('a million features', async () => {
    const next = numbers(2);
    using model = build(1_000_000, []);
    await live(model, new Matrix(Float32Array.from({ length: 4_000_000 }, next), 1_000_000), Int32Array.of(0, 1, 2, 1));
  }, 60_000);

  test('a thousand classes', async () => {
    using model = build(2, [dense({ units: 16, activation: 'relu' })], adam(), 1000);
    const next = numbers(3);
    const rows = new Matrix(Float32Array.from({ length: 4000 }, next), 2);
    await live(
      model,
      rows,
      Int32Array.from({ length: 2000 }, (_, i) => i % 1000),
      64,
    );
  }, 60_000);

  test.each(['relu', 'tanh', 'gelu', 'sigmoid'] as const)('100 layers of %s', async (name) => {
    using model = build(
      2,
      Array.from({ length: 100 }, () => dense({ units: 8, activation: name })),
    );
    await live(model, x, y);
  });
});
