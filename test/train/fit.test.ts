// The training loop: batches, shuffling, validation, callbacks, pauses, aborts and divergence.
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  adam,
  batchNormalization,
  type Callback,
  DivergedError,
  dense,
  Matrix,
  rescaling,
  type Sequential,
  sequential,
  sgd,
} from '../../src/index.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';

const { x, y } = blobs(90);
const models: Sequential[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

function compiled(seed = 0): Sequential {
  const model = classifier({ seed });
  models.push(model);
  return model.compile({
    optimizer: adam({ learningRate: 0.02 }),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
}

test('learns, and its figures are those of evaluate', async () => {
  const model = compiled();
  const history = await model.fit(x, y, { epochs: 20, validationData: [x, y] });
  const last = history.epochs.at(-1)!;
  expect(Object.keys(last)).toEqual(['loss', 'accuracy', 'learningRate', 'valLoss', 'valAccuracy']);
  expect(last['valAccuracy']).toBeGreaterThan(0.98);
  const { loss, accuracy } = model.evaluate(x, y);
  expect([last['valLoss'], last['valAccuracy']]).toEqual([loss, accuracy]);
  expect(history.epochs.length).toBe(20);
  expect(history.stopped).toBeUndefined();
});

describe('batches', () => {
  test.each([
    [1, 90],
    [7, 13],
    [32, 3],
    [45, 2],
    ['full', 1],
    [1000, 1],
  ] as const)('of %s rows are %i an epoch, the last one short', async (batchSize, batches) => {
    const seen: number[] = [];
    const watch: Callback = {
      onBatchEnd(t) {
        expect(t.batches).toBe(batches);
        seen.push(t.iteration);
      },
    };
    await compiled().fit(x, y, { batchSize, epochs: 2, callbacks: [watch] });
    expect(seen).toEqual(Array.from({ length: batches * 2 }, (_, i) => i + 1));
  });

  test("an epoch's loss weighs batches by their rows", async () => {
    const model = compiled().compile({ optimizer: sgd({ learningRate: 1e-30 }), loss: 'categoricalCrossentropy' });
    const { epochs } = await model.fit(x, y, { batchSize: 32 });
    expect(epochs[0]!['loss']).toBeCloseTo(model.evaluate(x, y)['loss']!, 6);
  });

  test('full batch in order is one gradient step on all rows', async () => {
    const [a, b] = [compiled(), compiled()];
    await a.fit(x, y, { batchSize: 'full', shuffle: false });
    b.trainOnBatch(x, y);
    expect(weightsHash(a)).toBe(weightsHash(b));
  });
});

describe('the same seed gives the same bits', () => {
  test('and another seed others', async () => {
    const run = async (seed: number) => {
      const model = compiled(seed);
      await model.fit(x, y, { epochs: 3 });
      return weightsHash(model);
    };
    expect(await run(1)).toBe(await run(1));
    expect(await run(1)).not.toBe(await run(2));
  });

  test('whatever the form of the data', async () => {
    const run = async (rows: Parameters<Sequential['fit']>[0], targets: Parameters<Sequential['fit']>[1]) => {
      const model = compiled();
      await model.fit(rows, targets, { epochs: 2 });
      return weightsHash(model);
    };
    const oneHot = Array.from(y, (label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)));
    const first = await run(x, y);
    expect(await run(x.toArrays(), Array.from(y))).toBe(first);
    expect(await run(Float64Array.from(x.data), Uint8Array.from(y))).toBe(first);
    expect(await run(x.data as Float32Array, oneHot)).toBe(first);
    expect(await run(x, new Matrix(oneHot.flat(), 3))).toBe(first);
    expect(await run(x, new Matrix(Uint8Array.from(oneHot.flat()), 3))).toBe(first);
    expect(await run(x, new Matrix(Float32Array.from(y), 1))).toBe(first);
  });

  test('going on with initialEpoch is the same as not having stopped', async () => {
    const [whole, parts] = [compiled(), compiled()];
    await whole.fit(x, y, { epochs: 6 });
    await parts.fit(x, y, { epochs: 2 });
    await parts.fit(x, y, { epochs: 6, initialEpoch: 2 });
    expect(weightsHash(parts)).toBe(weightsHash(whole));
  });
});

test('shuffles anew each epoch, or not at all', async () => {
  const losses = async (shuffle: boolean) => {
    const seen: number[] = [];
    const model = compiled().compile({ optimizer: sgd({ learningRate: 1e-30 }), loss: 'categoricalCrossentropy' });
    const watch: Callback = { onBatchEnd: (t) => void seen.push(t.logs['loss']!) };
    await model.fit(x, y, { epochs: 2, batchSize: 30, shuffle, callbacks: [watch] });
    return [seen.slice(0, 3), seen.slice(3)];
  };
  const [first, second] = await losses(true);
  expect(first).not.toEqual(second);
  const [same, again] = await losses(false);
  expect(same).toEqual(again);
});

test('validationSplit holds rows out: their number in each class, and they are not trained on', async () => {
  const model = compiled();
  const rows = new Float32Array(90 * 2).fill(1);
  const { epochs } = await model.fit(new Matrix(rows, 2), y, { validationSplit: 1 / 3, batchSize: 60, epochs: 1 });
  expect(epochs[0]!['valAccuracy']).toBeCloseTo(1 / 3, 6);
  let batches = 0;
  const count: Callback = {
    onBatchEnd(t) {
      batches = t.batches;
    },
  };
  await model.fit(x, y, {
    validationSplit: 0.2,
    batchSize: 1,
    callbacks: [count],
  });
  expect(batches).toBe(72);
});

test('bytes are taken as they are, through rescaling, and give what floats give', async () => {
  const bytes = Uint8Array.from({ length: 64 * 20 }, (_, i) => (i * 37) % 256);
  const labels = Int32Array.from({ length: 20 }, (_, i) => i % 2);
  const run = async (data: Uint8Array | Float32Array) => {
    const layers = [
      rescaling({ scale: 1 / 255 }),
      dense({ units: 4, activation: 'relu' }),
      dense({ units: 2, activation: 'softmax' }),
    ];
    using model = sequential({ inputs: 64, layers }).compile({ loss: 'categoricalCrossentropy' });
    await model.fit(new Matrix(data, 64), labels, { epochs: 3, batchSize: 8 });
    return weightsHash(model);
  };
  expect(await run(bytes)).toBe(await run(Float32Array.from(bytes)));
});

test('callbacks come in order, see their epoch and logs, and may stop the training', async () => {
  const calls: string[] = [];
  const watch: Callback = {
    onTrainBegin: (t) => void calls.push(`begin of ${t.epochs}`),
    onEpochBegin: (t) => void calls.push(`epoch ${t.epoch}`),
    onBatchEnd: (t) => void calls.push(`batch ${t.batch}`),
    async onEpochEnd(t) {
      await Promise.resolve();
      calls.push(`end ${t.epoch} ${'accuracy' in t.logs}`);
      if (t.epoch === 1) t.stop('seen enough');
    },
    onTrainEnd: () => void calls.push('end'),
  };
  const history = await compiled().fit(x, y, { epochs: 9, batchSize: 45, callbacks: [watch, {}] });
  const epoch = (n: number) => [`epoch ${n}`, 'batch 0', 'batch 1', `end ${n} true`];
  expect(calls).toEqual(['begin of 9', ...epoch(0), ...epoch(1), 'end']);
  expect(history.stopped).toEqual({ epoch: 1, reason: 'seen enough' });
  expect(history.epochs.length).toBe(2);
});

test('a stop before the first batch of an epoch leaves no epoch without figures', async () => {
  const stop: Callback = { onEpochBegin: (t) => t.epoch === 1 && t.stop('early') };
  const history = await compiled().fit(x, y, { epochs: 5, callbacks: [stop] });
  expect(history.epochs.length).toBe(1);
  expect(history.stopped).toEqual({ epoch: 1, reason: 'early' });
});

test('a callback sets the learning rate, which holds from the next batch on', async () => {
  const model = compiled().compile({ optimizer: sgd({ learningRate: 1e-60 }), loss: 'categoricalCrossentropy' });
  const before = weightsHash(model);
  const hashes: string[] = [];
  const set: Callback = {
    onEpochEnd(t) {
      hashes.push(weightsHash(model));
      t.learningRate = 0.5;
    },
  };
  const { epochs } = await model.fit(x, y, { epochs: 2, callbacks: [set] });
  expect(hashes[0]).toBe(before);
  expect(hashes[1]).not.toBe(before);
  expect(epochs.map((logs) => logs['learningRate'])).toEqual([1e-60, 0.5]);
  const wrong: Callback = {
    onTrainBegin(t) {
      t.learningRate = Number.NaN;
    },
  };
  await expect(model.fit(x, y, { callbacks: [wrong] })).rejects.toThrow(
    'learningRate: expected a positive number, got NaN',
  );
});

test('yields to the event loop while it trains', async () => {
  const big = blobs(30_000);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const begin = performance.now();
  await compiled().fit(big.x, big.y, { epochs: 4, batchSize: 8 });
  const milliseconds = performance.now() - begin;
  clearInterval(timer);
  // A pause every 12 ms, and slack for a busy machine.
  expect(turns).toBeGreaterThan(milliseconds / 60);
});

describe('aborting', () => {
  test('rejects with the reason and leaves a usable model', async () => {
    const model = compiled();
    const controller = new AbortController();
    const reason = new Error('enough');
    const abort: Callback = { onBatchEnd: (t) => t.iteration === 5 && controller.abort(reason) };
    await expect(
      model.fit(x, y, { epochs: 99, batchSize: 30, signal: controller.signal, callbacks: [abort as Callback] }),
    ).rejects.toBe(reason);
    expect(model.predict(x).data.every(Number.isFinite)).toBe(true);
    await model.fit(x, y, { epochs: 1 });
  });

  test('before the first batch changes nothing', async () => {
    const model = compiled();
    const before = weightsHash(model);
    await expect(model.fit(x, y, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(weightsHash(model)).toBe(before);
  });
});

describe('divergence', () => {
  const exploding = { optimizer: sgd({ learningRate: 1e20 }), loss: 'meanSquaredError' } as const;
  const build = () => {
    const model = sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'relu' }), dense({ units: 3 })] });
    models.push(model);
    return model.compile(exploding);
  };

  test('says where, keeps the history, and puts the last finished epoch back', async () => {
    const model = build();
    let good = '';
    const explode: Callback = {
      onTrainBegin(t) {
        t.learningRate = 0.01;
      },
      onEpochEnd(t) {
        good = weightsHash(model);
        if (t.epoch === 1) t.learningRate = 1e25;
      },
    };
    const error = await model.fit(x, y, { epochs: 9, batchSize: 30, callbacks: [explode] }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DivergedError);
    expect(error).toMatchObject({ code: 'DIVERGED', epoch: 2, learningRate: 1e25 });
    expect((error as DivergedError).history.epochs.length).toBe(2);
    expect((error as DivergedError).message).toMatch(
      /^fit: the loss became (NaN|Infinity) in epoch 3, batch \d, at learning rate 1e\+25\. The parameters of the last finished epoch are back in place\. Try a learning rate of 1e\+24, or inputs scaled to about −1 to 1\.$/,
    );
    expect(weightsHash(model)).toBe(good);
    model.compile({ loss: 'meanSquaredError' });
    await model.fit(x, y);
  });

  test('of the parameters alone, or on validation rows, names no batch', async () => {
    // The loss of the only batch is finite, and the update after it is not.
    const optimizer = sgd({ learningRate: 3e38 });
    const one = () =>
      sequential({ inputs: 1, layers: [dense({ units: 1, kernelInitializer: 'zeros' })] }).compile({
        loss: 'meanSquaredError',
        optimizer,
      });
    await expect(one().fit([[3]], [1])).rejects.toMatchObject({
      message: expect.stringMatching(
        /^fit: the parameters or the optimizer's moments became infinite or NaN in epoch 1, at learning rate 3e\+38\. /,
      ),
      epoch: 0,
      batch: 0,
    });
    const model = one().compile({ loss: 'meanSquaredError', optimizer: sgd({ learningRate: 1e20 }) });
    const running = model.fit([[1]], [1], {
      validationData: [
        [[1], [2]],
        [1, 2],
      ],
    });
    await expect(running).rejects.toThrow(
      /^fit: the validation loss became Infinity in epoch 1, at learning rate 10+\. /,
    );
  });

  test('in trainOnBatch changes nothing', () => {
    const model = build();
    model.setWeights(new Map([...model.getWeights()].map(([k, w]) => [k, { ...w, data: w.data.map(() => 3e38) }])));
    const before = weightsHash(model);
    expect(() => model.trainOnBatch(x, y)).toThrow(
      /^trainOnBatch: the loss or its derivatives came to (NaN|Infinity), at learning rate 1\d+\. Nothing has changed\./,
    );
    expect(weightsHash(model)).toBe(before);
  });

  test('in trainOnBatch by the derivatives alone: a batch normalization has not moved either', () => {
    const kernelInitializer = { type: 'constant', value: 1e12 } as const;
    const layers = [batchNormalization(), dense({ units: 1, kernelInitializer })];
    const model = sequential({ inputs: 2, layers }).compile({ loss: 'meanSquaredError', optimizer: sgd() });
    const before = weightsHash(model);
    const rows = [
      [1, 2],
      [3, 4],
      [5, 9],
    ];
    expect(model.evaluate(rows, [1, 1, 1])['loss']).toBeLessThan(1e30);
    expect(() => model.trainOnBatch(rows, [1, 1, 1])).toThrow(expect.objectContaining({ code: 'DIVERGED' }));
    expect(weightsHash(model)).toBe(before);
  });
});

describe('one training at a time', () => {
  test('a second one, or compile, is refused; predicting goes on', async () => {
    const model = compiled();
    const running = model.fit(x, y, { epochs: 200, batchSize: 1 });
    expect(() => model.compile({ loss: 'huber' })).toThrow('compile: the model is training');
    expect(() => model.trainOnBatch(x, y)).toThrow('trainOnBatch: the model is training');
    await expect(model.fit(x, y)).rejects.toMatchObject({ code: 'BUSY' });
    expect(model.predict(x).rows).toBe(90);
    model.evaluate(x, y);
    await running;
    await model.fit(x, y);
  });

  test('predicting in a callback does not disturb the training', async () => {
    const [quiet, watched] = [compiled(), compiled()];
    await quiet.fit(x, y, { epochs: 2, batchSize: 16 });
    const look: Callback = { onBatchEnd: () => void watched.predict(x) };
    await watched.fit(x, y, { epochs: 2, batchSize: 16, callbacks: [look] });
    expect(weightsHash(watched)).toBe(weightsHash(quiet));
  });

  test('disposing a model that trains ends the training', async () => {
    const model = compiled();
    const running = model.fit(x, y, { epochs: 10_000, batchSize: 1 });
    setTimeout(() => model.dispose(), 5);
    await expect(running).rejects.toMatchObject({ code: 'DISPOSED', message: 'fit: the model has been disposed' });
  });

  test('a callback that throws ends the training and leaves the model free', async () => {
    const model = compiled();
    const broken: Callback = {
      onEpochBegin: vi.fn(() => {
        throw new Error('mine');
      }),
    };
    await expect(model.fit(x, y, { callbacks: [broken] })).rejects.toThrow('mine');
    await model.fit(x, y);
  });
});
