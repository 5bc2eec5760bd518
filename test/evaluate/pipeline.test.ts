// Pipelines: defaults that follow from the labels, saving, and refusals.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { scalerTypes } from '../../src/data/scalers/index.js';
import { toDataset } from '../../src/evaluate/dataset.js';
import { fitPipeline, loadPipeline, type Pipeline } from '../../src/evaluate/index.js';
import { taskOf } from '../../src/evaluate/task.js';
import {
  activation,
  adam,
  batchNormalization,
  dense,
  dropout,
  type Layer,
  loadModel,
  sequential,
  type WeightSet,
} from '../../src/index.js';
import { blobs, weightsHash } from '../helpers/models.js';
import { numbers } from '../helpers/numbers.js';

/** SHA-256 of a pipeline's predictions, the same on every runtime. */
const PREDICTIONS = '9a3763d04a4d673fe5e5cef6b041d2ffa8b8b452eeda9c26a317f44c4e4985cb';

const { x, y } = blobs(120);
const names = ['oak', 'ash', 'elm'];
const labels = Array.from(y, (label) => names[label] as string);
const layers = [dense({ units: 8, activation: 'tanh' })];
const short: Pipeline = { layers, fit: { epochs: 30, batchSize: 16 } };

describe('what follows from the labels', () => {
  const fitted = (p: Pipeline, targets: Parameters<typeof fitPipeline>[2], rows = x) => fitPipeline(p, rows, targets);
  const resolved = async (targets: Parameters<typeof fitPipeline>[2], p: Partial<Pipeline> = {}) => {
    using f = await fitted({ ...short, fit: { epochs: 1 }, ...p }, targets);
    const { units, activation } = f.pipeline.layers.at(-1) as unknown as { units: number; activation: string };
    return { task: f.pipeline.task, loss: f.pipeline.loss, units, activation, classes: f.classes };
  };

  test('three strings: softmax and categoricalCrossentropy', async () => {
    expect(await resolved(labels)).toEqual({
      task: 'classification',
      loss: 'categoricalCrossentropy',
      units: 3,
      activation: 'softmax',
      classes: ['ash', 'elm', 'oak'],
    });
  });

  test('two of them: one sigmoid and binaryCrossentropy', async () => {
    expect(await resolved(labels.map((label) => (label === 'oak' ? 'yes' : 'no')))).toEqual({
      task: 'classification',
      loss: 'binaryCrossentropy',
      units: 1,
      activation: 'sigmoid',
      classes: ['no', 'yes'],
    });
  });

  test('whole numbers are classes, also with gaps; real ones a regression', async () => {
    expect(await resolved(Array.from(y, (label) => label * 5))).toMatchObject({ units: 3, classes: [0, 5, 10] });
    expect(await resolved(Array.from(y, (label) => label + 0.5))).toEqual({
      task: 'regression',
      loss: 'meanSquaredError',
      units: 1,
      activation: 'linear',
      classes: undefined,
    });
  });

  test('many different whole numbers are a regression, unless the task says otherwise', async () => {
    const ages = Array.from(y, (_, i) => (i * 7) % 61);
    expect((await resolved(ages)).task).toBe('regression');
    expect(await resolved(ages, { task: 'classification' })).toMatchObject({ units: 61 });
    expect((await resolved(Array.from(y), { task: 'regression' })).task).toBe('regression');
  });

  test('one-hot rows are classes, other rows a regression of as many outputs', async () => {
    const oneHot = Array.from(y, (label) => [0, 1, 2].map((c) => Number(c === label)));
    expect(await resolved(oneHot)).toMatchObject({ task: 'classification', units: 3, classes: [0, 1, 2] });
    const real = Array.from(y, (label) => [label, 2 * label]);
    expect(await resolved(real)).toMatchObject({ task: 'regression', units: 2 });
  });

  test('an output layer that is there is kept', async () => {
    const own = [...layers, dense({ units: 3, activation: 'softmax', useBias: false })];
    using f = await fitted({ ...short, layers: own }, labels);
    expect(f.pipeline.layers).toEqual(own);
    using binary = await fitted(
      { ...short, layers: [...layers, dense({ units: 2, activation: 'softmax' })] },
      labels.map((label) => label === 'oak').map(Number),
    );
    expect(binary.pipeline).toMatchObject({ loss: 'categoricalCrossentropy', layers: { length: 2 } });
    expect(binary.predictProbabilities(x).columns).toBe(2);
  });
});

describe('first-contact row 42: a last layer that looks like an output and does not fit', () => {
  const train = (layer: Layer[], y: Parameters<typeof fitPipeline>[2], p: Partial<Pipeline> = {}) =>
    fitPipeline({ layers: [...layers, ...layer], fit: { epochs: 1 }, ...p }, x, y);
  const two = labels.map((label) => Number(label === 'oak'));
  const pairs = Array.from(y, (label, row) => [label + row / 7, row]);
  const advice = "use that, or leave the output layer out; a hidden layer needs another activation, such as 'relu'";

  test.each<[string, Layer[], Parameters<typeof fitPipeline>[2], string]>([
    ['softmax of 4', [dense({ units: 4, activation: 'softmax' })], labels, '4 (softmax), 3 classes take 3 (softmax)'],
    [
      'logarithms of probabilities',
      [dense({ units: 3, activation: 'logSoftmax' })],
      labels,
      '3 (logSoftmax), 3 classes take 3 (softmax)',
    ],
    ['one sigmoid', [dense({ units: 1, activation: 'sigmoid' })], labels, '1 (sigmoid), 3 classes take 3 (softmax)'],
    ['a sigmoid for each class', [dense({ units: 3, activation: 'sigmoid' })], labels, '3 (sigmoid), 3 classes take 3'],
    ['linear', [dense({ units: 1 })], labels, '1 (linear), 3 classes take 3 (softmax)'],
    ['linear for two', [dense({ units: 2 })], two, '2 (linear), 2 classes take 2 (softmax, or 1 sigmoid)'],
    [
      'softmax for numbers',
      [dense({ units: 3, activation: 'softmax' })],
      pairs,
      '3 (softmax), 2 targets take 2 (linear)',
    ],
    ['too few linear', [dense({ units: 1 })], pairs, '1 (linear), 2 targets take 2 (linear)'],
    [
      'a sigmoid for numbers',
      [dense({ units: 1, activation: 'sigmoid' })],
      pairs.map(([a]) => a as number),
      '1 (sigmoid), a regression takes 1 (linear)',
    ],
    ['a softmax of its own', [dense({ units: 5 }), activation('softmax')], labels, '5 (softmax), 3 classes take 3'],
    [
      'a softmax with dropout',
      [dense({ units: 3, activation: 'softmax' }), dropout({ rate: 0.1 })],
      labels,
      '3 (softmax, then dropout), 3 classes take 3 (softmax)',
    ],
  ])('%s', async (_, layer, targets, message) => {
    await expect(train(layer, targets)).rejects.toThrow(`fitPipeline(layers): the last layer gives ${message}`);
    await expect(train(layer, targets)).rejects.toThrow(advice);
  });

  test('one that fits is kept, as an activation of its own too; hidden layers are followed by an output', async () => {
    const count = async (layer: Layer[], y: Parameters<typeof fitPipeline>[2]) => {
      using f = await train(layer, y);
      return f.pipeline.layers.length - 1;
    };
    expect(await count([dense({ units: 3 }), activation('softmax')], labels)).toBe(2);
    expect(await count([dense({ units: 1 }), activation('sigmoid')], two)).toBe(2);
    expect(await count([dense({ units: 2 })], pairs)).toBe(1);
    for (const hidden of [
      [dense({ units: 8, activation: 'sigmoid' })],
      [dense({ units: 3, activation: 'relu' })],
      [dense({ units: 1, activation: 'tanh' })],
      [dense({ units: 4 }), batchNormalization()],
      [dense({ units: 4, activation: 'relu' }), dropout({ rate: 0.1 })],
    ])
      expect(await count(hidden, labels)).toBe(hidden.length + 1);
  });

  test('a metric of classes, or weights by class, for a regression', async () => {
    const numbers = pairs.map(([a]) => a as number);
    await expect(train([], numbers, { metrics: ['r2', 'auc'] })).rejects.toThrow(
      'fitPipeline(metrics): auc is for classes, but the task is a regression',
    );
    await expect(train([], numbers, { fit: { classWeight: 'balanced' } })).rejects.toThrow(
      'fitPipeline(fit.classWeight): weights are for classes, but the task is a regression',
    );
  });
});

describe('first-contact row 43: whole numbers are classes where they repeat', () => {
  const rows = (count: number, kinds: number) => Array.from({ length: count }, (_, i) => 100_000 + (i % kinds) * 5000);

  test.each<[string, number[] | string[] | number[][] | Matrix, string, string]>([
    [
      '18 houses, 18 prices',
      rows(18, 18),
      'regression',
      '18 different whole numbers in 18 rows, fewer than 5 rows each',
    ],
    ['4 rows each', rows(80, 20), 'regression', '20 different whole numbers in 80 rows, fewer than 5 rows each'],
    ['5 rows each', rows(100, 20), 'classification', '20 different whole numbers in 100 rows'],
    [
      'more than 20, 9 rows each',
      rows(270, 30),
      'regression',
      '30 different whole numbers in 270 rows, fewer than 10 rows each',
    ],
    ['more than 20, 10 rows each', rows(300, 30), 'classification', '30 different whole numbers in 300 rows'],
    ['101 kinds', rows(5000, 101), 'regression', '101 different whole numbers in 5000 rows, more than 100'],
    ['xor', [0, 1, 1, 0], 'classification', '0 and 1'],
    ['a column of them', [[0], [1], [1]], 'classification', '0 and 1'],
    ['texts', ['a', 'b'], 'classification', 'texts'],
    ['half', [1, 2, 2.5], 'regression', 'not all whole: 2.5'],
    [
      'one-hot',
      [
        [0, 1],
        [1, 0],
      ],
      'classification',
      'one-hot rows',
    ],
    [
      'rows',
      [
        [0, 1],
        [1, 3],
      ],
      'regression',
      'rows of 2 numbers',
    ],
  ])('%s', (_, y, task, why) => {
    expect(taskOf(y as never)).toEqual({ task, why: `the labels are ${why}` });
    const many = Matrix.from(Array.from({ length: (y as number[]).length }, (_, i) => [i]));
    expect(toDataset('t', many, y as never)).toMatchObject({ task, why: `the labels are ${why}` });
  });

  test('the task decides where it is given', () => {
    const y = rows(18, 18);
    const set = toDataset(
      't',
      y.map((v) => [v]),
      y,
      { task: 'classification' },
    );
    expect(set).toMatchObject({ task: 'classification', why: 'the task was given', classes: { length: 18 } });
  });
});

test('first-contact row 44: several labels a row are learnt by a sigmoid each', async () => {
  const several = Array.from(y, (label, row) => [1, Number(label === 1), Number(row % 5 === 0)]);
  using fitted = await fitPipeline(
    { ...short, optimizer: adam({ learningRate: 0.02 }), fit: { epochs: 60 } },
    x,
    several,
  );
  const { task, loss, metrics, layers } = fitted.pipeline;
  expect([task, loss, metrics]).toEqual(['multilabel', 'binaryCrossentropy', ['accuracy']]);
  expect(layers.at(-1)).toMatchObject({ units: 3, activation: 'sigmoid' });
  expect(fitted.why).toBe('the labels are rows of 0 and 1, of which a row may have several, or none');
  const probabilities = fitted.predictProbabilities(x);
  // The share of the labels that are right.
  const right = probabilities
    .toArrays()
    .flatMap((row, r) => row.map((p, c) => Number(p >= 0.5 === (several[r]?.[c] === 1))));
  const share = right.reduce((sum, one) => sum + one, 0) / right.length;
  expect(fitted.evaluate(x, several)['accuracy']).toBeCloseTo(share, 6);
  expect(share).toBeGreaterThan(0.85);
  using loaded = loadPipeline(fitted.save());
  expect(loaded.predictProbabilities(x)).toEqual(probabilities);

  using numbers = await fitPipeline({ ...short, task: 'regression', fit: { epochs: 1 } }, x, several);
  expect(numbers.predictProbabilities(x).columns).toBe(3);
  await expect(async () => fitPipeline({ ...short, task: 'classification' }, x, several)).rejects.toThrow(
    'y: expected a class for each row, or one-hot rows',
  );
  const half = several.map((row) => row.map((v) => v / 2));
  await expect(async () => fitPipeline({ ...short, task: 'multilabel' }, x, half)).rejects.toThrow(
    'y has 0.5 in row 0, expected 1 for each label that a row has and otherwise 0',
  );
});

test('predicts labels, probabilities and figures', async () => {
  using fitted = await fitPipeline(short, x, labels, { seed: 3 });
  const predicted = fitted.predict(x);
  const right = predicted.filter((label, i) => label === labels[i]).length;
  expect(right / labels.length).toBeGreaterThan(0.95);
  expect(fitted.evaluate(x, labels)['accuracy']).toBeCloseTo(right / labels.length, 6);
  const probabilities = fitted.predictProbabilities(x);
  expect(Array.from(probabilities.argmax(), (c) => fitted.classes?.[c])).toEqual(predicted);
  for (const row of probabilities.toArrays()) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
  expect(fitted.history.epochs.length).toBe(30);
});

test('two classes have two columns of probabilities', async () => {
  using fitted = await fitPipeline(short, x, labels.map((label) => label === 'elm').map(Number));
  const { columns, data } = fitted.predictProbabilities(x);
  expect(columns).toBe(2);
  expect((data[0] as number) + (data[1] as number)).toBeCloseTo(1, 6);
  expect(fitted.predict(x).every((label) => label === 0 || label === 1)).toBe(true);
});

test('a regression predicts numbers', async () => {
  const next = numbers(2);
  const rows = Matrix.from(Array.from({ length: 200 }, () => [100 * next(), next()]));
  const targets = rows.toArrays().map(([a = 0, b = 0]) => 0.03 * a - 2 * b + 0.5);
  using fitted = await fitPipeline(
    { layers: [], optimizer: adam({ learningRate: 0.02 }), fit: { epochs: 100, batchSize: 20 } },
    rows,
    targets,
  );
  expect(fitted.evaluate(rows, targets)['r2']).toBeGreaterThan(0.95);
  expect(fitted.predict([[50, 0.5]])[0]).toBeCloseTo(1, 0);
});

test('the scaler is fitted on the training rows alone', async () => {
  using all = await fitPipeline({ ...short, fit: { epochs: 1 } }, x, labels);
  using part = await fitPipeline({ ...short, fit: { epochs: 1, validationSplit: 0.25 } }, x, labels);
  expect(part.scaler.toJSON()).not.toEqual(all.scaler.toJSON());
  expect(part.history.epochs[0]).toHaveProperty('valAccuracy');
});

test('early stopping watches a part that it sets aside itself', async () => {
  using fitted = await fitPipeline(
    { layers, fit: { epochs: 2000, batchSize: 16 }, earlyStopping: { patience: 5, minDelta: 0.01 } },
    x,
    labels,
  );
  expect(fitted.history.epochs.length).toBeLessThan(2000);
  expect(fitted.history.stopped?.reason).toContain('valLoss');
});

test('the same predictions in every runtime: a known hash of their bits', async () => {
  const next = numbers(11);
  const rows = Matrix.from(Array.from({ length: 80 }, () => [next(), 30 * next(), next()]));
  const kinds = rows.toArrays().map(([a = 0, b = 0]) => (a > 0.3 ? 'far' : b > 0 ? 'high' : 'low'));
  const p: Pipeline = { ...short, scale: 'robust', fit: { epochs: 12, validationSplit: 0.2 } };
  using fitted = await fitPipeline(p, rows, kinds, { seed: 7 });
  using loaded = loadPipeline(fitted.save());
  const { data } = loaded.predictProbabilities(rows);
  const bits = createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
  expect(bits).toBe(PREDICTIONS);
});

describe('rows as labels of a fitted pipeline', () => {
  const oneHot = Array.from(y, (label) => [0, 1, 2].map((c) => Number(c === label)));
  const wrong = (given: unknown) => given as never;

  test('one-hot rows mean what they meant at fitting', async () => {
    using byRows = await fitPipeline(short, x, oneHot);
    using byLabels = await fitPipeline(short, x, y);
    expect(byRows.evaluate(x, oneHot)).toEqual(byLabels.evaluate(x, y));
    expect(byRows.trainOnBatch(x, Matrix.from(oneHot))).toEqual(byLabels.trainOnBatch(x, y));
    expect(weightsHash(byRows.model)).toBe(weightsHash(byLabels.model));
  });

  test('are refused where the classes are no columns, and nothing is learnt', async () => {
    for (const named of [labels, Array.from(y, (label) => label + 1)]) {
      using fitted = await fitPipeline({ ...short, fit: { epochs: 1 } }, x, named);
      const before = weightsHash(fitted.model);
      const said = `y is rows of 3 numbers, but the pipeline was fitted on labels. Give one of the labels ${fitted.classes?.map((c) => JSON.stringify(c)).join(', ')} for each row`;
      const refused = expect.objectContaining({ code: 'DATA', message: expect.stringContaining(said) });
      expect(() => fitted.evaluate(x, oneHot)).toThrow(refused);
      expect(() => fitted.trainOnBatch(x, Matrix.from(oneHot))).toThrow(refused);
      expect(weightsHash(fitted.model)).toBe(before);
    }
  });

  test.each<[string, number[], string]>([
    ['of another width', [0, 1], 'one-hot rows of y need a column for each of the 3 classes, got 2'],
    ['without a 1', [0, 0, 0], 'y is not one-hot in row 0: expected one 1 and otherwise 0'],
    ['of two labels', [1, 1, 0], 'y is not one-hot in row 0'],
    ['of probabilities', [0.2, 0.5, 0.3], 'y is not one-hot in row 0'],
    ['below 0', [-1, 1, 0], 'y is not one-hot in row 0'],
  ])('are refused %s', async (_, row, said) => {
    using fitted = await fitPipeline({ ...short, fit: { epochs: 1 } }, x, oneHot);
    expect(() => fitted.evaluate(x.select([0]), wrong([row]))).toThrow(`evaluate: ${said}`);
    expect(() => fitted.trainOnBatch(x.select([0]), wrong([row]))).toThrow(`trainOnBatch: ${said}`);
  });
});

describe('save', () => {
  test('gives one file with scaler, classes and network; the same predictions, the same bytes', async () => {
    using fitted = await fitPipeline(
      { ...short, scale: 'robust', fit: { epochs: 3, classWeight: { oak: 2 } } },
      x,
      labels,
    );
    const bytes = fitted.save();
    using loaded = loadPipeline(bytes);
    expect(loaded.predict(x)).toEqual(fitted.predict(x));
    expect(loaded.predictProbabilities(x)).toEqual(fitted.predictProbabilities(x));
    expect(loaded.classes).toEqual(fitted.classes);
    expect(loaded.history).toEqual(fitted.history);
    expect(loaded.save()).toEqual(bytes);
    expect(() => loadModel(bytes)).toThrow('loadModel: the file holds a pipeline: use loadPipeline');
    using model = loadModel(bytes, { networkOnly: true });
    expect(weightsHash(model)).toBe(weightsHash(fitted.model));
  });

  test('other files are refused', async () => {
    using fitted = await fitPipeline({ ...short, fit: { epochs: 1 } }, x, labels);
    expect(() => loadPipeline(fitted.model.save())).toThrow(
      'loadPipeline: the file has no pipeline; use loadModel for a model',
    );
    expect(() => loadPipeline(new Uint8Array(5))).toThrow('loadPipeline: 5 bytes are too few');
    expect(() => loadPipeline(fitted.save().subarray(0, 500))).toThrow(expect.objectContaining({ code: 'FORMAT' }));
    expect(() => loadPipeline('file' as never)).toThrow('loadPipeline(bytes): expected a Uint8Array, got "file"');
  });
});

describe('bad input', () => {
  test.each<[string, Partial<Pipeline>, unknown, string]>([
    ['too few labels', {}, labels.slice(1), 'fitPipeline: x has 120 rows, y has 119'],
    ['one class', {}, labels.map(() => 'oak'), 'fitPipeline: y has only one class, "oak"'],
    ['one number', {}, labels.map(() => 2.5), 'fitPipeline: y is 2.5 in every row, so there is nothing to learn'],
    [
      'the same numbers',
      {},
      labels.map(() => [2.5, 3]),
      'fitPipeline: y is the same 2 numbers in every row, so there is nothing to learn',
    ],
    [
      'the same labels',
      { task: 'multilabel' },
      labels.map(() => [1, 1]),
      'fitPipeline: y is the same 2 labels in every row, so there is nothing to learn',
    ],
    ['no layers', { layers: undefined as never }, labels, 'fitPipeline(layers): expected an array of layers'],
    ['an unknown key', { layer: [] } as never, labels, 'fitPipeline: unknown option "layer"'],
    [
      'an unknown scale',
      { scale: 'log' as never },
      labels,
      `fitPipeline(scale): expected one of ${scalerTypes.join(', ')}`,
    ],
    [
      'a loss of classes for numbers',
      { loss: 'binaryCrossentropy', task: 'regression' },
      [...y],
      'binaryCrossentropy is for classes',
    ],
    ['strings for a regression', { task: 'regression' }, labels, 'expected numbers for a regression, got "'],
    [
      'a weight for no class',
      { fit: { classWeight: { pine: 2 } as never } },
      labels,
      'no class pine among ash, elm, oak',
    ],
    ['no labels', {}, 7, 'y: expected a label for each row'],
  ])('%s', async (_, p, targets, message) => {
    await expect(async () => fitPipeline({ ...short, ...p }, x, targets as never)).rejects.toThrow(message);
  });

  test('a target far from all others makes the loss infinite, and the advice is about it', async () => {
    const far = labels.map((_, i) => (i === 5 ? 1e30 : Math.fround(i / 7)));
    await expect(fitPipeline(short, x, far)).rejects.toMatchObject({
      code: 'DIVERGED',
      message: expect.stringMatching(
        /are back in place\. A target of 1e\+30 is \S+ times the scale of the others from their middle: correct it or leave its row out; if it is right, learn the logarithm of the targets\.$/,
      ),
    });
  });

  test('a label that is not among the classes', async () => {
    using fitted = await fitPipeline({ ...short, fit: { epochs: 1 } }, x, labels);
    expect(() =>
      fitted.evaluate(
        x,
        labels.map(() => 'pine'),
      ),
    ).toThrow('evaluate: y is "pine" in row 0, which is not among the classes "ash", "elm", "oak"');
    expect(() => fitted.predict([[1, 2, 3]])).toThrow('x has 3 columns but the scaler was fitted on 2');
  });

  test('nothing is left in memory where fit fails', async () => {
    const { defaultEngine } = await import('../../src/engine/engine.js');
    const before = defaultEngine().bytesInUse;
    await expect(fitPipeline({ ...short, fit: { epochs: 1, batchSize: -1 } }, x, labels)).rejects.toThrow(
      'fit(batchSize)',
    );
    expect(defaultEngine().bytesInUse).toBe(before);
  });
});

describe('learning on', () => {
  const more = new Matrix(x.data.subarray(0, 8 * x.columns) as Float32Array, x.columns);

  test.each([
    ['three classes', labels],
    ['two classes', labels.map((label) => (label === 'oak' ? 'oak' : 'ash'))],
    ['a regression', Array.from(y, (label, row) => label + row / 7)],
  ])(
    "a batch of %s is the model's own update on scaled rows; saved with its optimizer it goes on to the bit",
    async (_, targets) => {
      using fitted = await fitPipeline({ ...short, scale: 'standard' }, x, targets);
      using twin = loadPipeline(fitted.save({ optimizer: true }));
      const own = targets.slice(0, 8) as string[];
      const { classes, model, scaler, targetScaler } = twin;
      const known = own.map((label) => classes?.indexOf(label) ?? label) as number[];
      const column = targetScaler.transform(known.map((k) => [k]));
      const logs = model.trainOnBatch(scaler.transform(more), classes?.length === 3 ? known : column);
      expect(fitted.trainOnBatch(more, own)).toEqual(logs);
      expect(weightsHash(fitted.model)).toBe(weightsHash(model));
      using again = loadPipeline(fitted.save({ optimizer: true }));
      again.trainOnBatch(more, own);
      fitted.trainOnBatch(more, own);
      expect(weightsHash(again.model)).toBe(weightsHash(fitted.model));
    },
  );

  test('a label that is not among the classes, or rows that do not fit, change nothing', async () => {
    using fitted = await fitPipeline(short, x, labels);
    const before = weightsHash(fitted.model);
    expect(() => fitted.trainOnBatch(more, [...labels.slice(0, 7), 'fir'])).toThrow(
      'trainOnBatch: y is "fir" in row 7, which is not among the classes "ash", "elm", "oak"',
    );
    expect(() => fitted.trainOnBatch(more, labels.slice(0, 7))).toThrow('trainOnBatch: x has 8 rows, y has 7');
    expect(weightsHash(fitted.model)).toBe(before);
  });
});

test('layerRates of a pipeline: kept by its layer, its file and by more training', async () => {
  const layers = [dense({ units: 6, activation: 'tanh' }), dense({ units: 1, activation: 'sigmoid' })];
  const pipeline: Pipeline = { layers, layerRates: { dense: 0 }, fit: { epochs: 3 } };
  const rows = Array.from({ length: 40 }, (_, i) => [i, (i * 7) % 11]);
  const labels = rows.map(([i]) => (i! < 20 ? 'low' : 'high'));
  using fitted = await fitPipeline(pipeline, rows, labels, { seed: 3 });
  using begun = sequential({ inputs: 2, layers, seed: 3 });
  const kernel = (model: { getWeights(): WeightSet }) => model.getWeights().get('dense/kernel')!.data;
  expect(kernel(fitted.model)).toEqual(kernel(begun));
  expect(fitted.pipeline.layerRates).toEqual({ dense: 0 });
  using again = loadPipeline(fitted.save({ optimizer: true }));
  expect(again.save({ optimizer: true })).toEqual(fitted.save({ optimizer: true }));
  again.model.trainOnBatch([[0, 1]], [1]);
  expect(kernel(again.model)).toEqual(kernel(begun));
  using plain = await fitPipeline({ ...pipeline, layerRates: {} }, rows, labels, { seed: 3 });
  expect(kernel(plain.model)).not.toEqual(kernel(begun));
  await expect(fitPipeline({ layers, layerRates: { hidden: 0 } }, rows, labels)).rejects.toThrow(
    'compile(layerRates): "hidden" is no layer; those to train are dense, dense_1',
  );
});
