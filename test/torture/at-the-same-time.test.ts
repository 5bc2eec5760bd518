// Calls on a model while it trains: those that only read change no bit, and those that write are done or refused as documented. A training run on a disposed model never
// touches memory that others have taken since.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkGradients, findLearningRate, gradientsOf } from '../../src/diagnose/index.js';
import {
  activation,
  adam,
  batchNormalization,
  type Callback,
  createEngine,
  dense,
  dropout,
  type Engine,
  loadModel,
  type Sequential,
  sequential,
} from '../../src/index.js';
import { blobs, weightsHash } from '../helpers/models.js';
import { rounds } from './rounds.js';

const { x, y } = blobs(60);
const build = (engine: Engine, seed = 3): Sequential =>
  sequential({
    inputs: 2,
    layers: [
      dense({ units: 9, kernelRegularizer: { l2: 0.01 } }),
      batchNormalization(),
      activation('tanh'),
      dropout({ rate: 0.2 }),
      dense({ units: 3, activation: 'softmax' }),
    ],
    engine,
    seed,
  }).compile({ optimizer: adam(), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const options = { epochs: 3, batchSize: 16, validationSplit: 0.2 };
const hooks = ['onTrainBegin', 'onEpochBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'] as const;
type Hook = (typeof hooks)[number];

/** Runs an action in the n-th call of the hook, counted from 0. */
function at(hook: Hook, n: number, act: () => unknown): Callback {
  let calls = 0;
  return {
    [hook]() {
      if (calls++ === n) act();
    },
  };
}
/** The error code of the refusal, or 'done'. */
async function codeOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
}

async function alone(engine: Engine): Promise<{ hash: string; history: unknown }> {
  using model = build(engine);
  const { epochs } = await model.fit(x, y, options);
  return { hash: weightsHash(model), history: epochs };
}

describe('while a model trains', () => {
  const looks: readonly [string, (model: Sequential, engine: Engine) => unknown][] = [
    ['predict', (model) => model.predict(x)],
    ['predict, more rows than ever', (model) => model.predict(new Float32Array(2 * 1500), { batchSize: 1500 })],
    ['predictInto', (model) => model.predictInto(new Float32Array(3), new Float32Array(2))],
    ['evaluate', (model) => model.evaluate(x, y)],
    ['getWeights', (model) => model.getWeights()],
    ['save and load', (model, engine) => loadModel(model.save({ optimizer: true }), { engine }).dispose()],
    [
      'a clone that trains',
      (model) => {
        using copy = model.clone();
        copy.trainOnBatch(x, y);
      },
    ],
    ['checkGradients', (model) => checkGradients(model, x, y)],
    ['findLearningRate', (model) => findLearningRate(model, x, y, { steps: 10 })],
    ['gradientsOf', (model) => codeOf(() => gradientsOf(model))],
    ['summary', (model) => model.summary()],
    [
      'memory that grows',
      (_, engine) => sequential({ inputs: 300, layers: [dense({ units: 900 })], engine }).dispose(),
    ],
    [
      'another training',
      (_, engine) => {
        using other = build(engine, 8);
        other.trainOnBatch(x, y);
      },
    ],
  ];

  test('whoever looks changes no bit', async () => {
    using engine = await createEngine();
    const expected = await alone(engine);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...hooks), fc.nat(12), fc.constantFrom(...looks), fc.boolean()), {
          minLength: 1,
          maxLength: 5,
        }),
        async (acts) => {
          using model = build(engine);
          const running: unknown[] = [];
          const callbacks = acts.map(([hook, n, [, look], later]) =>
            at(hook, n, () => {
              if (later) running.push(new Promise((resolve) => setImmediate(() => resolve(look(model, engine)))));
              else running.push(look(model, engine));
            }),
          );
          const { epochs } = await model.fit(x, y, { ...options, callbacks });
          expect({ hash: weightsHash(model), history: epochs }).toEqual(expected);
          await Promise.all(running);
        },
      ),
      { numRuns: rounds(200, 60, 5000) },
    );
    expect(engine.bytesInUse).toBe(0);
  }, 300_000);

  test.each(hooks)('what would change it is BUSY at %s, and changes nothing', async (hook) => {
    using engine = await createEngine();
    const expected = await alone(engine);
    using model = build(engine);
    const codes: Promise<unknown>[] = [];
    const change = (): void => {
      codes.push(codeOf(() => model.trainOnBatch(x, y)));
      codes.push(codeOf(() => model.compile({ loss: 'meanSquaredError' })));
      codes.push(codeOf(() => model.fit(x, y)));
    };
    const { epochs } = await model.fit(x, y, { ...options, callbacks: [at(hook, 0, change)] });
    expect(await Promise.all(codes)).toEqual(['BUSY', 'BUSY', 'BUSY']);
    expect({ hash: weightsHash(model), history: epochs }).toEqual(expected);
  });

  test('setWeights counts from the next update on, as between two trainings', async () => {
    using engine = await createEngine();
    using source = build(engine, 9);
    using other = build(engine);
    using model = build(engine);
    const weights = source.getWeights();
    await model.fit(x, y, { ...options, callbacks: [at('onEpochEnd', 0, () => model.setWeights(weights))] });
    await other.fit(x, y, { ...options, epochs: 1 });
    other.setWeights(weights);
    await other.fit(x, y, { ...options, initialEpoch: 1 });
    expect(weightsHash(model)).toBe(weightsHash(other));
  });

  test('what is saved at the end of an epoch goes on to the same bits', async () => {
    using engine = await createEngine();
    const expected = await alone(engine);
    using model = build(engine);
    const files: Uint8Array[] = [];
    const keep: Callback = { onEpochEnd: () => void files.push(model.save({ optimizer: true })) };
    await model.fit(x, y, { ...options, callbacks: [keep] });
    for (const [epoch, file] of files.entries()) {
      using loaded = loadModel(file, { engine });
      // After the last epoch nothing is left to train.
      if (epoch + 1 < options.epochs) await loaded.fit(x, y, { ...options, initialEpoch: epoch + 1 });
      expect(weightsHash(loaded)).toBe(expected.hash);
    }
  });
});

describe('disposed of while it trains', () => {
  const last = (hook: Hook): string => (hook === 'onTrainEnd' ? 'done' : 'DISPOSED');

  test.each(hooks)('a model at %s: the training ends so, and what others take then is theirs', async (hook) => {
    using engine = await createEngine();
    using neighbour = build(engine, 5);
    const hash = weightsHash(neighbour);
    const before = engine.bytesInUse;
    const model = build(engine);
    const taken: Sequential[] = [];
    const act = (): void => {
      model.dispose();
      for (let i = 0; i < 8; i++) taken.push(build(engine, 5));
    };
    expect(await codeOf(() => model.fit(x, y, { ...options, callbacks: [at(hook, 0, act)] }))).toBe(last(hook));
    for (const one of [neighbour, ...taken]) expect(weightsHash(one)).toBe(hash);
    expect(() => model.predict(x)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    for (const one of taken) one.dispose();
    expect(engine.bytesInUse).toBe(before);
  });

  test.each(hooks.flatMap((hook) => [1, 2].map((threads) => [hook, threads] as const)))(
    'its engine at %s, %d threads',
    async (hook, threads) => {
      const engine = await createEngine({ threads });
      const models = [build(engine), build(engine)];
      const act = (): void => engine.dispose();
      const ends = models.map((model, i) =>
        codeOf(() =>
          model.fit(x, y, { ...options, epochs: i === 0 ? 60 : 1e6, callbacks: i === 0 ? [at(hook, 0, act)] : [] }),
        ),
      );
      expect(await Promise.all(ends)).toEqual([last(hook), 'DISPOSED']);
      expect(() => models[1]?.save()).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    },
  );

  test('at any moment that the event loop turns', async () => {
    using engine = await createEngine();
    using neighbour = build(engine, 5);
    const hash = weightsHash(neighbour);
    const before = engine.bytesInUse;
    for (let wait = 0; wait < 25; wait++) {
      const model = build(engine);
      const running = codeOf(() => model.fit(x, y, { ...options, epochs: 100_000 }));
      await new Promise((resolve) => setTimeout(resolve, wait));
      model.dispose();
      using after = build(engine, 5);
      expect(await running).toBe('DISPOSED');
      expect(weightsHash(after)).toBe(hash);
    }
    expect(engine.bytesInUse).toBe(before);
  });
});

describe('inside a loss or a metric in JavaScript', () => {
  const squares = (peek: (model: Sequential) => void): { loss: never; model: () => Sequential } => {
    let model: Sequential | undefined;
    const loss = {
      name: 'squares',
      compute(target: Float32Array, predicted: Float32Array, gradient: Float32Array) {
        peek(model as Sequential);
        let sum = 0;
        for (let i = 0; i < target.length; i++) {
          const difference = (predicted[i] as number) - (target[i] as number);
          gradient[i] = (2 * difference) / target.length;
          sum += difference * difference;
        }
        return sum / target.length;
      },
    };
    return {
      loss: loss as never,
      model: () => {
        model = sequential({ inputs: 2, layers: [dense({ units: 3 })], seed: 2 });
        const metric = {
          name: 'peek',
          compute() {
            peek(model as Sequential);
            return 1;
          },
        };
        return model.compile({ loss, metrics: [metric, 'meanAbsoluteError'] });
      },
    };
  };

  test.each<[string, (model: Sequential) => unknown]>([
    ['predict', (model) => model.predict(x)],
    ['predictInto', (model) => model.predictInto(new Float32Array(3), new Float32Array(2))],
    ['evaluate', (model) => model.evaluate(x, y)],
    ['trainOnBatch', (model) => model.trainOnBatch(x, y)],
    ['setWeights', (model) => model.setWeights(model.getWeights())],
    ['dispose', (model) => model.dispose()],
    ['compile', (model) => model.compile({ loss: 'huber' })],
  ])('%s of its own model is refused, and the model goes on', async (_, act) => {
    const codes = new Set<unknown>();
    const peek = (model: Sequential): void => {
      try {
        act(model);
        codes.add('done');
      } catch (error) {
        codes.add((error as { code?: string }).code);
      }
    };
    using model = squares(peek).model();
    using reference = squares(() => {}).model();
    const history = await model.fit(x, y, { epochs: 2 });
    expect(history).toEqual(await reference.fit(x, y, { epochs: 2 }));
    expect(model.evaluate(x, y)).toEqual(reference.evaluate(x, y));
    expect(weightsHash(model)).toBe(weightsHash(reference));
    expect([...codes]).toEqual(['BUSY']);
  });

  test('another model may predict there, and memory may grow', async () => {
    using engine = await createEngine();
    using teacher = sequential({ inputs: 2, layers: [dense({ units: 3 })], seed: 1, engine });
    let rows = 100;
    using model = squares(() => {
      rows += 2000;
      teacher.predict(new Float32Array(2 * rows), { batchSize: rows });
    }).model();
    using reference = squares(() => {}).model();
    expect(await model.fit(x, y, { epochs: 3 })).toEqual(await reference.fit(x, y, { epochs: 3 }));
    expect(checkGradients(model, x, y)).toEqual(checkGradients(reference, x, y));
  });

  test('what it throws ends the training, and the model can be trained on', async () => {
    let calls = 0;
    using model = squares(() => {
      if (++calls === 5) throw new Error('mine');
    }).model();
    await expect(model.fit(x, y, { batchSize: 8 })).rejects.toThrow('mine');
    await model.fit(x, y);
  });
});

describe('many at once', () => {
  test.each([1, 2])(
    'twelve models on an engine of %d threads take turns to the bits of each alone',
    async (threads) => {
      using engine = await createEngine({ threads });
      const trained = async (seed: number): Promise<string> => {
        using model = build(engine, seed);
        await model.fit(x, y, { ...options, epochs: 40 });
        return weightsHash(model);
      };
      const seeds = Array.from({ length: 12 }, (_, i) => i);
      const expected: string[] = [];
      for (const seed of seeds) expected.push(await trained(seed));
      expect(await Promise.all(seeds.map(trained))).toEqual(expected);
      expect(engine.bytesInUse).toBe(0);
    },
  );

  test('a signal that ends many trainings leaves each as usable as the other', async () => {
    using engine = await createEngine();
    const controller = new AbortController();
    const models = Array.from({ length: 6 }, (_, i) => build(engine, i));
    const running = models.map((model) =>
      codeOf(() => model.fit(x, y, { ...options, epochs: 100_000, signal: controller.signal })),
    );
    setTimeout(() => controller.abort(Object.assign(new Error('enough'), { code: 'MINE' })), 40);
    expect(new Set(await Promise.all(running))).toEqual(new Set(['MINE']));
    for (const model of models) {
      await model.fit(x, y, options);
      model.dispose();
    }
    expect(engine.bytesInUse).toBe(0);
  });

  test('a stream that has stalled ends with the signal, and is told so', async () => {
    using engine = await createEngine();
    using model = build(engine);
    let returned = 0;
    const stalled = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: () => {
          returned++;
          return new Promise<never>(() => {});
        },
      }),
    };
    await expect(model.fit(stalled, undefined, { signal: AbortSignal.timeout(30) })).rejects.toThrow(
      expect.objectContaining({ name: 'TimeoutError' }),
    );
    expect(returned).toBe(1);
    await model.fit(x, y);
  });
});
