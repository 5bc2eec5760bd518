// earlyStopping, reduceOnPlateau and checkpoint, on given figures.
import { expect, test } from 'vitest';
import {
  type Callback,
  type CustomMetric,
  checkpoint,
  earlyStopping,
  loadModel,
  reduceOnPlateau,
  type Sequential,
} from '../../src/index.js';
import { blobs, classifier, weightsHash } from '../helpers/models.js';

const { x, y } = blobs(30);

/** Trains with a metric that has these values, one for each epoch, in training and validation. */
async function run(
  values: readonly number[],
  callback: Callback,
  watch: (model: Sequential, rate: number) => void = () => {},
) {
  let epoch = 0;
  const figure: CustomMetric = { name: 'figure', compute: () => values[epoch]! };
  using model = classifier().compile({ loss: 'categoricalCrossentropy', metrics: [figure] });
  const count: Callback = {
    onEpochEnd(t) {
      watch(model, t.learningRate);
      epoch++;
    },
  };
  const history = await model.fit(x, y, {
    epochs: values.length,
    validationData: [x, y],
    callbacks: [callback, count],
  });
  return { history, hash: weightsHash(model) };
}

test('earlyStopping ends after the patience, with the best weights back', async () => {
  const hashes: string[] = [];
  const stop = earlyStopping({ monitor: 'valFigure', mode: 'min', patience: 2 });
  const { history, hash } = await run([5, 3, 4, 4, 1], stop, (model) => hashes.push(weightsHash(model)));
  expect(history.epochs.length).toBe(4);
  expect(history.stopped).toEqual({ epoch: 3, reason: 'valFigure has not gained for 2 epochs' });
  expect(hash).toBe(hashes[1]);
});

test('earlyStopping: more is better where it is, minDelta, and the weights may stay', async () => {
  const hashes: string[] = [];
  const stop = earlyStopping({ monitor: 'valFigure', mode: 'max', patience: 1, minDelta: 0.5, restoreBest: false });
  const { history, hash } = await run([1, 2, 2.4, 9], stop, (model) => hashes.push(weightsHash(model)));
  expect(history.epochs.length).toBe(3);
  expect(hash).toBe(hashes.at(-1));
});

test('earlyStopping puts the best weights back where the epochs run out too', async () => {
  const hashes: string[] = [];
  const stop = earlyStopping({ monitor: 'valFigure', mode: 'min' });
  const { hash } = await run([1, 2, 3], stop, (model) => hashes.push(weightsHash(model)));
  expect(hash).toBe(hashes[0]);
});

test('a figure that is not in the logs is told', async () => {
  using model = classifier().compile({ loss: 'categoricalCrossentropy' });
  await expect(model.fit(x, y, { callbacks: [earlyStopping()] })).rejects.toThrow(
    'earlyStopping: the logs have no "valLoss", but loss, learningRate. Give fit validationData or validationSplit',
  );
});

test('reduceOnPlateau lowers the rate, down to its least', async () => {
  const rates: number[] = [];
  const reduce = reduceOnPlateau({ monitor: 'figure', mode: 'min', factor: 0.1, patience: 2, minLearningRate: 5e-5 });
  await run([3, 3, 3, 2, 2, 2, 2, 2], reduce, (_, rate) => rates.push(rate));
  expect(rates.map((rate) => Number(rate.toPrecision(6)))).toEqual([1e-3, 1e-3, 1e-4, 1e-4, 1e-4, 5e-5, 5e-5, 5e-5]);
});

test('checkpoint saves every so many epochs, or the best ones, what loadModel takes', async () => {
  const saved: number[] = [];
  let last = new Uint8Array();
  const save = (bytes: Uint8Array, logs: Readonly<Record<string, number>>) => {
    saved.push(logs['figure']!);
    last = new Uint8Array(bytes);
  };
  await run([5, 4, 3, 2, 1], checkpoint(save, { every: 2 }));
  expect(saved.splice(0)).toEqual([4, 2]);
  const { hash } = await run([5, 6, 4, 4, 3], checkpoint(save, { bestOnly: true, monitor: 'figure', mode: 'min' }));
  expect(saved).toEqual([5, 4, 3]);
  using loaded = loadModel(last);
  expect(weightsHash(loaded)).toBe(hash);
});
