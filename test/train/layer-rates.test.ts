// Factors on the learning rates of layers: PyTorch's figures for param groups, requires_grad=False and frozen normalizations, and what holds for every optimizer.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile/index.js';
import {
  activation,
  adam,
  adamw,
  batchNormalization,
  createEngine,
  dense,
  dropout,
  type Layer,
  layerNormalization,
  lion,
  loadModel,
  type Optimizer,
  reduceOnPlateau,
  rmsprop,
  type Sequential,
  sequential,
  sgd,
} from '../../src/index.js';
import { fromOnnx, toOnnx } from '../../src/onnx/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';

interface Run {
  name: string;
  rates: Record<string, number>;
  optimizer: { name: string; learningRate: number };
  clipNorm?: number;
  l2?: number;
  decay?: number;
  losses: number[];
  final: Record<string, number[] | number[][]>;
  predictions: number[][];
}

const file = new URL('../golden/fine-tuning.json.gz', import.meta.url);
const golden = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
  rows: number;
  widths: number[];
  x: number[][];
  y: number[][];
  initial: Run['final'];
  runs: Run[];
};
const optimizers: Record<string, (o: never) => Optimizer> = { sgd, adam, adamw, rmsprop };

const tensors = (weights: Run['final']) =>
  new Map(
    Object.entries(weights).map(([path, values]) => {
      const columns = Array.isArray(values[0]) ? [values[0].length] : [];
      return [path, { shape: [values.length, ...columns], data: Float32Array.from(values.flat()) }];
    }),
  );

/** The network of the golden runs: normalized relu, normalized tanh, linear. */
function network(penalty = {}, norm: () => Layer = batchNormalization): Layer[] {
  const [, first, second, last] = golden.widths as [number, number, number, number];
  const kernelRegularizer = penalty;
  return [
    dense({ units: first, kernelRegularizer }),
    norm(),
    activation('relu'),
    dense({ units: second, kernelRegularizer }),
    norm(),
    activation('tanh'),
    dense({ units: last, kernelRegularizer }),
  ];
}

const [x, y] = [golden.x, golden.y];
const batchOf = (step: number): [number[][], number[][]] => {
  const from = (step % 2) * golden.rows;
  return [x.slice(from, from + golden.rows), y.slice(from, from + golden.rows)];
};

function expectClose(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  const scale = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value)));
  expect(worst / scale, what).toBeLessThan(1e-4);
}

describe.each(golden.runs)('$optimizer.name: $name, as in PyTorch', (run) => {
  const { name, learningRate, ...rest } = run.optimizer;
  const rate =
    run.decay === undefined ? learningRate : { type: 'exponential', initial: learningRate, decay: run.decay };
  const clip = run.clipNorm === undefined ? {} : { clipNorm: run.clipNorm };
  const optimizer = optimizers[name]!({ ...rest, ...clip, learningRate: rate } as never);
  const build = (): Sequential => {
    const model = sequential({ inputs: golden.widths[0]!, layers: network(run.l2 ? { l2: run.l2 } : {}) });
    model.setWeights(tensors(golden.initial));
    return model.compile({ optimizer, loss: 'meanSquaredError', layerRates: run.rates });
  };

  test('losses, weights and predictions', () => {
    using model = build();
    const losses = run.losses.map((_, step) => model.trainOnBatch(...batchOf(step))['loss']!);
    expectClose(losses, run.losses, 'losses');
    const weights = model.getWeights();
    for (const [path, { data }] of tensors(run.final)) expectClose(weights.get(path)!.data, [...data], path);
    expectClose(model.predict(x).data, run.predictions.flat(), 'predictions');
  });

  test('saved in the middle, loaded, and gone on with: the same bits', () => {
    using straight = build();
    using first = build();
    for (let step = 0; step < 12; step++) straight.trainOnBatch(...batchOf(step));
    for (let step = 0; step < 5; step++) first.trainOnBatch(...batchOf(step));
    using again = loadModel(first.save({ optimizer: true }));
    for (let step = 5; step < 12; step++) again.trainOnBatch(...batchOf(step));
    expect(again.save({ optimizer: true })).toEqual(straight.save({ optimizer: true }));
  });
});

const all: readonly Optimizer[] = [
  sgd({ learningRate: 0.05, momentum: 0.9, clipNorm: 0.5 }),
  adam({ learningRate: 0.05, clipValue: 0.1 }),
  adamw({ learningRate: 0.05, weightDecay: 0.3 }),
  rmsprop({ learningRate: 0.01, momentum: 0.5 }),
  lion({ learningRate: 0.01, weightDecay: 0.3 }),
];
const mixed = (): Layer[] => [
  dense({ units: 20, activation: 'relu' }),
  dropout({ rate: 0.2 }),
  layerNormalization(),
  dense({ units: 18, kernelRegularizer: { l2: 0.1 } }),
  batchNormalization(),
  activation('tanh'),
  dense({ units: 2 }),
];
const [rows, targets] = [matrix(64, 6, numbers(3)), matrix(64, 2, numbers(4))];
const fitted = async (optimizer: Optimizer, layerRates: Record<string, number> | undefined, o: object = {}) => {
  const model = sequential({ inputs: 6, layers: mixed(), seed: 2, ...o });
  model.compile({ optimizer, loss: 'meanSquaredError', ...(layerRates && { layerRates }) });
  await model.fit(rows, targets, { epochs: 3, batchSize: 16 });
  return model;
};

test.each(all)('$type leaves every bit of frozen layers as it is, and moves the others', async (optimizer) => {
  const frozen = ['layerNormalization', 'dense_1', 'batchNormalization'];
  using before = sequential({ inputs: 6, layers: mixed(), seed: 2 });
  using model = await fitted(optimizer, Object.fromEntries(frozen.map((name) => [name, 0])));
  const initial = before.getWeights();
  for (const [path, { data }] of model.getWeights()) {
    const kept = frozen.includes(path.split('/')[0]!);
    if (kept) expect(data, path).toEqual(initial.get(path)!.data);
    else expect(data, path).not.toEqual(initial.get(path)!.data);
  }
});

test.each(all)(
  '$type: factors of 1 and none give the same bits, and half the rate is a factor of a half',
  async (optimizer) => {
    using plain = await fitted(optimizer, undefined);
    using ones = await fitted(optimizer, { dense: 1, dense_2: 1 });
    expect(ones.getWeights()).toEqual(plain.getWeights());
    const names = ['dense', 'layerNormalization', 'dense_1', 'batchNormalization', 'dense_2'];
    using halved = await fitted(optimizer, Object.fromEntries(names.map((name) => [name, 0.5])));
    const rate = (optimizer.learningRate as number) / 2;
    using slower = await fitted({ ...optimizer, learningRate: rate } as Optimizer, undefined);
    expect(halved.getWeights()).toEqual(slower.getWeights());
  },
);

test('two threads give the bits of one, and fit those of clones', async () => {
  const engine = await createEngine({ threads: 2 });
  const rates = { dense: 0, dense_1: 0.1, batchNormalization: 0 };
  const wide = [dense({ units: 600, activation: 'relu' }), ...mixed().slice(3)] as Layer[];
  const files = [];
  for (const o of [{ layers: wide }, { layers: wide, engine }]) {
    using model = await fitted(adamw(), rates, o);
    using copy = model.clone();
    await copy.fit(rows, targets, { epochs: 1, batchSize: 16 });
    files.push(model.save({ optimizer: true }), copy.save({ optimizer: true }));
  }
  expect(files[2]).toEqual(files[0]);
  expect(files[3]).toEqual(files[1]);
  engine.dispose();
});

test('a clone and a file have the factors; a file without any is as before', async () => {
  const rates = { dense_2: 2, dense: 0 };
  using model = await fitted(adam(), rates);
  const said = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);
  // In the order of the layers, whatever that of the options: the same factors are the same bytes.
  expect(said(model.save())).toContain('\\"metrics\\":[],\\"layerRates\\":{\\"dense\\":0,\\"dense_2\\":2}}');
  using copy = model.clone();
  expect(copy.save()).toEqual(model.save());
  using plain = await fitted(adam(), {});
  expect(said(plain.save())).not.toContain('layerRates');
});

test('a run with a loss of its own goes on where compile gets the same factors', () => {
  const loss = {
    name: 'own',
    compute(target: Float32Array, predicted: Float32Array, gradient: Float32Array, count: number) {
      let sum = 0;
      for (const [i, value] of target.entries()) {
        const error = predicted[i]! - value;
        sum += error * error;
        gradient[i] = (2 * error) / count;
      }
      return sum / count;
    },
  };
  const layers = [dense({ units: 4, activation: 'tanh' }), dense({ units: 2 })];
  const layerRates = { dense: 0.5 };
  using model = sequential({ inputs: 6, layers, seed: 1 }).compile({ loss, layerRates });
  model.trainOnBatch(rows, targets);
  const bytes = model.save({ optimizer: true });
  model.trainOnBatch(rows, targets);
  using same = loadModel(bytes).compile({ loss, layerRates });
  same.trainOnBatch(rows, targets);
  expect(same.getWeights()).toEqual(model.getWeights());
  using other = loadModel(bytes).compile({ loss, layerRates: { dense: 0 } });
  expect(other.bound.trainer!.iteration).toBe(0);
});

test('penalties of a frozen layer add nothing to the loss', () => {
  const layers = [dense({ units: 4, kernelRegularizer: { l2: 1 } }), dense({ units: 2 })];
  const plain = [dense({ units: 4 }), dense({ units: 2 })];
  const loss = 'meanSquaredError';
  using frozen = sequential({ inputs: 6, layers, seed: 1 }).compile({ loss, layerRates: { dense: 0 } });
  using without = sequential({ inputs: 6, layers: plain, seed: 1 }).compile({ loss });
  expect(frozen.trainOnBatch(rows, targets)['loss']).toBe(without.trainOnBatch(rows, targets)['loss']);
});

test('a frozen normalization takes batches of one row; unfrozen again, it does not, and moves', () => {
  using model = sequential({ inputs: 6, layers: mixed(), seed: 2 });
  const compiled = (layerRates: Record<string, number>) => model.compile({ loss: 'meanSquaredError', layerRates });
  const [row, target] = [rows.slice(0, 1), targets.slice(0, 1)];
  compiled({ batchNormalization: 0 }).trainOnBatch(row, target);
  const moved = () => model.getWeights().get('batchNormalization/movingMean')!.data;
  expect(moved()).toEqual(new Float32Array(18));
  expect(() => compiled({ dense: 0 }).trainOnBatch(row, target)).toThrow('batchNormalization needs 2 rows');
  model.trainOnBatch(rows, targets);
  expect(moved()).not.toEqual(new Float32Array(18));
});

test('a frozen normalization and one that is fixed train the rest to the same bits', async () => {
  const layers = (trainable?: false): Layer[] =>
    mixed().map((layer) =>
      layer.type === 'batchNormalization' ? batchNormalization(trainable === false ? { trainable } : {}) : layer,
    );
  const weights = (model: Sequential) =>
    new Map(
      [...model.getWeights()].map(([path, { shape, data }]) => [
        path,
        path.startsWith('batch') ? { shape, data: Float32Array.from(data, (_, i) => 0.5 + 0.1 * i) } : { shape, data },
      ]),
    );
  using frozen = sequential({ inputs: 6, layers: layers(), seed: 2 });
  using fixed = sequential({ inputs: 6, layers: layers(false), seed: 2 });
  const loss = 'meanSquaredError';
  frozen.setWeights(weights(frozen));
  fixed.setWeights(weights(fixed));
  frozen.compile({ optimizer: 'adamw', loss, layerRates: { batchNormalization: 0 } });
  fixed.compile({ optimizer: 'adamw', loss });
  for (const model of [frozen, fixed]) await model.fit(rows, targets, { epochs: 3, batchSize: 16 });
  expect(fixed.getWeights()).toEqual(frozen.getWeights());
  expect(fixed.parameterCount).toBe(frozen.parameterCount - 36);
  expect(fixed.trainOnBatch(rows.slice(0, 1), targets.slice(0, 1))['loss']).toBeGreaterThan(0);
});

test('a fixed normalization says so in files, and one that is not says nothing', () => {
  expect(JSON.stringify(batchNormalization())).toBe('{"type":"batchNormalization","momentum":0.9,"epsilon":0.00001}');
  using model = sequential({ inputs: 2, layers: [batchNormalization({ trainable: false }), dense({ units: 1 })] });
  using again = loadModel(model.save());
  expect(again.layers[0]).toEqual({ type: 'batchNormalization', momentum: 0.9, epsilon: 1e-5, trainable: false });
  expect(again.summary()).toContain('3 trained parameters, 8 others, 44 bytes');
});

test('reduceOnPlateau and schedules act on the rate, and the factors stay on top', async () => {
  const layers = [dense({ units: 3 }), dense({ units: 2 })];
  const rates: number[] = [];
  const trained = async (initial: number, layerRates: Record<string, number>) => {
    using model = sequential({ inputs: 6, layers, seed: 1 });
    const learningRate = { type: 'exponential', initial, decay: 0.9 } as const;
    model.compile({ optimizer: sgd({ learningRate }), loss: 'meanSquaredError', layerRates });
    // In the wrong direction, so that each epoch is a plateau.
    const callbacks = [reduceOnPlateau({ monitor: 'loss', factor: 0.5, patience: 1, mode: 'max' })];
    const last = { onEpochEnd: (t: { learningRate: number }) => void rates.push(t.learningRate) };
    await model.fit(rows, targets, { epochs: 4, batchSize: 'full', callbacks: [...callbacks, last] });
    return model.getWeights();
  };
  const halves = await trained(0.1, { dense: 0.5, dense_1: 0.5 });
  expect(rates.at(-1)).toBeLessThan(0.1 * 0.9 ** 4);
  expect(halves).toEqual(await trained(0.05, {}));
});

test('what a fixed normalization predicts is the same in simdense/predict, in one file and, to rounding, in ONNX', async () => {
  const layers = [
    batchNormalization({ trainable: false }),
    dense({ units: 3 }),
    batchNormalization({ trainable: false }),
  ];
  using model = sequential({ inputs: 6, layers, seed: 2 });
  const weights = [...model.getWeights()].map(([path, { shape, data }], seed) => {
    const next = numbers(seed);
    return [path, { shape, data: data.map(() => 1.5 + next()) }] as const;
  });
  model.setWeights(new Map(weights));
  const predicted = model.predict(rows);
  expect(loadPredictor(model.save()).predict(rows).data).toEqual(predicted.data);
  const { code } = compile(model, { to: 'js' });
  const one = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  expect(Array.from(one.predict(rows[0]), Math.fround)).toEqual(predicted.toArrays()[0]);
  using again = fromOnnx(toOnnx(model));
  expect(distance(again.predict(rows).data, predicted.data)).toBeLessThan(1e-6);
});
