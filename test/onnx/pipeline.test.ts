// Pipelines from ONNX: scalers, classes and labels as skl2onnx writes them; saved, loaded, and trained further from the same function.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fitPipeline, loadPipeline } from '../../src/evaluate/index.js';
import { dense, sequential } from '../../src/index.js';
import { fromOnnx, pipelineFromOnnx, toOnnx } from '../../src/onnx/index.js';
import { any, checkMessages } from '../bad-input/check.js';

interface Case {
  readonly name: string;
  readonly onnx: string;
  readonly x: number[];
  readonly xShape: [number, number];
  readonly outputs: { data: number[][] }[];
}
const cases: Case[] = JSON.parse(
  gunzipSync(readFileSync(new URL('../golden/onnx/others.json.gz', import.meta.url))).toString(),
);
const named = (name: string): Case => cases.find((each) => each.name === name) as Case;
const bytesOf = ({ onnx }: Case): Uint8Array => Uint8Array.from(Buffer.from(onnx, 'base64'));
const rowsOf = ({ x, xShape: [rows, columns] }: Case): number[][] =>
  Array.from({ length: rows }, (_, i) => x.slice(i * columns, (i + 1) * columns));

test.each([
  ['skl2onnx/classifier 3 classes text opset 13', ['setosa', 'versicolor', 'virginica'], 'none'],
  ['skl2onnx/classifier binary text opset 15', ['no', 'yes'], 'none'],
  ['skl2onnx/classifier zipmap off', [0, 1, 2], 'none'],
  ['skl2onnx/classifier zipmap columns', [0, 1, 2], 'none'],
  ['skl2onnx/LogisticRegression', [0, 1, 2], 'none'],
  ['skl2onnx/StandardScaler + regressor', undefined, 'standard'],
  ['skl2onnx/MinMaxScaler + regressor', undefined, 'standard'],
  ['skl2onnx/regressor 2 outputs opset 13', undefined, 'none'],
  // Several labels a row.
  ['skl2onnx/classifier multilabel', undefined, 'none'],
] as const)('%s', (name, classes, scaler) => {
  const given = named(name);
  using read = pipelineFromOnnx(bytesOf(given));
  expect([read.classes, read.scaler.type, read.pipeline.task]).toEqual([
    classes,
    scaler,
    classes ? 'classification' : 'regression',
  ]);
  const wanted = given.outputs[0]?.data.flat(9) as number[];
  const found = read.predictProbabilities(rowsOf(given));
  for (const [i, value] of wanted.entries()) expect(Math.abs((found.data[i] as number) - value)).toBeLessThan(1e-5);
  if (classes) {
    const best = found.argmax();
    expect(read.predict(rowsOf(given))).toEqual(Array.from(best, (place) => classes[place]));
  }
  using again = loadPipeline(read.save());
  expect(again.predictProbabilities(rowsOf(given)).data).toEqual(found.data);
});

test('a classifier that ends in LogSoftmax: probabilities here, logarithms by fromOnnx', () => {
  const layers = [dense({ units: 4, activation: 'tanh' }), dense({ units: 3, activation: 'logSoftmax' })];
  using model = sequential({ inputs: 2, layers, seed: 3 });
  const x = Array.from({ length: 20 }, (_, i) => [i - 9.5, (i * 7) % 5]);
  const logs = model.predict(x);
  using plain = fromOnnx(toOnnx(model));
  expect(plain.layers.at(-1)).toMatchObject({ activation: 'logSoftmax' });
  for (const [i, value] of plain.predict(x).data.entries())
    expect(Math.abs(value - (logs.data[i] as number))).toBeLessThan(1e-5);
  using read = pipelineFromOnnx(toOnnx(model));
  expect([read.classes, read.pipeline.task, read.pipeline.loss]).toEqual([
    [0, 1, 2],
    'classification',
    'categoricalCrossentropy',
  ]);
  expect(read.model.layers.at(-1)).toMatchObject({ activation: 'softmax' });
  const found = read.predictProbabilities(x);
  for (const [i, value] of found.data.entries())
    expect(Math.abs(value - Math.exp(logs.data[i] as number))).toBeLessThan(1e-6);
  expect(read.predict(x)).toEqual(Array.from(logs.argmax()));
});

test('the scaler stays as it is when the network is trained further', async () => {
  const x = Array.from({ length: 90 }, (_, i) => [1e6 + i, (i * 7) % 13]);
  const y = x.map(([a, b]) => (a as number) - 1e6 + 3 * (b as number));
  using fitted = await fitPipeline({ layers: [dense({ units: 6, activation: 'tanh' })], fit: { epochs: 20 } }, x, y);
  using read = pipelineFromOnnx(toOnnx(fitted));
  expect([read.scaler.type, read.targetScaler.type]).toEqual(['standard', 'standard']);
  const [before, own] = [read.predict(x), fitted.predict(x)] as [number[], number[]];
  for (const [i, value] of own.entries()) expect(before[i]).toBeCloseTo(value, 3);
  const scaler = read.scaler.toJSON();
  const targets = read.targetScaler.transform(y.map((value) => [value]));
  await read.model.fit(read.scaler.transform(x), targets, { epochs: 30 });
  expect(read.scaler.toJSON()).toEqual(scaler);
  const error = (found: readonly unknown[]): number =>
    found.reduce<number>((sum, value, i) => sum + ((value as number) - (y[i] as number)) ** 2, 0);
  expect(error(read.predict(x))).toBeLessThan(error(before));
});

checkMessages([
  [
    () => pipelineFromOnnx(any('x')),
    'SimdenseError [ARGUMENT]: pipelineFromOnnx(bytes): expected a Uint8Array, got "x"',
  ],
  [
    () => pipelineFromOnnx(new Uint8Array(8)),
    'SimdenseError [FORMAT]: pipelineFromOnnx: the bytes are not an ONNX model',
  ],
]);
