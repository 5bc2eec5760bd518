// findLearningRate and checkGradients.
import { describe, expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { checkGradients, findLearningRate, gradientsOf } from '../../src/diagnose/index.js';
import {
  activation,
  adam,
  batchNormalization,
  type CustomLoss,
  dense,
  dropout,
  type Layer,
  type Loss,
  layerNormalization,
  prelu,
  rescaling,
  sequential,
  sgd,
} from '../../src/index.js';
import { weightsHash } from '../helpers/models.js';

const { x, y } = readDigits();
const sixteenth = rescaling({ scale: 1 / 16 });
const ten = dense({ units: 10, activation: 'softmax' });
const relu = (units: number) => dense({ units, activation: 'relu' });

describe('findLearningRate', () => {
  const model = (optimizer = adam()) =>
    sequential({ inputs: 64, layers: [sixteenth, relu(32), ten], seed: 2 }).compile({
      loss: 'categoricalCrossentropy',
      optimizer,
    });

  test.each([
    ['adam', adam(), 1e-3, 0.1],
    ['sgd', sgd(), 0.01, 2],
  ])('%s: within what trains well, and training with it does', async (_, optimizer, least, most) => {
    using m = model(optimizer as never);
    const before = weightsHash(m);
    const { rates, losses, suggestion } = await findLearningRate(m, x, y);
    expect(weightsHash(m)).toBe(before);
    expect(rates.length).toBe(losses.length);
    expect([rates[0], rates.length <= 100]).toEqual([1e-6, true]);
    expect(suggestion).toBeGreaterThan(least);
    expect(suggestion).toBeLessThan(most);
    const trained = async (learningRate: number) => {
      using copy = m.clone();
      copy.compile({
        loss: 'categoricalCrossentropy',
        optimizer: optimizer.type === 'sgd' ? sgd({ learningRate }) : adam({ learningRate }),
      });
      const { epochs } = await copy.fit(x, y, { epochs: 5 });
      return epochs[4]?.['loss'] as number;
    };
    // A hundredth of it learns far less.
    expect(await trained(suggestion)).toBeLessThan(0.5 * (await trained(suggestion / 100)));
  });

  test('again the same; any form of targets', async () => {
    using m = model();
    const rows = Int32Array.from({ length: 200 }, (_, i) => i);
    const [few, labels] = [x.select(rows), y.subarray(0, 200)];
    const hot = Array.from(labels, (label) => Array.from({ length: 10 }, (_, i) => Number(i === label)));
    const first = await findLearningRate(m, few, labels, { steps: 40 });
    expect(await findLearningRate(m, few, labels, { steps: 40 })).toEqual(first);
    expect(await findLearningRate(m, few, hot, { steps: 40 })).toEqual(first);
    expect(await findLearningRate(m, few, hot.flat(), { steps: 40 })).toEqual(first);
  });

  test('a signal ends it', async () => {
    using m = model();
    await expect(findLearningRate(m, x, y, { signal: AbortSignal.abort('at once') })).rejects.toBe('at once');
    const ending = new AbortController();
    const running = findLearningRate(m, x, y, { from: 1e-6, to: 1e-5, steps: 100_000, signal: ending.signal });
    setTimeout(() => ending.abort('enough'), 5);
    await expect(running).rejects.toBe('enough');
    await expect(findLearningRate(m, x, y, { signal: {} as never })).rejects.toThrow(
      'findLearningRate(signal): expected an AbortSignal, got an Object',
    );
  });

  test('bad input', async () => {
    using m = model();
    await expect(findLearningRate(m, x, y, { from: 1, to: 1 })).rejects.toThrow(
      'findLearningRate(to): 1 is not above from, 1',
    );
    await expect(findLearningRate(m, x, y, { steps: 9 })).rejects.toThrow('expected 10 or more, got 9');
    await expect(findLearningRate(m, x, y.subarray(1))).rejects.toThrow(
      'findLearningRate: x has 1797 rows, y has 1796',
    );
    const raw = sequential({ inputs: 64, layers: [ten] });
    await expect(findLearningRate(raw, x, y)).rejects.toThrow('findLearningRate: call compile({ loss }) first');
  });
});

describe('checkGradients', () => {
  const rows = x.select(Int32Array.from({ length: 24 }, (_, i) => i));
  const labels = y.subarray(0, 24);
  const check = (
    layers: Layer[],
    loss: Loss = 'categoricalCrossentropy',
    targets: Int32Array | number[][] = labels,
  ) => {
    using m = sequential({ inputs: 64, layers: [sixteenth, ...layers], seed: 3 }).compile({ loss });
    const before = weightsHash(m);
    const result = checkGradients(m, rows, targets);
    expect(weightsHash(m)).toBe(before);
    return result;
  };
  const pairs = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(i)]);
  const two = dense({ units: 2 });

  test.each([
    ['relu', [relu(16), ten]],
    ['tanh', [dense({ units: 16, activation: 'tanh' }), ten]],
    ['gelu and l2', [dense({ units: 16, activation: 'gelu', kernelRegularizer: { l2: 0.01 } }), ten]],
    ['batch norm', [dense({ units: 16 }), batchNormalization(), activation('silu'), ten]],
    ['prelu', [dense({ units: 16 }), prelu(), dense({ units: 16, activation: 'softsign' }), prelu(), ten]],
    ['layer norm', [dense({ units: 16 }), layerNormalization(), activation('silu'), ten]],
    ['dropout', [dense({ units: 16, activation: 'elu' }), dropout({ rate: 0.5 }), ten]],
  ] as [string, Layer[]][])("%s: the kernels' own are right", (_, layers) => {
    expect(check(layers).largestRelativeError).toBeLessThan(0.02);
  });

  test.each(['meanSquaredError', 'huber', 'logCosh', 'meanAbsoluteError'] as const)('%s', (loss) => {
    expect(check([dense({ units: 8, activation: 'softplus' }), two], loss, pairs).largestRelativeError).toBeLessThan(
      0.02,
    );
  });

  const squares = (slope: number): CustomLoss => ({
    name: 'squares',
    compute(target, predicted, gradient, count) {
      let sum = 0;
      for (const [i, p] of predicted.entries()) {
        const e = p - (target[i] as number);
        sum += e * e;
        gradient[i] = (slope * e) / count;
      }
      return sum / count;
    },
  });

  test('a custom loss: right, and with a wrong derivative, whose place is named', () => {
    const layers = [dense({ units: 8, activation: 'tanh' }), two];
    expect(check(layers, squares(2), pairs).largestRelativeError).toBeLessThan(0.02);
    const { largestRelativeError, worst } = check(layers, squares(1), pairs);
    expect(largestRelativeError).toBeCloseTo(0.5, 1);
    expect(worst).toMatch(/^dense(_1)?\/(kernel|bias)\[\d+\]$/);
  });

  test('before compile', () => {
    expect(() => checkGradients(sequential({ inputs: 64, layers: [ten] }), rows, labels)).toThrow(
      'checkGradients: call compile({ loss }) first',
    );
  });
});

test('gradientsOf: what sgd moved the weights by', async () => {
  using m = sequential({ inputs: 64, layers: [sixteenth, relu(8), ten], seed: 1 }).compile({
    loss: 'categoricalCrossentropy',
    optimizer: sgd({ learningRate: 0.5 }),
  });
  expect(() => gradientsOf(m)).toThrow('gradientsOf: the model has not been trained; there are none yet');
  const before = m.getWeights();
  m.trainOnBatch(x, y);
  const after = m.getWeights();
  for (const [path, { shape, data }] of gradientsOf(m)) {
    expect(shape).toEqual(after.get(path)?.shape);
    const [old, now] = [before.get(path)?.data, after.get(path)?.data] as [Float32Array, Float32Array];
    for (const [i, g] of data.entries()) expect((now[i] as number) - (old[i] as number)).toBeCloseTo(-0.5 * g, 5);
  }
});
