// Over-fitting is a finding only if it makes validation worse, and figures are only compared with figures of the same kind.
import { describe, expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { diagnose, type FindingCode } from '../../src/diagnose/index.js';
import {
  adam,
  type CustomLoss,
  dense,
  earlyStopping,
  rescaling,
  sequential,
  type TrainingEnd,
} from '../../src/index.js';
import { codes, run } from './case.js';
import type { Case } from './healthy.js';
import { illnesses } from './illnesses.js';

const relu = (units: number) => dense({ units, activation: 'relu' });
const sigmoid = dense({ units: 1, activation: 'sigmoid' });
const runOf = (code: FindingCode): Case => illnesses.find((illness) => illness[1] === code)?.[3] as Case;
type Figures = Record<string, number>;

/** The loss of this name as a custom loss, for which diagnose does not know the loss of a constant prediction. */
const crossentropy: CustomLoss = {
  name: 'crossentropy',
  compute(target, predicted, gradient, rows) {
    let loss = 0;
    for (const [i, y] of target.entries()) {
      const p = Math.max(predicted[i] as number, 1e-6);
      loss -= (y * Math.log(p)) / rows;
      gradient[i] = -y / p / rows;
    }
    return loss;
  },
};

/** The findings for a run with these figures, by epoch. */
function found(count: number, at: (epoch: number) => Figures, batches = 100): FindingCode[] {
  using model = sequential({ inputs: 2, layers: [relu(8), sigmoid] }).compile({ loss: 'binaryCrossentropy' });
  model.trainOnBatch(
    [
      [1, 0],
      [0, 1],
    ],
    Float32Array.of(0, 1),
  );
  const diagnosis = diagnose();
  const t = {
    model,
    epoch: 0,
    epochs: count,
    batch: 0,
    batches,
    iteration: 1,
    logs: {},
    learningRate: 1,
    learningRateFactor: 1,
    end: undefined as TrainingEnd | undefined,
    stop() {},
  };
  diagnosis.onTrainBegin?.(t);
  for (let epoch = 0; epoch < count; epoch++) {
    Object.assign(t, { epoch, logs: { loss: at(0)['loss'] } });
    for (let batch = 0; batch < batches; batch++) diagnosis.onBatchEnd?.(t);
    diagnosis.onEpochEnd?.(Object.assign(t, { logs: at(epoch) }));
  }
  diagnosis.onTrainEnd?.(Object.assign(t, { epoch: count, end: 'finished' }));
  return codes(diagnosis.findings);
}

describe('over-fitting (first-contact row 60)', () => {
  test('not where all is learnt: a validation loss of 0.003 that becomes 0.00325', () => {
    const late = (i: number) => (i < 20 ? 0.6 * 0.75 ** i + 0.003 : 0.003 + (i - 20) * 6e-6);
    const figures = (i: number) => ({ loss: 0.6 * 0.8 ** i, valLoss: late(i) });
    expect(found(60, (i) => ({ ...figures(i), valAccuracy: 1 }))).toEqual([]);
    expect(found(60, figures)).toEqual([]);
  });

  test('not where losses are zeros, or equal in training and validation', () => {
    expect(found(60, (i) => ({ loss: i < 5 ? 0.5 : 0, valLoss: i < 5 ? 0.5 : 0 }))).toEqual([]);
    expect(found(60, (i) => ({ loss: 0.5 / (i + 1), valLoss: 0.5 / (i + 1) }))).toEqual([]);
  });

  const rising = (i: number) => ({ loss: 0.6 * 0.9 ** i, valLoss: i < 10 ? 0.6 - i * 0.02 : 0.4 + (i - 10) * 0.02 });

  test('the figure that matters is a metric on validation rows, and without one the loss', () => {
    expect(found(60, rising)).toEqual(['over-fitting']);
    expect(found(60, (i) => ({ ...rising(i), valAccuracy: 0.9 + 0.01 * (i % 2) }))).toEqual([]);
    expect(found(60, (i) => ({ ...rising(i), valAccuracy: Math.min(0.9, 0.92 - i * 0.002) }))).toEqual([
      'over-fitting',
    ]);
    expect(found(60, (i) => ({ ...rising(i), valR2: Math.min(0.7, 0.8 - i * 0.01) }))).toEqual(['over-fitting']);
    expect(found(60, (i) => ({ ...rising(i), valR2: 0.7 }))).toEqual([]);
  });

  test.each([
    ['accuracy', 0.4],
    ['matthewsCorrelation', 0.2],
    ['matthewsCorrelation', -0.1],
  ])('%s is about %f on validation rows and 0.98 on training rows', (name, value) => {
    const validation = `val${name[0]?.toUpperCase()}${name.slice(1)}`;
    const apart = (i: number) => ({ ...rising(i), [name]: 0.98, [validation]: value + 0.02 * (i % 2) });
    expect(found(60, apart)).toEqual(['over-fitting']);
    expect(found(60, (i) => ({ ...apart(i), [name]: value + 0.05 }))).toEqual([]);
  });

  // A small table of which a fifth of the labels are wrong, and a network of 9,000 weights.
  test.each([undefined, ['accuracy' as const]])('500 epochs of a large network; metrics: %s', async (metrics) => {
    let state = 7;
    const draw = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const x = Array.from({ length: 200 }, () => Array.from({ length: 10 }, () => draw() * 2 - 1));
    const y = Float32Array.from(x, ([a = 0, b = 0]) => Number(a + b > 0 !== draw() < 0.2));
    const { findings } = await run({
      x,
      y,
      inputs: 10,
      layers: [relu(128), relu(64), sigmoid],
      compile: { loss: 'binaryCrossentropy', ...(metrics && { metrics }) },
      fit: { epochs: 500, validationSplit: 0.25 },
    });
    expect(codes(findings)[0]).toBe('over-fitting');
    expect(findings[0]?.message).toContain(metrics ? 'valAccuracy' : 'validation loss');
  });

  test('not within the noise of the figure', () => {
    const noise = (i: number) => ((i * 7919) % 101) / 101 - 0.5;
    expect(found(60, (i) => ({ loss: 0.6 * 0.95 ** i, valLoss: 0.5, valAccuracy: 0.8 + 0.1 * noise(i) }))).toEqual([]);
  });

  test.each([true, false])(
    'not where earlyStopping has just gone back to the best epoch; diagnose first: %s',
    async (first) => {
      const { layers, x, y, fit } = { x: readDigits().x, y: readDigits().y, ...runOf('over-fitting') };
      using model = sequential({ inputs: 64, layers, seed: 1 }).compile({ loss: 'categoricalCrossentropy' });
      const told: string[] = [];
      const diagnosis = diagnose({ onFinding: ({ code }) => told.push(code) });
      const stopping = earlyStopping({ patience: 20 });
      const history = await model.fit(x, y, {
        ...fit,
        callbacks: first ? [diagnosis, stopping] : [stopping, diagnosis],
      });
      expect(history.stopped).toBeDefined();
      expect([...told, ...diagnosis.findings]).toEqual([]);
    },
  );
});

test('after earlyStopping it sees the best weights back also where the run was not stopped', async () => {
  const { layers, x, y, fit } = { x: readDigits().x, y: readDigits().y, ...runOf('over-fitting') };
  using model = sequential({ inputs: 64, layers, seed: 1 }).compile({ loss: 'categoricalCrossentropy' });
  const diagnosis = diagnose();
  const { stopped } = await model.fit(x, y, { ...fit, callbacks: [earlyStopping({ patience: 1000 }), diagnosis] });
  expect([stopped, diagnosis.findings.map(({ code }) => code)]).toEqual([undefined, []]);
});

describe('like is compared with like (first-contact rows 62, 63)', () => {
  test('an easy first batch is not where the loss began', async () => {
    // Rows of the first batch are near their prediction: its loss is below every epoch's mean for long.
    const x = Array.from({ length: 640 }, (_, i) => [((i * 37) % 64) / 32 - 1, Number(i >= 32)]);
    const y = x.map(([a = 0, b = 0]) => (b === 0 ? 20 : 50 + 10 * a));
    const { findings, told, losses } = await run({
      x,
      y,
      inputs: 2,
      layers: [relu(16), dense({ units: 1 })],
      compile: { loss: 'meanSquaredError', optimizer: adam({ learningRate: 0.003 }) },
      fit: { epochs: 12, shuffle: false },
    });
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) * 0.9);
    expect(codes([...findings, ...told])).not.toContain('loss-does-not-fall');
  });

  test('a loss that falls within its first epoch has fallen', async () => {
    const x = Array.from({ length: 20_000 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    const y = Float32Array.from(x, ([a = 0, b = 0], i) => Number(i % 20 === 0 ? a > 0 : a + b > 0));
    const { findings, losses } = await run({
      x,
      y,
      inputs: 2,
      layers: [relu(16), sigmoid],
      compile: { loss: 'binaryCrossentropy', optimizer: adam({ learningRate: 0.01 }) },
      fit: { epochs: 6, batchSize: 16 },
    });
    expect(losses.at(-1)).toBeGreaterThan((losses[0] as number) * 0.6);
    expect(findings).toEqual([]);
  });

  test('where the loss grows, no share of the first loss is told, nor to train longer', async () => {
    const { findings } = await run(runOf('diverging'));
    for (const { message, advice } of findings) expect(`${message} ${advice}`).not.toMatch(/\d{5,} %|longer/);
    expect(found(12, (i) => ({ loss: 10 ** i }))).toEqual(['diverging', 'loss-oscillates', 'loss-does-not-fall']);
  });

  test('a model that is trained on from where it was does not stand still', async () => {
    const { x, y } = readDigits();
    const layers = [rescaling({ scale: 1 / 16 }), relu(32), dense({ units: 10, activation: 'softmax' })];
    using model = sequential({ inputs: 64, layers, seed: 1 }).compile({ loss: 'categoricalCrossentropy' });
    await model.fit(x, y, { epochs: 40 });
    const diagnosis = diagnose();
    await model.fit(x, y, { epochs: 10, callbacks: [diagnosis] });
    expect(diagnosis.findings).toEqual([]);
  });

  // In the units of the first loss of a trained model, all that is left is most of it, and each small jump a large one.
  test.each(['categoricalCrossentropy' as const, crossentropy])(
    'nor does it oscillate, or end too soon: loss %#',
    async (loss) => {
      let state = 42;
      const draw = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
      };
      const x = Array.from({ length: 2000 }, () => Array.from({ length: 6 }, () => draw() * 4 - 2));
      const labels = x.map(([a = 0, b = 0]) => (a + b > 0.7 ? 2 : a + b > -0.7 ? 1 : 0));
      const y = labels.map((label) => [0, 1, 2].map((i) => Number(i === label)));
      using model = sequential({ inputs: 6, layers: [relu(16), dense({ units: 3, activation: 'softmax' })], seed: 3 });
      model.compile({ loss, optimizer: adam({ learningRate: 0.01 }), metrics: ['accuracy'] });
      await model.fit(x, y, { epochs: 60 });
      for (let i = 0; i < 6; i++) {
        const told: string[] = [];
        const diagnosis = diagnose({ onFinding: ({ code }) => told.push(code) });
        const { epochs } = await model.fit(x, y, { epochs: 10, callbacks: [diagnosis] });
        expect(epochs.at(-1)?.['accuracy']).toBeGreaterThan(0.97);
        expect([i, ...told, ...diagnosis.findings]).toEqual([i]);
      }
    },
  );
});

test('63,000 epochs: nothing is spread into a call (first-contact rows 10, 11)', () => {
  // In this course the weights do not move.
  const late = (i: number) => ({ loss: 0.6 + 0.001 * Math.sin(i), valLoss: 0.6 + 0.001 * Math.cos(i) });
  expect(found(63_000, (i) => (i === 0 ? { loss: 1, valLoss: 1 } : late(i)), 1)).toEqual([
    'update-too-small',
    'update-too-small',
  ]);
});
