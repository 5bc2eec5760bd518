// Memory with many models and with models that are never disposed of; aborting at any point.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shiftImage } from '../../src/data/index.js';
import {
  activation,
  batchNormalization,
  createEngine,
  dense,
  dropout,
  type Engine,
  sequential,
} from '../../src/index.js';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(24);
const build = (engine: Engine, seed = 0) =>
  sequential({
    inputs: 2,
    layers: [
      dense({ units: 8, kernelRegularizer: { l2: 0.01 } }),
      batchNormalization(),
      activation('gelu'),
      dropout({ rate: 0.1 }),
      dense({ units: 3, activation: 'softmax' }),
    ],
    engine,
    seed,
  }).compile({ loss: 'categoricalCrossentropy' });

test('10,000 rounds of build, train and dispose leave bytesInUse where it was', async () => {
  using engine = await createEngine();
  const augment = [shiftImage({ width: 2, height: 1, max: 1 })];
  let reserved = 0;
  for (let round = 0; round < 10_000; round++) {
    using model = build(engine, round);
    if (round % 100 === 0) await model.fit(x, y, { epochs: 2, batchSize: 10, validationSplit: 0.2, augment });
    else model.trainOnBatch(x, y);
    if (round === 1000) reserved = engine.bytesReserved;
  }
  expect(engine.bytesInUse).toBe(0);
  expect(engine.bytesReserved).toBe(reserved);
}, 60_000);

test('models dropped without dispose are freed by the garbage collector', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  using engine = await createEngine();
  for (let i = 0; i < 50; i++) build(engine).trainOnBatch(x, y);
  expect(engine.bytesInUse).toBeGreaterThan(0);
  for (let i = 0; i < 100 && engine.bytesInUse > 0; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(engine.bytesInUse).toBe(0);
});

test('an abort at any point leaves a usable model and no memory taken', async () => {
  using engine = await createEngine();
  using model = build(engine);
  model.trainOnBatch(x, y);
  const options = { epochs: 4, batchSize: 5, validationSplit: 0.25 };
  await model.fit(x, y, options);
  const inUse = engine.bytesInUse;
  const hooks = ['onTrainBegin', 'onEpochBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'] as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...hooks), fc.nat(20), async (hook, after) => {
      const controller = new AbortController();
      let calls = 0;
      const abort = { [hook]: () => calls++ === after && controller.abort(new Error('mine')) };
      const outcome = await model.fit(x, y, { ...options, callbacks: [abort], signal: controller.signal }).then(
        () => 'done',
        (error: Error) => error.message,
      );
      expect(['done', 'mine']).toContain(outcome);
      expect(model.predict(x).data.every(Number.isFinite)).toBe(true);
      expect(engine.bytesInUse).toBe(inUse);
    }),
    { numRuns: 60 },
  );
  await model.fit(x, y, options);
});
