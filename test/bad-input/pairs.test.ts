// The exact messages for options that do not go together, names from other libraries, and class weights without classes.
import { describe } from 'vitest';
import {
  type Activation,
  type CompileOptions,
  dense,
  dropout,
  Matrix,
  type Numbers,
  rescaling,
  sequential,
} from '../../src/index.js';
import { any, checkMessages } from './check.js';
import { activations, losses, metrics, optimizers } from './names.js';

const x = new Matrix([1, 2, 3, 4], 2);
const build = (units: number, activation: Activation, loss: string, metrics: string[] = []) =>
  sequential({ inputs: 2, layers: [dense({ units, activation })] }).compile({ loss, metrics } as CompileOptions);

describe('first-contact row 40: a loss and the last activation', () => {
  checkMessages([
    [
      () => build(1, 'linear', 'binaryCrossentropy'),
      "SimdenseError [ARGUMENT]: compile(loss): binaryCrossentropy takes probabilities: give the last layer activation 'sigmoid' (now 'linear')",
    ],
    [
      () => build(1, 'relu', 'binaryCrossentropy'),
      "SimdenseError [ARGUMENT]: compile(loss): binaryCrossentropy takes probabilities: give the last layer activation 'sigmoid' (now 'relu')",
    ],
    [
      () => build(3, 'tanh', 'categoricalCrossentropy'),
      "SimdenseError [ARGUMENT]: compile(loss): categoricalCrossentropy takes probabilities: give the last layer activation 'softmax' (now 'tanh')",
    ],
    [
      () => build(3, 'sigmoid', 'categoricalCrossentropy'),
      "SimdenseError [ARGUMENT]: compile(loss): categoricalCrossentropy takes probabilities: give the last layer activation 'softmax' (now 'sigmoid'), or use binaryCrossentropy",
    ],
    [
      () => build(10, 'softmax', 'binaryCrossentropy', ['accuracy']),
      "SimdenseError [ARGUMENT]: compile(loss): binaryCrossentropy takes probabilities: give the last layer activation 'sigmoid' (now 'softmax'), or use categoricalCrossentropy",
    ],
    [
      () => build(3, 'logSoftmax', 'binaryCrossentropy'),
      "SimdenseError [ARGUMENT]: compile(loss): binaryCrossentropy takes probabilities: give the last layer activation 'sigmoid' (now 'logSoftmax'), or use categoricalCrossentropy",
    ],
    [
      () => build(1, 'logSoftmax', 'meanSquaredError'),
      "SimdenseError [ARGUMENT]: compile(loss): a softmax of 1 output is always 1: use 'sigmoid' with binaryCrossentropy, or 'linear' for a regression",
    ],
    [
      () => build(1, 'softmax', 'meanSquaredError'),
      "SimdenseError [ARGUMENT]: compile(loss): a softmax of 1 output is always 1: use 'sigmoid' with binaryCrossentropy, or 'linear' for a regression",
    ],
    [
      () =>
        sequential({ inputs: 2, layers: [dense({ units: 1, activation: 'sigmoid' }), dropout({ rate: 0.5 })] }).compile(
          { loss: 'binaryCrossentropy' },
        ),
      "SimdenseError [ARGUMENT]: compile(loss): binaryCrossentropy takes probabilities: give the last layer activation 'sigmoid' (now 'sigmoid, then dropout')",
    ],
  ]);
});

describe('first-contact row 40: targets that the outputs cannot reach', () => {
  const rows = (units: number, activation: Activation, loss: string, y: Numbers[], metrics?: string[]) => () =>
    build(units, activation, loss, metrics).fit(x, y);
  checkMessages([
    [
      rows(1, 'sigmoid', 'meanSquaredError', [[0], [16000]]),
      "SimdenseError [DATA]: fit: y is 16000 in row 1, column 0, but 'sigmoid' in the last layer gives numbers from 0 to 1: for other numbers use 'linear' with meanSquaredError; for classes by number use 'softmax' with categoricalCrossentropy",
    ],
    [
      rows(2, 'relu', 'huber', [
        [1, 2],
        [3, -4],
      ]),
      "SimdenseError [DATA]: fit: y is -4 in row 1, column 1, but 'relu' in the last layer gives numbers from 0 up: for other numbers use 'linear' with meanSquaredError",
    ],
    [
      () => build(1, 'silu', 'meanAbsoluteError').trainOnBatch(x, [[0], [-1]]),
      "SimdenseError [DATA]: trainOnBatch: y is -1 in row 1, column 0, but 'silu' in the last layer gives numbers from -0.2785 up: for other numbers use 'linear' with meanSquaredError; for classes by number use 'softmax' with categoricalCrossentropy",
    ],
    [
      rows(2, 'logSoftmax', 'huber', [
        [-1, -2],
        [-3, 4],
      ]),
      "SimdenseError [DATA]: fit: y is 4 in row 1, column 1, but 'logSoftmax' in the last layer gives numbers up to 0: for other numbers use 'linear' with meanSquaredError",
    ],
    [
      () => build(1, 'tanh', 'huber').evaluate(x, [[0.5], [2]]),
      "SimdenseError [DATA]: evaluate: y is 2 in row 1, column 0, but 'tanh' in the last layer gives numbers from -1 to 1: for other numbers use 'linear' with meanSquaredError; for classes by number use 'softmax' with categoricalCrossentropy",
    ],
    [
      () => build(1, 'sigmoid', 'binaryCrossentropy').fit(x, [[0], [1]], { validationData: [x, [[1], [-1]]] }),
      "SimdenseError [DATA]: fit: validation y is -1 in row 1, column 0, but binaryCrossentropy takes targets from 0 to 1: for other numbers use 'linear' with meanSquaredError; for classes by number use 'softmax' with categoricalCrossentropy",
    ],
    [
      () =>
        build(1, 'sigmoid', 'huber').fit(
          (async function* () {
            yield [x, [[0], [7]]] as const;
          })() as never,
        ),
      "SimdenseError [DATA]: fit: y is 7 in row 1, column 0, but 'sigmoid' in the last layer gives numbers from 0 to 1: for other numbers use 'linear' with meanSquaredError; for classes by number use 'softmax' with categoricalCrossentropy",
    ],
    [
      () =>
        sequential({
          inputs: 2,
          layers: [dense({ units: 2, activation: 'sigmoid' }), rescaling({ scale: 0.5 })],
        })
          .compile({ loss: 'meanSquaredError' })
          .fit(x, [0, 1]),
      "SimdenseError [DATA]: fit: y: class indices are 0 and 1 for each output, but 'sigmoid, then rescaling' in the last layer gives numbers from 0 to 0.5: for other numbers use 'linear' with meanSquaredError",
    ],
    [
      rows(3, 'softmax', 'categoricalCrossentropy', [
        [0, 0, 1],
        [1, 0, 1],
      ]),
      "SimdenseError [DATA]: fit: y adds up to 2 in row 1, but a softmax to 1: for several labels a row use 'sigmoid' with binaryCrossentropy",
    ],
  ]);
});

describe('first-contact row 41: metrics', () => {
  checkMessages([
    [
      () => build(1, 'linear', 'meanSquaredError', ['r2', 'accuracy']),
      "SimdenseError [ARGUMENT]: compile(metrics[1]): accuracy counts classes: give the last layer activation 'softmax' or 'sigmoid' (now 'linear'); for numbers use meanAbsoluteError or r2",
    ],
    [
      () => build(1, 'tanh', 'meanSquaredError', ['auc']),
      "SimdenseError [ARGUMENT]: compile(metrics[0]): auc counts classes: give the last layer activation 'softmax' or 'sigmoid' (now 'tanh'); for numbers use meanAbsoluteError or r2",
    ],
    [
      () => build(3, 'softmax', 'categoricalCrossentropy', ['topKAccuracy']),
      'SimdenseError [ARGUMENT]: compile(metrics[0]): topKAccuracy looks at the 5 largest outputs, so it is always 1 for 3; use accuracy',
    ],
    [
      () =>
        build(3, 'sigmoid', 'meanSquaredError', ['f1']).fit(x, [
          [0, 0, 1],
          [1, 0, 1],
        ]),
      'SimdenseError [DATA]: fit: y is 1 in 2 columns in row 1, but f1 takes one class a row: for several labels a row use accuracy with binaryCrossentropy',
    ],
    [
      () =>
        build(6, 'sigmoid', 'binaryCrossentropy', ['topKAccuracy']).fit(x, [
          [0, 0, 1, 0, 0, 0],
          [0, 0, 0, 0, 0, 0],
        ]),
      'SimdenseError [DATA]: fit: y is 1 in 0 columns in row 1, but topKAccuracy takes one class a row: for several labels a row use accuracy with binaryCrossentropy',
    ],
    [
      () =>
        build(1, 'sigmoid', 'huber', ['accuracy']).fit(
          x,
          [[0], [0.7]].map((row) => row.map(Math.fround)),
        ),
      'SimdenseError [DATA]: fit: y is 0.699999988079071 in row 1, but accuracy takes 0 or 1: for other numbers use meanAbsoluteError or r2',
    ],
  ]);
});

describe('first-contact row 46: names of other libraries', () => {
  checkMessages([
    [
      () => build(1, 'linear', 'mse'),
      `SimdenseError [ARGUMENT]: compile(loss): expected one of ${losses}, got "mse"; did you mean meanSquaredError?`,
    ],
    [
      () => build(3, 'softmax', 'sparse_categorical_crossentropy'),
      `SimdenseError [ARGUMENT]: compile(loss): expected one of ${losses}, got "sparse_categorical_crossentropy"; did you mean categoricalCrossentropy?`,
    ],
    [
      () => build(1, 'linear', 'huber', ['MAE']),
      `SimdenseError [ARGUMENT]: compile(metrics[0]): expected one of ${metrics}, got "MAE"; did you mean meanAbsoluteError?`,
    ],
    [
      () => dense({ units: 1, activation: any('ReLU') }),
      `SimdenseError [ARGUMENT]: dense(activation): expected one of ${activations}, got "ReLU"; did you mean relu?`,
    ],
    [
      () => dense({ units: 1, activation: any('swish') }),
      `SimdenseError [ARGUMENT]: dense(activation): expected one of ${activations}, got "swish"; did you mean silu?`,
    ],
    [
      () => build(1, 'linear', 'huber').compile({ loss: 'huber', optimizer: 'AdamW' }),
      `SimdenseError [ARGUMENT]: compile(optimizer): expected an optimizer such as adam(), or one of ${optimizers}, got "AdamW"; did you mean adamw?`,
    ],
  ]);
});

describe('first-contact row 29: classWeight', () => {
  const weighed =
    (units: number, activation: Activation, loss: string, y: Numbers[] | number[], classWeight: unknown) => () =>
      build(units, activation, loss).fit(x, y, { classWeight: any(classWeight) });
  checkMessages([
    [
      weighed(1, 'linear', 'meanSquaredError', [[0.2], [3]], 'balanced'),
      'SimdenseError [ARGUMENT]: fit(classWeight): a regression has no classes; use sampleWeight',
    ],
    [
      weighed(1, 'tanh', 'meanSquaredError', [[-1], [1]], { 1: 2 }),
      'SimdenseError [ARGUMENT]: fit(classWeight): a regression has no classes; use sampleWeight',
    ],
    [
      weighed(1, 'sigmoid', 'meanSquaredError', [[0], [0.5]], { 1: 2 }),
      'SimdenseError [DATA]: fit(classWeight): y is 0.5 in row 1, not one class a row; use sampleWeight',
    ],
    [
      weighed(
        3,
        'sigmoid',
        'binaryCrossentropy',
        [
          [0, 1, 0],
          [1, 1, 0],
        ],
        { 1: 2 },
      ),
      'SimdenseError [DATA]: fit(classWeight): y is 1 in 2 columns in row 1, not one class a row; use sampleWeight',
    ],
    [
      weighed(3, 'softmax', 'categoricalCrossentropy', [0, 1], { '1.0': 2 }),
      'SimdenseError [DATA]: fit(classWeight): no class 1.0 among 0 to 2',
    ],
    [
      weighed(3, 'softmax', 'categoricalCrossentropy', [0, 1], { '': 2 }),
      'SimdenseError [DATA]: fit(classWeight): no class "" among 0 to 2',
    ],
  ]);
});
