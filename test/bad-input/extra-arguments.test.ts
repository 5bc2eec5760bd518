// No function ignores extra arguments: every exported function, and every method of the objects that they make, refuses one argument too many before it checks the others.
import { afterAll, describe, expect, test } from 'vitest';
import * as bullmq from '../../src/bullmq/index.js';
import * as heads from '../../src/classifier/index.js';
import * as compile from '../../src/compile/index.js';
import * as convert from '../../src/convert/index.js';
import * as data from '../../src/data/index.js';
import * as diagnose from '../../src/diagnose/index.js';
import * as evaluate from '../../src/evaluate/index.js';
import * as core from '../../src/index.js';
import * as node from '../../src/node/index.js';
import * as onnx from '../../src/onnx/index.js';
import * as predict from '../../src/predict/index.js';
import * as report from '../../src/report/index.js';
import * as table from '../../src/table/index.js';
import { blobs, classifier } from '../helpers/models.js';

type Call = (...args: unknown[]) => unknown;
/** More than any function takes. */
const MANY = [...Array.from({ length: 8 }, () => undefined), 'read by nobody'];

async function refuses(call: Call): Promise<void> {
  await expect((async () => call(...MANY))()).rejects.toMatchObject({
    code: 'ARGUMENT',
    message: expect.stringMatching(/takes (no argument|1 argument|\d arguments), got 9, the last/),
  });
}

const isClass = (value: object): boolean => /^class\b/.test(Function.prototype.toString.call(value));
const entries = {
  bullmq,
  compile,
  convert,
  heads,
  core,
  data,
  diagnose,
  evaluate,
  node,
  onnx,
  predict,
  report,
  table,
};
const functions = Object.entries(entries).flatMap(([entry, exported]) =>
  Object.entries(exported).flatMap(([name, value]) =>
    typeof value === 'function' && !isClass(value) ? [[`${entry}: ${name}`, value as Call] as const] : [],
  ),
);

describe('functions', () => {
  test('are all there', () => {
    expect(functions.length).toBeGreaterThan(60);
  });
  test.each(functions)('%s', (_, call) => refuses(call));
});

const { x, y } = blobs(30);
const model = classifier().compile({ loss: 'categoricalCrossentropy' });
const pipeline = { layers: [], fit: { epochs: 1 } };
const fitted = await evaluate.fitPipeline(pipeline, x, y);
const things = {
  Matrix: x,
  Sequential: model,
  Engine: new core.Engine(),
  Predictor: predict.loadPredictor(model.save()),
  EnsemblePredictor: predict.loadEnsemblePredictor((await evaluate.bagging(pipeline, x, y, { members: 2 })).save()),
  FittedPipeline: fitted,
  Classifier: await heads.classifier(x, y),
  Table: await table.readTable([{ a: 1 }, { a: 2 }]),
  Ensemble: await evaluate.bagging(pipeline, x, y, { members: 2 }),
};
afterAll(() => {
  for (const one of Object.values(things)) if ('dispose' in one) one.dispose();
});

/** Methods for internal use, marked @internal and absent from the declarations. */
const INTERNAL =
  /^(constructor|allocate|release|check|own|whenDisposed|checkAlive|recompile|evaluation|prediction|resume|resumeWhenCompiled|evaluateDataset|predictDataset|fitFurther)$/;
const methods = Object.entries(things).flatMap(([name, thing]) => {
  const prototype = Object.getPrototypeOf(thing) as object;
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([method, { value }]) =>
    typeof value === 'function' && !INTERNAL.test(method)
      ? [[`${name}.${method}`, (value as Call).bind(thing)] as const]
      : [],
  );
});

describe('methods', () => {
  test('are all there', () => {
    expect(methods.length).toBeGreaterThan(25);
  });
  test.each(methods)('%s', (_, call) => refuses(call));
});

// JSON.stringify passes a key to toJSON.
test.each(['transform', 'inverse'] as const)('Scaler.%s', (name) =>
  refuses(data.fitScaler('standard', x)[name] as Call),
);

test('as map passes them: it says what to write', () => {
  expect(() => [fitted.save()].map(evaluate.loadPipeline)).toThrow('in map write (one) => loadPipeline(one)');
});
