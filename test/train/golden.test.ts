// Whole trainings through the public API against PyTorch in float64: losses, final weights and predictions within 1e-4.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type Activation,
  adam,
  dense,
  type Layer,
  type Loss,
  Matrix,
  type Optimizer,
  sequential,
  sgd,
} from '../../src/index.js';
import { activate } from '../oracle/activation.js';

interface Run {
  name: string;
  inputs: number;
  layers: { units: number; activation: Activation; batchNorm?: boolean }[];
  loss: string;
  optimizer: { name: string; learningRate: number; momentum?: number; nesterov?: boolean };
  batchSize: number;
  steps: number;
  l1: number;
  l2: number;
  clipNorm: number | null;
  x: number[][];
  y: number[][] | number[];
  initial: { kernel: number[][]; bias: number[] }[];
  losses: number[];
  final: { kernel: number[][]; bias: number[] }[];
  predictions: number[][];
}

const file = new URL('../golden/runs.json.gz', import.meta.url);
const runs = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Run[];

const losses: Record<string, Loss> = {
  halfMse: 'halfMeanSquaredError',
  mse: 'meanSquaredError',
  binaryCrossEntropy: 'binaryCrossentropy',
  softmaxCrossEntropy: 'categoricalCrossentropy',
};
const optimizers: Record<string, (o: never) => Optimizer> = { sgd, adam };

const withoutName = ({ name, ...rest }: Run['optimizer']): never => rest as never;

function build(run: Run) {
  const softmax = run.loss === 'softmaxCrossEntropy';
  const layers: Layer[] = run.layers.map(({ units, activation }, i) =>
    dense({ units, activation: softmax && i === run.layers.length - 1 ? 'softmax' : activation }),
  );
  const model = sequential({ inputs: run.inputs, layers });
  const weights = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const [i, { kernel, bias }] of run.initial.entries()) {
    const path = i === 0 ? 'dense' : `dense_${i}`;
    weights.set(`${path}/kernel`, { shape: [kernel.length, bias.length], data: Float32Array.from(kernel.flat()) });
    weights.set(`${path}/bias`, { shape: [bias.length], data: Float32Array.from(bias) });
  }
  model.setWeights(weights);
  const optimizer = optimizers[run.optimizer.name]!(withoutName(run.optimizer));
  return model.compile({ optimizer, loss: losses[run.loss]! });
}

/** Relative to the largest number of the whole: single weights may pass through zero. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(actual[i]! - value)));
  expect(worst / scale, what).toBeLessThan(1e-4);
}

/** Runs that need no more than this version has. */
const supported = runs.filter(
  (run) =>
    run.layers.every(({ batchNorm }) => !batchNorm) &&
    run.optimizer.name in optimizers &&
    !run.l1 &&
    !run.l2 &&
    !run.clipNorm,
);

describe.each(supported)('$name', (run) => {
  const flat = (rows: number[][] | number[]): number[] => (rows as number[][]).flat();
  const rowsOf = (from: number) => ({
    x: Matrix.from(run.x.slice(from, from + run.batchSize)),
    y: Float32Array.from(flat((run.y as number[][]).slice(from, from + run.batchSize))),
  });

  function checkEnd(model: ReturnType<typeof build>): void {
    const weights = model.getWeights();
    for (const [i, { kernel, bias }] of run.final.entries()) {
      const path = i === 0 ? 'dense' : `dense_${i}`;
      expectClose(weights.get(`${path}/kernel`)!.data, kernel.flat(), `${path}/kernel`);
      expectClose(weights.get(`${path}/bias`)!.data, bias, `${path}/bias`);
    }
    const softmax = run.loss === 'softmaxCrossEntropy';
    const expected = softmax ? run.predictions.flatMap((row) => activate('softmax', row)) : run.predictions.flat();
    expectClose(model.predict(Matrix.from(run.x)).data, expected, 'predictions');
  }

  test('step by step', () => {
    const model = build(run);
    const batches = run.x.length / run.batchSize;
    for (let step = 0; step < run.steps; step++) {
      const { x, y } = rowsOf((step % batches) * run.batchSize);
      const { loss } = model.trainOnBatch(x, y);
      expect(Math.abs(loss! / run.losses[step]! - 1), `loss of step ${step}`).toBeLessThan(1e-4);
    }
    checkEnd(model);
    model.dispose();
  });

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
  expect(runs.length).toBe(26);
  expect(supported.length).toBe(18);
});
