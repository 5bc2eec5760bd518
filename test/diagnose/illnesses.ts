// One small run for each illness, which has it and no deeper one.
import { readDigits } from '../../examples/digits-data.js';
import { Matrix } from '../../src/data/index.js';
import type { FindingCode } from '../../src/diagnose/index.js';
import { adam, dense, type Layer, rescaling, sgd } from '../../src/index.js';
import type { Case } from './healthy.js';

const digits = readDigits();
const relu = (units: number) => dense({ units, activation: 'relu' });
const tanh = (units: number) => dense({ units, activation: 'tanh' });
const sigmoid = (units: number) => dense({ units, activation: 'sigmoid' });
const ten = dense({ units: 10, activation: 'softmax' });
const one = sigmoid(1);
const sixteenth = rescaling({ scale: 1 / 16 });
const drawn = (stddev: number) => ({ type: 'randomNormal', stddev }) as const;
const times = (count: number, layer: Layer) => Array.from({ length: count }, () => layer);

/** Numbers from 0 to 1 that are the same everywhere. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Points of two classes: inside of a circle and around it. */
function circles(rows: number) {
  const draw = numbers(1);
  const x = Array.from({ length: rows }, () => [draw() * 2 - 1, draw() * 2 - 1]);
  return { x, y: Float32Array.from(x, ([a = 0, b = 0]) => Number(a * a + b * b < 0.64)) };
}

/** 95 rows of 100 are of the first class, and the columns hardly tell. */
function unequal(rows: number) {
  const draw = numbers(2);
  const y = Float32Array.from({ length: rows }, (_, row) => Number(row % 20 === 0));
  return { x: Array.from(y, (label) => [draw() * 2 - 1 + label * 0.3, draw() * 2 - 1, draw() * 2 - 1]), y };
}

const few = Int32Array.from({ length: 100 }, (_, row) => row);
const withSeven = (seven: number) =>
  Matrix.from(digits.x.toArrays().map((row) => [...row.slice(0, 63).map((v) => v / 16), seven]));
const draw = numbers(3);
const noise = Matrix.from(Array.from({ length: 640 }, () => Array.from({ length: 8 }, () => draw() * 2 - 1)));
/** The difference of two columns, of eight columns of noise. */
const difference = { x: noise, y: noise.toArrays().map(([a = 0, b = 0]) => a - b), inputs: 8 };
const xor = {
  x: times(200, 0 as never).flatMap(() => [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]),
};

export const illnesses: readonly (readonly [name: string, code: FindingCode, layer: string | undefined, run: Case])[] =
  [
    [
      'six layers of sigmoids',
      'vanishing-gradients',
      'dense',
      { layers: [sixteenth, ...times(6, sigmoid(32)), ten], compile: { optimizer: sgd() } },
    ],
    [
      'weights drawn four times too widely, layer after layer',
      'exploding-gradients',
      'dense',
      {
        layers: [sixteenth, ...times(6, dense({ units: 32, activation: 'relu', kernelInitializer: drawn(1) })), ten],
        compile: { optimizer: sgd({ learningRate: 1e-6 }) },
      },
    ],
    [
      'biases that keep units off',
      'dead-relu',
      'dense',
      {
        layers: [
          sixteenth,
          dense({ units: 32, activation: 'relu', biasInitializer: { type: 'constant', value: -9 } }),
          ten,
        ],
      },
    ],
    [
      'weights drawn too widely before tanh',
      'saturated',
      'dense',
      { layers: [sixteenth, dense({ units: 32, activation: 'tanh', kernelInitializer: drawn(3) }), ten] },
    ],
    [
      'a rate that is too large',
      'update-too-large',
      'dense',
      { layers: [sixteenth, relu(32), ten], compile: { optimizer: adam({ learningRate: 0.3 }) } },
    ],
    [
      'a rate that is too small',
      'update-too-small',
      'dense',
      { layers: [sixteenth, relu(32), ten], compile: { optimizer: sgd({ learningRate: 1e-6 }) } },
    ],
    ['inputs as they are', 'unscaled-inputs', undefined, { layers: [rescaling({ scale: 16 }), relu(32), ten] }],
    [
      'prices in units of one',
      'unscaled-targets',
      undefined,
      {
        ...difference,
        y: difference.y.map((value) => 300 + 100 * value),
        layers: [relu(16), dense({ units: 1 })],
        compile: { loss: 'meanSquaredError' },
        fit: { epochs: 30 },
      },
    ],
    [
      'labels that belong to other rows',
      'loss-does-not-fall',
      undefined,
      {
        layers: [relu(8), ten],
        x: noise,
        inputs: 8,
        y: Int32Array.from({ length: 640 }, () => Math.floor(draw() * 10)),
        compile: { optimizer: sgd() },
        fit: { epochs: 20 },
      },
    ],
    [
      'a momentum that jumps',
      'loss-oscillates',
      undefined,
      {
        ...difference,
        layers: [tanh(16), dense({ units: 1 })],
        compile: { loss: 'meanSquaredError', optimizer: sgd({ learningRate: 0.05, momentum: 0.97 }) },
        fit: { epochs: 30, batchSize: 'full' },
      },
    ],
    [
      'a hundred rows learnt by heart',
      'over-fitting',
      undefined,
      {
        layers: [sixteenth, relu(256), ten],
        x: digits.x.select(few),
        y: Int32Array.from(few, (row) => (row % 3 ? (digits.y[row] as number) : row % 10)),
        fit: { epochs: 80, validationSplit: 0.3, batchSize: 16 },
      },
    ],
    [
      '95 rows of 100 in one class',
      'class-collapse',
      undefined,
      {
        ...unequal(800),
        layers: [relu(16), one],
        inputs: 3,
        compile: { loss: 'binaryCrossentropy' },
        fit: { epochs: 20 },
      },
    ],
    [
      'weights that are zeros',
      'symmetric-weights',
      'dense',
      {
        layers: [
          sixteenth,
          dense({ units: 32, activation: 'relu', kernelInitializer: 'zeros' }),
          dense({ units: 10, activation: 'softmax', kernelInitializer: 'zeros' }),
        ],
      },
    ],
    [
      'weights that are all one number',
      'symmetric-weights',
      'dense',
      {
        layers: [
          sixteenth,
          dense({ units: 32, activation: 'tanh', kernelInitializer: { type: 'constant', value: 0.1 } }),
          dense({ units: 10, activation: 'softmax', kernelInitializer: { type: 'constant', value: 0.1 } }),
        ],
      },
    ],
    [
      'no hidden layer for XOR',
      'under-fitting',
      undefined,
      {
        ...xor,
        y: Float32Array.from(xor.x, ([a, b]) => Number(a !== b)),
        inputs: 2,
        layers: [one],
        compile: { loss: 'binaryCrossentropy' },
        fit: { epochs: 60 },
      },
    ],
    [
      'no hidden layer for circles',
      'under-fitting',
      undefined,
      {
        ...circles(800),
        inputs: 2,
        layers: [one],
        compile: { loss: 'binaryCrossentropy', optimizer: adam({ learningRate: 0.01 }) },
        fit: { epochs: 40 },
      },
    ],
    [
      'one hidden unit for circles',
      'under-fitting',
      undefined,
      {
        ...circles(800),
        inputs: 2,
        layers: [relu(1), one],
        compile: { loss: 'binaryCrossentropy', optimizer: adam({ learningRate: 0.01 }) },
        fit: { epochs: 60 },
      },
    ],
    [
      'stopped while it learnt',
      'too-few-epochs',
      undefined,
      { layers: [sixteenth, relu(32), ten], compile: { optimizer: sgd({ learningRate: 0.01 }) }, fit: { epochs: 6 } },
    ],
    [
      'a column of sevens',
      'constant-columns',
      undefined,
      { layers: [relu(32), ten], x: withSeven(7), fit: { epochs: 30 } },
    ],
    [
      'a column of zeros',
      'constant-columns',
      undefined,
      {
        layers: [relu(8), dense({ units: 1 })],
        x: noise.toArrays().map((row) => [...row, 0]),
        y: noise.toArrays().map(([a = 0, b = 0]) => a - b),
        inputs: 9,
        compile: { loss: 'meanSquaredError' },
        fit: { epochs: 50 },
      },
    ],
    [
      'a rate that makes the loss grow',
      'diverging',
      undefined,
      {
        layers: [dense({ units: 1 })],
        ...difference,
        compile: { loss: 'meanSquaredError', optimizer: sgd({ learningRate: 1.8 }) },
        fit: { epochs: 3 },
      },
    ],
    [
      'a rate that makes it overflow in the first epoch',
      'diverging',
      undefined,
      {
        layers: [dense({ units: 1 })],
        ...difference,
        compile: { loss: 'meanSquaredError', optimizer: sgd({ learningRate: 100 }) },
        fit: { epochs: 3 },
      },
    ],
    [
      'weights drawn too widely',
      'first-loss',
      undefined,
      {
        layers: [
          sixteenth,
          dense({ units: 32, activation: 'relu', kernelInitializer: drawn(1) }),
          dense({ units: 10, activation: 'softmax', kernelInitializer: drawn(1) }),
        ],
        fit: { epochs: 2 },
      },
    ],
  ];
