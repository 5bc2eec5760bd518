// The exact messages of schedules, callbacks, regularization and the like for bad input.
import { jitter, mixup, rotateImage, shiftImage } from '../../src/data/index.js';
import {
  adagrad,
  adam,
  adamw,
  batchNormalization,
  checkpoint,
  dense,
  dropout,
  earlyStopping,
  gaussianNoise,
  layerNormalization,
  lion,
  Matrix,
  prelu,
  reduceOnPlateau,
  rmsprop,
  sequential,
  sgd,
} from '../../src/index.js';
import { any, checkMessages, missing } from './check.js';
import { losses } from './names.js';

const small = () => sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })] });
const ready = () => small().compile({ loss: 'categoricalCrossentropy' });
const normed = () =>
  sequential({ inputs: 2, layers: [dense({ units: 3 }), batchNormalization()] }).compile({ loss: 'huber' });
const x = new Matrix([1, 2, 3, 4], 2);

checkMessages([
  [() => dropout({ rate: 1 }), 'SimdenseError [ARGUMENT]: dropout(rate): expected a number from 0 to below 1, got 1'],
  [
    () => dropout(any(undefined)),
    'SimdenseError [ARGUMENT]: dropout(rate): expected a number from 0 to below 1, got undefined',
  ],
  [
    () => gaussianNoise({ stddev: 0 }),
    'SimdenseError [ARGUMENT]: gaussianNoise(stddev): expected a positive number, got 0',
  ],
  [
    () => batchNormalization({ momentum: 1.5 }),
    'SimdenseError [ARGUMENT]: batchNormalization(momentum): expected a number from 0 to below 1, got 1.5',
  ],
  [
    () => batchNormalization({ epsilon: 0 }),
    'SimdenseError [ARGUMENT]: batchNormalization(epsilon): expected a positive number, got 0',
  ],
  [
    () => layerNormalization({ epsilon: 0 }),
    'SimdenseError [ARGUMENT]: layerNormalization(epsilon): expected a positive number, got 0',
  ],
  [
    () => layerNormalization({ name: 'a/b' }),
    'SimdenseError [ARGUMENT]: layerNormalization(name): expected a name without a slash, got "a/b"',
  ],
  [
    () => prelu({ alphaInitializer: any(0.25) }),
    'SimdenseError [ARGUMENT]: prelu(alphaInitializer): expected one of zeros, ones, glorotUniform, glorotNormal, heUniform, heNormal, lecunNormal, orthogonal, or an object with type, got 0.25',
  ],
  [() => prelu({ name: 'a/b' }), 'SimdenseError [ARGUMENT]: prelu(name): expected a name without a slash, got "a/b"'],
  [
    () => prelu(any({ slope: 1 })),
    'SimdenseError [ARGUMENT]: prelu: unknown option "slope"; known are alphaInitializer, name',
  ],
  [
    () => dense({ units: 2, kernelRegularizer: { l1: -1 } }),
    'SimdenseError [ARGUMENT]: dense(kernelRegularizer): l1: expected a number from 0 up, got -1',
  ],
  [
    () => dense({ units: 2, biasRegularizer: any({ l3: 1 }) }),
    'SimdenseError [ARGUMENT]: dense(biasRegularizer): unknown option "l3"; known are l1, l2',
  ],
  [
    () => adamw({ weightDecay: -0.1 }),
    'SimdenseError [ARGUMENT]: adamw(weightDecay): expected a number from 0 up, got -0.1',
  ],
  [() => rmsprop({ rho: 1 }), 'SimdenseError [ARGUMENT]: rmsprop(rho): expected a number from 0 to below 1, got 1'],
  [() => adagrad({ epsilon: 0 }), 'SimdenseError [ARGUMENT]: adagrad(epsilon): expected a positive number, got 0'],
  [() => lion({ beta2: 1 }), 'SimdenseError [ARGUMENT]: lion(beta2): expected a number from 0 to below 1, got 1'],
  [
    () => lion({ weightDecay: -0.1 }),
    'SimdenseError [ARGUMENT]: lion(weightDecay): expected a number from 0 up, got -0.1',
  ],
  [() => sgd({ clipNorm: 0 }), 'SimdenseError [ARGUMENT]: sgd(clipNorm): expected a positive number, got 0'],
  [
    () => adam({ clipValue: Number.NaN }),
    'SimdenseError [ARGUMENT]: adam(clipValue): expected a positive number, got NaN',
  ],
  [
    () => adam({ learningRate: any({ type: 'linear' }) }),
    'SimdenseError [ARGUMENT]: adam(learningRate): type: expected one of step, exponential, cosine, piecewise, got "linear"',
  ],
  [
    () => adam({ learningRate: { type: 'step', initial: 0.1, every: 0, factor: 0.5 } }),
    'SimdenseError [ARGUMENT]: adam(learningRate): every: expected a positive integer, got 0',
  ],
  [
    () => adam({ learningRate: { type: 'cosine', initial: 0.1, steps: 10, warmup: 10 } }),
    'SimdenseError [ARGUMENT]: adam(learningRate): warmup: expected fewer than the 10 steps, got 10',
  ],
  [
    () => adam({ learningRate: { type: 'piecewise', boundaries: [5], values: [0.1] } }),
    'SimdenseError [ARGUMENT]: adam(learningRate): needs one more value than boundaries',
  ],
  [
    () => adam({ learningRate: { type: 'piecewise', boundaries: [5, 3], values: [0.1, 0.2, 0.3] } }),
    'SimdenseError [ARGUMENT]: adam(learningRate): boundaries must rise',
  ],
  [
    () => adam({ learningRate: { type: 'exponential', initial: 0.1, decay: 0 } }),
    'SimdenseError [ARGUMENT]: adam(learningRate): decay: expected a positive number, got 0',
  ],
  [
    () => earlyStopping({ patience: -1 }),
    'SimdenseError [ARGUMENT]: earlyStopping(patience): expected a whole number from 0 up, got -1',
  ],
  [
    () => earlyStopping({ mode: any('less') }),
    'SimdenseError [ARGUMENT]: earlyStopping(mode): expected one of min, max, got "less"',
  ],
  [
    () => reduceOnPlateau({ factor: 1 }),
    'SimdenseError [ARGUMENT]: reduceOnPlateau(factor): expected a number from 0 to below 1, got 1',
  ],
  [
    () => checkpoint(any('file')),
    'SimdenseError [ARGUMENT]: checkpoint(save): expected a function that takes bytes, got "file"',
  ],
  [
    () => checkpoint(() => {}, { every: 0 }),
    'SimdenseError [ARGUMENT]: checkpoint(every): expected a positive integer, got 0',
  ],
  [() => jitter({ stddev: 0 }), 'SimdenseError [ARGUMENT]: jitter(stddev): expected a positive number, got 0'],
  [
    () => shiftImage({ width: 8, height: 0, max: 1 }),
    'SimdenseError [ARGUMENT]: shiftImage(height): expected a positive integer, got 0',
  ],
  [
    () => shiftImage({ width: 8, height: 8, max: -1 }),
    'SimdenseError [ARGUMENT]: shiftImage(max): expected a whole number from 0 up, got -1',
  ],
  [
    () => rotateImage({ width: 8, height: 8, degrees: 181 }),
    'SimdenseError [ARGUMENT]: rotateImage(degrees): expected at most 180, got 181',
  ],
  [() => mixup({ alpha: 5 }), 'SimdenseError [ARGUMENT]: mixup(alpha): expected at most 4, got 5'],
  [
    () => ready().fit(x, [0, 1], { augment: any({}) }),
    'SimdenseError [ARGUMENT]: fit(augment): expected at most 32 augmentations, got an Object',
  ],
  [
    () => ready().fit(x, [0, 1], { augment: any(['flip']) }),
    'SimdenseError [ARGUMENT]: fit(augment[0]): expected an augmentation (jitter, shiftImage, rotateImage, mixup), such as jitter({ stddev: 0.1 }), got "flip"',
  ],
  [
    () => ready().fit(x, [0, 1], { classWeight: any('even') }),
    `SimdenseError [ARGUMENT]: fit(classWeight): expected weights by class, or 'balanced', got "even"`,
  ],
  [
    () => ready().fit(x, [0, 1], { classWeight: { 3: 1 } }),
    'SimdenseError [DATA]: fit(classWeight): no class 3 among 0 to 2',
  ],
  [
    () => ready().fit(x, [0, 1], { classWeight: { 0: -1 } }),
    'SimdenseError [ARGUMENT]: fit(classWeight[0]): expected a positive number, got -1',
  ],
  [() => ready().fit(x, [0, 1], { sampleWeight: [1] }), 'SimdenseError [SHAPE]: fit: x has 2 rows, sampleWeight has 1'],
  [
    () => ready().fit(x, [0, 1], { sampleWeight: [1, Number.NaN] }),
    `SimdenseError [DATA]: fit: sampleWeight is NaN in row 1${missing}`,
  ],
  [
    () => ready().fit(x, [0, 1], { sampleWeight: any('1') }),
    'SimdenseError [ARGUMENT]: fit(sampleWeight): expected a number for each row, got "1"',
  ],
  [
    () =>
      normed().fit(
        x,
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        { batchSize: 1 },
      ),
    'SimdenseError [ARGUMENT]: fit(batchSize): batchNormalization needs 2 rows or more in each batch, this one has 1',
  ],
  [
    () => normed().trainOnBatch([1, 2], [[1, 2, 3]]),
    'SimdenseError [ARGUMENT]: trainOnBatch: batchNormalization needs 2 rows or more in each batch, this one has 1',
  ],
  [
    () => small().save(any({ optimiser: true })),
    'SimdenseError [ARGUMENT]: save: unknown option "optimiser"; known are optimizer; did you mean optimizer?',
  ],
  [
    () => small().compile({ loss: any({ name: 'mine' }) }),
    `SimdenseError [ARGUMENT]: compile(loss): expected one of ${losses}, got an Object`,
  ],
  [
    () => small().compile({ loss: 'huber', metrics: [any({ compute() {} })] }),
    'SimdenseError [ARGUMENT]: compile(metrics[0]): name: expected a name beside compute, got undefined',
  ],
]);
