// The model as an object: predicting, weights, clones, summary, memory.
import { describe, expect, test } from 'vitest';
import { createEngine, dense, Matrix, rescaling, sequential } from '../../src/index.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';

const { x, y } = blobs(70);
const compiled = () => classifier().compile({ loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

describe('predicting', () => {
  test('batch sizes do not change a bit; neither does predictInto', () => {
    using model = classifier();
    const all = model.predict(x).data;
    for (const batchSize of [1, 3, 64, 70, 1000]) expect(model.predict(x, { batchSize }).data).toEqual(all);
    const out = new Float32Array(70 * 3);
    expect(model.predictInto(out, x.data as Float32Array)).toBe(out);
    expect(out).toEqual(all);
    const one = model.predictInto(new Float32Array(3), (x.data as Float32Array).slice(0, 2));
    expect(one).toEqual(all.slice(0, 3));
  });

  test('softmax rows sum to 1', () => {
    using model = classifier();
    for (const row of model.predict(x).toArrays()) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });

  test('evaluate does not depend on its batches', () => {
    using model = compiled();
    const whole = model.evaluate(x, y, { batchSize: 70 });
    const parts = model.evaluate(x, y, { batchSize: 9 });
    expect(parts['accuracy']).toBe(whole['accuracy']);
    expect(parts['loss']).toBeCloseTo(whole['loss']!, 6);
  });

  test('trainOnBatch gives loss and metrics from before the update', () => {
    using model = compiled();
    const before = model.evaluate(x, y);
    expect(model.trainOnBatch(x, y)).toEqual({ ...before, loss: expect.closeTo(before['loss']!, 6) });
  });
});

test('getWeights gives copies, setWeights takes them back or changes nothing', () => {
  using model = classifier({ seed: 1 });
  const hash = weightsHash(model);
  const weights = model.getWeights();
  weights.get('dense/kernel')!.data.fill(7);
  expect(weightsHash(model)).toBe(hash);
  model.setWeights(weights);
  expect(
    model
      .getWeights()
      .get('dense/kernel')!
      .data.every((v) => v === 7),
  ).toBe(true);
  const half = new Map(model.getWeights());
  half.set('dense/kernel', { shape: [2, 8], data: new Float32Array(16) });
  half.set('dense_1/bias', { shape: [2], data: new Float32Array(2) });
  const kept = weightsHash(model);
  expect(() => model.setWeights(half)).toThrow('"dense_1/bias" is 2');
  expect(weightsHash(model)).toBe(kept);
});

test('a clone has the weights and the compilation, or fresh weights of another seed', async () => {
  using model = compiled();
  await model.fit(x, y, { epochs: 2 });
  using copy = model.clone();
  using fresh = model.clone({ seed: 9 });
  expect(weightsHash(copy)).toBe(weightsHash(model));
  expect(weightsHash(fresh)).toBe(weightsHash(classifier({ seed: 9 })));
  const before = weightsHash(model);
  copy.trainOnBatch(x, y);
  expect(weightsHash(model)).toBe(before);
  expect(fresh.evaluate(x, y)).toHaveProperty('accuracy');
});

test('the summary lists layers, outputs and parameters', () => {
  const layers = [
    rescaling({ scale: 1 / 255 }),
    dense({ units: 128, activation: 'relu' }),
    dense({ units: 10, activation: 'softmax' }),
  ];
  using model = sequential({ inputs: 784, layers, name: 'mnist' });
  expect(`\n${model.summary()}\n`).toMatchInlineSnapshot(`
    "
    mnist: 784 inputs
    ──────────────────────────────────────────────
    layer      type            outputs  parameters
    ──────────────────────────────────────────────
    rescaling  rescaling           784           0
    dense      dense, relu         128     100,480
    dense_1    dense, softmax       10       1,290
    ──────────────────────────────────────────────
    101,770 parameters, 407,080 bytes
    "
  `);
});

describe('memory', () => {
  test('a thousand models built, trained and disposed leave bytesInUse where it was', async () => {
    using engine = await createEngine();
    for (let i = 0; i < 1000; i++) {
      const layers = [dense({ units: 8, activation: 'gelu' }), dense({ units: 3, activation: 'softmax' })];
      using model = sequential({ inputs: 2, layers, engine }).compile({ loss: 'categoricalCrossentropy' });
      model.trainOnBatch(x, y);
      model.getWeights();
      expect(engine.bytesInUse).toBeGreaterThan(0);
    }
    expect(engine.bytesInUse).toBe(0);
    expect(engine.bytesReserved).toBeLessThan(4 * 2 ** 20);
  });

  test('a model that is not trained holds its parameters only', async () => {
    using engine = await createEngine();
    using model = sequential({ inputs: 16, layers: [dense({ units: 16 })], engine });
    expect(engine.bytesInUse).toBe((16 * 16 + 16) * 4);
    model.predict(new Float32Array(16));
    expect(engine.bytesInUse).toBeLessThan(3000);
  });

  test('memory that grows in the middle does not harm other models', () => {
    using model = compiled();
    const before = model.predict(x).data;
    using large = sequential({ inputs: 2000, layers: [dense({ units: 2000 })] });
    expect(large.predict(new Float32Array(2000)).columns).toBe(2000);
    expect(model.predict(x).data).toEqual(before);
  });

  test('maxMemory is kept, and what does not fit changes nothing', async () => {
    using engine = await createEngine({ maxMemory: 100_000 });
    using model = sequential({ inputs: 100, layers: [dense({ units: 100 })], engine });
    const inUse = engine.bytesInUse;
    const tooMuch = () => sequential({ inputs: 200, layers: [dense({ units: 200 })], engine });
    expect(tooMuch).toThrow(`engine: cannot allocate 167232 bytes; ${inUse} are in use: maxMemory is 100000`);
    model.compile({ loss: 'huber' });
    expect(() => model.trainOnBatch(new Float32Array(100), new Float32Array(100))).toThrow('maxMemory');
    model.dispose();
    expect(engine.bytesInUse).toBe(0);
  });

  test('after dispose everything is refused; disposing twice is fine', () => {
    const model = compiled();
    model.dispose();
    model.dispose();
    for (const call of [
      () => model.predict(x),
      () => model.getWeights(),
      () => model.clone(),
      () => model.trainOnBatch(x, y),
    ]) {
      expect(call).toThrow('the model has been disposed');
    }
    expect(() => model.evaluate(x, y)).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
  });

  test('disposing the engine takes its models along', async () => {
    const engine = await createEngine();
    const model = sequential({ inputs: 2, layers: [dense({ units: 2 })], engine });
    engine.dispose();
    expect(() => model.predict(new Matrix([1, 2], 2))).toThrow('engine: used after dispose');
    model.dispose();
  });
});
