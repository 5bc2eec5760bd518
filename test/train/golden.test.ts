// Whole training runs through the public API against PyTorch in float64: losses, final weights and predictions within 1e-4.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type Activation,
  activation,
  adagrad,
  adam,
  adamw,
  batchNormalization,
  dense,
  type Layer,
  type Loss,
  Matrix,
  type Optimizer,
  prelu,
  rmsprop,
  type Sequential,
  sequential,
  sgd,
} from '../../src/index.js';
import { activate } from '../oracle/activation.js';

interface Parameters {
  kernel: number[][];
  bias: number[];
  gamma?: number[];
  beta?: number[];
  runningMean?: number[];
  runningVariance?: number[];
  alpha?: number[];
}

interface Run {
  name: string;
  inputs: number;
  layers: { units: number; activation: Activation | 'prelu'; batchNorm?: boolean }[];
  loss: string;
  optimizer: { name: string; learningRate: number };
  batchSize: number;
  steps: number;
  l1: number;
  l2: number;
  clipNorm: number | null;
  x: number[][];
  y: number[][] | number[];
  initial: Parameters[];
  losses: number[];
  final: Parameters[];
  predictions: number[][];
}

const file = new URL('../golden/runs.json.gz', import.meta.url);
const runs = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Run[];

const losses: Record<string, Loss> = {
  halfMse: 'halfMeanSquaredError',
  mse: 'meanSquaredError',
  binaryCrossEntropy: 'binaryCrossentropy',
  softmaxCrossEntropy: 'categoricalCrossentropy',
  nll: 'categoricalCrossentropy',
};
const optimizers: Record<string, (o: never) => Optimizer> = { sgd, adam, adamw, rmsprop, adagrad };

const withoutName = ({ name, ...rest }: Run['optimizer']): object => rest;

/** The names of each layer, of its batch normalization and of its PReLU, '' if it has none. */
function names(run: Run): { dense: string; norm: string; slopes: string }[] {
  let [norms, prelus] = [0, 0];
  const numbered = (name: string, i: number): string => (i === 0 ? name : `${name}_${i}`);
  return run.layers.map(({ batchNorm, activation }, i) => ({
    dense: numbered('dense', i),
    norm: batchNorm ? numbered('batchNormalization', norms++) : '',
    slopes: activation === 'prelu' ? numbered('prelu', prelus++) : '',
  }));
}

/** Weights by our names, from PyTorch's. */
function weightsOf(run: Run, parameters: readonly Parameters[]) {
  const weights = new Map<string, { shape: number[]; data: Float32Array }>();
  const vector = (path: string, values: number[]) =>
    weights.set(path, { shape: [values.length], data: Float32Array.from(values) });
  for (const [i, { dense: path, norm, slopes }] of names(run).entries()) {
    const { kernel, bias, gamma, beta, runningMean, runningVariance, alpha } = parameters[i]!;
    weights.set(`${path}/kernel`, { shape: [kernel.length, bias.length], data: Float32Array.from(kernel.flat()) });
    vector(`${path}/bias`, bias);
    if (slopes) vector(`${slopes}/alpha`, alpha!);
    if (!norm) continue;
    vector(`${norm}/gamma`, gamma!);
    vector(`${norm}/beta`, beta!);
    vector(`${norm}/movingMean`, runningMean!);
    vector(`${norm}/movingVariance`, runningVariance!);
  }
  return weights;
}

function build(run: Run) {
  const softmax = run.loss === 'softmaxCrossEntropy';
  const kernelRegularizer = { l1: run.l1, l2: run.l2 };
  const layers = run.layers.flatMap(({ units, activation: a, batchNorm }, i): Layer[] => {
    const last = softmax && i === run.layers.length - 1 ? 'softmax' : a;
    if (last === 'prelu') return [dense({ units, kernelRegularizer }), prelu()];
    return batchNorm
      ? [dense({ units, kernelRegularizer }), batchNormalization(), activation(last)]
      : [dense({ units, activation: last, kernelRegularizer })];
  });
  const model = sequential({ inputs: run.inputs, layers });
  model.setWeights(weightsOf(run, run.initial));
  const clip = run.clipNorm ? { clipNorm: run.clipNorm } : {};
  const optimizer = optimizers[run.optimizer.name]!({ ...withoutName(run.optimizer), ...clip } as never);
  return model.compile({ optimizer, loss: losses[run.loss]! });
}

/** The error relative to the largest number of all, since single weights may pass through zero. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value)));
  expect(worst / scale, what).toBeLessThan(1e-4);
}

describe.each(runs)('$name', (run) => {
  const flat = (rows: number[][] | number[]): number[] => (rows as number[][]).flat();
  const rowsOf = (from: number) => ({
    x: Matrix.from(run.x.slice(from, from + run.batchSize)),
    y: Float32Array.from(flat((run.y as number[][]).slice(from, from + run.batchSize))),
  });

  function checkEnd(model: ReturnType<typeof build>): void {
    const weights = model.getWeights();
    for (const [path, { data }] of weightsOf(run, run.final)) {
      expectClose(weights.get(path)!.data, Array.from(data), path);
    }
    const softmax = run.loss === 'softmaxCrossEntropy';
    const expected = softmax ? run.predictions.flatMap((row) => activate('softmax', row)) : run.predictions.flat();
    expectClose(model.predict(Matrix.from(run.x)).data, expected, 'predictions');
  }

  /** Real targets behind a softmax, which fit refuses: its kernels are tried below it. */
  const unreachable = run.name === 'softmax output, half MSE';
  const stepOf = ({ bound: { trainer, batch } }: Sequential, x: Matrix, y: Float32Array): number => {
    trainer!.reserve(x.rows, true);
    batch.loadRows(x, undefined, 0, x.rows);
    batch.loadTargets({ numbers: new Matrix(y, y.length / x.rows) }, undefined, 0, x.rows);
    batch.loadWeights(undefined, undefined, 0, 0);
    return trainer!.step(x.rows, true);
  };

  test('step by step', () => {
    const model = build(run);
    const batches = run.x.length / run.batchSize;
    for (let step = 0; step < run.steps; step++) {
      const { x, y } = rowsOf((step % batches) * run.batchSize);
      const loss = unreachable ? stepOf(model, x, y) : model.trainOnBatch(x, y)['loss']!;
      expect(Math.abs(loss / run.losses[step]! - 1), `loss of step ${step}`).toBeLessThan(1e-4);
    }
    checkEnd(model);
    model.dispose();
  });

  if (unreachable)
    test('by fit: refused, as no softmax gives such numbers', async () => {
      using model = build(run);
      const trained = model.fit(Matrix.from(run.x), Float32Array.from(flat(run.y)));
      await expect(trained).rejects.toThrow("'softmax' in the last layer gives numbers from 0 to 1");
    });
  else
    test('by fit, in order', async () => {
      const model = build(run);
      const batches = run.x.length / run.batchSize;
      const seen: number[] = [];
      const epochs = run.steps / batches;
      await model.fit(Matrix.from(run.x), Float32Array.from(flat(run.y)), {
        epochs: Math.ceil(epochs),
        batchSize: run.batchSize,
        shuffle: false,
        callbacks: [
          {
            onBatchEnd(t) {
              seen.push(t.logs['loss']!);
              if (t.iteration === run.steps) t.stop('enough');
            },
          },
        ],
      });
      expect(seen.length).toBe(run.steps);
      expectClose(seen, run.losses, 'losses');
      checkEnd(model);
      model.dispose();
    });
});

test('the file has the runs that the tests expect', () => {
  expect(runs.length).toBe(33);
});
