// first-contact rows 20 and 26: k calls of fit with one epoch each give the same bits as one call with k epochs, in memory and with saving and loading in between.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jitter, mixup } from '../../src/data/index.js';
import {
  activation,
  adam,
  batchNormalization,
  type Callback,
  type CompileOptions,
  checkpoint,
  dense,
  dropout,
  earlyStopping,
  type FitOptions,
  gaussianNoise,
  type Layer,
  loadModel,
  type Matrix,
  reduceOnPlateau,
  rmsprop,
  type Sequential,
  sequential,
  sgd,
} from '../../src/index.js';
import { blobs, classifier } from '../helpers/models.js';

interface Case {
  readonly layers: readonly Layer[];
  readonly optimizer: NonNullable<CompileOptions['optimizer']>;
  readonly options: FitOptions & { augment: NonNullable<FitOptions['augment']> };
  readonly stream: boolean;
  readonly seed: number;
  readonly epochs: number;
}

const rows = fc.integer({ min: 20, max: 45 });
const cases: fc.Arbitrary<Case> = fc.record({
  layers: fc
    .tuple(fc.boolean(), fc.boolean(), fc.boolean())
    .map(([normed, dropped, noisy]) => [
      ...(noisy ? [gaussianNoise({ stddev: 0.1 })] : []),
      dense({ units: 6, kernelRegularizer: { l2: 0.001 } }),
      ...(normed ? [batchNormalization()] : []),
      activation('gelu'),
      ...(dropped ? [dropout({ rate: 0.3 })] : []),
      dense({ units: 3, activation: 'softmax' }),
    ]),
  optimizer: fc.constantFrom(
    adam({ learningRate: 0.01 }),
    adam({ learningRate: { type: 'cosine', initial: 0.02, steps: 30, warmup: 3 } }),
    adam({ learningRate: { type: 'exponential', initial: 0.02, decay: 0.9 }, clipNorm: 0.5 }),
    sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    rmsprop({ momentum: 0.5 }),
  ),
  options: fc
    .record({
      batchSize: fc.constantFrom<number | 'full'>(4, 7, 8, 16, 'full'),
      shuffle: fc.boolean(),
      augment: fc.constantFrom([], [jitter({ stddev: 0.1 })], [mixup({ alpha: 0.5 }), jitter({ stddev: 0.05 })]),
      more: fc.constantFrom({}, { validationSplit: 0.25 }, { classWeight: 'balanced' as const }),
    })
    .map(({ more, ...options }) => ({ ...options, ...more })),
  stream: fc.boolean(),
  seed: fc.nat(1e6),
  epochs: fc.integer({ min: 2, max: 5 }),
});

const build = ({ layers, optimizer, seed }: Case): Sequential =>
  sequential({ inputs: 2, layers, seed }).compile({
    optimizer,
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });

/** Batches of 8 rows, the same in each epoch. */
const batchesOf = (x: Matrix, y: Int32Array) =>
  function* () {
    for (let from = 0; from + 8 <= x.rows; from += 8) {
      const order = Int32Array.from({ length: 8 }, (_, i) => from + i);
      yield [x.select(order), y.subarray(from, from + 8)] as const;
    }
  };

async function train(model: Sequential, c: Case, count: number, data: ReturnType<typeof blobs>): Promise<unknown[]> {
  const { x, y } = data;
  const { augment } = c.options;
  const { epochs } = c.stream
    ? await model.fit(batchesOf(x, y), undefined, { epochs: count, augment, validationData: [x, y] })
    : await model.fit(x, y, { ...c.options, epochs: count });
  return [...epochs];
}

describe('k calls of one epoch are one call of k epochs', () => {
  test('in memory, and saved and loaded between any two', async () => {
    await fc.assert(
      fc.asyncProperty(cases, rows, async (c, count) => {
        const data = blobs(count);
        using whole = build(c);
        const expected = await train(whole, c, c.epochs, data);
        using one = build(c);
        let saved = build(c);
        const figures: unknown[] = [];
        const savedFigures: unknown[] = [];
        for (let epoch = 0; epoch < c.epochs; epoch++) {
          expect(one.trainedEpochs).toBe(epoch);
          figures.push(...(await train(one, c, 1, data)));
          savedFigures.push(...(await train(saved, c, 1, data)));
          const next = loadModel(saved.save({ optimizer: true }));
          saved.dispose();
          saved = next;
        }
        const bytes = whole.save({ optimizer: true });
        expect(one.save({ optimizer: true })).toEqual(bytes);
        expect(saved.save({ optimizer: true })).toEqual(bytes);
        expect([figures, savedFigures]).toEqual([expected, expected]);
        saved.dispose();
      }),
      { numRuns: 40 },
    );
  });

  test('a loop of fits draws other masks each time: it learns as one call does', async () => {
    const { x, y } = blobs(60);
    const layers = [
      dense({ units: 8, activation: 'relu' }),
      dropout({ rate: 0.5 }),
      dense({ units: 3, activation: 'softmax' }),
    ];
    using model = sequential({ inputs: 2, layers }).compile({ loss: 'categoricalCrossentropy' });
    const losses = new Set<number>();
    using still = model.clone();
    for (let i = 0; i < 5; i++) {
      await model.fit(x, y, { epochs: 1, batchSize: 'full' });
      // The weights are the same each time; only the masks differ.
      await still.fit(x, y, { batchSize: 'full' });
      losses.add(still.evaluate(x, y)['loss']!);
    }
    expect(losses.size).toBe(5);
  });
});

test('compile keeps the count, a fresh clone begins at 0, a clone of the same weights goes on', async () => {
  const { x, y } = blobs(20);
  using model = sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })] });
  expect(model.trainedEpochs).toBe(0);
  model.compile({ loss: 'categoricalCrossentropy' });
  await model.fit(x, y, { epochs: 3 });
  model.compile({ loss: 'categoricalCrossentropy', optimizer: 'sgd' });
  using copy = model.clone();
  using fresh = model.clone({ seed: 1 });
  expect([model.trainedEpochs, copy.trainedEpochs, fresh.trainedEpochs]).toEqual([3, 3, 0]);
  await model.fit(x, y, { epochs: 5, initialEpoch: 4 });
  expect(model.trainedEpochs).toBe(5);
});

test('first-contact row 26: a run with reduceOnPlateau and earlyStopping is resumed from each of its epochs to the same bits', async () => {
  const { x, y } = blobs(30);
  const make = () =>
    sequential({
      inputs: 2,
      layers: [dense({ units: 6, activation: 'tanh' }), dense({ units: 3, activation: 'softmax' })],
      seed: 5,
    }).compile({
      optimizer: adam({ learningRate: { type: 'cosine', initial: 0.3, steps: 100 } }),
      loss: 'categoricalCrossentropy',
    });
  const files: Uint8Array[] = [];
  const callbacks = (keep: boolean): Callback[] => [
    checkpoint((bytes) => void (keep && files.push(bytes))),
    reduceOnPlateau({ patience: 2, factor: 0.5 }),
    earlyStopping({ patience: 9 }),
  ];
  const options = { batchSize: 8, validationSplit: 0.3 };
  using whole = make();
  const { epochs, stopped } = await whole.fit(x, y, { ...options, epochs: 60, callbacks: callbacks(true) });
  expect(files.length).toBe(epochs.length);
  const ends: string[] = [];
  for (const [i, file] of files.entries()) {
    using model = loadModel(file);
    const rest = await model.fit(x, y, { ...options, epochs: 60, initialEpoch: i + 1, callbacks: callbacks(false) });
    ends.push(Buffer.from(model.save()).toString('base64'));
    expect(rest.epochs).toEqual(epochs.slice(i + 1));
    expect(rest.stopped?.reason).toBe(stopped?.reason);
  }
  expect(new Set(ends)).toEqual(new Set([Buffer.from(whole.save()).toString('base64')]));
});

describe('callbacks go on from one call to the next', () => {
  const { x, y: labels } = blobs(40);
  // Some labels are wrong, so that the validation loss rises again.
  const y = labels.map((label, row) => (row % 4 === 0 ? (label + 1) % 3 : label));
  const make = () =>
    sequential({
      inputs: 2,
      layers: [dense({ units: 6, activation: 'tanh' }), dense({ units: 3, activation: 'softmax' })],
      seed: 5,
    }).compile({ optimizer: adam({ learningRate: 0.3 }), loss: 'categoricalCrossentropy' });
  const options = { batchSize: 8, validationSplit: 0.3 };
  const callbacks = (): Callback[] => [reduceOnPlateau({ patience: 2, factor: 0.5 }), earlyStopping({ patience: 30 })];

  test.each([1, 3, 5])(
    'reduceOnPlateau and earlyStopping, in calls of %i epochs, saved and loaded in between',
    async (size) => {
      using whole = make();
      const { epochs } = await whole.fit(x, y, { ...options, epochs: 15, callbacks: callbacks() });
      expect(new Set(epochs.map((logs) => logs['learningRate'])).size).toBeGreaterThan(2);
      using one = make();
      let saved = make();
      const figures: unknown[] = [];
      for (let done = 0; done < 15; done += size) {
        figures.push(...(await one.fit(x, y, { ...options, epochs: size, callbacks: callbacks() })).epochs);
        await saved.fit(x, y, { ...options, epochs: size, callbacks: callbacks() });
        const next = loadModel(saved.save({ optimizer: true }));
        saved.dispose();
        saved = next;
      }
      expect(figures).toEqual(epochs);
      // The best weights are back after each call, and each goes on from its last ones.
      const bytes = whole.save({ optimizer: true });
      expect(one.save({ optimizer: true })).toEqual(bytes);
      expect(saved.save({ optimizer: true })).toEqual(bytes);
      saved.dispose();
    },
  );

  test('from weights that somebody has set in between it goes on as they are', async () => {
    using model = make();
    await model.fit(x, y, { ...options, epochs: 6, callbacks: callbacks() });
    const weights = make().getWeights();
    model.setWeights(weights);
    using twin = make();
    await twin.fit(x, y, { ...options, epochs: 6 });
    twin.setWeights(weights);
    const seen: unknown[] = [];
    const watch: Callback = { onTrainBegin: (t) => void seen.push(t.model.save()) };
    await model.fit(x, y, { ...options, callbacks: [...callbacks(), watch] });
    expect(seen).toEqual([twin.save()]);
  });
});

test('a clone of a loaded run that is not compiled yet knows its epochs, and goes on from them', async () => {
  const { x, y } = blobs(30);
  const compute = (target: Float32Array, predicted: Float32Array, gradient: Float32Array, rows: number): number => {
    for (let i = 0; i < gradient.length; i++) gradient[i] = (predicted[i]! - target[i]!) / rows;
    return 1;
  };
  const loss = { name: 'mine', compute };
  using model = classifier().compile({ loss });
  await model.fit(x, y, { epochs: 3 });
  using loaded = loadModel(model.save({ optimizer: true }));
  using copy = loaded.clone();
  expect([loaded.trainedEpochs, copy.trainedEpochs]).toEqual([3, 3]);
  using fresh = loaded.clone({ seed: 1 });
  expect(fresh.trainedEpochs).toBe(0);
  expect(copy.compile({ loss }).trainedEpochs).toBe(3);
  await copy.fit(x, y);
  expect(copy.trainedEpochs).toBe(4);
  // Its own run is not the loaded model's.
  expect(loaded.trainedEpochs).toBe(3);
});

test('compile says where a learning rate goes', () => {
  using model = classifier();
  expect(() => model.compile({ loss: 'categoricalCrossentropy', learningRate: 0.1 } as never)).toThrow(
    'compile: unknown option "learningRate"; known are optimizer, loss, metrics, layerRates; did you mean optimizer?',
  );
});
