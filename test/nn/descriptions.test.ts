// Layers and optimizers are plain frozen objects that survive JSON.
import { expect, test } from 'vitest';
import { activation, adam, dense, Matrix, rescaling, sequential, sgd } from '../../src/index.js';

const layers = [
  rescaling({ scale: 1 / 255, offset: 0.5 }),
  dense({ units: 3, activation: { type: 'leakyRelu', slope: 0.2 }, name: 'first' }),
  dense({ units: 3, useBias: false, kernelInitializer: { type: 'randomNormal', stddev: 0.1 } }),
  activation('softmax'),
];

test('layers and optimizers are frozen, with their defaults written out', () => {
  for (const part of [...layers, adam(), sgd({ momentum: 0.9 })]) expect(Object.isFrozen(part)).toBe(true);
  expect(adam()).toEqual({ type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  expect(sgd()).toEqual({ type: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false });
  expect(rescaling({ scale: 2 })).toEqual({ type: 'rescaling', scale: 2, offset: 0 });
});

test('a model of layers that went through JSON is the same model', () => {
  using one = sequential({ inputs: 4, layers, seed: 5 });
  using other = sequential({ inputs: 4, layers: JSON.parse(JSON.stringify(layers)), seed: 5 });
  expect(other.layers).toEqual(one.layers);
  const x = new Matrix([1, 2, 3, 4], 4);
  expect(other.predict(x).data).toEqual(one.predict(x).data);
});

test('names of weights: layers by type, those without a name numbered from the second on', () => {
  using model = sequential({ inputs: 4, layers: [...layers, dense({ units: 2 })] });
  const weights = ['first/kernel', 'first/bias', 'dense/kernel', 'dense_1/kernel', 'dense_1/bias'];
  expect([...model.getWeights().keys()]).toEqual(weights);
  expect(model.getWeights().get('first/kernel')!.shape).toEqual([4, 3]);
  expect(model.parameterCount).toBe(4 * 3 + 3 + 3 * 3 + 3 * 2 + 2);
});
