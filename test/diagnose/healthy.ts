// Trainings as they should be: none has a finding, and what is measured of them stands beside the thresholds (bench/thresholds.ts).
import { readFileSync } from 'node:fs';
import { fitScaler, Matrix } from '../../src/data/index.js';
import {
  activation,
  adam,
  batchNormalization,
  type CompileOptions,
  dense,
  type FitOptions,
  type Layer,
  type Rows,
  rescaling,
  sgd,
  type Targets,
} from '../../src/index.js';
import { readIdx } from '../../src/node/index.js';

export interface Case {
  readonly layers: readonly Layer[];
  readonly x?: Rows;
  readonly y?: Targets;
  readonly inputs?: number;
  readonly compile?: Partial<CompileOptions>;
  readonly fit?: FitOptions;
}

const relu = (units: number) => dense({ units, activation: 'relu' });
const sigmoid = (units: number) => dense({ units, activation: 'sigmoid' });
const ten = dense({ units: 10, activation: 'softmax' });
const sixteenth = rescaling({ scale: 1 / 16 });

const tanh8 = dense({ units: 8, activation: 'tanh' });
const highRate: Partial<Case> = {
  compile: { loss: 'meanSquaredError', optimizer: adam({ learningRate: 0.1 }) },
  fit: { epochs: 100 },
};

/** Half of what its numbers vary by is noise. */
function noisySine() {
  let state = 1;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const x = Array.from({ length: 100 }, () => [draw() * 2 - 1]);
  return { x, y: Float32Array.from(x, ([a = 0]) => Math.sin(3 * a) + (draw() + draw() + draw() - 1.5) * 2) };
}

/** By what they learn; of the digits where nothing else is said. */
export async function healthy(): Promise<Readonly<Record<string, Case>>> {
  const iris = readFileSync(new URL('../golden/iris.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  const irisX = Matrix.from(iris.map((row) => row.slice(0, 4)));
  const irisY = Int32Array.from(iris, (row) => row[4] as number);
  const three = dense({ units: 3, activation: 'softmax' });
  const scaled = fitScaler('standard', irisX).transform(irisX);
  const setosa = Float32Array.from(irisY, (label) => Number(label === 0));
  const slow = { optimizer: adam({ learningRate: 0.003 }) };
  const table: readonly [string, Case][] = [
    ['digits, one layer', { layers: [sixteenth, relu(32), ten], fit: { epochs: 30, validationSplit: 0.2 } }],
    ['digits, two layers', { layers: [sixteenth, relu(64), relu(32), ten], compile: slow, fit: { epochs: 30 } }],
    [
      'digits, sgd',
      {
        layers: [sixteenth, relu(64), ten],
        compile: { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) },
        fit: { epochs: 20 },
      },
    ],
    ['digits, tanh', { layers: [sixteenth, dense({ units: 32, activation: 'tanh' }), ten], fit: { epochs: 30 } }],
    [
      'digits, four sigmoids with batch norm',
      {
        layers: [
          sixteenth,
          ...Array.from({ length: 4 }, () => [
            dense({ units: 32 }),
            batchNormalization(),
            activation('sigmoid'),
          ]).flat(),
          ten,
        ],
        fit: { epochs: 20 },
      },
    ],
    [
      'iris, scaled',
      {
        x: scaled,
        y: irisY,
        inputs: 4,
        layers: [relu(16), three],
        compile: { optimizer: adam({ learningRate: 0.01 }) },
        fit: { epochs: 50 },
      },
    ],
    [
      'setosa or not, by one sigmoid',
      {
        x: scaled,
        y: setosa,
        inputs: 4,
        layers: [relu(8), sigmoid(1)],
        compile: { loss: 'binaryCrossentropy', optimizer: adam({ learningRate: 0.01 }) },
        fit: { epochs: 50 },
      },
    ],
    [
      'petal width, a regression',
      {
        x: scaled.select(Int32Array.from(irisY.keys())),
        y: Float32Array.from(scaled.data.filter((_, i) => i % 4 === 3)),
        inputs: 4,
        layers: [relu(16), dense({ units: 1 })],
        compile: { loss: 'meanSquaredError' },
        fit: { epochs: 80 },
      },
    ],
    [
      "XOR, the README's",
      {
        x: [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ],
        y: [0, 1, 1, 0],
        inputs: 2,
        layers: [dense({ units: 8, activation: 'tanh' }), sigmoid(1)],
        compile: { loss: 'binaryCrossentropy', optimizer: adam({ learningRate: 0.1 }), metrics: ['accuracy'] },
        fit: { epochs: 200 },
      },
    ],
    ['a noisy sine, at a high rate', { ...noisySine(), inputs: 1, ...highRate, layers: [tanh8, dense({ units: 1 })] }],
    [
      'a line through it, whose weight crosses zero',
      { ...noisySine(), inputs: 1, ...highRate, layers: [dense({ units: 1 })] },
    ],
  ];
  const golden = (name: string) => readIdx(new URL(`../golden/mnist-1500-${name}.idx.gz`, import.meta.url).pathname);
  const mnist: Case = {
    x: await golden('images'),
    y: Int32Array.from((await golden('labels')).data),
    inputs: 784,
    layers: [rescaling({ scale: 1 / 255 }), relu(128), ten],
    fit: { epochs: 15 },
  };
  return { ...Object.fromEntries(table), 'MNIST, its first 1,500 test images': mnist };
}
