// Schedules against their formulas, computed with JavaScript's own functions.
import { expect, test } from 'vitest';
import { adam, Matrix, type Schedule, sgd } from '../../src/index.js';
import { rateAt } from '../../src/nn/schedules.js';
import { classifier } from '../helpers/models.js';

const steps = [0, 1, 2, 9, 10, 11, 49, 50, 99, 100, 101, 1000];
const cases: [Schedule, (t: number) => number][] = [
  [0.3, () => 0.3],
  [{ type: 'step', initial: 0.4, every: 10, factor: 0.5 }, (t) => 0.4 * 0.5 ** Math.floor(t / 10)],
  [{ type: 'exponential', initial: 0.4, decay: 0.99 }, (t) => 0.4 * 0.99 ** t],
  [
    { type: 'cosine', initial: 0.4, steps: 100, final: 0.1 },
    (t) => 0.1 + (0.3 * (1 + Math.cos((Math.PI * Math.min(t, 100)) / 100))) / 2,
  ],
  [
    { type: 'cosine', initial: 0.4, steps: 100, warmup: 10 },
    (t) => (t < 10 ? (0.4 * (t + 1)) / 11 : (0.4 * (1 + Math.cos((Math.PI * Math.min(90, t - 10)) / 90))) / 2),
  ],
  [{ type: 'piecewise', boundaries: [10, 50], values: [0.1, 0.2, 0.3] }, (t) => (t < 10 ? 0.1 : t < 50 ? 0.2 : 0.3)],
];

test.each(cases)('%j', (schedule, formula) => {
  for (const t of steps) expect(rateAt(schedule, t)).toBeCloseTo(formula(t), 12);
  const { learningRate } = adam({ learningRate: schedule });
  if (typeof schedule === 'object') expect(learningRate).toMatchObject(schedule);
});

test('a training follows its schedule, update by update, unless a callback sets the rate', async () => {
  const schedule: Schedule = { type: 'exponential', initial: 0.1, decay: 0.5 };
  using model = classifier().compile({ optimizer: sgd({ learningRate: schedule }), loss: 'categoricalCrossentropy' });
  const x = new Matrix(new Float32Array(12), 2);
  const { epochs } = await model.fit(x, [0, 1, 2, 0, 1, 2], { batchSize: 2, epochs: 2 });
  expect(epochs.map((logs) => logs['learningRate'])).toEqual([0.1 * 0.25, 0.1 * 0.5 ** 5]);
  const own = await model.fit(x, [0, 1, 2, 0, 1, 2], {
    callbacks: [
      {
        onTrainBegin(t) {
          t.learningRate = 0.7;
        },
      },
    ],
  });
  expect(own.epochs[0]!['learningRate']).toBe(0.7);
});
