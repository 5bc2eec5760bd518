// The exact messages of training for bad input.
import { dense, Matrix, sequential } from '../../src/index.js';
import { any, checkMessages, missing } from './check.js';

const small = () => sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })] });
const ready = () => small().compile({ loss: 'categoricalCrossentropy' });
const x = new Matrix([1, 2, 3, 4], 2);

checkMessages([
  [() => small().fit(x, [0, 1]), 'SimdenseError [STATE]: fit: call compile({ loss }) first'],
  [() => ready().fit(x, [0, 1, 2]), 'SimdenseError [SHAPE]: fit: x has 2 rows, y has 3'],
  [
    () => ready().fit(x, any(undefined)),
    'SimdenseError [ARGUMENT]: fit: y: expected a Matrix, numbers or rows of numbers, got undefined',
  ],
  [
    () => ready().fit(new Matrix([1, 2, 3], 3), [0]),
    'SimdenseError [SHAPE]: fit: x has 3 columns but the model takes 2',
  ],
  [
    () =>
      sequential({ inputs: 64, layers: [dense({ units: 2 })] })
        .compile({ loss: 'huber' })
        .fit(new Matrix(new Float32Array(784), 784), [0]),
    'SimdenseError [SHAPE]: fit: x has 784 columns but the model takes 64. Did you pass 28×28 images to a model for 8×8?',
  ],
  [
    () => ready().fit([1, 2, 3], [0]),
    'SimdenseError [SHAPE]: fit: x has 3 numbers, which do not fill rows of 2 columns',
  ],
  [() => ready().fit([[1, 2], [3]], [0, 1]), 'SimdenseError [SHAPE]: fit: x: row 1 has 1 numbers, row 0 has 2'],
  [() => ready().fit(new Matrix([], 2), []), 'SimdenseError [DATA]: fit: x has no rows'],
  [
    () => ready().fit(new Matrix(Float32Array.of(1, 2, Number.NaN, 4), 2), [0, 1]),
    `SimdenseError [DATA]: fit: x is NaN in row 1, column 0${missing}`,
  ],
  [
    () =>
      ready().fit(
        [
          [1, 2],
          [3, Number.NEGATIVE_INFINITY],
        ],
        [0, 1],
      ),
    'SimdenseError [DATA]: fit: x is -Infinity in row 1, column 1',
  ],
  [
    () => ready().fit(any('x'), [0, 1]),
    'SimdenseError [ARGUMENT]: fit: x: expected a Matrix, numbers or rows of numbers, got "x"',
  ],
  [() => ready().fit(x, [0, 3]), 'SimdenseError [DATA]: fit: y is 3 in row 1, expected a class index from 0 to 2'],
  [
    () => ready().fit(x, [0, any(null)]),
    `SimdenseError [DATA]: fit: y is null in row 1, expected a class index from 0 to 2${missing}`,
  ],
  [
    () => ready().fit(x, any([[0], ['1']])),
    'SimdenseError [DATA]: fit: y is "1" in row 1, column 0, expected a number; Number() converts a text',
  ],
  [
    () => ready().fit(x, any(['setosa', 'virginica'])),
    'SimdenseError [DATA]: fit: y is "setosa" in row 0, expected a class index from 0 to 2; encodeLabels of simdense/data converts names',
  ],
  [() => ready().fit(x, [-1, 0]), 'SimdenseError [DATA]: fit: y is -1 in row 0, expected a class index from 0 to 2'],
  [() => ready().fit(x, [0.5, 0]), 'SimdenseError [DATA]: fit: y is 0.5 in row 0, expected a class index from 0 to 2'],
  [
    () =>
      ready().fit(x, [
        [0, 0, 1],
        [0, 2, 0],
      ]),
    "SimdenseError [DATA]: fit: y is 2 in row 1, column 1, but categoricalCrossentropy takes targets from 0 to 1: for other numbers use 'linear' with meanSquaredError",
  ],
  [
    () =>
      ready().fit(x, [
        [0, 1],
        [1, 0],
      ]),
    "SimdenseError [SHAPE]: fit: y has 2 columns but the model's outputs are 3",
  ],
  [
    () =>
      small()
        .compile({ loss: 'huber' })
        .fit(x, [
          [0, 1, Number.NaN],
          [1, 0, 0],
        ]),
    `SimdenseError [DATA]: fit: y is NaN in row 0, column 2${missing}`,
  ],
  [
    () => ready().fit(x, [0, 1], { epochs: 0 }),
    'SimdenseError [ARGUMENT]: fit(epochs): expected a positive integer, got 0',
  ],
  [
    () => ready().fit(x, [0, 1], { batchSize: any('all') }),
    `SimdenseError [ARGUMENT]: fit(batchSize), if not 'full': expected a positive integer, got "all"`,
  ],
  [
    () => ready().fit(x, [0, 1], { shuffle: any('batch') }),
    'SimdenseError [ARGUMENT]: fit(shuffle): expected true or false, got "batch"',
  ],
  [
    () => ready().fit(x, [0, 1], any({ epoch: 3 })),
    'SimdenseError [ARGUMENT]: fit: unknown option "epoch"; known are epochs, batchSize, shuffle, validationData, validationSplit, classWeight, sampleWeight, augment, callbacks, signal, initialEpoch; did you mean epochs?',
  ],
  [
    () => ready().fit(x, [0, 1], { validationSplit: 1 }),
    'SimdenseError [ARGUMENT]: fit(validationSplit): expected a share between 0 and 1, got 1',
  ],
  [
    () => ready().fit(x, [0, 1], { validationSplit: 0.5, validationData: [x, [0, 1]] }),
    'SimdenseError [ARGUMENT]: fit: give validationData or validationSplit, not both',
  ],
  [
    () => ready().fit(x, [0, 1], { validationData: any([x]) }),
    'SimdenseError [ARGUMENT]: fit(validationData): expected [x, y] or [x, y, sampleWeight], got an array of 1',
  ],
  [
    () => ready().fit(x, [0, 1], { validationData: [x, [0]] }),
    'SimdenseError [SHAPE]: fit: validation x has 2 rows, validation y has 1',
  ],
  [
    () => ready().fit(x, [0, 1], { validationData: [new Matrix([1, 2, 3], 3), [0]] }),
    'SimdenseError [SHAPE]: fit: validation x has 3 columns but the model takes 2',
  ],
  [
    () => ready().fit(x, [0, 1], { callbacks: any({}) }),
    'SimdenseError [ARGUMENT]: fit(callbacks): expected an array of callbacks, got an Object',
  ],
  [
    () => ready().fit(x, [0, 1], { signal: any({}) }),
    'SimdenseError [ARGUMENT]: fit(signal): expected an AbortSignal, got an Object',
  ],
  [
    () => ready().fit(x, [0, 1], { initialEpoch: 0.5 }),
    'SimdenseError [ARGUMENT]: fit(initialEpoch): expected a whole number from 0 up, got 0.5',
  ],
  [() => ready().trainOnBatch(x, [0]), 'SimdenseError [SHAPE]: trainOnBatch: x has 2 rows, y has 1'],
]);
