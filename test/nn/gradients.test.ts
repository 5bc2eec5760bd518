// The gradients of every layer × activation × loss against central differences of the network in float64.
import { describe, expect, test } from 'vitest';
import { type Activation, activation, dense, type Layer, Matrix, rescaling, sequential, sgd } from '../../src/index.js';
import { activationNames } from '../../src/nn/activations.js';
import { type LossName, lossNames } from '../../src/nn/losses.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';
import { networkLoss, numericGradient, type OracleLayer } from '../oracle/network.js';

const ROWS = 5;
const INPUTS = 3;

interface Case {
  readonly name: string;
  readonly layers: Layer[];
  readonly loss: LossName;
}

/** The model's kernels and biases in the form that the oracle takes: the numbers to vary. */
function oracleOf(
  layers: readonly Layer[],
  weights: ReadonlyMap<string, { data: Float32Array; shape: readonly number[] }>,
) {
  let number = 0;
  return layers.map((layer): OracleLayer => {
    if (layer.type !== 'dense') return layer as unknown as OracleLayer;
    const path = number === 0 ? 'dense' : `dense_${number}`;
    number++;
    const { data, shape } = weights.get(`${path}/kernel`)!;
    const [inputs, units] = shape as [number, number];
    const kernel = Array.from({ length: inputs }, (_, k) => Array.from(data.slice(k * units, (k + 1) * units)));
    const bias = Array.from(weights.get(`${path}/bias`)?.data ?? new Float32Array(units));
    return { type: 'dense', kernel, bias, activation: (layer as unknown as { activation: Activation }).activation };
  });
}

/** After a plain gradient step of rate 1, the difference of the weights is the gradient. */
function check({ layers, loss }: Case): void {
  const model = sequential({ inputs: INPUTS, layers, seed: 4 });
  const next = numbers(layers.length + loss.length);
  for (const [name, weight] of model.getWeights()) {
    if (name.endsWith('bias'))
      model.setWeights(new Map(model.getWeights()).set(name, { shape: weight.shape, data: weight.data.map(next) }));
  }
  const x = matrix(ROWS, INPUTS, next);
  const share = (): number => Math.abs(next()) * 0.8 + 0.1;
  let y = matrix(ROWS, model.outputs, share);
  const last = layers.at(-1) as { activation?: Activation } | undefined;
  if (last?.activation === 'softmax') y = y.map((row) => row.map((v) => v / row.reduce((a, b) => a + b)));
  // Logarithms of probabilities are at most 0.
  if (last?.activation === 'logSoftmax') y = y.map((row) => row.map((v) => -v));
  y = y.map((row) => row.map(Math.fround));
  const before = model.getWeights();
  const oracle = oracleOf(model.layers, before);
  const measure = (): number => networkLoss(oracle, x, y, loss);
  model.compile({ optimizer: sgd({ learningRate: 1 }), loss });
  const { loss: reported } = model.trainOnBatch(Matrix.from(x), Matrix.from(y));
  expect(distance([reported as number], [measure()])).toBeLessThan(2e-6);
  const after = model.getWeights();
  let number = 0;
  for (const layer of oracle) {
    if (layer.type !== 'dense') continue;
    const path = number === 0 ? 'dense' : `dense_${number}`;
    number++;
    const difference = (name: string): number[] =>
      Array.from(before.get(name)!.data, (value, i) => value - after.get(name)!.data[i]!);
    const kernel = layer.kernel.flatMap((row) => numericGradient(row, measure));
    expect(distance(difference(`${path}/kernel`), kernel), `${path}/kernel`).toBeLessThan(2e-6);
    if (before.has(`${path}/bias`)) {
      expect(distance(difference(`${path}/bias`), numericGradient(layer.bias, measure)), `${path}/bias`).toBeLessThan(
        2e-6,
      );
    }
  }
  model.dispose();
}

const parametrised: Activation[] = [
  { type: 'leakyRelu', slope: 0.3 },
  { type: 'elu', alpha: 1.5 },
];

describe.each([...activationNames, ...parametrised])('%j', (a) => {
  test.each(lossNames)('at the output, with %s', (loss) => {
    // A crossentropy goes with one activation: other outputs go through it first.
    const wanted = loss === 'binaryCrossentropy' ? 'sigmoid' : 'softmax';
    const head = loss.endsWith('Crossentropy') && a !== wanted ? [activation(wanted)] : [];
    check({ name: '', layers: [dense({ units: 4, activation: a }), ...head], loss });
  });

  test.each(lossNames)('in a hidden layer, with %s', (loss) => {
    const last = loss === 'categoricalCrossentropy' ? 'softmax' : loss === 'binaryCrossentropy' ? 'sigmoid' : 'linear';
    check({
      name: '',
      layers: [
        dense({ units: 6, activation: a }),
        dense({ units: 5, activation: a }),
        dense({ units: 3, activation: last }),
      ],
      loss,
    });
  });
});

const stacks: [string, Layer[]][] = [
  [
    'rescaling in front',
    [rescaling({ scale: 0.5, offset: 0.1 }), dense({ units: 4, activation: 'tanh' }), dense({ units: 2 })],
  ],
  [
    'rescaling between',
    [dense({ units: 4, activation: 'gelu' }), rescaling({ scale: -2, offset: 1 }), dense({ units: 2 })],
  ],
  ['rescaling at the end', [dense({ units: 4, activation: 'softplus' }), rescaling({ scale: 3 })]],
  ['an activation of its own', [dense({ units: 4 }), activation('silu'), dense({ units: 2 })]],
  [
    'two activations in a row',
    [dense({ units: 4, activation: 'gelu' }), activation('sigmoid'), activation('tanh'), dense({ units: 2 })],
  ],
  ['no bias', [dense({ units: 4, useBias: false, activation: 'tanh' }), dense({ units: 2, useBias: false })]],
  [
    'wider than a panel',
    [dense({ units: 37, activation: 'elu' }), dense({ units: 18, activation: 'relu' }), dense({ units: 17 })],
  ],
];

test.each(stacks)('%s', (_, layers) => check({ name: '', layers, loss: 'meanSquaredError' }));

test('two activations before a crossentropy: only the last one is left to the loss', () => {
  check({
    name: '',
    layers: [dense({ units: 3, activation: 'tanh' }), activation('softmax')],
    loss: 'categoricalCrossentropy',
  });
  check({
    name: '',
    layers: [dense({ units: 3, activation: 'softmax' }), activation('sigmoid')],
    loss: 'binaryCrossentropy',
  });
});
