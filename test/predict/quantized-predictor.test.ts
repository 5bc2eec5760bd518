// Quantized files predict the bits of the compiled int8, number by number, plain and relaxed; and near what the model predicts.
import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { version } from '../../src/base/version.js';
import { compile, fromFloat16, quantize, toFloat16 } from '../../src/compile/index.js';
import { programOf } from '../../src/compile/program.js';
import { quantizedProgram } from '../../src/compile/quantize.js';
import { run } from '../../src/compile/run.js';
import { bagging, fitPipeline } from '../../src/evaluate/index.js';
import { activation, batchNormalization, dense, loadModel, type Sequential, sequential } from '../../src/index.js';
import { loadPredictor, loadQuantizedPredictor } from '../../src/predict/index.js';
import { readTable } from '../../src/table/index.js';
import { any, checkMessages } from '../bad-input/check.js';
import { blobs } from '../helpers/models.js';
import { hash, randomModel, randomRows } from '../helpers/networks.js';

/** V8 before 11.8 does not have it, or, by a flag, not as it is specified. */
const hasRelaxed = Number.parseInt(process.versions.node, 10) >= 22;
const builds = hasRelaxed ? [false, true] : [false];

/** The bits of floats; all NaN are one. */
const bits = (values: Float32Array): Int32Array =>
  new Int32Array(values.map((v) => (Number.isNaN(v) ? Number.NaN : v)).buffer);

/** What a model's quantized program gives number by number. */
function expected(model: Sequential, x: Float32Array): Float32Array {
  const { steps } = quantizedProgram(programOf(model, new Float32Array(model.inputs)));
  const { inputs, outputs } = model;
  const found = new Float32Array((x.length / inputs) * outputs);
  for (let row = 0; row * inputs < x.length; row++)
    found.set(run(steps, x.subarray(row * inputs, (row + 1) * inputs)), row * outputs);
  return found;
}

describe.each(builds)('relaxed: %s', (relaxed) => {
  test('random networks of all layers give the bits of the program, in batches of any size', {
    timeout: 60_000,
  }, () => {
    for (let seed = 0; seed < 26; seed++) {
      using model = randomModel(seed);
      using predictor = loadQuantizedPredictor(quantize(model), { relaxed });
      const x = randomRows(50, model.inputs, seed);
      const told = bits(expected(model, x));
      expect(bits(predictor.predict(x, { batchSize: 1 + (seed % 40) }).data as Float32Array), `seed ${seed}`).toEqual(
        told,
      );
      expect(bits(predictor.predictInto(new Float32Array(50 * model.outputs), x))).toEqual(told);
    }
  });

  test('products of any shape are exact sums, to the largest numbers', { timeout: 120_000 }, () => {
    const shape = fc.record({
      inputs: fc.integer({ min: 1, max: 70 }),
      units: fc.integer({ min: 1, max: 70 }),
      rows: fc.integer({ min: 1, max: 20 }),
      seed: fc.nat(1e6),
      extreme: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, ({ inputs, units, rows, seed, extreme }) => {
        // At the extremes each weight is ±127 times its scale, and each number of a row ±63 times its own.
        const size = (i: number): number => (extreme ? Math.sign(hash(i) - 2 ** 31) : hash(i) / 2 ** 31 - 1);
        using model = sequential({ inputs, layers: [dense({ units, useBias: seed % 2 === 0 })], seed });
        const kernel = Float32Array.from({ length: inputs * units }, (_, i) => size(i + seed));
        const weights = new Map(model.getWeights());
        model.setWeights(weights.set('dense/kernel', { shape: [inputs, units], data: kernel }));
        using predictor = loadQuantizedPredictor(quantize(model), { relaxed });
        const x = Float32Array.from({ length: rows * inputs }, (_, i) => 1e3 * size(i + 7 * seed));
        expect(bits(predictor.predict(x).data as Float32Array)).toEqual(bits(expected(model, x)));
      }),
      { numRuns: 150 },
    );
  });

  test.each([3, 1000, 9001])('a row of one sign times weights of one sign, %i inputs', (inputs) => {
    for (const [sign, weight] of [
      [1, 1],
      [1, -1],
      [-1, 1],
      [-1, -1],
    ] as const) {
      using model = sequential({ inputs, layers: [dense({ units: 17, useBias: false })] });
      const data = new Float32Array(inputs * 17).fill(weight * 127);
      model.setWeights(new Map([['dense/kernel', { shape: [inputs, 17], data }]]));
      using predictor = loadQuantizedPredictor(quantize(model), { relaxed });
      const [first] = predictor.predict(new Float32Array(inputs).fill(sign * 63)).data;
      expect(first).toBe(Math.fround(sign * weight * inputs * 127 * 63));
    }
  });

  test('rows of zeros, of tiny and of the largest numbers', () => {
    using model = sequential({ inputs: 3, layers: [dense({ units: 2, biasInitializer: 'ones' })], seed: 1 });
    using predictor = loadQuantizedPredictor(quantize(model), { relaxed });
    for (const row of [
      [0, 0, 0],
      [1e-45, 0, -1e-45],
      [1e-31, 1e-30, 0],
      [3e38, 0, 1],
      [-0, 1, -1],
    ]) {
      const x = Float32Array.from(row);
      expect(bits(predictor.predict(x).data as Float32Array)).toEqual(bits(expected(model, x)));
    }
    using wide = sequential({ inputs: 1, layers: [dense({ units: 1 }), dense({ units: 1 })] });
    const large = { shape: [1, 1], data: Float32Array.of(3e38) };
    wide.setWeights(new Map(wide.getWeights()).set('dense/kernel', large));
    using overflowing = loadQuantizedPredictor(quantize(wide), { relaxed });
    expect(() => overflowing.predict([[1e20]])).toThrow('predict: row 0 comes to NaN');
  });

  test('the bits of what compile makes of it', async () => {
    using model = randomModel(4);
    const { code } = compile(model, { to: 'js', weights: 'int8' });
    const module = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
    using predictor = loadQuantizedPredictor(quantize(model), { relaxed });
    const x = randomRows(40, model.inputs, 4);
    const found = predictor.predict(x);
    for (let row = 0; row < 40; row++)
      expect(bits(Float32Array.from(found.row(row)))).toEqual(
        bits(module.predict(x.subarray(row * model.inputs, (row + 1) * model.inputs))),
      );
  });
});

test.runIf(!hasRelaxed)('where relaxed SIMD is missing, or wrong, the plain product is used', () => {
  const refused =
    'loadQuantizedPredictor(relaxed): this runtime has no relaxed SIMD, or not as it is specified; without it the bits are the same';
  using model = randomModel(2);
  const x = randomRows(3, model.inputs, 2);
  const check = (): void => {
    using predictor = loadQuantizedPredictor(quantize(model));
    expect(bits(predictor.predict(x).data as Float32Array)).toEqual(bits(expected(model, x)));
    expect(() => loadQuantizedPredictor(quantize(model), { relaxed: true })).toThrow(refused);
  };
  check();
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  check();
  setFlagsFromString('--no-experimental-wasm-relaxed-simd');
});

const { x, y } = blobs(60);
const words = Array.from(y, (label) => ['oak', 'ash', 'elm'][label] as string);

test('a pipeline keeps its columns, classes and scalers', async () => {
  const rows = Array.from({ length: 120 }, (_, i) => ({
    age: i % 9 === 0 ? null : 20 + (hash(i) % 50),
    city: ['Wien', 'Graz'][i % 2],
    kind: hash(i) % 50 > 25 ? 'old' : 'young',
    price: (hash(i + 7) % 1000) * 100,
  }));
  for (const target of ['kind', 'price']) {
    using pipeline = await fitPipeline(
      { layers: [dense({ units: 6, activation: 'relu' })], fit: { epochs: 5 } },
      await readTable(rows),
      target,
    );
    using predictor = loadQuantizedPredictor(quantize(pipeline));
    using exact = loadPredictor(pipeline.save());
    expect([predictor.columns, predictor.classes, predictor.outputNames, predictor.layers]).toEqual([
      exact.columns,
      exact.classes,
      exact.outputNames,
      exact.layers,
    ]);
    const [found, told] = [predictor.predict(rows).data, exact.predict(rows).data];
    const spread = Math.max(...told) - Math.min(...told);
    for (const [i, value] of found.entries()) expect(Math.abs(value - (told[i] as number)) / spread).toBeLessThan(0.03);
    expect(predictor.predictLabels(rows)).toHaveLength(120);
  }
});

test('a file has about a quarter of the bytes, and one of float16 half', () => {
  using model = sequential({ inputs: 784, layers: [512, 256, 10].map((units) => dense({ units })) });
  const { length } = model.save();
  expect(quantize(model).length / length).toBeLessThan(0.256);
  expect(toFloat16(model).length / length).toBeLessThan(0.502);
});

test('what is forgotten is collected, and what is disposed of is gone', () => {
  using model = randomModel(1);
  const file = quantize(model);
  const predictor = loadQuantizedPredictor(file, { maxMemory: 2 ** 20 });
  predictor.dispose();
  predictor.dispose();
  expect(() => predictor.predict(new Float32Array(model.inputs))).toThrow('predict: the predictor has been disposed');
});

test('kernels of float16 come back as the nearest float16, other numbers as they are', async () => {
  using model = sequential({
    inputs: x.columns,
    seed: 2,
    layers: [dense({ units: 5 }), batchNormalization(), dense({ units: 3, activation: 'softmax' })],
  });
  using predictor = loadPredictor(fromFloat16(toFloat16(model)));
  const rounded = new Map(
    Array.from(model.getWeights(), ([path, { shape, data }]) => [
      path,
      { shape, data: path.endsWith('kernel') ? data.map(nearestHalf) : data },
    ]),
  );
  model.setWeights(rounded);
  expect(predictor.predict(x).data).toEqual(model.predict(x).data);
  using pipeline = await fitPipeline({ layers: [], fit: { epochs: 2 } }, x, words);
  using again = loadPredictor(fromFloat16(toFloat16(pipeline)));
  expect(again.classes).toEqual(pipeline.classes);
  const file = model.save();
  expect(fromFloat16(file)).toBe(file);
});

test('a model without kernels', () => {
  using model = sequential({ inputs: 2, layers: [activation('relu')] });
  for (const one of [loadQuantizedPredictor(quantize(model)), loadPredictor(fromFloat16(toFloat16(model)))])
    expect(one.predict([[-1, 2]]).data).toEqual(Float32Array.of(0, 2));
});

/** The nearest multiple of a float16's last place, by the distances of both neighbours. */
function nearestHalf(value: number): number {
  const step = 2 ** Math.max(-24, Math.floor(Math.log2(Math.abs(value))) - 10);
  const below = Math.floor(value / step);
  const [down, up] = [value / step - below, below + 1 - value / step];
  return (down < up || (down === up && below % 2 === 0) ? below : below + 1) * step;
}

const model = sequential({ inputs: 2, layers: [dense({ units: 3 })], seed: 1 });
const [file, half] = [quantize(model), toFloat16(model)];
const withKernel = (value: number) => {
  const made = sequential({ inputs: 1, layers: [dense({ units: 1 })] });
  made.setWeights(new Map(made.getWeights()).set('dense/kernel', { shape: [1, 1], data: Float32Array.of(value) }));
  return made;
};
/** A file with a part of its text replaced by one as long. */
const changed = (bytes: Uint8Array, from: string, to: string): Uint8Array => {
  const text = Buffer.from(bytes).toString('latin1');
  if (from.length !== to.length || !text.includes(from)) throw new Error(`no ${from}`);
  return new Uint8Array(Buffer.from(text.replace(from, to), 'latin1'));
};
checkMessages([
  [() => quantize(any({})), 'SimdenseError [ARGUMENT]: quantize(model): expected a model or a pipeline, got an Object'],
  [
    async () => {
      using ensemble = await bagging({ layers: [], fit: { epochs: 1 } }, [[0], [1], [2], [3]], [0, 1, 2, 4], {
        members: 2,
      });
      quantize(any(ensemble));
    },
    'SimdenseError [ARGUMENT]: quantize(model): expected a model or a pipeline, got an Ensemble; its file holds one network: compile writes an ensemble, train --quick makes one network, or pass one of its members',
  ],
  [() => toFloat16(any(1)), 'SimdenseError [ARGUMENT]: toFloat16(model): expected a model or a pipeline, got 1'],
  [
    () => toFloat16(withKernel(65505)),
    'SimdenseError [DATA]: toFloat16: "dense/kernel"[0] is 65505, and float16 ends at 65504',
  ],
  [
    () => quantize(sequential({ inputs: 2 ** 18 + 1, layers: [dense({ units: 1 })] })),
    'SimdenseError [UNSUPPORTED]: quantize: "dense/kernel" has 262145 inputs, at most 262144 can be quantized: the sums of more may not fit into 32 bits',
  ],
  [() => fromFloat16(any('no')), 'SimdenseError [ARGUMENT]: fromFloat16(bytes): expected a Uint8Array, got "no"'],
  [
    () => fromFloat16(file),
    'SimdenseError [FORMAT]: fromFloat16: "int8: use loadQuantizedPredictor" has numbers of type I8, expected F32',
  ],
  [
    () => loadPredictor(file),
    'SimdenseError [FORMAT]: loadPredictor: "int8: use loadQuantizedPredictor" has numbers of type I8, expected F32',
  ],
  [
    () => loadModel(half),
    'SimdenseError [FORMAT]: loadModel: "float16: use fromFloat16" has numbers of type F16, expected F32',
  ],
  [
    () => loadQuantizedPredictor(model.save()),
    'SimdenseError [FORMAT]: loadQuantizedPredictor: the file is not one of quantize; loadPredictor reads float32',
  ],
  [
    () => loadQuantizedPredictor(any('no')),
    'SimdenseError [ARGUMENT]: loadQuantizedPredictor(bytes): expected a Uint8Array, got "no"',
  ],
  [
    () => loadQuantizedPredictor(file, any({ module: 1 })),
    'SimdenseError [ARGUMENT]: loadQuantizedPredictor: unknown option "module"; known are relaxed, maxMemory',
  ],
  [
    () => loadQuantizedPredictor(file, { relaxed: any('auto') }),
    'SimdenseError [ARGUMENT]: loadQuantizedPredictor(relaxed): expected true or false, got "auto"',
  ],
  [
    () => loadQuantizedPredictor(file, { maxMemory: 8, relaxed: false }),
    'SimdenseError [OUT_OF_MEMORY]: engine: cannot allocate 448 bytes; 0 are in use: maxMemory is 8',
  ],
  [
    () => loadQuantizedPredictor(changed(file, '"version\\":1}"}', '"version\\":9}"}')),
    `SimdenseError [FORMAT]: loadQuantizedPredictor: the file has format 9, written by "simdense ${version}"; simdense ${version} reads up to 1: update it`,
  ],
  [
    () => loadQuantizedPredictor(changed(file, '"dtype":"F32"', '"dtype":"I32"')),
    'SimdenseError [FORMAT]: loadQuantizedPredictor: "dense/scale" has numbers of type I32, expected F32',
  ],
  [
    () => loadQuantizedPredictor(changed(file, 'dense/scale', 'dense/scald')),
    'SimdenseError [FORMAT]: loadQuantizedPredictor: the model has no "dense/scald"; it has dense/kernel, dense/scale, dense/bias',
  ],
]);
