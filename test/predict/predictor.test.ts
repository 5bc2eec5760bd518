// Predictors give the same bits as the saved model or pipeline, without loading the code for training.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { batchNormalization, dense, dropout, sequential } from '../../src/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { checkMessages } from '../bad-input/check.js';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(60);

async function trained() {
  const model = sequential({
    inputs: x.columns,
    seed: 3,
    layers: [
      dense({ units: 8, kernelInitializer: 'orthogonal' }),
      batchNormalization(),
      dropout({ rate: 0.2 }),
      dense({ units: 3, activation: 'softmax' }),
    ],
  }).compile({ loss: 'categoricalCrossentropy' });
  await model.fit(x, y, { epochs: 3 });
  return model;
}

test('predicts the bits of the model, also of a file with the state of a training', async () => {
  using model = await trained();
  for (const optimizer of [false, true]) {
    using predictor = loadPredictor(model.save({ optimizer }));
    expect([predictor.inputs, predictor.outputs, predictor.classes]).toEqual([x.columns, 3, undefined]);
    expect(predictor.layers).toEqual(model.layers);
    expect(predictor.predict(x, { batchSize: 7 }).data).toEqual(model.predict(x).data);
    const out = new Float32Array(6);
    const rows = Float32Array.from(x.data.subarray(0, 2 * x.columns));
    expect(predictor.predictInto(out, rows)).toBe(out);
    expect(out).toEqual(model.predict(rows).data);
  }
});

test.each([
  ['three classes', Array.from(y, (label) => ['oak', 'ash', 'elm'][label] as string)],
  ['two classes, one sigmoid', Array.from(y, (label) => (label === 0 ? 'oak' : 'ash'))],
  ['a regression', Array.from(y, (label, row) => label + row / 7)],
])('predicts the labels and bits of a pipeline of %s', async (_, labels) => {
  using pipeline = await fitPipeline({ layers: [dense({ units: 4, activation: 'tanh' })] }, x, labels);
  using predictor = loadPredictor(pipeline.save());
  expect(predictor.classes).toEqual(pipeline.classes);
  expect(predictor.predict(x).data).toEqual(pipeline.predictProbabilities(x).data);
  expect(predictor.predictLabels(x)).toEqual(pipeline.predict(x));
  const { outputs } = predictor;
  const scaled = pipeline.scaler.transform(x).data as Float32Array;
  const network = pipeline.model.predictInto(new Float32Array(60 * outputs), scaled);
  // Of a regression in the target's own units.
  const expected = pipeline.targetScaler.inverse(new Matrix(network, outputs)).data;
  expect(predictor.predictInto(new Float32Array(60 * outputs), Float32Array.from(x.data))).toEqual(expected);
});

test('a pipeline that does not scale takes flat numbers as well, as one that does', async () => {
  const labels = Array.from(y, (label) => ['oak', 'ash', 'elm'][label] as string);
  const flat = Float32Array.from(x.data);
  for (const scale of ['none', 'standard'] as const) {
    using pipeline = await fitPipeline({ layers: [dense({ units: 4, activation: 'tanh' })], scale }, x, labels);
    using predictor = loadPredictor(pipeline.save());
    const expected = pipeline.predictProbabilities(x).data;
    expect(pipeline.predictProbabilities(flat).data).toEqual(expected);
    expect(predictor.predict(flat).data).toEqual(expected);
    expect(predictor.predictInto(new Float32Array(expected.length), flat)).toEqual(expected);
    expect(pipeline.evaluate(flat, labels)).toEqual(pipeline.evaluate(x, labels));
  }
});

test('takes a ready module of the kernels, and a limit of memory', async () => {
  using model = await trained();
  const module = new WebAssembly.Module(readFileSync('dist/simdense.wasm'));
  using predictor = loadPredictor(model.save(), { module, maxMemory: 2 ** 20 });
  expect(predictor.predict(x).data).toEqual(model.predict(x).data);
});

test('a file of other parameters than its layers is refused, and what was taken given back', async () => {
  using model = await trained();
  const text = new TextDecoder('latin1').decode(model.save()).replaceAll('dense/bias', 'dense/bier');
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  expect(() => loadPredictor(bytes)).toThrow(/^loadPredictor: the model has no "dense\/bier"/);
});

const file = sequential({ inputs: 2, layers: [dense({ units: 1 })] }).save();
const predictor = () => loadPredictor(file);
const any = (value: unknown) => value as never;
checkMessages([
  [() => loadPredictor(any('no')), 'SimdenseError [ARGUMENT]: loadPredictor(bytes): expected a Uint8Array, got "no"'],
  [
    () => loadPredictor(file, any({ threads: 2 })),
    'SimdenseError [ARGUMENT]: loadPredictor: unknown option "threads"; known are module, maxMemory',
  ],
  [
    () => loadPredictor(file, { maxMemory: 0 }),
    'SimdenseError [ARGUMENT]: loadPredictor(maxMemory): expected a positive integer, got 0',
  ],
  [
    () => loadPredictor(file, { module: any({}) }),
    'SimdenseError [ARGUMENT]: loadPredictor(module): expected a WebAssembly.Module, got an Object',
  ],
  [
    () => loadPredictor(file, { maxMemory: 8 }),
    'SimdenseError [OUT_OF_MEMORY]: engine: cannot allocate 192 bytes; 0 are in use: maxMemory is 8',
  ],
  [
    () => predictor().predict(new Matrix([1], 1)),
    'SimdenseError [SHAPE]: predict: x has 1 columns but the model takes 2',
  ],
  [() => predictor().predictLabels([1, 2]), 'SimdenseError [STATE]: predictLabels: a model has no labels; use predict'],
  [
    () => {
      const p = predictor();
      p.dispose();
      p.dispose();
      p.predict([1, 2]);
    },
    'SimdenseError [DISPOSED]: predict: the predictor has been disposed',
  ],
]);

test('bytes that are no model are refused by the name of the function that was called', () => {
  expect(() => loadPredictor(new TextEncoder().encode('sepal length,sepal width'))).toThrow(
    'loadPredictor: not a safetensors file: it begins with "sepal le"',
  );
  expect(() => loadPredictor(new Uint8Array(3))).toThrow('loadPredictor: 3 bytes are too few for a safetensors file');
});

test('a bad cell of a pipeline is told by the name of the function that was called', async () => {
  const x = [[1], [2], [3], [4]];
  using fitted = await fitPipeline({ layers: [], fit: { epochs: 1 } }, x, ['a', 'b', 'a', 'b']);
  using loaded = loadPredictor(fitted.save());
  const bad = [[Number.NaN]];
  for (const [name, call] of Object.entries({
    predict: () => fitted.predict(bad),
    predictProbabilities: () => fitted.predictProbabilities(bad),
    predictLabels: () => loaded.predictLabels(bad),
  }))
    expect(call).toThrow(`${name}: x is NaN in row 0, column 0`);
  expect(() => loaded.predict(bad)).toThrow('predict: x is NaN in row 0, column 0');
});
