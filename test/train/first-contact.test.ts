// Problems that new users had with fit, saving and loading: rows of the first-contact list that have no better place.
import { describe, expect, test } from 'vitest';
import {
  activation,
  batchNormalization,
  dense,
  loadModel,
  Matrix,
  type Sequential,
  sequential,
} from '../../src/index.js';
import { decode, encode } from '../../src/train/safetensors.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';

const { x, y } = blobs(41);
const compiled = (): Sequential => classifier().compile({ loss: 'categoricalCrossentropy' });

describe('row 5: a buffer that goes away while fit runs', () => {
  test.each(['x', 'y'])('%s transferred', async (which) => {
    using model = sequential({ inputs: 2, layers: [dense({ units: 3 })] }).compile({ loss: 'meanSquaredError' });
    const rows = Float32Array.from(x.data);
    const targets = new Float32Array(41 * 3);
    const { buffer } = which === 'x' ? rows : targets;
    const callbacks = [{ onEpochEnd: () => void structuredClone(buffer, { transfer: [buffer] }) }];
    const fit = model.fit(new Matrix(rows, 2), new Matrix(targets, 3), { epochs: 3, batchSize: 8, callbacks });
    await expect(fit).rejects.toThrow(
      which === 'x'
        ? /the rows x: expected numbers, got a Float32Array whose buffer/
        : /the targets y: expected numbers, got/,
    );
    expect(model.trainedEpochs).toBe(1);
    expect(model.predict(x).data.every(Number.isFinite)).toBe(true);
  });
});

describe('row 30: too few last rows for batch normalization', () => {
  const normed = (): Sequential =>
    sequential({
      inputs: 2,
      layers: [
        dense({ units: 4 }),
        batchNormalization(),
        activation('relu'),
        dense({ units: 3, activation: 'softmax' }),
      ],
    }).compile({ loss: 'categoricalCrossentropy' });

  test('join the batch before', async () => {
    using model = normed();
    const seen: number[] = [];
    const watch = { onBatchEnd: (t: { batch: number; batches: number }) => void seen.push(t.batches) };
    // 41 rows in batches of 8 are five batches, the last of nine rows.
    await model.fit(x, y, { batchSize: 8, shuffle: false, callbacks: [watch] });
    expect(seen).toEqual([5, 5, 5, 5, 5]);
    using other = normed();
    for (let from = 0; from < 40; from += 8) {
      const rows = Int32Array.from({ length: from === 32 ? 9 : 8 }, (_, i) => from + i);
      other.trainOnBatch(x.select(rows), y.subarray(from, from + rows.length));
    }
    expect(weightsHash(model)).toBe(weightsHash(other));
  });

  test('two last rows are a batch, and a batch size of one row is refused', async () => {
    using model = normed();
    await model.fit(x.select(Int32Array.from({ length: 18 }, (_, i) => i)), y.subarray(0, 18), { batchSize: 8 });
    await expect(model.fit(x, y, { batchSize: 1 })).rejects.toThrow('batchNormalization needs 2 rows or more');
  });
});

test('row 31: a run without an epoch is refused', async () => {
  using model = compiled();
  await expect(model.fit(x, y, { epochs: 3, initialEpoch: 5 })).rejects.toThrow(
    'fit(initialEpoch): 5 is not below epochs, 3, where the run ends',
  );
  await expect(model.fit(x, y, { epochs: 3, initialEpoch: 3 })).rejects.toThrow('fit(initialEpoch)');
  await expect(model.fit(x, y, { epochs: 0 })).rejects.toThrow('fit(epochs): expected a positive integer, got 0');
});

describe('row 33: validationSplit keeps the share of each class', () => {
  // 10 positives of 200; a fifth of the rows is set aside.
  const positives = Uint8Array.from({ length: 200 }, (_, row) => Number(row % 20 === 3));
  const rows = new Matrix(
    Float32Array.from({ length: 400 }, (_, i) => (i % 7) / 7),
    2,
  );
  const heldOut = async (model: Sequential, targets: Matrix): Promise<number> => {
    let positivesSeen = 0;
    model.compile({
      loss: model.outputs === 1 ? 'binaryCrossentropy' : 'categoricalCrossentropy',
      metrics: [
        {
          name: 'positives',
          compute(target, _, count, outputs) {
            if (counting) for (let row = 0; row < count; row++) positivesSeen += target[row * outputs + outputs - 1]!;
            return 0;
          },
        },
      ],
    });
    let counting = false;
    const callbacks = [
      {
        onBatchEnd: (t: { batch: number; batches: number }) => {
          counting = t.batch === t.batches - 1;
        },
      },
    ];
    await model.fit(rows, targets, { validationSplit: 0.2, batchSize: 32, callbacks });
    return positivesSeen;
  };
  test.each([0, 1, 2, 3, 4])('a column of 0 and 1, and one-hot rows; seed %i', async (seed) => {
    using binary = sequential({ inputs: 2, layers: [dense({ units: 1, activation: 'sigmoid' })], seed });
    expect(await heldOut(binary, new Matrix(positives, 1))).toBe(2);
    using softmax = sequential({ inputs: 2, layers: [dense({ units: 2, activation: 'softmax' })], seed });
    const oneHot = Float32Array.from({ length: 400 }, (_, i) =>
      i % 2 === 1 ? positives[i >> 1]! : 1 - positives[i >> 1]!,
    );
    expect(await heldOut(softmax, new Matrix(oneHot, 2))).toBe(2);
  });
});

test('row 47: a layer may be called optimizer or callbacks', async () => {
  using model = sequential({
    inputs: 2,
    layers: [dense({ units: 4, name: 'optimizer' }), dense({ units: 3, activation: 'softmax', name: 'callbacks' })],
  }).compile({ loss: 'categoricalCrossentropy' });
  await model.fit(x, y);
  using again = loadModel(model.save({ optimizer: true }));
  expect(weightsHash(again)).toBe(weightsHash(model));
  await model.fit(x, y);
  await again.fit(x, y);
  expect(weightsHash(again)).toBe(weightsHash(model));
});

describe('row 70: what a file says of its training is checked', () => {
  const file = (change: object): Uint8Array => {
    using model = compiled();
    const { tensors, metadata } = decode(model.save({ optimizer: true }));
    const description = JSON.parse(metadata['simdense'] as string);
    Object.assign(description.training, change);
    return encode(tensors, { ...metadata, simdense: JSON.stringify(description) });
  };
  const wrong = [-1, 0, '1e3', [], true, null, {}, Number.POSITIVE_INFINITY];
  test.each(['ownRate', 'rateFactor', 'iteration', 'epochs', 'steps', 'moments', 'callbacks'])('%s', (name) => {
    loadModel(file({})).dispose();
    for (const value of wrong) {
      const isCount = /iteration|epochs|steps|moments/.test(name);
      if ((value === 0 && isCount) || (Array.isArray(value) && name === 'callbacks')) continue;
      // JSON knows no infinity: it becomes null.
      expect(() => loadModel(file({ [name]: value })), `${name}: ${JSON.stringify(value)}`).toThrow(
        expect.objectContaining({ code: 'FORMAT' }),
      );
    }
  });

  test('weights of a callback that are not there', () => {
    expect(() => loadModel(file({ callbacks: [{ data: {}, weights: ['best'] }] }))).toThrow(
      'loadModel: "callbacks/0/best/dense/kernel" is missing, or of another shape',
    );
  });
});
