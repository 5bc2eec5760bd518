// Lets every single allocation of building, training, predicting and loading fail in turn. The error is OUT_OF_MEMORY, existing models are unchanged, and no memory leaks.
import { describe, expect, test, vi } from 'vitest';
import { defaultEngine, Engine } from '../../src/engine/engine.js';
import { bagging, fitPipeline } from '../../src/evaluate/index.js';
import {
  activation,
  adam,
  batchNormalization,
  dense,
  dropout,
  loadModel,
  Matrix,
  type Sequential,
  SimdenseError,
  sequential,
} from '../../src/index.js';
import { blobs, weightsHash } from '../helpers/models.js';

const { x, y } = blobs(40);
const layers = [
  dense({ units: 8, kernelRegularizer: { l2: 0.01 } }),
  batchNormalization(),
  activation('gelu'),
  dropout({ rate: 0.1 }),
  dense({ units: 3, activation: 'softmax' }),
];

/** An engine whose n-th allocation from now on fails. */
class Failing extends Engine {
  left = Number.POSITIVE_INFINITY;

  override allocate(bytes: number): number {
    if (--this.left === 0) throw new SimdenseError('OUT_OF_MEMORY', 'engine: cannot take more, says the test');
    return super.allocate(bytes);
  }
}

/** Runs an action once for each of its allocations, letting that one fail; returns their number. */
async function withEach(engine: Failing, run: () => unknown, check: () => void): Promise<number> {
  for (let n = 1; n < 1000; n++) {
    engine.left = n;
    try {
      await run();
      if (engine.left > 0) return n - 1;
    } catch (error) {
      expect((error as SimdenseError).code).toBe('OUT_OF_MEMORY');
    } finally {
      engine.left = Number.POSITIVE_INFINITY;
    }
    check();
  }
  throw new Error('it never ended');
}

const build = (engine: Engine): Sequential =>
  sequential({ inputs: 2, layers, engine, seed: 3 }).compile({ optimizer: adam(), loss: 'categoricalCrossentropy' });

describe('when an allocation fails', () => {
  test('building and loading give everything back', async () => {
    const engine = new Failing();
    const file = build(engine).save({ optimizer: true });
    const before = engine.bytesInUse;
    const clean = (): void => expect(engine.bytesInUse).toBe(before);
    expect(await withEach(engine, () => build(engine).dispose(), clean)).toBeGreaterThan(0);
    using trained = build(engine);
    trained.trainOnBatch(x, y);
    const whole = trained.save({ optimizer: true });
    trained.dispose();
    expect(await withEach(engine, () => loadModel(whole, { engine }).dispose(), clean)).toBeGreaterThan(3);
    expect(await withEach(engine, () => loadModel(file, { engine }).dispose(), clean)).toBeGreaterThan(1);
  });

  test.each<[string, (model: Sequential) => unknown]>([
    ['fit', (model) => model.fit(x, y, { epochs: 2, batchSize: 7, validationSplit: 0.3 })],
    ['trainOnBatch', (model) => model.trainOnBatch(x, y)],
    ['evaluate', (model) => model.evaluate(x, y)],
    ['predict', (model) => model.predict(x)],
    ['predictInto', (model) => model.predictInto(new Float32Array(120), Float32Array.from(x.data))],
    ['getWeights', (model) => model.getWeights()],
    ['setWeights', (model) => model.setWeights(new Map(model.getWeights()))],
    ['save', (model) => model.save({ optimizer: true })],
    ['clone', (model) => model.clone().dispose()],
  ])('%s leaves the model as it was, and usable', async (_, run) => {
    const engine = new Failing();
    const reference = build(engine);
    const hash = weightsHash(reference);
    const expected = reference.predict(x).data;
    reference.dispose();
    const empty = engine.bytesInUse;
    let model = build(engine);
    const count = await withEach(
      engine,
      () => run(model),
      () => {
        expect(weightsHash(model)).toBe(hash);
        expect(model.predict(x).data).toEqual(expected);
        model.dispose();
        expect(engine.bytesInUse).toBe(empty);
        model = build(engine);
      },
    );
    expect(count).toBeGreaterThan(0);
    // What the whole run took is given back with the model.
    model.dispose();
    expect(engine.bytesInUse).toBe(empty);
  });

  test.each<[string, () => Promise<{ dispose(): void }>]>([
    [
      'bagging',
      () => bagging({ layers: [dense({ units: 2, activation: 'tanh' })], fit: { epochs: 1 } }, x, y, { members: 2 }),
    ],
    ['fitPipeline', () => fitPipeline({ layers: [dense({ units: 2, activation: 'tanh' })], fit: { epochs: 1 } }, x, y)],
  ])('%s gives everything back', async (_, run) => {
    // Pipelines are fitted on the default engine.
    const engine = defaultEngine();
    const before = engine.bytesInUse;
    let left = Number.POSITIVE_INFINITY;
    const allocate = vi.spyOn(engine, 'allocate');
    const real = Engine.prototype.allocate;
    allocate.mockImplementation((bytes) => {
      if (--left === 0) throw new SimdenseError('OUT_OF_MEMORY', 'engine: cannot take more, says the test');
      return real.call(engine, bytes);
    });
    try {
      let n = 1;
      for (; n < 1000; n++) {
        left = n;
        const made = await run().catch((error: SimdenseError) => {
          expect(error.code).toBe('OUT_OF_MEMORY');
          return undefined;
        });
        made?.dispose();
        expect(engine.bytesInUse).toBe(before);
        if (left > 0) break;
      }
      expect(n).toBeGreaterThan(10);
      expect(n).toBeLessThan(1000);
    } finally {
      allocate.mockRestore();
    }
  });

  test('an engine at its limit trains on when a model is given back', () => {
    using small = new Engine(200_000);
    const big = sequential({ inputs: 100, layers: [dense({ units: 400 })], engine: small });
    expect(() => sequential({ inputs: 100, layers: [dense({ units: 400 })], engine: small })).toThrow(
      expect.objectContaining({ code: 'OUT_OF_MEMORY' }),
    );
    expect(big.predict(new Matrix(new Float32Array(100), 100)).columns).toBe(400);
    big.dispose();
    using other = sequential({ inputs: 100, layers: [dense({ units: 400 })], engine: small });
    expect(other.outputs).toBe(400);
    expect(small.bytesInUse).toBeLessThan(200_000);
  });
});
