// Custom losses and metrics are not saved in files: after compile provides them again, the run continues with the same bits.
import { expect, test } from 'vitest';
import { adam, type CompileOptions, type CustomLoss, type CustomMetric, loadModel, sgd } from '../../src/index.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';

const { x, y } = blobs(50);
const squares: CustomLoss = {
  name: 'squares',
  compute(target, predicted, gradient) {
    let sum = 0;
    for (let i = 0; i < target.length; i++) {
      const error = (predicted[i] as number) - (target[i] as number);
      sum += error ** 2;
      gradient[i] = (2 * error) / target.length;
    }
    return sum / target.length;
  },
};
const first: CustomMetric = { name: 'first', compute: (_, predicted) => predicted[0] as number };
const optimizer = adam({ learningRate: 0.02 });

test.each<[string, CompileOptions]>([
  ['a loss', { loss: squares, optimizer }],
  ['a metric', { loss: 'categoricalCrossentropy', metrics: ['accuracy', first], optimizer }],
])('%s of the user', async (_, compiled) => {
  using straight = classifier({ seed: 3 }).compile(compiled);
  const all = await straight.fit(x, y, { epochs: 5 });
  using begun = classifier({ seed: 3 }).compile(compiled);
  await begun.fit(x, y, { epochs: 2 });
  using loaded = loadModel(begun.save({ optimizer: true }));
  expect(loaded.trainedEpochs).toBe(2);
  loaded.compile(compiled);
  expect(loaded.trainedEpochs).toBe(2);
  const rest = await loaded.fit(x, y, { epochs: 3 });
  expect(weightsHash(loaded)).toBe(weightsHash(straight));
  expect(rest.epochs).toEqual(all.epochs.slice(2));
  expect(loaded.save({ optimizer: true })).toEqual(straight.save({ optimizer: true }));
});

test('is not saved without it: its state would be lost', async () => {
  using begun = classifier().compile({ loss: squares, optimizer });
  await begun.fit(x, y, { epochs: 1 });
  using loaded = loadModel(begun.save({ optimizer: true }));
  expect(() => loaded.save({ optimizer: true })).toThrow(
    'the loaded run had a loss in JavaScript: call compile with it first',
  );
  expect(loaded.save()).toEqual(begun.save());
});

test('another optimizer begins anew, and draws go on', async () => {
  using begun = classifier().compile({ loss: squares, optimizer });
  await begun.fit(x, y, { epochs: 2 });
  using loaded = loadModel(begun.save({ optimizer: true }));
  loaded.compile({ loss: squares, optimizer: sgd() });
  begun.compile({ loss: squares, optimizer: sgd() });
  await loaded.fit(x, y, { epochs: 2 });
  await begun.fit(x, y, { epochs: 2 });
  expect(weightsHash(loaded)).toBe(weightsHash(begun));
});

test('a training that has gone on without it does not go back', async () => {
  using begun = classifier().compile({ loss: 'categoricalCrossentropy', metrics: [first], optimizer });
  await begun.fit(x, y, { epochs: 1 });
  using loaded = loadModel(begun.save({ optimizer: true }));
  await loaded.fit(x, y, { epochs: 1 });
  loaded.compile({ loss: 'categoricalCrossentropy', metrics: [first], optimizer });
  expect(loaded.trainedEpochs).toBe(2);
});
