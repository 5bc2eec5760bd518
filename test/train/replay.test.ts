// Runs of many batches replay recorded kernel calls: weights, optimizer and figures have the bits of a run that makes each step by itself, as one does with an onBatchEnd.
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { turn } from '../../src/base/turn.js';
import { features } from '../../src/engine/features.js';
import {
  activation,
  adagrad,
  adam,
  adamw,
  batchNormalization,
  type Callback,
  type CompileOptions,
  createEngine,
  DivergedError,
  dense,
  dropout,
  earlyStopping,
  type FitOptions,
  gaussianNoise,
  type Layer,
  layerNormalization,
  lion,
  Matrix,
  prelu,
  reduceOnPlateau,
  rescaling,
  rmsprop,
  type Sequential,
  type SequentialOptions,
  sequential,
  sgd,
  type Targets,
} from '../../src/index.js';
import { Replay } from '../../src/train/replay.js';
import { numbers } from '../helpers/numbers.js';

const stepwise: Callback = { onBatchEnd() {} };
const train = vi.spyOn(Replay.prototype, 'train');
afterEach(() => {
  train.mockClear();
});
/** How many batches have been replayed. */
const replayed = (): number => train.mock.results.reduce((sum, { value }) => sum + value, 0);

interface Case {
  readonly model: SequentialOptions;
  readonly compile: CompileOptions;
  readonly x: Matrix;
  readonly y: Targets;
  readonly fit: FitOptions;
}

/** The figures of a run and the bits that it leaves. */
async function outcome({ model: o, compile, x, y, fit }: Case, callbacks: readonly Callback[]) {
  using model = sequential(o).compile(compile);
  const history = await model
    .fit(x, y, { ...fit, callbacks: [...(fit.callbacks ?? []), ...callbacks] })
    .catch((error: unknown) => error);
  return {
    history,
    bits: Buffer.from(model.save({ optimizer: true }))
      .toString('latin1')
      .replace(/"callbacks".*/, ''),
  };
}

/** Runs both ways, and expects the same. Returns how many batches were replayed. */
async function bothWays(one: Case): Promise<number> {
  train.mockClear();
  const replaying = await outcome(one, []);
  const count = replayed();
  const plain = await outcome(one, [stepwise]);
  expect(replayed()).toBe(count);
  expect(replaying.history).toEqual(plain.history);
  expect(weightsOf(replaying.bits)).toBe(weightsOf(plain.bits));
  return count;
}

/** The tensors of a file: its header also has the states of the callbacks, of which one run has more. */
function weightsOf(bits: string): string {
  const file = Buffer.from(bits, 'latin1');
  return file.subarray(8 + Number(file.readBigUInt64LE(0))).toString('latin1');
}

const units = fc.integer({ min: 1, max: 37 });
const hidden: fc.Arbitrary<readonly Layer[]> = fc.oneof(
  fc
    .record({
      units,
      activation: fc.constantFrom('relu', 'tanh', 'sigmoid', 'gelu', 'silu', 'linear', 'softplus' as const),
      useBias: fc.boolean(),
      l2: fc.constantFrom(0, 0.01),
      l1: fc.constantFrom(0, 0.001),
    })
    .map(({ l1, l2, ...o }) => [dense({ ...o, ...(l1 + l2 > 0 && { kernelRegularizer: { l1, l2 } }) })]),
  units.map((n) => [dense({ units: n, biasRegularizer: { l2: 0.1 } }), batchNormalization(), activation('relu')]),
  units.map((n) => [dense({ units: n + 1 }), layerNormalization()]),
  units.map((n) => [dense({ units: n }), prelu()]),
  fc.constant([dropout({ rate: 0.3 })]),
  fc.constant([gaussianNoise({ stddev: 0.1 })]),
  fc.constant([rescaling({ scale: 0.5, offset: 0.1 })]),
);
const rate = fc.constantFrom(0.003, {
  type: 'cosine',
  initial: 0.004,
  steps: 200,
  warmup: 5,
} as const);
const clip = fc.constantFrom({}, {}, { clipValue: 0.01 }, { clipNorm: 0.5 });
const optimizer = fc.tuple(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7), rate, clip).map(([kind, learningRate, clipped]) => {
  const common = { learningRate, ...clipped };
  return [
    adam(common),
    adamw({ ...common, weightDecay: 0.1 }),
    sgd(common),
    sgd({ ...common, momentum: 0.9, nesterov: true }),
    rmsprop({ ...common, momentum: 0.5 }),
    rmsprop(common),
    adagrad(common),
    lion(common),
  ][kind] as ReturnType<typeof adam>;
});
const head = fc.constantFrom('classes', 'oneHot', 'binary', 'flags', 'numbers', 'probabilities' as const);

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    inputs: fc.integer({ min: 1, max: 35 }),
    outputs: fc.integer({ min: 2, max: 18 }),
    stack: fc.array(hidden, { maxLength: 3 }),
    optimizer,
    head,
    rows: fc.integer({ min: 2, max: 70 }),
    batchSize: fc.integer({ min: 2, max: 33 }),
    shuffle: fc.boolean(),
    bytes: fc.boolean(),
    seed: fc.integer({ min: 0, max: 2 ** 40 }),
    frozen: fc.boolean(),
    metrics: fc.boolean(),
    validation: fc.boolean(),
  })
  .map(
    ({
      inputs,
      outputs,
      stack,
      optimizer,
      head,
      rows,
      batchSize,
      shuffle,
      bytes,
      seed,
      frozen,
      metrics,
      validation,
    }) => {
      const next = numbers(seed % 1000);
      const count = head === 'binary' ? 1 : outputs;
      const labels = Int32Array.from({ length: rows }, () => Math.floor((next() + 1) * 0.4999 * count));
      const single = ['classes', 'oneHot', 'probabilities'].includes(head);
      const y: Targets =
        head === 'classes'
          ? labels
          : new Matrix(
              Float32Array.from({ length: rows * count }, (_, i) =>
                single
                  ? Number(labels[Math.floor(i / count)] === i % count)
                  : head === 'numbers'
                    ? next()
                    : Number(next() > 0),
              ),
              count,
            );
      const last = single ? 'softmax' : head === 'numbers' ? 'linear' : 'sigmoid';
      const loss = { softmax: 'categoricalCrossentropy', sigmoid: 'binaryCrossentropy', linear: 'huber' } as const;
      const data = Float32Array.from({ length: rows * inputs }, () => next() * 2);
      const x = new Matrix(bytes ? Uint8Array.from(data, (v) => (v + 2) * 60) : data, inputs);
      const layers = [...stack.flat(), dense({ units: count, name: 'last' })];
      const ofNumbers = ['meanAbsoluteError', 'r2'] as const;
      return {
        model: { inputs, layers: [...(bytes ? [rescaling({ scale: 0.01 })] : []), ...layers, activation(last)], seed },
        compile: {
          optimizer,
          loss: head === 'probabilities' ? 'meanSquaredError' : loss[last],
          ...(metrics && { metrics: head === 'numbers' ? ofNumbers : (['accuracy'] as const) }),
          ...(frozen && { layerRates: { last: 0.5 } }),
        },
        x,
        y,
        fit: {
          epochs: Math.ceil(260 / Math.ceil(rows / batchSize)) + 1,
          batchSize,
          shuffle,
          ...(validation && { validationSplit: 0.5 }),
        },
      };
    },
  );

test('any network, optimizer, loss and data: the same bits', async () => {
  let most = 0;
  await fc.assert(
    fc.asyncProperty(anyCase, async (one) => {
      most = Math.max(most, await bothWays(one));
    }),
    { numRuns: Number(process.env['REPLAYS'] ?? 60) },
  );
  expect(most).toBeGreaterThan(200);
});

const x = Matrix.from(Array.from({ length: 90 }, (_, i) => [Math.sin(i), Math.cos(i * 2), i / 90]));
const labels = Int32Array.from({ length: 90 }, (_, i) => i % 3);
const simple: Case = {
  model: {
    inputs: 3,
    layers: [
      dense({ units: 20, activation: 'relu' }),
      dropout({ rate: 0.2 }),
      dense({ units: 3, activation: 'softmax' }),
    ],
    seed: 5,
  },
  compile: { loss: 'categoricalCrossentropy', metrics: ['accuracy'] },
  x,
  y: labels,
  fit: { epochs: 60, batchSize: 16 },
};

describe('what is replayed', () => {
  test('all batches of a run of many, and none of a run of few', async () => {
    expect(await bothWays(simple)).toBe(360);
    expect(await bothWays({ ...simple, fit: { epochs: 21, batchSize: 16 } })).toBe(0);
  });

  test.each<[string, Partial<Case>]>([
    ['a limit on the norm of the gradients', { compile: { ...simple.compile, optimizer: adam({ clipNorm: 0.1 }) } }],
    ['weights of rows', { fit: { ...simple.fit, sampleWeight: Float32Array.from(labels, (y) => y + 1) } }],
    ['weights of classes', { fit: { ...simple.fit, classWeight: 'balanced' } }],
    [
      'a metric in JavaScript',
      {
        compile: {
          ...simple.compile,
          metrics: [{ name: 'first', compute: (_: unknown, p: Float32Array) => p[0] as number }],
        },
      },
    ],
  ])('nothing with %s', async (_, other) => {
    expect(await bothWays({ ...simple, ...other })).toBe(0);
  });

  test.each<[string, Partial<Case>]>([
    ['other metrics', { compile: { ...simple.compile, metrics: ['accuracy', 'auc', 'f1'] } }],
    ['no metric', { compile: { loss: 'categoricalCrossentropy' } }],
    [
      'more outputs than a line has',
      { model: { ...simple.model, layers: [dense({ units: 40, activation: 'softmax' })] } },
    ],
    ['a frozen layer', { compile: { ...simple.compile, layerRates: { dense: 0 } } }],
    ['rows in their order', { fit: { ...simple.fit, shuffle: false } }],
  ])('all with %s', async (_, other) => {
    expect(await bothWays({ ...simple, ...other })).toBe(360);
  });
});

describe('callbacks', () => {
  test('early stopping and a lower rate on a plateau', async () => {
    const options = (): FitOptions => ({
      epochs: 200,
      batchSize: 16,
      validationSplit: 0.3,
      callbacks: [reduceOnPlateau({ patience: 1 }), earlyStopping({ patience: 4 })],
    });
    const [replaying, plain] = [
      await outcome({ ...simple, fit: options() }, []),
      await outcome({ ...simple, fit: options() }, [stepwise]),
    ];
    expect(replayed()).toBeGreaterThan(0);
    expect(replaying.history).toEqual(plain.history);
    expect(replaying.history).toHaveProperty('stopped');
    expect(weightsOf(replaying.bits)).toBe(weightsOf(plain.bits));
  });

  test('a rate that a callback sets, and an abort', async () => {
    const logs = async (callbacks: readonly Callback[]) => {
      const controller = new AbortController();
      const seen: unknown[] = [];
      const changing: Callback = {
        onEpochEnd(t) {
          seen.push([t.epoch, t.batch, t.batches, t.iteration, t.logs, t.learningRate]);
          t.learningRate = 0.01 / (t.epoch + 1);
          if (t.epoch === 49) controller.abort(new Error('enough'));
        },
      };
      const fit = { ...simple.fit, signal: controller.signal, callbacks: [changing] };
      return { ...(await outcome({ ...simple, fit }, callbacks)), seen };
    };
    const [replaying, plain] = [await logs([]), await logs([stepwise])];
    expect(replayed()).toBe(300);
    expect(replaying.seen).toEqual(plain.seen);
    expect(replaying.history).toEqual(new Error('enough'));
    expect(weightsOf(replaying.bits)).toBe(weightsOf(plain.bits));
  });
});

describe('divergence', () => {
  test.each<[string, Partial<CompileOptions>]>([
    ['of the loss', { optimizer: sgd({ learningRate: 1e12 }) }],
    ['late', { optimizer: sgd({ learningRate: { type: 'exponential', initial: 1e-5, decay: 1.2 } }) }],
  ])('%s: the same error, and the weights of the last epoch', async (_, given) => {
    const one = {
      ...simple,
      model: { ...simple.model, layers: [dense({ units: 20, activation: 'relu' }), dense({ units: 3 })] },
      compile: { loss: 'meanSquaredError', metrics: ['meanAbsoluteError'], ...given } as CompileOptions,
    };
    const [replaying, plain] = [await outcome(one, []), await outcome(one, [stepwise])];
    expect(replaying.history).toBeInstanceOf(DivergedError);
    const { message, epoch, batch, learningRate, history } = replaying.history as DivergedError &
      Record<string, unknown>;
    expect(plain.history).toMatchObject({ message, epoch, batch, learningRate, history });
    expect(weightsOf(replaying.bits)).toBe(weightsOf(plain.bits));
  });
});

test('predictions of more rows while the model trains move its workspace', async () => {
  const many = Matrix.from(Array.from({ length: 3000 }, (_, i) => [i, 1, 2]));
  const trained = async (disturbs: boolean): Promise<Sequential> => {
    const model = sequential(simple.model).compile(simple.compile);
    let ended = false;
    const running = model.fit(x, labels, { epochs: 4000, batchSize: 16 }).finally(() => {
      ended = true;
    });
    for (let rows = 100; !ended; rows = Math.min(3000, rows + 700)) {
      if (disturbs) model.predict(new Matrix(many.data.slice(0, rows * 3), 3), { batchSize: rows });
      await turn();
    }
    await running;
    return model;
  };
  using quiet = await trained(false);
  using disturbed = await trained(true);
  expect(replayed()).toBeGreaterThan(20_000);
  expect([...disturbed.getWeights()]).toEqual([...quiet.getWeights()]);
});

test('relaxed kernels are replayed, shared ones are not', async () => {
  if (features().relaxed) {
    using relaxed = await createEngine({ relaxed: true });
    expect(await bothWays({ ...simple, model: { ...simple.model, engine: relaxed } })).toBe(360);
  }
  using crew = await createEngine({ threads: 2 });
  expect(await bothWays({ ...simple, model: { ...simple.model, engine: crew } })).toBe(0);
});

test('a run leaves no memory behind', async () => {
  using engine = await createEngine();
  using model = sequential({ ...simple.model, engine }).compile(simple.compile);
  await model.fit(x, labels, simple.fit);
  const { bytesInUse } = engine;
  for (let i = 0; i < 3; i++) await model.fit(x, labels, simple.fit);
  expect(engine.bytesInUse).toBe(bytesInUse);
});

test.each(['classes', 'numbers'])('no memory for a recording of %s: each step by itself', async (kind) => {
  const classes = kind === 'classes';
  const layers = [dense({ units: classes ? 3 : 1, activation: classes ? 'softmax' : 'linear' })];
  const y: Targets = classes ? labels : new Matrix(Float32Array.from(labels), 1);
  /** The most bytes that a run uses at the beginning of an epoch. */
  const bytes = async (maxMemory: number | undefined, callbacks: readonly Callback[]): Promise<number> => {
    train.mockClear();
    using engine = await createEngine(maxMemory === undefined ? {} : { maxMemory });
    using model = sequential({ inputs: 3, layers, engine });
    model.compile({ loss: classes ? 'categoricalCrossentropy' : 'meanSquaredError' });
    let most = 0;
    const watch: Callback = {
      onEpochBegin() {
        most = Math.max(most, engine.bytesInUse);
      },
    };
    await model.fit(x, y, { ...simple.fit, callbacks: [watch, ...callbacks] });
    return most;
  };
  const needed = await bytes(undefined, [stepwise]);
  expect(await bytes(undefined, [])).toBeGreaterThan(needed);
  expect(replayed()).toBe(360);
  await bytes(needed, []);
  expect(replayed()).toBe(0);
});
