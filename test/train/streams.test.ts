// fit on a stream of batches, and on batches that are augmented first.
import { describe, expect, test } from 'vitest';
import { jitter, mixup, rotateImage, shiftImage } from '../../src/data/index.js';
import { type BatchSource, dense, Matrix, type Sequential, sequential } from '../../src/index.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';
import { numbers } from '../helpers/numbers.js';

const { x, y } = blobs(50);
const compiled = () => classifier().compile({ loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

/** The rows in order, in batches of `size`. */
function stream(size: number, batches?: number): BatchSource {
  return {
    ...(batches === undefined ? {} : { batches }),
    async *[Symbol.asyncIterator]() {
      for (let from = 0; from < 50; from += size) {
        await Promise.resolve();
        const rows = Int32Array.from({ length: Math.min(size, 50 - from) }, (_, i) => from + i);
        yield [x.select(rows), rows.map((row) => y[row]!)] as const;
      }
    },
  };
}

describe('a stream', () => {
  test('gives the bits and figures of the same batches of a set', async () => {
    using streamed = compiled();
    using whole = compiled();
    const a = await streamed.fit(stream(16), undefined, { epochs: 3, validationData: [x, y] });
    const b = await whole.fit(x, y, { epochs: 3, batchSize: 16, shuffle: false, validationData: [x, y] });
    expect(weightsHash(streamed)).toBe(weightsHash(whole));
    expect(a.epochs).toEqual(b.epochs);
  });

  test('may have batches of any sizes; their number is known when told, or after an epoch', async () => {
    using model = compiled();
    const seen: number[] = [];
    const watch = { onBatchEnd: (t: { batches: number }) => void seen.push(t.batches) };
    await model.fit(stream(40), undefined, { epochs: 2, callbacks: [watch] });
    expect(seen).toEqual([0, 0, 2, 2]);
    seen.length = 0;
    await model.fit(stream(25, 2), undefined, { callbacks: [watch] });
    expect(seen).toEqual([2, 2]);
  });

  test('that fails, is wrong or empty ends the training with its error, and the model goes on', async () => {
    using model = compiled();
    const source = (values: unknown[]) =>
      ({
        async *[Symbol.asyncIterator]() {
          for (const value of values) {
            if (value instanceof Error) throw value;
            yield value;
          }
        },
      }) as never as BatchSource;
    await expect(model.fit(source([new Error('disk')]))).rejects.toThrow('disk');
    await expect(model.fit(source([[x, y.slice(1)]]))).rejects.toThrow('fit: x has 50 rows, y has 49');
    await expect(model.fit(source([]))).rejects.toThrow('fit: the stream gave no rows in epoch 1');
    await model.fit(x, y);
  });

  test('settles batches itself', async () => {
    using model = compiled();
    await expect(model.fit(stream(9), y)).rejects.toThrow(
      'fit(y): not with x as a stream of batches, which settles it',
    );
    await expect(model.fit(stream(9), undefined, { batchSize: 3 })).rejects.toThrow(
      'fit(batchSize): not with x as a stream',
    );
    await expect(model.fit(stream(9), undefined, { validationSplit: 0.5 })).rejects.toThrow(
      'fit(validationSplit): not with',
    );
  });

  test('is closed where the training ends early', async () => {
    using model = compiled();
    let closed = 0;
    const source: BatchSource = {
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) yield [x, y] as const;
        } finally {
          closed++;
        }
      },
    };
    const stop = {
      onBatchEnd: (t: { iteration: number; stop(reason: string): void }) => t.iteration === 3 && t.stop('enough'),
    };
    await model.fit(source, undefined, { callbacks: [stop as never] });
    expect(closed).toBe(1);
  });
});

describe('augmentation', () => {
  const next = numbers(1);
  const images = new Matrix(Float32Array.from({ length: 60 * 64 }, next), 64);
  const bytes = new Matrix(
    Uint8Array.from(images.data, (v) => (v + 1) * 127),
    64,
  );
  const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3);
  const build = (): Sequential =>
    sequential({
      inputs: 64,
      layers: [dense({ units: 16, activation: 'relu' }), dense({ units: 3, activation: 'softmax' })],
    }).compile({ loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const square = { width: 8, height: 8 };
  const changes = [
    jitter({ stddev: 0.1 }),
    shiftImage({ ...square, max: 1 }),
    rotateImage({ ...square, degrees: 15 }),
    mixup({ alpha: 0.4 }),
  ];

  test.each([...changes.map((change) => [change]), changes])(
    '%j: the seed decides, and it changes what is learnt',
    async (...list) => {
      const run = async (augment: typeof changes) => {
        using model = build();
        const { epochs } = await model.fit(images, labels, { epochs: 3, batchSize: 16, augment });
        expect(epochs.every((logs) => Number.isFinite(logs['loss']!))).toBe(true);
        return weightsHash(model);
      };
      expect(await run(list)).toBe(await run(list));
      expect(await run(list)).not.toBe(await run([]));
    },
  );

  test('the data stay as they are, bytes too, and both in and out of linear memory give the same', async () => {
    const before = bytes.data.slice();
    const run = async (targets: Int32Array | Matrix) => {
      using model = build();
      await model.fit(bytes, targets, { epochs: 2, augment: changes });
      return weightsHash(model);
    };
    // One-hot targets take the way through the staging block.
    const oneHot = Uint8Array.from({ length: 180 }, (_, i) => Number(labels[Math.floor(i / 3)] === i % 3));
    expect(await run(new Matrix(oneHot, 3))).toBe(await run(labels));
    expect(bytes.data).toEqual(before);
  });

  test('no change at all is the plain training', async () => {
    using plain = build();
    using still = build();
    await plain.fit(images, labels, { epochs: 2 });
    await still.fit(images, labels, { epochs: 2, augment: [shiftImage({ ...square, max: 0 })] });
    expect(weightsHash(still)).toBe(weightsHash(plain));
  });

  test('images of another size are refused', async () => {
    using model = build();
    const augment = [shiftImage({ width: 28, height: 28, max: 2 })];
    await expect(model.fit(images, labels, { augment })).rejects.toThrow(
      'fit(augment[0]): width × height: expected the 64 inputs, got 784',
    );
  });
});

describe('first-contact row 32: generators', () => {
  const batches = async function* () {
    yield* stream(16);
  };

  test('a generator function is called for each epoch, asynchronous or not', async () => {
    using whole = compiled();
    await whole.fit(x, y, { epochs: 3, batchSize: 16, shuffle: false });
    const plain = function* () {
      for (let from = 0; from < 50; from += 16) {
        const rows = Int32Array.from({ length: Math.min(16, 50 - from) }, (_, i) => from + i);
        yield [x.select(rows), rows.map((row) => y[row]!)] as const;
      }
    };
    for (const source of [batches, plain, () => stream(16), () => [...plain()]]) {
      using model = compiled();
      await model.fit(source, undefined, { epochs: 3 });
      expect(weightsHash(model)).toBe(weightsHash(whole));
    }
  });

  test('a generator is used up after one epoch, and that is said before it is begun', async () => {
    using model = compiled();
    const once = batches();
    await expect(model.fit(once, undefined, { epochs: 2 })).rejects.toThrow(
      'fit(stream): a generator is used up after one of 2 epochs: pass its function: fit(batches), not fit(batches())',
    );
    await model.fit(once);
    await expect(model.fit(once)).rejects.toThrow('pass a function that opens it anew for each epoch');
  });

  test('a function that gives no batches is refused', async () => {
    using model = compiled();
    await expect(model.fit((() => 7) as never)).rejects.toThrow('a function that gives an iterable of batches');
    await expect(model.fit((() => [7]) as never)).rejects.toThrow('fit(stream): expected batches as [x, y], got 7');
  });
});
