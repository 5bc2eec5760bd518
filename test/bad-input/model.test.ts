// The exact messages of building, compiling and setting weights for bad input.
import { batchNormalization, createEngine, dense, dropout, Matrix, sequential } from '../../src/index.js';
import { any, checkMessages } from './check.js';
import { losses, metrics, optimizers } from './names.js';

const small = () => sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })] });
const deep = () => {
  const fixed = batchNormalization({ trainable: false });
  return sequential({ inputs: 2, layers: [fixed, dense({ units: 3 }), dropout({ rate: 0.5 }), dense({ units: 1 })] });
};
const ready = () => small().compile({ loss: 'categoricalCrossentropy' });
const x = new Matrix([1, 2, 3, 4], 2);

checkMessages([
  [
    () => sequential({ inputs: 0, layers: [dense({ units: 1 })] }),
    'SimdenseError [ARGUMENT]: sequential(inputs): expected a positive integer, got 0',
  ],
  [
    () => sequential({ inputs: 2, layers: [] }),
    'SimdenseError [ARGUMENT]: sequential(layers): expected an array of at least one layer, got an array of 0',
  ],
  [
    () => sequential({ inputs: 2, layers: [any({ type: 'conv2d' })] }),
    'SimdenseError [ARGUMENT]: sequential(layers[0]): expected a layer such as dense({ units: 10 }), its type one of dense, activation, rescaling, batchNormalization, layerNormalization, prelu, dropout, gaussianNoise, got "conv2d"',
  ],
  [
    () => sequential({ inputs: 2, layers: [any({ type: 'layerNorm' })] }),
    'SimdenseError [ARGUMENT]: sequential(layers[0]): expected a layer such as dense({ units: 10 }), its type one of dense, activation, rescaling, batchNormalization, layerNormalization, prelu, dropout, gaussianNoise, got "layerNorm"; did you mean layerNormalization?',
  ],
  [
    () => sequential({ inputs: 2, layers: [dense({ units: 1 }), { type: 'layerNormalization', epsilon: 1e-5 }] }),
    'SimdenseError [ARGUMENT]: layerNormalization: 1 column always becomes 0; use batchNormalization',
  ],
  [
    () => sequential({ inputs: 2, layers: [any(3)] }),
    'SimdenseError [ARGUMENT]: sequential(layers[0]): expected a layer such as dense({ units: 10 }), its type one of dense, activation, rescaling, batchNormalization, layerNormalization, prelu, dropout, gaussianNoise, got 3',
  ],
  [
    () => sequential({ inputs: 2, layers: [dense({ units: 1 })], seed: -1 }),
    'SimdenseError [ARGUMENT]: sequential(seed): expected a whole number from 0 up, got -1',
  ],
  [
    () => sequential({ inputs: 2, layers: [dense({ units: 1, name: 'a' }), dense({ units: 1, name: 'a' })] }),
    'SimdenseError [ARGUMENT]: sequential(layers): two layers are named "a"',
  ],
  [
    () => sequential({ inputs: 2, layers: [dense({ units: 1 })], engine: any({}) }),
    'SimdenseError [ARGUMENT]: sequential(engine): expected an Engine, got an Object',
  ],
  [
    () => sequential({ inputs: 1e5, layers: [dense({ units: 1e5 })] }),
    'SimdenseError [OUT_OF_MEMORY]: engine: cannot allocate 40000400000 bytes; 0 are in use: WebAssembly memory ends at 4 GiB',
  ],
  [
    () => small().compile(any(undefined)),
    `SimdenseError [ARGUMENT]: compile(loss): expected one of ${losses}, got undefined`,
  ],
  [
    () => small().compile({ loss: any({ compute() {} }) }),
    'SimdenseError [ARGUMENT]: compile(loss): name: expected a name beside compute, got undefined',
  ],
  [
    () => small().compile({ loss: any('squares') }),
    `SimdenseError [ARGUMENT]: compile(loss): expected one of ${losses}, got "squares"`,
  ],
  [
    () => small().compile({ loss: 'huber', optimizer: 'adamm' }),
    `SimdenseError [ARGUMENT]: compile(optimizer): expected an optimizer such as adam(), or one of ${optimizers}, got "adamm"; did you mean adam?`,
  ],
  [
    () => small().compile({ loss: 'huber', metrics: any(['score']) }),
    `SimdenseError [ARGUMENT]: compile(metrics[0]): expected one of ${metrics}, got "score"`,
  ],
  [
    () => small().compile({ loss: 'huber', metrics: any('accuracy') }),
    'SimdenseError [ARGUMENT]: compile(metrics): expected an array, got "accuracy"',
  ],
  [
    () => small().compile({ loss: 'huber', layerRates: any([0]) }),
    'SimdenseError [ARGUMENT]: compile(layerRates): expected factors by layer, such as { dense: 0 }, got an array of 1',
  ],
  [
    () => deep().compile({ loss: 'huber', layerRates: { dense1: 0 } }),
    'SimdenseError [ARGUMENT]: compile(layerRates): "dense1" is no layer; those to train are dense, dense_1; did you mean dense_1?',
  ],
  [
    () => deep().compile({ loss: 'huber', layerRates: { toString: 0 } }),
    'SimdenseError [ARGUMENT]: compile(layerRates): "toString" is no layer; those to train are dense, dense_1',
  ],
  [
    () => deep().compile({ loss: 'huber', layerRates: { dropout: 0 } }),
    'SimdenseError [ARGUMENT]: compile(layerRates): "dropout" has nothing to train; those to train are dense, dense_1',
  ],
  [
    () => deep().compile({ loss: 'huber', layerRates: { batchNormalization: 0 } }),
    'SimdenseError [ARGUMENT]: compile(layerRates): "batchNormalization" has nothing to train; those to train are dense, dense_1',
  ],
  [
    () => deep().compile({ loss: 'huber', layerRates: { dense: -1 } }),
    'SimdenseError [ARGUMENT]: compile(layerRates.dense): expected a number from 0 up, got -1',
  ],
  [
    () => deep().compile({ loss: 'huber', layerRates: { dense_1: Number.NaN } }),
    'SimdenseError [ARGUMENT]: compile(layerRates.dense_1): expected a number from 0 up, got NaN',
  ],
  [
    () => deep().compile({ loss: 'huber', layerRates: { dense: 0, dense_1: 0 } }),
    'SimdenseError [ARGUMENT]: compile(layerRates): nothing would learn; leave a layer above 0',
  ],
  [
    () => deep().compile({ loss: 'huber', layerRates: { dense: any('0') } }),
    'SimdenseError [ARGUMENT]: compile(layerRates.dense): expected a number from 0 up, got "0"',
  ],
  [
    () => batchNormalization({ trainable: any(0) }),
    'SimdenseError [ARGUMENT]: batchNormalization(trainable): expected true or false, got 0',
  ],
  [
    () => sequential({ inputs: 2, layers: [dense({ units: 1 })] }).compile({ loss: 'categoricalCrossentropy' }),
    'SimdenseError [ARGUMENT]: compile(loss): categoricalCrossentropy needs 2 outputs or more; for 1 use binaryCrossentropy',
  ],
  [
    () => small().setWeights(any({})),
    'SimdenseError [ARGUMENT]: setWeights: expected a Map by name, as getWeights returns',
  ],
  [() => small().setWeights(new Map()), 'SimdenseError [ARGUMENT]: setWeights: "dense/kernel" is missing'],
  [
    () =>
      small().setWeights(new Map(small().getWeights()).set('dense/gamma', { shape: [3], data: new Float32Array(3) })),
    'SimdenseError [ARGUMENT]: setWeights: the model has no "dense/gamma"; it has dense/kernel, dense/bias',
  ],
  [
    () =>
      small().setWeights(new Map(small().getWeights()).set('dense/bias', { shape: [4], data: new Float32Array(4) })),
    `SimdenseError [SHAPE]: setWeights: "dense/bias" is 4, the model's is 3`,
  ],
  [
    () =>
      small().setWeights(new Map(small().getWeights()).set('dense/bias', { shape: [3], data: new Float32Array(4) })),
    'SimdenseError [SHAPE]: setWeights: "dense/bias" needs a Float32Array of 3 numbers, got 4',
  ],
  [
    () =>
      small().setWeights(
        new Map(small().getWeights()).set('dense/bias', { shape: [3], data: Float32Array.of(0, Number.NaN, 0) }),
      ),
    'SimdenseError [DATA]: setWeights: "dense/bias"[1] is NaN',
  ],
  [
    () => small().clone({ seed: 1.5 }),
    'SimdenseError [ARGUMENT]: sequential(seed): expected a whole number from 0 up, got 1.5',
  ],
  [
    () => {
      const m = small();
      m.dispose();
      m.predict(x);
    },
    'SimdenseError [DISPOSED]: predict: the model has been disposed',
  ],
  [
    () => {
      const m = ready();
      m.dispose();
      return m.fit(x, [0, 1]);
    },
    'SimdenseError [DISPOSED]: fit: the model has been disposed',
  ],
  [
    () => createEngine(any({ thread: 2 })),
    'SimdenseError [ARGUMENT]: createEngine: unknown option "thread"; known are threads, relaxed, wide, module, maxMemory; did you mean threads?',
  ],
  [
    () => createEngine(any('fast')),
    'SimdenseError [ARGUMENT]: createEngine: expected options such as { threads: 2 }, or \'fastest\', got "fast"',
  ],
  [() => createEngine({ threads: 65 }), 'SimdenseError [ARGUMENT]: createEngine(threads): expected at most 64, got 65'],
  [
    () => createEngine({ maxMemory: -1 }),
    'SimdenseError [ARGUMENT]: createEngine(maxMemory): expected a positive integer, got -1',
  ],
]);
