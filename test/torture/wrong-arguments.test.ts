// Every public function, with each of its arguments and each part of its options replaced by what does not belong there: it works without a NaN, or refuses with a
// SimdenseError that names the function, and the model is as it was.
import { expect, test } from 'vitest';
import * as data from '../../src/data/index.js';
import * as diagnosis from '../../src/diagnose/index.js';
import * as evaluate from '../../src/evaluate/index.js';
import * as core from '../../src/index.js';
import * as onnx from '../../src/onnx/index.js';
import * as predicting from '../../src/predict/index.js';
import { report, reportText } from '../../src/report/index.js';
import { blobs, weightsHash } from '../helpers/models.js';

const { adam, dense, Matrix, sequential, SimdenseError } = core;
const { x, y } = blobs(30);
const labels = Array.from(y, (label) => ['oak', 'ash', 'elm'][label] as string);
const layers = () => [dense({ units: 4, activation: 'relu' }), dense({ units: 3, activation: 'softmax' })];
const build = () =>
  sequential({ inputs: 2, layers: layers(), seed: 1 }).compile({ optimizer: adam(), loss: 'categoricalCrossentropy' });
const model = build();
model.trainOnBatch(x, y);
const file = model.save();
const pipeline = { layers: [dense({ units: 2 })], scale: 'standard', fit: { epochs: 1, batchSize: 8 } } as const;
const fitted = await evaluate.fitPipeline(pipeline, x, labels);
const predictor = predicting.loadPredictor(file);
const confusion = evaluate.confusionMatrix(labels, labels, ['ash', 'elm', 'oak']);
const history = { epochs: [{ loss: 1 }] };

type Call = (...args: never[]) => unknown;
/** A function, how it is called in messages, and arguments that are right. */
const cases: readonly [name: string, call: Call, args: readonly unknown[]][] = [
  [
    'dense',
    core.dense,
    [
      {
        units: 3,
        activation: 'relu',
        useBias: true,
        kernelInitializer: 'zeros',
        biasInitializer: 'ones',
        kernelRegularizer: { l2: 0.1 },
        name: 'a',
      },
    ],
  ],
  ['activation', core.activation, ['relu']],
  ['batchNormalization', core.batchNormalization, [{ momentum: 0.9, epsilon: 1e-3, name: 'b' }]],
  ['rescaling', core.rescaling, [{ scale: 2, offset: 1 }]],
  ['dropout', core.dropout, [{ rate: 0.5 }]],
  ['gaussianNoise', core.gaussianNoise, [{ stddev: 1 }]],
  ['sgd', core.sgd, [{ learningRate: 0.1, momentum: 0.9, nesterov: true, clipNorm: 1, clipValue: 1 }]],
  [
    'adam',
    core.adam,
    [
      {
        learningRate: { type: 'cosine', initial: 0.1, steps: 10, warmup: 2, final: 0 },
        beta1: 0.9,
        beta2: 0.9,
        epsilon: 1e-8,
      },
    ],
  ],
  ['adamw', core.adamw, [{ learningRate: { type: 'step', initial: 0.1, every: 10, factor: 0.5 }, weightDecay: 0.1 }]],
  [
    'rmsprop',
    core.rmsprop,
    [{ learningRate: { type: 'piecewise', boundaries: [1], values: [1, 2] }, rho: 0.9, momentum: 0.9, epsilon: 1e-8 }],
  ],
  ['adagrad', core.adagrad, [{ learningRate: { type: 'exponential', initial: 0.1, decay: 0.9 }, epsilon: 1e-8 }]],
  ['sequential', (o) => sequential(o).dispose(), [{ inputs: 2, layers: layers(), seed: 1, name: 'm' }]],
  [
    'compile',
    (o) => void build().compile(o),
    [{ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] }],
  ],
  [
    'fit',
    (a, b, o) => build().fit(a, b, o),
    [
      x,
      y,
      {
        epochs: 1,
        batchSize: 8,
        shuffle: true,
        validationSplit: 0.2,
        classWeight: { 0: 1 },
        callbacks: [],
        initialEpoch: 0,
      },
    ],
  ],
  ['trainOnBatch', (a, b) => build().trainOnBatch(a, b), [x, y]],
  ['evaluate', (a, b, o) => model.evaluate(a, b, o), [x, y, { batchSize: 4 }]],
  ['predict', (a, o) => model.predict(a, o), [x, { batchSize: 4 }]],
  ['predictInto', (a, b) => model.predictInto(a, b), [new Float32Array(3), new Float32Array(2)]],
  ['setWeights', (w) => model.setWeights(w), [model.getWeights()]],
  ['save', (o) => model.save(o), [{ optimizer: false }]],
  ['clone', (o) => model.clone(o).dispose(), [{ seed: 3 }]],
  ['loadModel', (b) => core.loadModel(b).dispose(), [file]],
  [
    'earlyStopping',
    core.earlyStopping,
    [{ monitor: 'loss', patience: 1, minDelta: 0, restoreBest: true, mode: 'min' }],
  ],
  ['reduceOnPlateau', core.reduceOnPlateau, [{ monitor: 'loss', factor: 0.5, patience: 1, minLearningRate: 0 }]],
  ['checkpoint', core.checkpoint, [() => {}, { every: 1, bestOnly: false, monitor: 'loss' }]],
  [
    'createEngine',
    async (o) => (await core.createEngine(o)).dispose(),
    [{ threads: 1, relaxed: false, wide: false, maxMemory: 1e6 }],
  ],
  ['Matrix', (a, b) => new Matrix(a, b), [[1, 2, 3, 4], 2]],
  [
    'Matrix.from',
    (rows) => Matrix.from(rows),
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ],
  ['fitScaler', data.fitScaler, ['standard', x]],
  ['scalerFromJson', data.scalerFromJson, [{ type: 'standard', center: [1], scale: [1] }]],
  ['oneHot', data.oneHot, [[0, 1], 2]],
  ['encodeLabels', data.encodeLabels, [['a', 'b']]],
  ['holdOut', (n, o) => [...data.holdOut(n, o)], [30, { testSize: 0.2, stratify: y, repeats: 1, seed: 1 }]],
  ['kFold', (n, o) => [...data.kFold(n, o)], [30, { folds: 3, stratify: y, repeats: 1, shuffle: true, seed: 1 }]],
  ['bootstrap', (n, o) => [...data.bootstrap(n, o)], [30, { repeats: 1, seed: 1 }]],
  ['jitter', data.jitter, [{ stddev: 1 }]],
  ['shiftImage', data.shiftImage, [{ width: 2, height: 2, max: 1 }]],
  ['rotateImage', data.rotateImage, [{ width: 2, height: 2, degrees: 10 }]],
  ['mixup', data.mixup, [{ alpha: 0.2 }]],
  ['parseIdx', data.parseIdx, [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7)]],
  [
    'parseCsv',
    data.parseCsv,
    ['a,b\n1,2\n3,4', { target: 'b', columns: ['a'], header: true, delimiter: ',', missing: 'skip' }],
  ],
  [
    'fitPipeline',
    async (p, a, b, o) => (await evaluate.fitPipeline(p, a, b, o)).dispose(),
    [pipeline, x, labels, { seed: 1, callbacks: [], columns: ['a', 'b'], target: 't' }],
  ],
  ['evaluate', (a, b) => fitted.evaluate(a, b), [x, labels]],
  ['trainOnBatch', (a, b) => evaluate.loadPipeline(fitted.save()).trainOnBatch(a, b), [x, labels]],
  ['loadPipeline', (b) => evaluate.loadPipeline(b).dispose(), [fitted.save()]],
  [
    'crossValidate',
    (p, a, b, s, o) => evaluate.crossValidate(p, a, b, s, o),
    [pipeline, x, labels, [...data.kFold(30, { folds: 2 })], { seed: 1 }],
  ],
  [
    'bootstrapScore',
    (p, a, b, o) => evaluate.bootstrapScore(p, a, b, o),
    [pipeline, x, labels, { repeats: 1, method: 'oob', seed: 1 }],
  ],
  [
    'bagging',
    async (p, a, b, o) => (await evaluate.bagging(p, a, b, o)).dispose(),
    [pipeline, x, labels, { members: 1, seed: 1 }],
  ],
  [
    'search',
    (o) => evaluate.search(o),
    [
      {
        space: { units: [1, 2] },
        pipeline: () => pipeline,
        x,
        y: labels,
        strategy: 'grid',
        trials: 2,
        seed: 1,
        splits: [...data.holdOut(30)],
      },
    ],
  ],
  ['confusionMatrix', evaluate.confusionMatrix, [labels, labels, ['ash', 'elm', 'oak']]],
  ['calibration', evaluate.calibration, [labels, fitted.predictProbabilities(x), fitted.classes, 10]],
  ['wilsonInterval', evaluate.wilsonInterval, [3, 10]],
  ['loadPredictor', (b, o) => predicting.loadPredictor(b, o).dispose(), [file, { maxMemory: 1e6 }]],
  ['predict', (a, o) => predictor.predict(a, o), [x, { batchSize: 4 }]],
  ['diagnose', diagnosis.diagnose, [{ every: 3, onFinding: () => {} }]],
  [
    'findLearningRate',
    (m, a, b, o) => diagnosis.findLearningRate(m, a, b, o),
    [model, x, y, { from: 1e-3, to: 0.1, steps: 10, batchSize: 4 }],
  ],
  ['checkGradients', diagnosis.checkGradients, [model, x, y]],
  ['gradientsOf', diagnosis.gradientsOf, [model]],
  ['toOnnx', onnx.toOnnx, [model, { opset: 13 }]],
  ['fromOnnx', (b) => onnx.fromOnnx(b).dispose(), [onnx.toOnnx(model)]],
  ['report', report, [{ title: 't', summary: 's', history, findings: [], confusion, configuration: {}, command: 'c' }]],
  ['reportText', reportText, [{ title: 't', summary: 's', history, findings: [], confusion }]],
];

const junk: readonly unknown[] = [
  null,
  Number.NaN,
  -1,
  0,
  0.5,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  '',
  'x',
  true,
  {},
  [],
  [Number.NaN],
  ['x'],
  [[1], [1, 2]],
  () => {},
  1n,
  new Date(0),
  Object.create(null),
];

/** The arguments with one of them, or one part of an options object, replaced. */
function* spoilt(args: readonly unknown[]): Generator<readonly unknown[]> {
  for (const [i, argument] of args.entries()) {
    for (const other of junk) yield args.map((given, j) => (j === i ? other : given));
    if (typeof argument !== 'object' || argument === null || Object.getPrototypeOf(argument) !== Object.prototype)
      continue;
    for (const key of Object.keys(argument)) {
      for (const other of junk) yield args.map((given, j) => (j === i ? { ...argument, [key]: other } : given));
    }
    yield args.map((given, j) => (j === i ? { ...argument, mistake: 1 } : given));
  }
}

const describeValue = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    typeof part === 'bigint' ? '1n' : typeof part === 'function' ? 'f' : part,
  )?.slice(0, 70) ?? String(value);

test.each(cases)('%s', { timeout: 120_000 }, async (name, call, args) => {
  (await call(...(args as never[]))) === undefined;
  const before = weightsHash(model);
  const wrong: string[] = [];
  let tried = 0;
  for (const given of spoilt(args)) {
    tried++;
    const shown = given.map(describeValue).join(' | ');
    try {
      await call(...(given as never[]));
    } catch (error) {
      if (!(error instanceof SimdenseError)) wrong.push(`${shown}: ${String(error)}`);
    }
    if (weightsHash(model) !== before) wrong.push(`${shown}: the model has changed`);
  }
  expect(tried).toBeGreaterThan(10);
  expect(wrong.slice(0, 12), `${name}: ${wrong.length} of ${tried}`).toEqual([]);
});
