// The aliasing of blocks in a network's workspace is sound: random networks give the same bits with a layout in which every step has its own blocks, filled with NaN
// before each forward pass. With a faulty layout they do not.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type Activation,
  activation,
  adam,
  batchNormalization,
  type CustomLoss,
  createEngine,
  dense,
  dropout,
  Engine,
  gaussianNoise,
  type Layer,
  type Loss,
  layerNormalization,
  Matrix,
  prelu,
  rescaling,
  rmsprop,
  type Sequential,
  sequential,
  sgd,
} from '../../src/index.js';
import { activationNames } from '../../src/nn/activations.js';
import { activationBytes, wholeLines } from '../../src/nn/layout.js';
import { Network } from '../../src/nn/network.js';
import type * as real from '../../src/nn/places.js';
import type { StepPlan } from '../../src/nn/plan.js';
import { weightsHash } from '../helpers/models.js';
import { matrix, numbers } from '../helpers/numbers.js';

type Layout = (
  ...args: [...Parameters<typeof real.placesOf>, training: boolean]
) => ReturnType<typeof real.trainingPlacesOf>;
const chosen = vi.hoisted(() => ({ layout: undefined as Layout | undefined }));
vi.mock('../../src/nn/places.js', async (original) => {
  const module = await original<typeof real>();
  type Args = Parameters<typeof real.placesOf>;
  return {
    ...module,
    placesOf: (...args: Args) => chosen.layout?.(...args, false) ?? module.placesOf(...args),
    trainingPlacesOf: (...args: Args) => chosen.layout?.(...args, true) ?? module.trainingPlacesOf(...args),
  };
});
const { placesOf, trainingPlacesOf, worksInPlace } = await vi.importActual<typeof real>('../../src/nn/places.js');

/** The real layout. */
const together: Layout = (steps, inputs, rows, training) =>
  training
    ? trainingPlacesOf(steps, inputs, rows)
    : { ...placesOf(steps, inputs, rows), gradients: [], scratch: 0, kept: [] };

/** A layout with a separate block for everything, except that a fused loss replaces the logits. */
const apart: Layout = (steps, inputs, rows, training) => {
  let bytes = 0;
  const take = (size: number): number => {
    bytes += wholeLines(size);
    return bytes - wholeLines(size);
  };
  const input = take(activationBytes(rows, inputs));
  const outputs: number[] = [];
  for (const [index, step] of steps.entries()) {
    const logits = index === steps.length - 1 && step.fuses && worksInPlace(steps, index);
    outputs.push(logits ? (outputs[index - 1] ?? input) : take(activationBytes(rows, step.outputs)));
  }
  const gradients = training ? steps.map((step) => take(activationBytes(rows, step.outputs))) : [];
  const kept = training ? steps.map((step) => (step.kept?.(rows) ?? []).map(take)) : [];
  const scratch = training ? take(Math.max(0, ...steps.map((step) => step.scratch))) : 0;
  const places = { bytes, input, outputs, gradients, scratch, kept };
  poisoned = { places, end: input + wholeLines(activationBytes(rows, inputs)) };
  return places;
};

/** The last layout with separate blocks. Everything after the input, which ends at `end`, is NaN before each forward pass. */
let poisoned: { places: real.Places; end: number } | undefined;
const { forward } = Network.prototype;
vi.spyOn(Network.prototype, 'forward').mockImplementation(function (this: Network, ...args) {
  if (chosen.layout === apart && poisoned) {
    const block = this.input - poisoned.places.input;
    this.engine.floats.fill(Number.NaN, (block + poisoned.end) / 4, (block + poisoned.places.bytes) / 4);
  }
  forward.apply(this, args);
});

/** Half the squared error as a custom loss, which is not fused with the last layer. */
const custom: CustomLoss = {
  name: 'custom',
  compute(target, predicted, gradient, rows) {
    let sum = 0;
    for (let i = 0; i < gradient.length; i++) {
      const error = predicted[i]! - target[i]!;
      gradient[i] = error / rows;
      sum += (error * error) / 2 / rows;
    }
    return sum;
  },
};

interface Case {
  readonly layers: Layer[];
  readonly inputs: number;
  readonly loss: Loss;
  readonly optimizer: ReturnType<typeof sgd> | ReturnType<typeof adam> | ReturnType<typeof rmsprop>;
}

/** A random network, followed by a loss. */
function draw(seed: number): Case {
  const next = numbers(seed);
  const below = (n: number): number => Math.min(n - 1, Math.floor(((next() + 1) / 2) * n));
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const anyActivation = (): Activation => one([...activationNames, { type: 'elu', alpha: 0.5 } as const]);
  const anyLayer = (): Layer => {
    const layers: { readonly [type in Layer['type']]: () => Layer } = {
      dense: () => dense({ units: 1 + below(40), activation: anyActivation(), useBias: below(3) > 0 }),
      activation: () => activation(anyActivation()),
      rescaling: () => rescaling({ scale: 0.75, offset: 0.125 }),
      batchNormalization: () => batchNormalization(),
      layerNormalization: () => layerNormalization(),
      prelu: () => prelu(),
      dropout: () => dropout({ rate: 0.25 }),
      gaussianNoise: () => gaussianNoise({ stddev: 0.125 }),
    };
    return one(Object.values(layers))();
  };
  const middle = Array.from({ length: below(8) }, anyLayer);
  const units = 2 + below(20);
  const ends: readonly (readonly [Loss, Layer[]])[] = [
    ['meanSquaredError', [dense({ units })]],
    ['categoricalCrossentropy', [dense({ units, activation: 'softmax' })]],
    ['categoricalCrossentropy', [dense({ units }), batchNormalization(), activation('softmax')]],
    ['categoricalCrossentropy', [dense({ units, activation: 'logSoftmax' })]],
    ['categoricalCrossentropy', [dense({ units, activation: 'tanh' }), prelu(), activation('logSoftmax')]],
    ['binaryCrossentropy', [dense({ units, activation: 'sigmoid' })]],
    [custom, [dense({ units, activation: anyActivation() })]],
    [custom, [dense({ units, activation: 'relu' }), one([dropout({ rate: 0.5 }), gaussianNoise({ stddev: 0.1 })])]],
    [custom, [dense({ units }), batchNormalization(), activation(anyActivation())]],
  ];
  const [loss, end] = one(ends);
  const optimizer = one([
    sgd({ learningRate: 0.01, momentum: 0.9 }),
    adam({ learningRate: 0.01 }),
    rmsprop({ learningRate: 0.01, clipNorm: 1 }),
  ]);
  const inputs = 1 + below(40);
  // A layer normalization of one column is refused.
  let columns = inputs;
  const layers = [...middle, ...end].filter((layer) => {
    if (layer.type === 'dense') columns = layer.units;
    return columns > 1 || layer.type !== 'layerNormalization';
  });
  return { layers, inputs, loss, optimizer };
}

/** The bits of all results of a model in prediction, training and evaluation on batches of varying size, and of its weights. */
function outcome({ layers, inputs, loss, optimizer }: Case, engine: Engine, layout?: Layout): string {
  chosen.layout = layout;
  const model: Sequential = sequential({ inputs, layers, seed: 3, engine });
  const hash = createHash('sha256');
  const next = numbers(inputs);
  const x = (rows: number): Matrix => Matrix.from(matrix(rows, inputs, next));
  const y = (rows: number): Matrix =>
    Matrix.from(
      Array.from({ length: rows }, (_, i) =>
        Array.from({ length: model.outputs }, (_, j) => Number(i % model.outputs === j)),
      ),
    );
  const tell = (values: Iterable<number>): void => {
    for (const value of values) hash.update(`${value} `);
  };
  tell(model.predict(x(3)).data);
  model.compile({ optimizer, loss });
  for (const [learnt, judged, predicted] of [
    [7, 4, 2],
    [20, 33, 5],
    [6, 9, 40],
    [20, 3, 1],
  ] as const) {
    const logs = [model.trainOnBatch(x(learnt), y(learnt)), model.evaluate(x(judged), y(judged))];
    for (const log of logs) tell(Object.values(log) as number[]);
    tell(model.predict(x(predicted)).data);
  }
  hash.update(weightsHash(model));
  for (const { data } of model.getWeights().values()) expect(data.every(Number.isFinite)).toBe(true);
  model.dispose();
  return hash.digest('hex');
}

const NETWORKS = 150;
const alone = new Engine();
let crew: Engine;
beforeAll(async () => {
  crew = await createEngine({ threads: 2 });
  // Everything is worth a fork.
  (crew.calls as unknown as { setThreads(count: number, microseconds: number): void }).setThreads(2, 0);
});
afterAll(() => crew.dispose());

test(`${NETWORKS} random networks give the bits of blocks apart, by one thread and by two`, () => {
  for (let seed = 1; seed <= NETWORKS; seed++) {
    const network = draw(seed);
    const expected = outcome(network, alone, apart);
    const found = [outcome(network, alone), outcome(network, crew), outcome(network, crew, apart)];
    expect([seed, network.layers, found]).toEqual([seed, network.layers, [expected, expected, expected]]);
  }
});

/** A layout that is computed from changed plans of the steps. */
const as =
  (change: (step: StepPlan) => Partial<StepPlan>): Layout =>
  (steps, ...rest) =>
    together(
      steps.map((step) => ({ ...step, ...change(step) })),
      ...rest,
    );

describe('a fault is found:', () => {
  test.each<[string, Layout]>([
    ['an output that is needed is overwritten', as(() => ({ keepsOutput: false }))],
    ['an input that is needed is overwritten', as(({ inputs, outputs }) => ({ inPlace: inputs === outputs }))],
    ["an input's gradient lies over its output's", as(() => ({ gradientInPlace: true }))],
    [
      'steps keep what they need in one place',
      (...args) => {
        const places = together(...args);
        const first = places.kept.find((blocks) => blocks.length > 0) ?? [];
        return { ...places, kept: places.kept.map((blocks) => first.slice(0, blocks.length)) };
      },
    ],
    [
      'the workspace of a step lies over a gradient',
      (...args) => {
        const places = together(...args);
        const scratch = Math.max(places.scratch, ...args[0].map((step) => places.scratch + step.scratch));
        return { ...places, bytes: places.bytes + scratch, scratch: Math.max(0, ...places.gradients) };
      },
    ],
    [
      'an output lies over the input',
      (...args) => {
        const places = together(...args);
        return {
          ...places,
          bytes: 2 * places.bytes,
          outputs: places.outputs.map((at, i) => (i === 0 ? places.input : at)),
        };
      },
    ],
  ])('%s', (_, faulty) => {
    const differs = (seed: number): boolean => {
      const network = draw(seed);
      return outcome(network, alone, faulty) !== outcome(network, alone, apart);
    };
    expect(Array.from({ length: 40 }, (_, i) => i + 1).some(differs)).toBe(true);
  });
});
