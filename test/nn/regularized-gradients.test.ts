// Gradients through batch and layer normalization, PReLU, dropout, noise and penalties, and their combinations, against central differences in float64.
import { expect, test } from 'vitest';
import { defaultEngine } from '../../src/engine/engine.js';
import {
  type Activation,
  activation,
  batchNormalization,
  dense,
  dropout,
  gaussianNoise,
  type Layer,
  layerNormalization,
  Matrix,
  prelu,
  type Regularizer,
  rescaling,
  sequential,
  sgd,
} from '../../src/index.js';
import { planLayer } from '../../src/nn/layers/index.js';
import { activationFloats } from '../../src/nn/layout.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';
import { networkLoss, numericGradient, type OracleLayer } from '../oracle/network.js';

const [ROWS, INPUTS, SEED] = [6, 3, 11];

/** The numbers that a layer draws in the first training step, which depend on its index among the network's steps. */
function drawn(layer: Layer, columns: number, step: number): OracleLayer {
  const engine = defaultEngine();
  const count = activationFloats(ROWS, columns);
  const block = engine.allocate(count * 4);
  const noise = layer.type === 'gaussianNoise';
  engine.floats.fill(noise ? 0 : 1, block / 4, block / 4 + count);
  const { rate = 0, stddev = 0 } = layer as { rate?: number; stddev?: number };
  if (noise) engine.calls.addNoise(count, block, block, SEED, 0, 256 + step, 0, 0, stddev);
  else engine.calls.dropout(count, block, block, SEED, 0, 256 + step, 0, 0, rate);
  const panel = (ROWS | 1) * 16;
  const values = Array.from({ length: ROWS }, (_, i) =>
    Array.from(
      { length: columns },
      (_, j) => engine.floats[block / 4 + Math.floor(j / 16) * panel + i * 16 + (j % 16)]!,
    ),
  );
  engine.release(block);
  const constant = (value: number) => values.map((row) => row.map(() => value));
  return noise
    ? { type: 'drawn', factors: constant(1), terms: values }
    : { type: 'drawn', factors: values, terms: constant(0) };
}

const l2 = { kernelRegularizer: { l2: 0.03 } };
const both = { kernelRegularizer: { l1: 0.02, l2: 0.03 }, biasRegularizer: { l1: 0.05, l2: 0.01 } };
const norm = batchNormalization({ epsilon: 0.01 });
const rowNorm = layerNormalization({ epsilon: 0.01 });
const drop = dropout({ rate: 0.4 });
const noise = gaussianNoise({ stddev: 0.3 });
const head = dense({ units: 2 });

const stacks: Record<string, Layer[]> = {
  'batch norm before its activation': [dense({ units: 5 }), norm, activation('tanh'), head],
  'batch norm after an activation': [dense({ units: 5, activation: 'gelu' }), norm, head],
  'batch norm in front': [norm, dense({ units: 4, activation: 'tanh' }), head],
  'batch norm at the end': [dense({ units: 4, activation: 'tanh' }), norm],
  'batch norm, wider than a panel': [
    dense({ units: 19 }),
    norm,
    activation('sigmoid'),
    dense({ units: 17 }),
    norm,
    head,
  ],
  'layer norm before its activation': [dense({ units: 5 }), rowNorm, activation('tanh'), head],
  'layer norm in front': [rowNorm, dense({ units: 4, activation: 'tanh' }), head],
  'layer norm at the end': [dense({ units: 4, activation: 'sigmoid' }), rowNorm],
  'layer norm, wider than a panel, behind padding that is not 0': [
    dense({ units: 19, activation: 'sigmoid' }),
    rowNorm,
    activation('softplus'),
    dense({ units: 17 }),
    norm,
    rowNorm,
    head,
  ],
  'prelu behind a layer': [dense({ units: 5 }), prelu(), head],
  'prelu in front, and at the end': [prelu(), dense({ units: 4, activation: 'tanh' }), dense({ units: 3 }), prelu()],
  'prelu, wider than a panel, behind padding that is not 0': [
    dense({ units: 19, activation: 'sigmoid' }),
    rowNorm,
    prelu(),
    norm,
    prelu(),
    head,
  ],
  dropout: [dense({ units: 9, activation: 'tanh' }), drop, head],
  'dropout of the inputs': [drop, dense({ units: 6, activation: 'elu' }), head],
  'dropout behind a kept input': [
    dense({ units: 20, activation: 'silu' }),
    drop,
    dense({ units: 18, activation: 'softplus' }),
    drop,
    head,
  ],
  noise: [dense({ units: 9, activation: 'tanh' }), noise, head],
  'noise on the inputs': [noise, dense({ units: 6, activation: 'tanh' }), head],
  'noise before an activation in place': [dense({ units: 6 }), noise, activation('sigmoid'), head],
  'l1 on kernels': [dense({ units: 5, activation: 'tanh', kernelRegularizer: { l1: 0.04 } }), head],
  'l2 on kernels': [dense({ units: 5, activation: 'tanh', ...l2 }), dense({ units: 2, ...l2 })],
  'both on kernels and biases': [dense({ units: 17, activation: 'tanh', ...both }), dense({ units: 2, ...both })],
  'a penalty on a bias before batch norm': [dense({ units: 5, ...both }), norm, activation('tanh'), head],
  'all together': [
    rescaling({ scale: 0.7 }),
    noise,
    dense({ units: 18, ...both }),
    norm,
    activation('elu'),
    drop,
    dense({ units: 7, ...l2 }),
    norm,
    activation('tanh'),
    drop,
    dense({ units: 2, ...both }),
  ],
};

test.each(Object.entries(stacks))('%s', (_, layers) => {
  const next = numbers(layers.length);
  using model = sequential({ inputs: INPUTS, layers, seed: SEED });
  const start = new Map(
    [...model.getWeights()].map(([path, w]) => [path, { ...w, data: w.data.map(() => next() + 0.1) }]),
  );
  for (const [path, { data }] of start) if (path.endsWith('Variance')) data.fill(1);
  model.setWeights(start);
  const [x, y] = [matrix(ROWS, INPUTS, next), matrix(ROWS, model.outputs, next)];

  const varied: { path: string; values: number[] }[] = [];
  const penalties: (() => number)[] = [];
  let [columns, step] = [INPUTS, 0];
  const counts = new Map<string, number>();
  const name = (type: string): string => {
    const n = counts.get(type) ?? 0;
    counts.set(type, n + 1);
    return n === 0 ? type : `${type}_${n}`;
  };
  const vary = (path: string, regularizer?: Regularizer): number[] => {
    const values = Array.from(start.get(path)!.data);
    varied.push({ path, values });
    const { l1 = 0, l2: square = 0 } = regularizer ?? {};
    penalties.push(() => values.reduce((sum, w) => sum + l1 * Math.abs(w) + square * w * w, 0));
    return values;
  };
  const oracle = model.layers.map((layer): OracleLayer => {
    const steps = planLayer(layer, columns);
    const first = step;
    step += steps.length;
    const before = columns;
    const width = steps.at(-1)?.outputs ?? columns;
    columns = width;
    const own = layer as {
      activation?: Activation;
      kernelRegularizer?: Regularizer;
      biasRegularizer?: Regularizer;
      epsilon?: number;
    };
    const path = name(layer.type);
    if (layer.type === 'dense') {
      const kernel = vary(`${path}/kernel`, own.kernelRegularizer);
      const bias = vary(`${path}/bias`, own.biasRegularizer);
      // Rows that read the flat numbers late, so that varying them shows.
      const rows = Array.from(
        { length: before },
        (_, k) =>
          new Proxy(new Array<number>(width).fill(0), {
            get: (row, key) =>
              typeof key === 'string' && /^\d+$/.test(key) ? kernel[k * width + Number(key)] : Reflect.get(row, key),
          }),
      );
      return { type: 'dense', kernel: rows, bias, activation: own.activation! };
    }
    if (layer.type === 'batchNormalization' || layer.type === 'layerNormalization') {
      return {
        type: layer.type,
        gamma: vary(`${path}/gamma`),
        beta: vary(`${path}/beta`),
        epsilon: own.epsilon!,
      };
    }
    if (layer.type === 'prelu') return { type: 'prelu', alpha: vary(`${path}/alpha`) };
    if (layer.type === 'dropout' || layer.type === 'gaussianNoise') return drawn(layer, width, first);
    return layer as unknown as OracleLayer;
  });
  const measure = (): number =>
    networkLoss(oracle, x, y, 'meanSquaredError') + penalties.reduce((sum, penalty) => sum + penalty(), 0);

  model.compile({ optimizer: sgd({ learningRate: 1 }), loss: 'meanSquaredError' });
  const { loss } = model.trainOnBatch(Matrix.from(x), Matrix.from(y));
  expect(distance([loss!], [measure()])).toBeLessThan(5e-6);
  const after = model.getWeights();
  for (const { path, values } of varied) {
    const difference = Array.from(start.get(path)!.data, (value, i) => value - after.get(path)!.data[i]!);
    expect(distance(difference, numericGradient(values, measure)), path).toBeLessThan(2e-5);
  }
});

test('in inference nothing is drawn, nothing moves, and batch norm takes the moving figures', () => {
  using model = sequential({ inputs: INPUTS, layers: stacks['all together']!, seed: SEED });
  const x = Matrix.from(matrix(ROWS, INPUTS, numbers(2)));
  const before = model.getWeights();
  const first = model.predict(x).data;
  expect(model.predict(x).data).toEqual(first);
  expect(model.predict(x.select(Int32Array.of(0))).data).toEqual(first.slice(0, model.outputs));
  expect(model.getWeights()).toEqual(before);
});

test('a penalty is in evaluate as well', () => {
  using model = sequential({
    inputs: 2,
    layers: [dense({ units: 1, kernelInitializer: 'ones', kernelRegularizer: { l1: 0.5, l2: 2 } })],
  });
  model.compile({ loss: 'meanSquaredError' });
  expect(model.evaluate([[0, 0]], [0])['loss']).toBeCloseTo(0.5 * 2 + 2 * 2, 6);
});
