// An example of every public function: how it is called, with arguments that are right.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bullmq, dataFile } from '../../src/bullmq/index.js';
import { classifier, loadClassifier } from '../../src/classifier/index.js';
import { compile, fromFloat16, quantize, toFloat16 } from '../../src/compile/index.js';
import * as convert from '../../src/convert/index.js';
import * as data from '../../src/data/index.js';
import * as diagnosis from '../../src/diagnose/index.js';
import * as evaluate from '../../src/evaluate/index.js';
import * as explain from '../../src/explain/index.js';
import * as core from '../../src/index.js';
import * as arithmetic from '../../src/kernels/index.js';
import * as node from '../../src/node/index.js';
import * as onnx from '../../src/onnx/index.js';
import * as predicting from '../../src/predict/index.js';
import { report, reportText, searchReport } from '../../src/report/index.js';
import * as tables from '../../src/table/index.js';
import { brain, keras, tfjs, torch } from '../convert/fixtures.js';
import { blobs } from '../helpers/models.js';

const { adam, dense, Matrix, sequential } = core;
const { x, y } = blobs(30);
const labels = Array.from(y, (label) => ['oak', 'ash', 'elm'][label] as string);
const layers = () => [dense({ units: 4, activation: 'relu' }), dense({ units: 3, activation: 'softmax' })];
const build = () =>
  sequential({ inputs: 2, layers: layers(), seed: 1 }).compile({ optimizer: adam(), loss: 'categoricalCrossentropy' });
/** Does it to a model that is given up then. */
const onNew = <T>(act: (m: core.Sequential) => T): T => {
  using m = build();
  return act(m);
};
export const model = build();
model.trainOnBatch(x, y);
const file = model.save();
const pipeline = {
  layers: [dense({ units: 2, activation: 'relu' })],
  scale: 'standard',
  fit: { epochs: 1, batchSize: 8 },
} as const;
const fitted = await evaluate.fitPipeline(pipeline, x, labels);
const predictor = predicting.loadPredictor(file);
const confusion = evaluate.confusionMatrix(labels, labels, ['ash', 'elm', 'oak']);
const history = { epochs: [{ loss: 1 }] };
const score = { mean: 0.5, stddev: 0.1, values: [0.4, 0.6] };
const searched = {
  space: { units: [1, 2], rate: { min: 0.1, max: 1, scale: 'log' as const } },
  monitor: 'accuracy',
  trials: [
    { parameters: { units: 1, rate: 0.5 }, score, epochs: 2, seconds: 1 },
    { parameters: { units: 2, rate: 0.2 }, error: 'no', epochs: 2, seconds: 1 },
  ],
  best: { parameters: { units: 1, rate: 0.5 }, score },
  importance: () => [{ parameter: 'units', trials: 1 }],
};
const ensemble = await evaluate.bagging(pipeline, x, labels, { members: 2 });
const together = predicting.loadEnsemblePredictor(ensemble.save());
const labelling = predicting.loadPredictor(fitted.save());
const head = await classifier(x, labels);
// Their workspace is as large then as it will be.
for (const one of [predictor, labelling, together]) one.predict(x);
const few = await tables.readTable('a,b\n1,x\n2,y\n');
const ofFew = await evaluate.fitPipeline({ layers: [], fit: { epochs: 1 } }, few, 'b');
const severalOfFew = await evaluate.bagging(
  { layers: [], fit: { epochs: 1 } },
  await tables.readTable('a,b\n1,x\n2,y\n3,x\n4,y\n'),
  'b',
  { members: 2 },
);
export const folder = mkdtempSync(join(tmpdir(), 'simdense-arguments-'));
const [table, images] = [join(folder, 'table.csv'), join(folder, 'images')];
writeFileSync(table, 'a,b\n1,2\n3,4\n');
writeFileSync(images, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7));

const k = arithmetic.kernels({ memory: 2 ** 20 });
const f = (...values: number[]) => Float32Array.from(values);
/** Does it to kernels, and frees what they have made; the result is a copy. */
const onKernels =
  (method: string) =>
  (...args: never[]) => {
    using _ = k.scope();
    const result = (k as unknown as Record<string, Call>)[method]?.call(k, ...args);
    return ArrayBuffer.isView(result) ? (result as Float32Array).slice() : undefined;
  };
const [pair, matrix] = [f(1, 2), f(1, 2, 3, 4)];
/** Methods of kernels, and arguments that are right. */
const kernelCalls: readonly (readonly [method: string, args: readonly unknown[]])[] = [
  ['float32', [[1, 2]]],
  ['float64', [3]],
  ['int32', [3]],
  [
    'gemm',
    [
      2,
      2,
      2,
      matrix,
      matrix.slice(),
      f(0, 0, 0, 0),
      { alpha: 2, beta: 1, transposeA: true, transposeB: false, lda: 2, ldb: 2, ldc: 2 },
    ],
  ],
  ['gemv', [2, 2, matrix, pair, f(0, 0), { alpha: 2, beta: 1, transpose: true, lda: 2 }]],
  ['ger', [2, 2, pair, pair.slice(), f(0, 0, 0, 0), { alpha: 2, lda: 2 }]],
  ['dot', [pair, pair]],
  ['axpy', [2, pair, f(1, 1)]],
  ['scal', [2, f(1, 1)]],
  ...['nrm2', 'asum', 'iamax'].map((name) => [name, [pair]] as const),
  ...[
    'exp',
    'log',
    'log1p',
    'erf',
    'sqrt',
    'abs',
    'square',
    'negate',
    'sigmoid',
    'tanh',
    'relu',
    'softplus',
    'silu',
    'gelu',
    'mish',
  ].map((name) => [name, [pair, f(0, 0)]] as const),
  ['leakyRelu', [pair, f(0, 0), 0.1]],
  ['elu', [pair, f(0, 0), 1]],
  ['activationGradient', ['elu', pair, pair.slice(), f(0, 0), 1]],
  ...['add', 'subtract', 'multiply', 'divide', 'minimum', 'maximum'].map(
    (name) => [name, [matrix, pair, f(0, 0, 0, 0)]] as const,
  ),
  ['affine', [pair, 2, 1, f(0, 0)]],
  ...['softmax', 'logSoftmax'].map((name) => [name, [matrix, 2, f(0, 0, 0, 0)]] as const),
  ['logSumExp', [matrix, 2, f(0, 0)]],
  ['softmaxGradient', [matrix, matrix.slice(), 2, f(0, 0, 0, 0)]],
  ...['sum', 'mean', 'max', 'min'].map((name) => [name, [matrix, { shape: [2, 2], axis: 0, out: f(0, 0) }]] as const),
  ['variance', [matrix, { shape: [2, 2], axis: 0, out: f(0, 0), ddof: 1 }]],
  ...['argmax', 'argmin'].map((name) => [name, [matrix, { shape: [2, 2], axis: 0, out: new Int32Array(2) }]] as const),
  ['argsort', [matrix, { descending: true, out: new Int32Array(4) }]],
  ['topK', [matrix, 1, { columns: 2, smallest: true, values: f(0, 0), indices: new Int32Array(2) }]],
  ['normalize', [matrix, 2, f(0, 0, 0, 0)]],
  ['cosine', [pair, matrix, 2, f(0, 0)]],
  ['nearest', [pair, matrix, 2, { k: 2, by: 'dot', values: f(0, 0), indices: new Int32Array(2) }]],
  ...['squaredError', 'absoluteError', 'huber', 'binaryCrossEntropy'].map(
    (name) => [name, [pair, f(0, 1), f(0, 0)]] as const,
  ),
  ['crossEntropy', [matrix, Int32Array.of(0, 1), f(0, 0, 0, 0), 2]],
  ['sgd', [f(1, 1), pair, { learningRate: 0.1, momentum: 0.9, nesterov: true, velocity: f(0, 0) }]],
  [
    'adam',
    [
      f(1, 1),
      pair,
      { m: f(0, 0), v: f(0, 0), step: 1, learningRate: 0.1, beta1: 0.9, beta2: 0.9, epsilon: 1e-8, weightDecay: 0.1 },
    ],
  ],
  [
    'rmsprop',
    [f(1, 1), pair, { v: f(0, 0), velocity: f(0, 0), learningRate: 0.1, rho: 0.9, momentum: 0.9, epsilon: 1e-8 }],
  ],
  ['adagrad', [f(1, 1), pair, { v: f(0, 0), learningRate: 0.1, epsilon: 1e-8 }]],
  ['lion', [f(1, 1), pair, { m: f(0, 0), learningRate: 0.1, beta1: 0.9, beta2: 0.9, weightDecay: 0.1 }]],
  ['uniform', [3, { seed: 1, stream: 2, low: 0, high: 2 }]],
  ['normal', [3, { seed: 1, stream: 2, mean: 0, deviation: 2 }]],
  ['permutation', [3, { seed: 1, stream: 2 }]],
];

type Call = (...args: never[]) => unknown;
/** A function by its declared name, how it is called, and arguments that are right. */
export const examples: (readonly [name: string, call: Call, args: readonly unknown[]])[] = [
  [
    'simdense: dense',
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
  ['simdense: activation', core.activation, ['relu']],
  [
    'simdense: batchNormalization',
    core.batchNormalization,
    [{ momentum: 0.9, epsilon: 1e-3, trainable: true, name: 'b' }],
  ],
  ['simdense: prelu', core.prelu, [{ alphaInitializer: 'zeros', name: 'p' }]],
  ['simdense: layerNormalization', core.layerNormalization, [{ epsilon: 1e-3, name: 'l' }]],
  ['simdense: rescaling', core.rescaling, [{ scale: 2, offset: 1 }]],
  ['simdense: dropout', core.dropout, [{ rate: 0.5 }]],
  ['simdense: gaussianNoise', core.gaussianNoise, [{ stddev: 1 }]],
  ['simdense: sgd', core.sgd, [{ learningRate: 0.1, momentum: 0.9, nesterov: true, clipNorm: 1, clipValue: 1 }]],
  [
    'simdense: adam',
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
  [
    'simdense: adamw',
    core.adamw,
    [{ learningRate: { type: 'step', initial: 0.1, every: 10, factor: 0.5 }, weightDecay: 0.1 }],
  ],
  [
    'simdense: rmsprop',
    core.rmsprop,
    [{ learningRate: { type: 'piecewise', boundaries: [1], values: [1, 2] }, rho: 0.9, momentum: 0.9, epsilon: 1e-8 }],
  ],
  [
    'simdense: adagrad',
    core.adagrad,
    [{ learningRate: { type: 'exponential', initial: 0.1, decay: 0.9 }, epsilon: 1e-8 }],
  ],
  [
    'simdense: lion',
    core.lion,
    [{ learningRate: 0.001, beta1: 0.9, beta2: 0.9, weightDecay: 0.1, clipNorm: 1, clipValue: 1 }],
  ],
  ['simdense: sequential', (o) => sequential(o).dispose(), [{ inputs: 2, layers: layers(), seed: 1, name: 'm' }]],
  [
    'simdense: Sequential.compile',
    (o) => onNew((m) => void m.compile(o)),
    [{ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'], layerRates: { dense: 0.5 } }],
  ],
  [
    'simdense: Sequential.fit',
    async (a, b, o) => {
      using m = build();
      return await m.fit(a, b, o);
    },
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
  ['simdense: Sequential.trainOnBatch', (a, b, o) => onNew((m) => m.trainOnBatch(a, b, o)), [x, y, {}]],
  ['simdense: Sequential.evaluate', (a, b, o) => model.evaluate(a, b, o), [x, y, { batchSize: 4 }]],
  ['simdense: Sequential.predict', (a, o) => model.predict(a, o), [x, { batchSize: 4 }]],
  ['simdense: Sequential.predictInto', (a, b) => model.predictInto(a, b), [new Float32Array(3), new Float32Array(2)]],
  ['simdense: Sequential.setWeights', (w) => model.setWeights(w), [model.getWeights()]],
  ['simdense: Sequential.save', (o) => model.save(o), [{ optimizer: false }]],
  ['simdense: Sequential.clone', (o) => model.clone(o).dispose(), [{ seed: 3 }]],
  ['simdense: loadModel', (b, o) => core.loadModel(b, o).dispose(), [file, {}]],
  [
    'simdense: earlyStopping',
    core.earlyStopping,
    [{ monitor: 'loss', patience: 1, minDelta: 0, restoreBest: true, mode: 'min' }],
  ],
  [
    'simdense: reduceOnPlateau',
    core.reduceOnPlateau,
    [{ monitor: 'loss', factor: 0.5, patience: 1, minLearningRate: 0 }],
  ],
  ['simdense: checkpoint', core.checkpoint, [() => {}, { every: 1, bestOnly: false, monitor: 'loss' }]],
  [
    'simdense: createEngine',
    async (o) => (await core.createEngine(o)).dispose(),
    [{ threads: 1, relaxed: false, wide: false, maxMemory: 1e6 }],
  ],
  ['simdense: Matrix', (a, b) => new Matrix(a, b), [[1, 2, 3, 4], 2]],
  [
    'simdense: Matrix.from',
    (rows) => Matrix.from(rows),
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ],
  ['simdense/node: readTable', node.readTable, [table, { kinds: { b: 'category' }, delimiter: ',' }]],
  ['simdense/table: readTable', tables.readTable, ['a,b\n1,x\n2,y\n', { kinds: { b: 'category' }, delimiter: ',' }]],
  ['simdense/table: Table', (given) => new tables.Table(given), [few.data]],
  ['simdense/table: Table.column', (name) => few.column(name), ['a']],
  ['simdense/table: Table.row', (row) => few.row(row), [1]],
  ['simdense/table: Table.head', (count) => few.head(count), [2]],
  ['simdense/table: Table.select', (rows) => few.select(rows), [[1, 0]]],
  ['simdense/table: Table.values', (name) => few.values(name), ['a']],
  ['simdense/table: Table.known', (names, o) => few.known(names, o), [['a', 'b'], { empty: true }]],
  ['simdense/table: Table.describe', (o) => few.describe(o), [{ width: 60 }]],
  ['simdense/data: fitScaler', data.fitScaler, ['standard', x]],
  ['simdense/data: scalerFromJson', data.scalerFromJson, [{ type: 'standard', center: [1], scale: [1] }]],
  ['simdense/data: oneHot', data.oneHot, [[0, 1], 2]],
  ['simdense/data: encodeLabels', data.encodeLabels, [['a', 'b']]],
  [
    'simdense/data: holdOut',
    (n, o) => [...data.holdOut(n, o)],
    [30, { testSize: 0.2, stratify: y, repeats: 1, seed: 1 }],
  ],
  [
    'simdense/data: kFold',
    (n, o) => [...data.kFold(n, o)],
    [30, { folds: 3, stratify: y, repeats: 1, shuffle: true, seed: 1 }],
  ],
  ['simdense/data: bootstrap', (n, o) => [...data.bootstrap(n, o)], [30, { repeats: 1, seed: 1 }]],
  ['simdense/data: jitter', data.jitter, [{ stddev: 1 }]],
  ['simdense/data: shiftImage', data.shiftImage, [{ width: 2, height: 2, max: 1 }]],
  ['simdense/data: rotateImage', data.rotateImage, [{ width: 2, height: 2, degrees: 10 }]],
  ['simdense/data: mixup', data.mixup, [{ alpha: 0.2 }]],
  ['simdense/data: parseIdx', data.parseIdx, [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7)]],
  [
    'simdense/data: parseCsv',
    data.parseCsv,
    ['a,b\n1,2\n3,4', { target: 'b', columns: ['a'], header: true, delimiter: ',', missing: 'skip' }],
  ],
  [
    'simdense/evaluate: fitPipeline',
    async (p, a, b, o) => (await evaluate.fitPipeline(p, a, b, o)).dispose(),
    [pipeline, x, labels, { seed: 1, callbacks: [], columns: ['a', 'b'], target: 't' }],
  ],
  ['simdense/evaluate: FittedPipeline.actual', (a) => ofFew.actual(a), [few]],
  ['simdense/evaluate: Ensemble.actual', (a) => severalOfFew.actual(a), [few]],
  ['simdense/evaluate: FittedPipeline.evaluate', (a, b, o) => fitted.evaluate(a, b, o), [x, labels, {}]],
  [
    'simdense/evaluate: FittedPipeline.trainOnBatch',
    (a, b, o) => {
      using learning = evaluate.loadPipeline(fitted.save());
      return learning.trainOnBatch(a, b, o);
    },
    [x, labels, {}],
  ],
  ['simdense/evaluate: loadPipeline', (b) => evaluate.loadPipeline(b).dispose(), [fitted.save()]],
  [
    'simdense/evaluate: crossValidate',
    (p, a, b, s, o) => evaluate.crossValidate(p, a, b, s, o),
    [pipeline, x, labels, [...data.kFold(30, { folds: 2 })], { seed: 1 }],
  ],
  [
    'simdense/evaluate: bootstrapScore',
    (p, a, b, o) => evaluate.bootstrapScore(p, a, b, o),
    [pipeline, x, labels, { repeats: 1, method: 'oob', seed: 1 }],
  ],
  [
    'simdense/evaluate: fitShards',
    async (p, s, o) => (await evaluate.fitShards(p, s, o)).dispose(),
    [{ layers: [] }, [few, () => few], { target: 'b', rounds: 1, localEpochs: 1, outer: { momentum: 0.5 }, seed: 1 }],
  ],
  [
    'simdense/evaluate: bagging',
    async (p, a, b, o) => (await evaluate.bagging(p, a, b, o)).dispose(),
    [pipeline, x, labels, { members: 1, seed: 1 }],
  ],
  [
    'simdense/evaluate: search',
    async (o) => {
      const found = await evaluate.search(o);
      return { ...found, dispose: () => found.ensemble?.dispose() };
    },
    [
      {
        space: { units: [1, 2] },
        pipeline: () => pipeline,
        x,
        y: labels,
        strategy: 'random',
        trials: 2,
        seed: 1,
        halving: { factor: 2, rungs: 2 },
        prune: false,
        splits: [...data.holdOut(30)],
      },
    ],
  ],
  ['simdense/evaluate: tabularSpace', evaluate.tabularSpace, [few, 'b', { folds: 2 }]],
  ['simdense/evaluate: confusionMatrix', evaluate.confusionMatrix, [labels, labels, ['ash', 'elm', 'oak']]],
  [
    'simdense/evaluate: calibration',
    evaluate.calibration,
    [labels, fitted.predictProbabilities(x), fitted.classes, 10],
  ],
  ['simdense/evaluate: wilsonInterval', evaluate.wilsonInterval, [3, 10]],
  ['simdense/predict: loadPredictor', (b, o) => predicting.loadPredictor(b, o).dispose(), [file, { maxMemory: 1e6 }]],
  [
    'simdense/predict: loadEnsemblePredictor',
    (b, o) => predicting.loadEnsemblePredictor(b, o).dispose(),
    [ensemble.save(), { maxMemory: 1e6 }],
  ],
  [
    'simdense/predict: loadQuantizedPredictor',
    (b, o) => predicting.loadQuantizedPredictor(b, o).dispose(),
    [quantize(model), { relaxed: false, maxMemory: 1e6 }],
  ],
  ['simdense/predict: fromFloat16', predicting.fromFloat16, [toFloat16(model)]],
  ['simdense/predict: EnsemblePredictor.predict', (a, o) => together.predict(a, o), [x, { batchSize: 4 }]],
  ['simdense/predict: EnsemblePredictor.predictLabels', (a, o) => together.predictLabels(a, o), [x, { batchSize: 4 }]],
  ['simdense/predict: Predictor.predict', (a, o) => predictor.predict(a, o), [x, { batchSize: 4 }]],
  ['simdense/diagnose: diagnose', diagnosis.diagnose, [{ every: 3, onFinding: () => {} }]],
  [
    'simdense/diagnose: findLearningRate',
    (m, a, b, o) => diagnosis.findLearningRate(m, a, b, o),
    [model, x, y, { from: 1e-3, to: 0.1, steps: 10, batchSize: 4 }],
  ],
  ['simdense/diagnose: checkGradients', diagnosis.checkGradients, [model, x, y]],
  ['simdense/diagnose: gradientsOf', diagnosis.gradientsOf, [model]],
  ['simdense/explain: brierScore', explain.brierScore, [labels, fitted.predictProbabilities(x), fitted.classes]],
  ['simdense/explain: permutationImportance', explain.permutationImportance, [fitted, x, { y: labels, repeats: 1 }]],
  ['simdense/explain: worstRows', explain.worstRows, [fitted, x, { y: labels }]],
  ['simdense/explain: integratedGradients', explain.integratedGradients, [fitted, [1, 2], { baseline: [0, 0] }]],
  ['simdense/explain: partialDependence', explain.partialDependence, [fitted, x, '1', { points: 3, output: 'oak' }]],
  ['simdense/explain: interactions', explain.interactions, [fitted, x, { rows: 100 }]],
  [
    'simdense/explain: reliability',
    explain.reliability,
    [labels, fitted.predictProbabilities(x), fitted.classes, { bins: 5, positive: 'oak' }],
  ],
  [
    'simdense/explain: temperatureScaling',
    (a, p, c) => explain.temperatureScaling(a, p, c).apply(p),
    [labels, fitted.predictProbabilities(x), fitted.classes],
  ],
  [
    'simdense/explain: operatingPoints',
    explain.operatingPoints,
    [labels, fitted.predictProbabilities(x), { classes: fitted.classes, positive: 'oak' }],
  ],
  ['simdense/explain: applyTemperature', explain.applyTemperature, [fitted.predictProbabilities(x), 1.5]],
  [
    'simdense/explain: chooseThreshold',
    explain.chooseThreshold,
    [labels, fitted.predictProbabilities(x), { classes: fitted.classes, positive: 'oak', recall: 0.5 }],
  ],
  [
    'simdense/explain: chooseThreshold, by cost',
    explain.chooseThreshold,
    [
      labels,
      fitted.predictProbabilities(x),
      { classes: fitted.classes, positive: 'oak', cost: { falsePositive: 1, falseNegative: 2 } },
    ],
  ],
  [
    'simdense/explain: conformalIntervals',
    (a, p, o) => explain.conformalIntervals(a, p, o).intervals(p),
    [new Float32Array(30), new Float32Array(30), { coverage: 0.8 }],
  ],
  [
    'simdense/explain: conformalSets',
    (a, p, c, o) => explain.conformalSets(a, p, c, o).sets(p),
    [labels, fitted.predictProbabilities(x), fitted.classes, { coverage: 0.8 }],
  ],
  ['simdense/onnx: toOnnx', onnx.toOnnx, [model, { opset: 13 }]],
  [
    'simdense/onnx: fromOnnx',
    (b, o) => onnx.fromOnnx(b, o).dispose(),
    [onnx.toOnnx(model), { output: 'output', external: {} }],
  ],
  [
    'simdense/onnx: pipelineFromOnnx',
    (b, o) => onnx.pipelineFromOnnx(b, o).model.dispose(),
    [onnx.toOnnx(model), { output: 'output', external: {} }],
  ],
  [
    'simdense/classifier: classifier',
    async (a, l, o) => (await classifier(a, l, o)).dispose(),
    [x, labels, { l2: 1, keep: 10, seed: 1 }],
  ],
  ['simdense/classifier: loadClassifier', (b) => loadClassifier(b).dispose(), [head.save()]],
  ['simdense/classifier: Classifier.predict', (a) => head.predict(a), [x]],
  ['simdense/classifier: Classifier.probabilities', (a) => head.probabilities(a), [x]],
  [
    'simdense/classifier: Classifier.learn',
    (a, l) => {
      using learning = loadClassifier(head.save());
      learning.learn(a, l);
    },
    [x, labels],
  ],
  ['simdense/classifier: Classifier.save', (o) => head.save(o), [{ keptRows: true }]],
  ['simdense/compile: compile', compile, [model, { to: 'js', weights: 'float32' }]],
  ['simdense/compile: quantize', quantize, [model]],
  ['simdense/compile: toFloat16', toFloat16, [model]],
  ['simdense/compile: fromFloat16', fromFloat16, [toFloat16(model)]],
  [
    'simdense/convert: fromTensorFlowJs',
    (json, shards) => convert.fromTensorFlowJs(json, shards).dispose(),
    [tfjs[0]?.modelJson, tfjs[0]?.shards],
  ],
  ['simdense/convert: fromKeras', async (b) => (await convert.fromKeras(b)).dispose(), [keras[0]?.files['keras']]],
  ['simdense/convert: fromBrainJs', (json) => convert.fromBrainJs(json).model.dispose(), [brain.cases[0]?.json]],
  [
    'simdense/convert: fromStateDict',
    (b, own) => convert.fromStateDict(b, own).dispose(),
    [torch[0]?.file, torch[0]?.layers],
  ],
  [
    'simdense/report: report',
    report,
    [{ title: 't', summary: 's', history, findings: [], confusion, configuration: {}, command: 'c' }],
  ],
  ['simdense/report: searchReport', searchReport, [{ title: 't', summary: 's', command: 'c', search: searched }]],
  ['simdense/report: reportText', reportText, [{ title: 't', summary: 's', history, findings: [], confusion }]],
  ['simdense: Matrix.row', (i) => x.row(i), [1]],
  ['simdense: Matrix.select', (i) => x.select(i), [Int32Array.of(1, 2)]],
  ['simdense/data: encodeLabels, numbers', data.encodeLabels, [[3, 1]]],
  ['simdense/evaluate: FittedPipeline.predict', (a) => fitted.predict(a), [x]],
  ['simdense/evaluate: FittedPipeline.predictProbabilities', (a) => fitted.predictProbabilities(a), [x]],
  ['simdense/evaluate: FittedPipeline.save', (o) => fitted.save(o), [{ optimizer: true }]],
  ['simdense/evaluate: Ensemble.predict', (a, o) => ensemble.predict(a, o), [x, { by: 'votes' }]],
  ['simdense/evaluate: Ensemble.decide', (d) => ensemble.decide(d), [{ positive: 'oak', threshold: 0.4 }]],
  ['simdense/evaluate: Ensemble.predictProbabilities', (a) => ensemble.predictProbabilities(a), [x]],
  ['simdense/evaluate: loadEnsemble', (b) => evaluate.loadEnsemble(b).dispose(), [ensemble.save()]],
  ['simdense/evaluate: classFigures', evaluate.classFigures, [confusion]],
  [
    'simdense/evaluate: learningCurve',
    (p, a, b, s, o) => evaluate.learningCurve(p, a, b, s, o),
    [pipeline, x, labels, [...data.holdOut(30)], { seed: 1, sizes: [0.5] }],
  ],
  [
    'simdense/evaluate: validationCurve',
    (v, p, a, b, s, o) => evaluate.validationCurve(v, p, a, b, s, o),
    [[1], () => pipeline, x, labels, [...data.holdOut(30)], { seed: 1 }],
  ],
  ['simdense/predict: Predictor.predictLabels', (a, o) => labelling.predictLabels(a, o), [x, { batchSize: 4 }]],
  [
    'simdense/predict: Predictor.predictInto',
    (a, b) => predictor.predictInto(a, b),
    [new Float32Array(3), new Float32Array(2)],
  ],
  ['simdense/node: readCsv', node.readCsv, [table, { target: 'b' }]],
  ['simdense/node: readIdx', node.readIdx, [images]],
  [
    'simdense/node: saveFile',
    (path, b) => node.saveFile(path === 'x' ? join(folder, path) : path, b),
    [join(folder, 'saved'), Uint8Array.of(1)],
  ],
  ['simdense/node: resumable', (o) => node.resumable(o).close(), [{ folder }]],
  ['simdense/node: workers', (o) => node.workers(o).close(), [{ count: 1 }]],
  ['simdense/kernels: kernels', arithmetic.kernels, [{ memory: 2 ** 16 }]],
  [
    'simdense/kernels: createKernels',
    arithmetic.createKernels,
    [{ memory: 2 ** 16, threads: 1, relaxed: false, wide: false }],
  ],
  ['simdense/kernels: Kernels.free', (x) => k.free(x), [k.float32(1)]],
  ...kernelCalls.map(([method, args]) => [`simdense/kernels: Kernels.${method}`, onKernels(method), args] as const),
  ['simdense/bullmq: bullmq', bullmq, [{ connection: 'redis://127.0.0.1:1', queue: 'q', attempts: 1, data: folder }]],
  ['simdense/bullmq: dataFile', dataFile, [x, labels, 'classification']],
];
