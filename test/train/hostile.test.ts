// Hostile arguments: those that run code while they are read, arrays that lie about their length, malicious streams and callbacks. They are refused, and nothing else is affected.
import { describe, expect, test } from 'vitest';
import {
  type BatchPair,
  type Callback,
  type CallbackState,
  dense,
  loadModel,
  type Sequential,
  sequential,
} from '../../src/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';

const small = (seed: number): Sequential => sequential({ inputs: 2, layers: [dense({ units: 4 })], seed });
const gone = expect.objectContaining({ code: 'DISPOSED' });

describe('disposed of while its arguments are read', () => {
  /** A row whose first cell calls this. */
  const row = (call: () => void): number[] =>
    Object.defineProperty([0, 1], 0, {
      get() {
        call();
        return 0;
      },
    });

  test('setWeights does not write into what another model has by now', () => {
    const model = small(1);
    const weights = new Map(small(2).getWeights());
    const kernel = weights.get('dense/kernel') as { shape: number[]; data: Float32Array };
    let other: Sequential | undefined;
    let before = '';
    weights.set('dense/kernel', {
      shape: kernel.shape,
      get data() {
        if (!other) {
          model.dispose();
          other = small(3);
          before = weightsHash(other);
        }
        return kernel.data;
      },
    });
    expect(() => model.setWeights(weights)).toThrow(gone);
    expect(weightsHash(other as unknown as Sequential)).toBe(before);
  });

  test('weights that change while they are read are refused', () => {
    const model = small(1);
    const [first, second] = [new Float32Array(8).fill(0.5), new Float32Array(4000).fill(9)];
    const weights = new Map(model.getWeights());
    let read = 0;
    weights.set('dense/kernel', {
      shape: [2, 4],
      get data() {
        return ++read > 1 ? second : first;
      },
    });
    const before = weightsHash(model);
    expect(() => model.setWeights(weights)).toThrow('setWeights: "dense/kernel" changed while it was read');
    expect(weightsHash(model)).toBe(before);
    using other = small(5);
    expect(weightsHash(other)).toBe(weightsHash(small(5)));
  });

  test('predict, evaluate and a predictor', () => {
    for (const call of [
      (model: Sequential, x: number[][]) => model.predict(x),
      (model: Sequential, x: number[][]) => model.evaluate(x, [[0, 0, 0, 0]]),
    ]) {
      const model = small(1).compile({ loss: 'meanSquaredError' });
      expect(() => call(model, [row(() => model.dispose())])).toThrow(gone);
    }
    const predictor = loadPredictor(small(1).save());
    expect(() => predictor.predict([row(() => predictor.dispose())])).toThrow(gone);
  });

  test('evaluate of a model that is compiled anew meanwhile', () => {
    const model = small(1).compile({ loss: 'meanAbsoluteError' });
    const x = [row(() => model.compile({ loss: 'meanSquaredError' }))];
    expect(() => model.evaluate(x, [[1, 1, 1, 1]])).toThrow('compiled anew while its rows were read');
  });
});

test('predictInto goes by the true length of an array', () => {
  class Lie extends Float32Array {
    override get length(): number {
      return 2;
    }
  }
  using model = small(1);
  using other = small(3);
  const before = weightsHash(other);
  const own = Object.defineProperty(new Float32Array(20_000).fill(7), 'length', { value: 2 });
  for (const x of [new Lie(20_000).fill(7), own])
    expect(() => model.predictInto(new Float32Array(4), x)).toThrow(expect.objectContaining({ code: 'SHAPE' }));
  expect(weightsHash(other)).toBe(before);
});

describe('a stream whose return never resolves', () => {
  const stream = (value: BatchPair): AsyncIterable<BatchPair> => ({
    [Symbol.asyncIterator]: () => ({
      next: async () => ({ done: false, value }),
      return: () => new Promise(() => {}),
    }),
  });

  test('does not keep fit from its signal', async () => {
    using model = small(1).compile({ loss: 'meanSquaredError' });
    const stop: Callback = { onBatchEnd: (t) => t.stop('enough') };
    const run = model.fit(stream([[[1, 1]], [[1, 1, 1, 1]]]), undefined, {
      callbacks: [stop],
      signal: AbortSignal.timeout(50),
    });
    await expect(run).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(model.predict([[1, 1]]).rows).toBe(1);
  });

  test('and a disposed model ends it, with what was wrong', async () => {
    const model = small(1).compile({ loss: 'meanSquaredError' });
    const run = model.fit(stream([[[1, Number.NaN]], [[1, 1, 1, 1]]]), undefined);
    setTimeout(() => model.dispose(), 20);
    await expect(run).rejects.toThrow('fit: x is NaN in row 0, column 1');
  });
});

describe('what callbacks know', () => {
  const { x, y } = blobs(20);
  const withState = async (getState: () => unknown): Promise<Uint8Array> => {
    using model = classifier().compile({ loss: 'categoricalCrossentropy' });
    let file = new Uint8Array();
    const keep: Callback = {
      getState: getState as () => CallbackState,
      onEpochEnd(t) {
        file = t.model.save({ optimizer: true }) as Uint8Array<ArrayBuffer>;
      },
    };
    await model.fit(x, y, { callbacks: [keep] });
    return file;
  };

  test.each([Number.POSITIVE_INFINITY, Number.NaN, -0, new Map([[1, 2]]), new Date(0), () => 1, 5n])(
    '%s is in no JSON, and refused',
    async (value) => {
      for (const data of [value, { deep: [{ value }] }])
        await expect(withState(() => ({ data }))).rejects.toMatchObject({
          code: 'ARGUMENT',
          message: expect.stringMatching(/^save: a callback's getState gives what JSON cannot hold: /),
        });
    },
  );

  test('what JSON holds is taken', async () => {
    const data = { a: [1, -2.5, 'x', null, true], b: { c: {} }, d: undefined };
    using model = loadModel(await withState(() => ({ data })));
    expect(model.trainedEpochs).toBe(1);
  });

  test('a promise, and weights of another model, are refused when they are saved', async () => {
    await expect(withState(async () => ({ data: 1 }))).rejects.toThrow('getState has to give its state at once');
    await expect(withState(() => Promise.reject(new Error('no')))).rejects.toThrow('at once, not a promise');
    const weights = { kept: small(1).getWeights() };
    await expect(withState(() => ({ data: 1, weights }))).rejects.toThrow('save: getState\'s weights "kept"');
  });
});

describe('epochs are counted in 32 bits', () => {
  const { x, y } = blobs(20);
  test('fit', async () => {
    using model = classifier().compile({ loss: 'categoricalCrossentropy' });
    await expect(model.fit(x, y, { epochs: 2 ** 32 + 1 })).rejects.toThrow('fit(epochs): expected at most 4294967296');
    const late = { initialEpoch: 2 ** 53 - 2, epochs: 2 ** 53 - 1 };
    await expect(model.fit(x, y, late)).rejects.toThrow('fit(epochs): expected at most 4294967296');
    await model.fit(x, y, { initialEpoch: 2 ** 32 - 2, epochs: 2 ** 32 - 1 });
    await expect(model.fit(x, y, { epochs: 2 })).rejects.toThrow('fit(epochs): expected at most 1');
  });

  test('a file', () => {
    using model = classifier().compile({ loss: 'categoricalCrossentropy' });
    const text = new TextDecoder('latin1').decode(model.save({ optimizer: true }));
    const lie = text.replace('epochs\\":0', 'epochs\\":9');
    expect(lie).not.toBe(text);
    const bytes = (s: string) => Uint8Array.from(s, (c) => c.charCodeAt(0));
    expect(loadModel(bytes(lie)).trainedEpochs).toBe(9);
  });
});
