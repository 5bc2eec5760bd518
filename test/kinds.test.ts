// Every kind of layer, activation, loss, optimizer, metric and scaler, in every feature that must support it. The tables of examples are typed by kind, so the
// compiler demands a line for each new kind.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fitScaler, type Scaler, scalerFromJson } from '../src/data/index.js';
import { fitPipeline, loadPipeline } from '../src/evaluate/index.js';
import {
  type Activation,
  activation,
  adagrad,
  adam,
  adamw,
  batchNormalization,
  createEngine,
  dense,
  dropout,
  type Engine,
  gaussianNoise,
  kinds,
  type Layer,
  type Loss,
  layerNormalization,
  lion,
  loadModel,
  type Matrix,
  type Metric,
  type Optimizer,
  prelu,
  rescaling,
  rmsprop,
  type Sequential,
  type SequentialOptions,
  sequential,
  sgd,
} from '../src/index.js';
import { fromOnnx, toOnnx } from '../src/onnx/index.js';
import { loadPredictor } from '../src/predict/index.js';
import { numbers } from './helpers/numbers.js';

const layers: { readonly [type in Layer['type']]: Layer } = {
  dense: dense({ units: 20, activation: 'tanh' }),
  activation: activation('relu'),
  rescaling: rescaling({ scale: 0.5, offset: 0.25 }),
  batchNormalization: batchNormalization(),
  layerNormalization: layerNormalization(),
  prelu: prelu(),
  dropout: dropout({ rate: 0.25 }),
  gaussianNoise: gaussianNoise({ stddev: 0.1 }),
};
type Named<T> = Extract<T, string>;
/** Kinds that are given by name, and kinds that are objects with a type. */
const activations: { readonly [name in Named<Activation>]: readonly Activation[] } = {
  linear: ['linear'],
  sigmoid: ['sigmoid'],
  tanh: ['tanh'],
  relu: ['relu'],
  leakyRelu: ['leakyRelu', { type: 'leakyRelu', slope: 0.2 }],
  elu: ['elu', { type: 'elu', alpha: 0.5 }],
  softplus: ['softplus'],
  silu: ['silu'],
  gelu: ['gelu'],
  mish: ['mish'],
  softsign: ['softsign'],
  hardSwish: ['hardSwish'],
  tanhShrink: ['tanhShrink'],
  softmax: ['softmax'],
  logSoftmax: ['logSoftmax'],
};
const losses: { readonly [name in Named<Loss>]: Activation } = {
  meanSquaredError: 'linear',
  halfMeanSquaredError: 'linear',
  meanAbsoluteError: 'linear',
  huber: 'linear',
  logCosh: 'linear',
  binaryCrossentropy: 'sigmoid',
  categoricalCrossentropy: 'softmax',
};
const optimizers: { readonly [type in Optimizer['type']]: readonly Optimizer[] } = {
  sgd: [sgd(), sgd({ momentum: 0.9, nesterov: true })],
  adam: [adam()],
  adamw: [adamw()],
  rmsprop: [rmsprop(), rmsprop({ momentum: 0.5 })],
  adagrad: [adagrad()],
  lion: [lion(), lion({ weightDecay: 0.1 })],
};
const metrics: { readonly [name in Named<Metric>]: Activation } = {
  accuracy: 'softmax',
  topKAccuracy: 'softmax',
  precision: 'softmax',
  recall: 'softmax',
  f1: 'softmax',
  auc: 'softmax',
  matthewsCorrelation: 'softmax',
  meanSquaredError: 'linear',
  meanAbsoluteError: 'linear',
  rootMeanSquaredError: 'linear',
  r2: 'linear',
};
/** Whether ONNX files can contain them. */
const scalers: { readonly [type in Scaler['type']]: boolean } = {
  standard: true,
  minMax: true,
  robust: true,
  quantile: false,
  none: true,
};

const [ROWS, INPUTS, OUTPUTS] = [300, 7, 6];
const next = numbers(19);
const x = Array.from({ length: ROWS }, () => Array.from({ length: INPUTS }, next));
const labels = x.map((row) => Math.min(OUTPUTS - 1, Math.floor(Math.abs(row[0] as number) * OUTPUTS)));
const y = labels.map((label) => Array.from({ length: OUTPUTS }, (_, c) => Number(c === label)));

let two: Engine;
beforeAll(async () => {
  two = await createEngine({ threads: 2 });
});
afterAll(() => two.dispose());

interface Compiled {
  readonly loss?: Loss;
  readonly optimizer?: Optimizer;
  readonly metrics?: readonly Metric[];
}

/** Trains a network for two epochs; it is wide enough for two threads to share its work. */
async function trained(
  own: readonly Layer[],
  compiled: Compiled,
  more: Partial<SequentialOptions> = {},
): Promise<Sequential> {
  const model = sequential({ inputs: INPUTS, layers: [dense({ units: 256 }), ...own], seed: 4, ...more });
  model.compile({ loss: 'meanSquaredError', ...compiled, metrics: [...(compiled.metrics ?? [])] });
  await model.fit(x, y, { epochs: 2, batchSize: 150 });
  return model;
}

const bits = (model: { predict(rows: typeof x): Matrix }): Uint32Array =>
  new Uint32Array(Float32Array.from(model.predict(x).data).buffer);

/** Checks files, a clone, simdense/predict, ONNX, and two threads. */
async function throughEverything(own: readonly Layer[], compiled: Compiled = {}): Promise<void> {
  using model = await trained(own, compiled);
  const expected = bits(model);
  const file = model.save({ optimizer: true });
  using loaded = loadModel(file);
  expect(loaded.layers).toEqual(model.layers);
  expect(bits(loaded)).toEqual(expected);
  expect(loaded.save({ optimizer: true })).toEqual(file);
  using clone = model.clone();
  expect(bits(clone)).toEqual(expected);
  using predictor = loadPredictor(file);
  expect(bits(predictor)).toEqual(expected);
  using shared = await trained(own, compiled, { engine: two });
  expect(bits(shared)).toEqual(expected);

  using imported = fromOnnx(toOnnx(model));
  const [from, to] = [model.predict(x).data, imported.predict(x).data];
  const far = from.findIndex((value, i) => !(Math.abs(value - (to[i] as number)) <= 1e-5 * (1 + Math.abs(value))));
  expect([far, from[far], to[far]]).toEqual([-1, undefined, undefined]);
}

const output = dense({ units: OUTPUTS });

describe('layers', () => {
  test.each(Object.entries(layers))('%s', async (type, layer) => {
    await throughEverything([layer, output]);
    using model = sequential({ inputs: INPUTS, layers: [layer, output] });
    expect(model.summary()).toContain(type);
  });
});

describe('activations', () => {
  test.each(Object.values(activations).flat())('%j', async (each) => {
    await throughEverything([activation(each), output]);
  });
});

describe('losses', () => {
  test.each(Object.entries(losses) as [Named<Loss>, Activation][])('%s', async (loss, last) => {
    await throughEverything([dense({ units: OUTPUTS, activation: last })], { loss });
  });
});

describe('optimizers', () => {
  test.each(Object.values(optimizers).flat())('%j', async (optimizer) => {
    await throughEverything([output], { optimizer });
  });
});

describe('metrics', () => {
  test.each(Object.entries(metrics) as [Named<Metric>, Activation][])('%s', async (metric, last) => {
    const own = [dense({ units: OUTPUTS, activation: last })];
    const loss = last === 'softmax' ? 'categoricalCrossentropy' : 'meanSquaredError';
    using model = await trained(own, { loss, metrics: [metric] });
    const { [metric]: value } = model.evaluate(x, y);
    expect(value).toSatisfy(Number.isFinite);
    using loaded = loadModel(model.save({ optimizer: true }));
    expect(loaded.evaluate(x, y)[metric]).toBe(value);
  });
});

describe('scalers', () => {
  test.each(Object.entries(scalers) as [Scaler['type'], boolean][])('%s', async (scale, inOnnx) => {
    const scaler = fitScaler(scale, x);
    const again = scalerFromJson(JSON.parse(JSON.stringify(scaler)));
    expect(again.transform(x).data).toEqual(scaler.transform(x).data);
    expect(again.inverse(again.transform(x)).data[0]).toBeCloseTo(x[0]?.[0] as number, 5);

    const pipeline = { layers: [dense({ units: 8, activation: 'tanh' } as const)], scale, fit: { epochs: 2 } };
    using fitted = await fitPipeline(pipeline, x, labels, { seed: 3 });
    const expected = fitted.predictProbabilities(x).data;
    const file = fitted.save();
    using loaded = loadPipeline(file);
    expect(loaded.predictProbabilities(x).data).toEqual(expected);
    using predictor = loadPredictor(file);
    expect(predictor.predict(x).data).toEqual(expected);
    if (!inOnnx) {
      expect(() => toOnnx(fitted)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
      return;
    }
    using imported = fromOnnx(toOnnx(fitted));
    const far = imported.predict(x).data.some((value, i) => Math.abs(value - (expected[i] as number)) > 1e-5);
    expect(far).toBe(false);
  });
});

test.each(Object.entries({ layers, activations, losses, optimizers, metrics, scalers }))(
  'README.md names all %s',
  (_, names) => {
    const readme = readFileSync('README.md', 'utf8');
    expect(Object.keys(names).filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([]);
  },
);

test.each([kinds, ...Object.values(kinds)])('what `kinds` hands out cannot change simdense: %j', (list) => {
  expect(Object.isFrozen(list)).toBe(true);
});
