// Files that were altered: a part that is missing, or is not what `save` writes, is refused instead of replaced by a default.
import { describe, expect, test } from 'vitest';
import { fitScaler, scalerFromJson } from '../../src/data/index.js';
import { activation, batchNormalization, dense, loadModel, SimdenseError, sequential } from '../../src/index.js';
import { loadPredictor } from '../../src/predict/index.js';
import { any } from '../bad-input/check.js';

/** biome-ignore lint/suspicious/noExplicitAny: any part of a description may be altered. */
type Json = any;

const layers = [
  dense({ units: 3, activation: 'tanh', kernelRegularizer: { l2: 0.1 }, name: 'first' }),
  batchNormalization(),
  activation({ type: 'elu', alpha: 0.3 }),
  dense({ units: 1, kernelInitializer: { type: 'randomNormal', mean: 1, stddev: 2 } }),
];
const model = sequential({ inputs: 2, layers }).compile({
  optimizer: { type: 'adam', learningRate: { type: 'cosine', initial: 0.1, steps: 9 } } as never,
  loss: 'huber',
  metrics: ['r2'],
});
const x = [
  [1, 2],
  [3, 4],
];
model.trainOnBatch(x, [1, 2]);
const bytes = model.save({ optimizer: true });

/** The file with another header. */
function altered(change: (header: Json, description: Json) => void): Uint8Array {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const description = JSON.parse(header.__metadata__.simdense);
  change(header, description);
  header.__metadata__.simdense = JSON.stringify(description);
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bytes.length - 8 - length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(bytes.subarray(8 + length), 8 + text.length);
  return file;
}

/** The paths of all fields of a description, except of those lists whose entries have no names. */
function* fieldsOf(value: Json, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    if (!Array.isArray(value)) yield [...path, key];
    yield* fieldsOf(value[key], [...path, key]);
  }
}

let whole: Json;
altered((_, description) => {
  whole = description;
});
/** What may be missing: version 0.1.0 did not write the first two; and a file is right without a compiled model, its run, or a penalty. */
const optional = ['training.epochs', 'training.steps', 'training', 'compile', 'layers.0.kernelRegularizer'];
/** What a predictor does not read. */
const unread = /^(compile|training)/;

describe('a file without a field', () => {
  const paths = [...fieldsOf(whole)].filter((path) => !optional.includes(path.join('.')));
  test.each(paths.map((path) => [path.join('.'), path] as const))('%s', (name, path) => {
    const file = altered((_, description) => {
      const last = path.slice(0, -1).reduce((part, key) => part[key], description);
      delete last[path.at(-1) as string];
    });
    expect(() => loadModel(file)).toThrow(SimdenseError);
    if (!unread.test(name)) expect(() => loadPredictor(file)).toThrow(SimdenseError);
  });

  test.each([
    'layers.0.activation',
    'layers.0.useBias',
    'layers.1.epsilon',
    'layers.3.kernelInitializer.mean',
    'compile.optimizer.beta1',
    'compile.optimizer.learningRate.warmup',
    'compile.metrics',
    'name',
    'seed',
  ])('%s: the code is FORMAT', (name) => {
    const path = name.split('.');
    const file = altered((_, description) => {
      const last = path.slice(0, -1).reduce((part, key) => part[key], description);
      delete last[path.at(-1) as string];
    });
    expect(() => loadModel(file)).toThrow(expect.objectContaining({ code: 'FORMAT' }));
  });
});

describe('a file with another value', () => {
  test.each<[string, unknown]>([
    ['version', true],
    ['version', '1'],
    ['version', '2'],
    ['version', 1.5],
    ['version', 0.5],
    ['version', 0],
    ['version', null],
    ['seed', null],
    ['seed', -1],
    ['seed', '1'],
    ['name', null],
    ['name', 5],
    ['compile', 0],
    ['compile', null],
    ['compile', []],
    ['training', 0],
    ['training', ''],
    ['training', null],
  ])('%s: %j', (name, value) => {
    const file = altered((_, description) => {
      description[name] = value;
    });
    const format = expect.objectContaining({ code: 'FORMAT' });
    expect(() => loadModel(file)).toThrow(format);
    expect(() => loadPredictor(file)).toThrow(format);
  });

  test('an optimizer or a layer by its name alone', () => {
    const format = expect.objectContaining({ code: 'FORMAT' });
    const file = altered((_, { compile }) => {
      compile.optimizer = 'adam';
    });
    expect(() => loadModel(file)).toThrow(format);
  });

  test('a tensor with an unknown part', () => {
    const file = altered((header) => {
      header['first/kernel'].zeros = true;
    });
    expect(() => loadModel(file)).toThrow('loadModel: "first/kernel" has unknown parts');
  });

  test('unaltered, it is read', () => {
    using again = loadModel(altered(() => {}));
    expect(again.save({ optimizer: true })).toEqual(bytes);
  });
});

describe('a variance below 0', () => {
  const path = 'batchNormalization/movingVariance';
  const weights = new Map(model.getWeights());
  weights.set(path, { shape: [3], data: Float32Array.of(1, -0.5, 1) });

  test('is refused as weights, before anything changes', () => {
    const before = model.save();
    expect(() => model.setWeights(weights)).toThrow(
      expect.objectContaining({ code: 'DATA', message: `setWeights: "${path}" has numbers below 0` }),
    );
    expect(model.save()).toEqual(before);
    const zero = new Map(model.getWeights());
    zero.set(path, { shape: [3], data: Float32Array.of(0, -0, 1) });
    using other = model.clone();
    other.setWeights(zero);
  });

  test('is refused in a file', () => {
    const file = model.save();
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
    new DataView(file.buffer).setFloat32(8 + length + header[path].data_offsets[0], -1, true);
    const format = (where: string) =>
      expect.objectContaining({ code: 'FORMAT', message: `${where}: "${path}" has numbers below 0` });
    expect(() => loadModel(file)).toThrow(format('loadModel'));
    expect(() => loadPredictor(file)).toThrow(format('loadPredictor'));
  });
});

test.each(['standard', 'minMax', 'robust', 'quantile', 'none'] as const)(
  'scalerFromJson: %s with another key',
  (type) => {
    const data = fitScaler(type, x).toJSON();
    expect(scalerFromJson(data).toJSON()).toEqual(data);
    expect(() => scalerFromJson({ ...data, mean: [1] })).toThrow(expect.objectContaining({ code: 'FORMAT' }));
    expect(() => scalerFromJson(any(Object.create(data)))).toThrow(expect.objectContaining({ code: 'FORMAT' }));
  },
);
