// Callbacks: each hook is awaited, the end of a run is always reported, and state belongs to one run. Tests name their rows of the first-contact list.
import { describe, expect, test, vi } from 'vitest';
import {
  adam,
  type Callback,
  type CustomMetric,
  checkpoint,
  createEngine,
  dense,
  earlyStopping,
  type Logs,
  Matrix,
  reduceOnPlateau,
  type Sequential,
  sequential,
  sgd,
  type Training,
} from '../../src/index.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';

const { x, y } = blobs(30);
const compiled = (metrics: readonly CustomMetric[] = []): Sequential =>
  classifier().compile({ loss: 'categoricalCrossentropy', metrics });

/** A metric that has these values, one for each epoch. */
function figures(values: readonly number[]): { metric: CustomMetric; count: Callback } {
  let epoch = 0;
  return {
    metric: { name: 'figure', compute: () => values[epoch] ?? Number.NaN },
    count: { onEpochEnd: () => void epoch++ },
  };
}

const hooks = ['onTrainBegin', 'onEpochBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'] as const;

describe('first-contact row 21: hooks', () => {
  test.each(hooks)('%s may be asynchronous: what it throws rejects fit', async (hook) => {
    using model = compiled();
    const callback = {
      async [hook]() {
        await null;
        throw new Error('from the hook');
      },
    };
    await expect(model.fit(x, y, { callbacks: [callback] })).rejects.toThrow('from the hook');
    expect(model.evaluate(x, y)['loss']).toBeGreaterThan(0);
  });

  test('all are called in order, each after the promise of the one before', async () => {
    using model = compiled();
    const called: string[] = [];
    const callbackOf = (name: string): Callback =>
      Object.fromEntries(
        hooks.map((hook) => [
          hook,
          async () => {
            await Promise.resolve();
            called.push(`${name} ${hook}`);
          },
        ]),
      );
    await model.fit(x, y, { batchSize: 'full', callbacks: [callbackOf('a'), callbackOf('b')] });
    expect(called).toEqual(hooks.flatMap((hook) => [`a ${hook}`, `b ${hook}`]));
  });

  test('one that does not exist is refused by name, also of a class', async () => {
    using model = compiled();
    const message = 'fit(callbacks)[0]: there is no hook "onEpochStart"; there are onTrainBegin, onEpochBegin';
    await expect(model.fit(x, y, { callbacks: [{ onEpochStart() {} } as never] })).rejects.toThrow(message);
    class Watcher {
      onEpochStart() {}
    }
    await expect(model.fit(x, y, { callbacks: [new Watcher() as never] })).rejects.toThrow(message);
    await expect(model.fit(x, y, { callbacks: [{ onEpochEnd: 1 } as never] })).rejects.toThrow(
      'fit(callbacks)[0].onEpochEnd: expected a function, got 1',
    );
  });
});

describe('first-contact rows 15, 16: whatever waits hears its signal', () => {
  const never = new Promise<void>(() => {});

  test.each(hooks.filter((hook) => hook !== 'onTrainEnd'))('fit whose %s never resolves', async (hook) => {
    using model = compiled();
    const signal = AbortSignal.timeout(20);
    await expect(model.fit(x, y, { epochs: 3, signal, callbacks: [{ [hook]: () => never }] })).rejects.toBe(
      await new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason))),
    );
    await model.fit(x, y);
  });

  test('a checkpoint that never ends its saving', async () => {
    using model = compiled();
    const fit = model.fit(x, y, { signal: AbortSignal.timeout(20), callbacks: [checkpoint(() => never)] });
    await expect(fit).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('an onTrainEnd that never resolves, after an abort', async () => {
    using model = compiled();
    const abort = new AbortController();
    const callback: Callback = { onBatchEnd: () => abort.abort(new Error('enough')), onTrainEnd: () => never };
    await expect(model.fit(x, y, { signal: abort.signal, callbacks: [callback] })).rejects.toThrow('enough');
  });

  test('a stream of empty batches without end', async () => {
    using model = compiled();
    async function* empty() {
      for (;;) yield [[], []] as const;
    }
    await expect(model.fit(empty as never, undefined, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('first-contact row 85: a long validation', async () => {
    using model = compiled();
    const many = blobs(120_000);
    const begin = performance.now();
    const turns: number[] = [];
    const timer = setInterval(() => turns.push(performance.now() - begin), 5);
    await model.fit(x, y, { validationData: [many.x, many.y] });
    clearInterval(timer);
    expect(turns.length).toBeGreaterThan(0);
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('enough')), 15);
    const options = { epochs: 1000, signal: abort.signal, validationData: [many.x, many.y] as const };
    await expect(model.fit(x, y, options)).rejects.toThrow('enough');
  });
});

describe('first-contact row 22: the end', () => {
  const ended = (): { callback: Callback; ends: unknown[] } => {
    const ends: unknown[] = [];
    return { ends, callback: { onTrainEnd: (t) => void ends.push(t.end) } };
  };

  test('is told however it comes', async () => {
    using model = compiled();
    const { callback, ends } = ended();
    await model.fit(x, y, { callbacks: [callback] });
    const stop: Callback = { onEpochEnd: (t) => t.stop('enough') };
    await model.fit(x, y, { epochs: 2, callbacks: [callback, stop] });
    const abort = new AbortController();
    const aborting: Callback = { onBatchEnd: () => abort.abort(new Error('abort')) };
    await expect(model.fit(x, y, { signal: abort.signal, callbacks: [callback, aborting] })).rejects.toThrow('abort');
    const failing: Callback = {
      onBatchEnd() {
        throw new Error('failed');
      },
    };
    await expect(model.fit(x, y, { callbacks: [callback, failing] })).rejects.toThrow('failed');
    model.compile({ loss: { name: 'broken', compute: () => Number.NaN } });
    await expect(model.fit(x, y, { epochs: 3, callbacks: [callback] })).rejects.toMatchObject({ code: 'DIVERGED' });
    expect(ends).toEqual(['finished', 'stopped', 'aborted', 'failed', 'diverged']);
  });

  test('onTrainEnd of all is called also where one throws, and not of one that has not begun', async () => {
    using model = compiled();
    const { callback, ends } = ended();
    const bad: Callback = {
      onTrainEnd() {
        throw new Error('at the end');
      },
    };
    await expect(model.fit(x, y, { callbacks: [bad, callback] })).rejects.toThrow('at the end');
    expect(ends).toEqual(['finished']);
    const begins: Callback = {
      onTrainBegin() {
        throw new Error('at the beginning');
      },
    };
    await expect(model.fit(x, y, { callbacks: [callback, begins, callback] })).rejects.toThrow('at the beginning');
    expect(ends).toEqual(['finished', 'failed']);
  });

  test('an abort and a divergence leave the best weights, where earlyStopping restores them', async () => {
    for (const way of ['abort', 'diverge']) {
      const { metric, count } = figures([1, 5, 2, 2]);
      using model = compiled([metric]);
      const hashes: string[] = [];
      const abort = new AbortController();
      const ending: Callback = {
        onEpochEnd(t) {
          hashes.push(weightsHash(t.model));
          if (t.epoch === 2 && way === 'abort') abort.abort(new Error('enough'));
          else if (t.epoch === 2) t.learningRate = 1e38;
        },
      };
      const callbacks = [earlyStopping({ monitor: 'figure', mode: 'max' }), ending, count];
      await expect(model.fit(x, y, { epochs: 9, batchSize: 8, signal: abort.signal, callbacks })).rejects.toThrow(
        way === 'abort' ? 'enough' : 'the loss became',
      );
      expect(weightsHash(model)).toBe(hashes[1]);
    }
  });
});

describe('first-contact row 23: what is better', () => {
  test.each([earlyStopping, reduceOnPlateau, (o: object) => checkpoint(() => {}, { bestOnly: true, ...o })])(
    '%# a figure of one’s own needs its mode',
    (make) => {
      expect(() => make({ monitor: 'valBrier' })).toThrow(
        `(mode): say whether less ('min') or more ('max') of "valBrier" is better`,
      );
      for (const monitor of ['valLoss', 'loss', 'valAccuracy', 'rootMeanSquaredError']) make({ monitor });
      make({ monitor: 'valBrier', mode: 'min' });
      // An explicit mode is followed, as in Keras.
      make({ monitor: 'valR2', mode: 'min' });
    },
  );

  test('of the built-in figures it is known', async () => {
    const stop = earlyStopping({ monitor: 'meanAbsoluteError', patience: 1 });
    using model = compiled();
    model.compile({
      loss: 'categoricalCrossentropy',
      metrics: ['meanAbsoluteError'],
      optimizer: adam({ learningRate: 0.05 }),
    });
    const { epochs } = await model.fit(x, y, { epochs: 5, callbacks: [stop] });
    expect(epochs.length).toBe(5);
  });
});

test('first-contact row 24: one object serves two fits at once', async () => {
  const stop = earlyStopping({ monitor: 'loss', patience: 2 });
  const make = (seed: number) => classifier({ seed }).compile({ loss: 'categoricalCrossentropy' });
  const [a, b] = [make(1), make(2)];
  const alone = await Promise.all(
    [1, 2].map(async (seed) => {
      const model = make(seed);
      await model.fit(x, y, { epochs: 20, callbacks: [earlyStopping({ monitor: 'loss', patience: 2 })] });
      return weightsHash(model);
    }),
  );
  const breathe: Callback = { onBatchEnd: () => new Promise((resolve) => setTimeout(resolve, 0)) };
  await Promise.all([a, b].map((model) => model.fit(x, y, { epochs: 20, callbacks: [stop, breathe] })));
  expect([a, b].map(weightsHash)).toEqual(alone);
});

describe('first-contact row 25: reduceOnPlateau', () => {
  const rates = async (model: Sequential, epochs: number, callbacks: readonly Callback[]): Promise<number[]> =>
    (await model.fit(x, y, { epochs, batchSize: 'full', callbacks })).epochs.map((logs) => logs['learningRate']!);

  test('is a factor on a schedule', async () => {
    const { metric, count } = figures(new Array(12).fill(1));
    const optimizer = adam({ learningRate: { type: 'cosine', initial: 0.1, steps: 12 } });
    using plain = compiled().compile({ loss: 'categoricalCrossentropy', optimizer });
    const cosine = await rates(plain, 12, []);
    using model = compiled().compile({ loss: 'categoricalCrossentropy', optimizer, metrics: [metric] });
    const reduce = reduceOnPlateau({ monitor: 'figure', mode: 'min', patience: 3, factor: 0.5 });
    const reduced = await rates(model, 12, [reduce, count]);
    const ratios = reduced.map((rate, i) => Number((rate / cosine[i]!).toFixed(6)));
    expect(ratios).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125]);
  });

  test('the next fit begins with the optimizer’s own rate', async () => {
    const { metric, count } = figures([1, 1, 1, 1, 1]);
    using model = compiled([metric]);
    await rates(model, 5, [reduceOnPlateau({ monitor: 'figure', mode: 'min', patience: 1 }), count]);
    expect(await rates(model, 1, [])).toEqual([0.001]);
  });
});

test.each([
  { every: 2, bestOnly: true, values: [1, 5, 0.5, 4, 0.3, 9], saved: [1, 0.5, 0.3] },
  { every: 2, bestOnly: true, values: [5, 3, 4, 4, 6], saved: [3] },
  { every: 3, bestOnly: true, values: [5, 6, 7, 3], saved: [5, 3] },
  { every: 1, bestOnly: true, values: [3, 4, 2], saved: [3, 2] },
  { every: 2, bestOnly: false, values: [3, 4, 2], saved: [4] },
])(
  'first-contact row 27: checkpoint every $every of $values saves $saved',
  async ({ values, saved, every, bestOnly }) => {
    const { metric, count } = figures(values);
    using model = compiled([metric]);
    const seen: number[] = [];
    const save = (_: Uint8Array, logs: Logs) => void seen.push(logs['figure']!);
    const keep = checkpoint(save, { every, bestOnly, monitor: 'figure', mode: 'min' });
    await model.fit(x, y, { epochs: values.length, callbacks: [keep, count] });
    expect(seen).toEqual(saved);
  },
);

test('first-contact row 90: fake timers do not stop a training', async () => {
  vi.useFakeTimers();
  try {
    using model = sequential({
      inputs: 2,
      layers: [dense({ units: 200, activation: 'relu' }), dense({ units: 3, activation: 'softmax' })],
    });
    model.compile({ loss: 'categoricalCrossentropy' });
    await model.fit(x, y, { epochs: 200 });
    expect(model.trainedEpochs).toBe(200);
  } finally {
    vi.useRealTimers();
  }
});

test('a training tells which epoch it is in, counted over all runs of the model', async () => {
  using model = compiled();
  const epochs: [number, number][] = [];
  const watch: Callback = { onEpochEnd: (t: Training) => void epochs.push([t.epoch, t.epochs]) };
  await model.fit(x, y, { epochs: 2, callbacks: [watch] });
  await model.fit(x, y, { epochs: 2, callbacks: [watch] });
  expect(epochs).toEqual([
    [0, 2],
    [1, 2],
    [2, 4],
    [3, 4],
  ]);
});

describe('what strangers found', () => {
  test.each(['onTrainBegin', 'onEpochBegin', 'onEpochEnd'] as const)(
    'an abort in %s is heard before the next batch',
    async (hook) => {
      using model = compiled();
      using twin = compiled();
      const abort = new AbortController();
      const callback: Callback = { [hook]: () => abort.abort(new Error('enough')) };
      const fit = model.fit(x, y, { epochs: 3, batchSize: 8, signal: abort.signal, callbacks: [callback] });
      await expect(fit).rejects.toThrow('enough');
      if (hook === 'onEpochEnd') await twin.fit(x, y, { epochs: 1, batchSize: 8 });
      expect(weightsHash(model)).toBe(weightsHash(twin));
    },
  );

  test.each(['a stream', 'a callback'])('dispose ends a fit that waits for %s', async (what) => {
    const never = new Promise<never>(() => {});
    const model = compiled();
    async function* stalled() {
      yield await never;
    }
    const fit =
      what === 'a stream' ? model.fit(stalled) : model.fit(x, y, { callbacks: [{ onEpochEnd: () => never }] });
    setTimeout(() => model.dispose(), 20);
    await expect(fit).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  test('so does its engine', async () => {
    const engine = await createEngine();
    const model = sequential({ inputs: 2, layers: [dense({ units: 1 })], engine }).compile({ loss: 'huber' });
    const never = new Promise<never>(() => {});
    const fit = model.fit([[1, 2]], [1], { callbacks: [{ onEpochEnd: () => never }] });
    setTimeout(() => engine.dispose(), 20);
    await expect(fit).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  test('the monitor of another library is suggested ours', () => {
    expect(() => earlyStopping({ monitor: 'val_loss' })).toThrow('did you mean valLoss?');
  });

  test('a figure that is not a number is told as such', async () => {
    const { metric, count } = figures([Number.NaN, Number.NaN]);
    using model = compiled([metric]);
    const stop = earlyStopping({ monitor: 'figure', mode: 'max', patience: 2 });
    const { stopped } = await model.fit(x, y, { epochs: 9, callbacks: [stop, count] });
    expect(stopped?.reason).toBe('figure is not a number');
  });

  test('a state that JSON cannot hold is refused by name', async () => {
    using model = compiled();
    await model.fit(x, y, { callbacks: [{ getState: () => ({ data: 1n }) }] });
    expect(() => model.save({ optimizer: true })).toThrow("save: a callback's getState gives what JSON cannot hold");
  });

  test('an abort in one onTrainBegin keeps what the callbacks after it knew', async () => {
    using model = compiled();
    const known: unknown[] = [];
    const abort = new AbortController();
    let waits = false;
    const first: Callback = {
      onTrainBegin: () => (waits ? new Promise<void>(() => setTimeout(() => abort.abort(), 5)) : undefined),
    };
    const counting: Callback = {
      getState: () => ({ data: { epochs: 7 } }),
      setState: (_, { data }) => void known.push(data),
    };
    const callbacks = [first, counting];
    await model.fit(x, y, { callbacks });
    waits = true;
    await expect(model.fit(x, y, { callbacks, signal: abort.signal })).rejects.toThrow();
    waits = false;
    await model.fit(x, y, { callbacks });
    expect(known).toEqual([{ epochs: 7 }]);
  });

  test('a callback that throws undefined has failed, not diverged: the epoch’s updates stay', async () => {
    using model = compiled();
    const before = weightsHash(model);
    const ends: unknown[] = [];
    const callback: Callback = {
      onBatchEnd() {
        throw undefined;
      },
      onTrainEnd: (t) => void ends.push(t.end),
    };
    await expect(model.fit(x, y, { callbacks: [callback] })).rejects.toBeUndefined();
    expect([...ends, weightsHash(model) === before]).toEqual(['failed', false]);
  });

  test('a best epoch that an abort has kept from being saved is no longer the best to beat', async () => {
    // The second epoch is the best of all, and its run is aborted before the checkpoint is due.
    const { metric, count } = figures([5, 1, 4, 3]);
    using model = compiled([metric]);
    const saved: number[] = [];
    const abort = new AbortController();
    const keeps = checkpoint((_, logs) => void saved.push(logs['figure'] as number), {
      monitor: 'figure',
      mode: 'min',
      bestOnly: true,
      every: 3,
    });
    const ends: Callback = { onEpochEnd: (t) => (t.epoch === 1 ? abort.abort(new Error('enough')) : undefined) };
    const fit = model.fit(x, y, { epochs: 4, callbacks: [count, keeps, ends], signal: abort.signal });
    await expect(fit).rejects.toThrow('enough');
    await model.fit(x, y, { epochs: 2, callbacks: [count, keeps, ends] });
    expect(saved).toEqual([4, 3]);
  });

  test('weights that are all 0 are refused', () => {
    using model = compiled();
    expect(() => model.evaluate(x, y, { sampleWeight: new Float32Array(30) })).toThrow(
      'sampleWeight is 0 in every row',
    );
  });
});

describe('what a callback does to the data, or too late', () => {
  const rows = 40;
  const data = () => ({
    x: new Matrix(
      Float32Array.from({ length: rows * 2 }, (_, i) => (i % 5) / 5),
      2,
    ),
    y: Float32Array.from({ length: rows }, (_, i) => (i % 2) + 1),
  });
  const linear = (): Sequential =>
    sequential({ inputs: 2, layers: [dense({ units: 1 })] }).compile({ loss: 'meanSquaredError' });

  test.each(['x', 'y'] as const)('%s made NaN while the model trains is named, not the learning rate', async (name) => {
    using model = linear();
    const given = data();
    const weights: string[] = [];
    const spoils: Callback = {
      onEpochEnd() {
        weights.push(weightsHash(model));
        if (name === 'x') given.x.data[7] = Number.NaN;
        else given.y[7] = Number.NaN;
      },
    };
    const place = name === 'x' ? 'row 3, column 1' : 'row 7, column 0';
    const end = vi.fn();
    const callbacks = [spoils, { onTrainEnd: (t: Training) => end(t.end) }];
    const error = await model.fit(given.x, given.y, { epochs: 3, callbacks }).catch((e: unknown) => e);
    const said = `fit: ${name} has been changed while the model trains: it is NaN in ${place}`;
    expect(error).toMatchObject({ code: 'DATA', message: expect.stringContaining(said) });
    // As after any divergence: the parameters of the last finished epoch.
    expect(end).toHaveBeenCalledWith('diverged');
    expect(weightsHash(model)).toBe(weights.at(-1));
  });

  test('so are rows of validation', async () => {
    using model = linear();
    const [train, validation] = [data(), data()];
    const callbacks: Callback[] = [{ onEpochEnd: () => validation.x.data.set([Number.POSITIVE_INFINITY], 2) }];
    const o = { epochs: 3, validationData: [validation.x, validation.y] as const, callbacks };
    await expect(model.fit(train.x, train.y, o)).rejects.toThrow('it is Infinity in row 1, column 0');
  });

  test('what diverges of itself still says so', async () => {
    using model = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
    model.compile({ loss: 'meanSquaredError', optimizer: sgd({ learningRate: 1e30 }) });
    const { x: rowsOf, y: targets } = data();
    await expect(model.fit(rowsOf, targets, { epochs: 9 })).rejects.toMatchObject({ code: 'DIVERGED' });
  });

  test('stop() in onTrainEnd comes too late: the run has finished, and its history says so', async () => {
    using model = compiled();
    const ends: unknown[] = [];
    const late: Callback = {
      onTrainEnd(t) {
        t.stop('too late');
        ends.push(t.end);
      },
    };
    const history = await model.fit(x, y, { epochs: 2, callbacks: [late] });
    expect(ends).toEqual(['finished']);
    expect(history).not.toHaveProperty('stopped');
  });
});

describe('a loss and a metric return a number at once', () => {
  test.each([
    ['the promise of an async function', async () => 1, 'a Promise'],
    ['nothing', () => {}, 'undefined'],
  ])('%s is refused', async (_, compute, shown) => {
    const own = { name: 'own', compute: compute as never };
    const said = (what: string) => `the ${what} "own": expected compute to return a number at once, got ${shown}`;
    using metric = compiled([own]);
    await expect(metric.fit(x, y)).rejects.toMatchObject({ code: 'ARGUMENT', message: said('metric') });
    expect(() => metric.evaluate(x, y)).toThrow(said('metric'));
    using loss = classifier().compile({ loss: own });
    const before = weightsHash(loss);
    await expect(loss.fit(x, y)).rejects.toMatchObject({ code: 'ARGUMENT', message: said('loss') });
    expect(weightsHash(loss)).toBe(before);
  });
});
