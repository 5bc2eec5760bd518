// ONNX: files from PyTorch and scikit-learn give the same predictions as there; simdense's own files return with the same bits, and agree with onnxruntime if it is installed.
import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPipeline } from '../../src/evaluate/index.js';
import {
  activation,
  batchNormalization,
  dense,
  dropout,
  gaussianNoise,
  type Layer,
  layerNormalization,
  Matrix,
  rescaling,
  SimdenseError,
  sequential,
  sgd,
} from '../../src/index.js';
import { FLOAT, type Node } from '../../src/onnx/graph.js';
import { fromOnnx, toOnnx } from '../../src/onnx/index.js';
import { readModel } from '../../src/onnx/read-proto.js';
import { writeModel } from '../../src/onnx/write-proto.js';
import { readTable } from '../../src/table/index.js';
import { any, checkMessages } from '../bad-input/check.js';
import { blobs } from '../helpers/models.js';
import { activations } from '../helpers/networks.js';
import { hasRuntimes, installedPackage } from '../runtimes/project.js';

const golden = new URL('../golden/onnx/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, golden)));
const cases = Object.entries<{ x: number[][]; y: number[][] }>(
  JSON.parse(readFileSync(new URL('cases.json', golden), 'utf8')),
);

/** The largest difference between two tables. */
const distance = (a: number[][], b: number[][]) =>
  Math.max(...a.flat().map((value, i) => Math.abs(value - (b.flat()[i] as number))));

describe('reads what others export', () => {
  test.each(cases)('%s', (name, { x, y }) => {
    using model = fromOnnx(bytesOf(name));
    const predicted = model.predict(x).toArrays();
    expect([predicted.length, predicted[0]?.length]).toEqual([y.length, y[0]?.length]);
    expect(distance(predicted, y)).toBeLessThan(1e-5);
  });

  test('what is not supported is named by operator and node', () => {
    expect(() => fromOnnx(bytesOf('torch-conv.onnx'))).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message: expect.stringMatching(/^fromOnnx: operator Conv \(node "\/?(0\/)?Conv(_\d+)?"\) is not supported/),
      }),
    );
  });

  const graphOf = (opset: number, nodes: Omit<Node, 'name' | 'domain'>[], constants: Record<string, number[]>) =>
    writeModel({
      opset,
      graph: {
        name: 'by hand',
        nodes: nodes.map((node) => ({ name: node.outputs[0]!, domain: '', ...node })),
        initializers: Object.entries(constants).map(([name, values]) => ({
          name,
          type: FLOAT,
          dims: [values.length],
          data: Float32Array.from(values),
        })),
        inputs: [{ name: 'x', type: FLOAT, dims: [0, 3] }],
        outputs: [{ name: 'y', type: FLOAT, dims: [0, 3] }],
      },
      metadata: {},
    });
  const rows = [[1, 2, 4]];
  // The mean is 7/3 and the variance 14/9, with which epsilon makes 16/9.
  const normal = [[-4 / 3, -1 / 3, 5 / 3].map((v) => (v * 3) / 4)];
  const epsilon = 2 / 9;

  test('slopes become a layer that learns them, LogSoftmax stays one, and what is nearly a pattern is refused', () => {
    const step = (op: string, inputs: string[], output: string, attributes = {}) => ({
      op,
      inputs,
      outputs: [output],
      attributes,
    });
    const slope = [0.5, -1, 2];
    using slopes = fromOnnx(
      graphOf(13, [step('PRelu', ['x', 'slope'], 'a'), step('LogSoftmax', ['a'], 'y', { axis: -1 })], { slope }),
    );
    expect(slopes.layers).toMatchObject([{ type: 'prelu' }, { activation: 'logSoftmax' }]);
    expect(Array.from(slopes.getWeights().get('prelu/alpha')?.data ?? [])).toEqual(slope);
    const [z, sum] = [[-1, 1, -4], Math.exp(-1) + Math.exp(1) + Math.exp(-4)];
    const found = slopes.predict([[-2, -1, -2]]).toArrays();
    expect(distance(found, [z.map((value) => value - Math.log(sum))])).toBeLessThan(1e-6);
    using one = fromOnnx(graphOf(13, [step('PRelu', ['x', 'slope'], 'y')], { slope: [0.25] }));
    expect(one.layers).toMatchObject([{ type: 'prelu' }]);
    expect(one.predict([[-4, 4, -8]]).toArrays()).toEqual([[-1, 4, -2]]);

    const softsign = (more: number) =>
      graphOf(13, [step('Abs', ['x'], 'a'), step('Add', ['a', 'one'], 'b'), step('Div', ['x', 'b'], 'y')], {
        one: [more],
      });
    using sign = fromOnnx(softsign(1));
    expect(sign.layers).toMatchObject([{ activation: 'softsign' }]);
    expect(() => fromOnnx(softsign(2))).toThrow('operator Div (node "y") with two computed inputs is not supported');
    const swish = (alpha: number) =>
      graphOf(13, [step('HardSigmoid', ['x'], 'a', { alpha }), step('Mul', ['a', 'x'], 'y')], {});
    using hard = fromOnnx(swish(1 / 6));
    expect(hard.layers).toMatchObject([{ activation: 'hardSwish' }]);
    expect(() => fromOnnx(swish(0.2))).toThrow('operator Mul (node "y") with two computed inputs is not supported');
    const shrink = (inputs: string[]) => graphOf(13, [step('Tanh', ['x'], 'a'), step('Sub', inputs, 'y')], {});
    using shrunk = fromOnnx(shrink(['x', 'a']));
    expect(shrunk.layers).toMatchObject([{ activation: 'tanhShrink' }]);
    expect(() => fromOnnx(shrink(['a', 'x']))).toThrow('operator Sub (node "y") with two computed inputs');
  });

  test('layer normalization as PyTorch composes it before opset 17', () => {
    const step = (op: string, inputs: string[], output: string, attributes = {}) => ({
      op,
      inputs,
      outputs: [output],
      attributes,
    });
    const bytes = graphOf(
      16,
      [
        step('ReduceMean', ['x'], 'mean', { axes: [-1] }),
        step('Sub', ['x', 'mean'], 'centered'),
        step('Pow', ['centered', 'two'], 'squares'),
        step('ReduceMean', ['squares'], 'variance', { axes: [-1] }),
        step('Add', ['variance', 'epsilon'], 'sum'),
        step('Sqrt', ['sum'], 'root'),
        step('Div', ['centered', 'root'], 'normal'),
        step('Mul', ['normal', 'gamma'], 'scaled'),
        step('Add', ['scaled', 'beta'], 'y'),
      ],
      { two: [2], epsilon: [epsilon], gamma: [1, 2, 4], beta: [0, 1, 0] },
    );
    using model = fromOnnx(bytes);
    expect(model.layers).toMatchObject([{ type: 'layerNormalization' }]);
    const [a, b, c] = normal[0] as [number, number, number];
    expect(distance(model.predict(rows).toArrays(), [[a, 2 * b + 1, 4 * c]])).toBeLessThan(1e-6);
  });

  test('columns that are scaled by fixed numbers stay so in training; a BatchNormalization is trained', () => {
    const node = (op: string, inputs: string[], output: string) => ({ op, inputs, outputs: [output], attributes: {} });
    const nodes = [
      node('Sub', ['x', 'mean'], 'centered'),
      node('Div', ['centered', 'deviation'], 'scaled'),
      node('Relu', ['scaled'], 'positive'),
      node('BatchNormalization', ['positive', 'gamma', 'beta', 'middle', 'variance'], 'y'),
    ];
    const ones = { gamma: [1, 1, 1], beta: [0, 0, 0], middle: [0, 0, 0], variance: [1, 2, 3] };
    using model = fromOnnx(graphOf(17, nodes, { mean: [1, 20, 300], deviation: [0.5, 4, 100], ...ones }));
    expect(model.layers.map((layer) => ('trainable' in layer ? layer.trainable : layer.type))).toEqual([
      false,
      'activation',
      'batchNormalization',
    ]);
    const scaled = [
      [2, 24, 500],
      [1, 16, 200],
      [0, 28, 400],
    ];
    model.compile({ loss: 'meanSquaredError' });
    model.trainOnBatch(scaled, [
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
    ]);
    const weights = model.getWeights();
    expect(weights.get('batchNormalization/movingMean')?.data).toEqual(Float32Array.of(1, 20, 300));
    expect(weights.get('batchNormalization/gamma')?.data).toEqual(Float32Array.of(2, 0.25, Math.fround(0.01)));
    expect(weights.get('batchNormalization_1/beta')?.data).not.toEqual(new Float32Array(3));
    expect(model.parameterCount).toBe(6);
  });

  test('layer normalization without a shift; over the rows it is refused', () => {
    const one = (attributes: Node['attributes']) =>
      graphOf(17, [{ op: 'LayerNormalization', inputs: ['x', 'gamma'], outputs: ['y'], attributes }], {
        gamma: [1, 1, 1],
      });
    using model = fromOnnx(one({ epsilon }));
    expect(distance(model.predict(rows).toArrays(), normal)).toBeLessThan(1e-6);
    expect(() => fromOnnx(one({ axis: 0 }))).toThrow(
      'operator LayerNormalization (node "y") with axis 0 is not supported',
    );
  });

  test('a scaling of the columns before the network stays as it is when that is trained further', async () => {
    const step = (op: string, inputs: string[], output: string) => ({ op, inputs, outputs: [output], attributes: {} });
    const bytes = graphOf(
      13,
      [
        step('Sub', ['x', 'mean'], 'centered'),
        step('Div', ['centered', 'std'], 'scaled'),
        step('Add', ['scaled', 'zero'], 'y'),
      ],
      { mean: [500, 400, 1.7e9], std: [100, 50, 1e4], zero: [0, 0, 0] },
    );
    using far = fromOnnx(bytes);
    expect(far.predict([[700, 400, 1.7e9 + 1e4]]).toArrays()[0]).toEqual([2, 0, expect.closeTo(1, 2)]);
    const near = writeModel({
      opset: 13,
      graph: {
        name: 'by hand',
        nodes: [
          { name: 'a', domain: '', ...step('Sub', ['x', 'mean'], 'centered') },
          { name: 'b', domain: '', ...step('Div', ['centered', 'std'], 'scaled') },
          { name: 'c', domain: '', ...step('MatMul', ['scaled', 'kernel'], 'y') },
        ],
        initializers: [
          { name: 'mean', type: FLOAT, dims: [2], data: Float32Array.of(500, 300) },
          { name: 'std', type: FLOAT, dims: [2], data: Float32Array.of(100, 40) },
          { name: 'kernel', type: FLOAT, dims: [2, 1], data: Float32Array.of(1, 1) },
        ],
        inputs: [{ name: 'x', type: FLOAT, dims: [0, 2] }],
        outputs: [{ name: 'y', type: FLOAT, dims: [0, 1] }],
      },
      metadata: {},
    });
    using model = fromOnnx(near);
    expect(model.layers.map(({ type }) => type)).toEqual(['dense']);
    const x = Array.from({ length: 64 }, (_, i) => [500 + 3 * i, 300 - i]);
    const before = model.predict(x).toArrays();
    model.compile({ loss: 'meanSquaredError', optimizer: sgd({ learningRate: 1e-12 }) });
    await model.fit(x, before, { epochs: 20 });
    expect(distance(model.predict(x).toArrays(), before)).toBeLessThan(1e-5);
  });

  test('what is read can be trained further', async () => {
    using model = fromOnnx(bytesOf('torch-relu-softmax-13.onnx'));
    const { x, y } = blobs(60);
    const wide = Matrix.from(x.toArrays().map((row) => [...row, 0, 0, 0].slice(0, 5)));
    model.compile({ loss: 'categoricalCrossentropy' });
    const { epochs } = await model.fit(wide, y, { epochs: 10 });
    expect(epochs.at(-1)?.['loss']).toBeLessThan(epochs[0]?.['loss'] as number);
  });
});

const built = (layers: Layer[], seed = 1) => sequential({ inputs: 5, layers, seed });
const x = Matrix.from(
  Array.from({ length: 7 }, (_, i) => Array.from({ length: 5 }, (_, c) => Math.sin(i * 5 + c) * 2)),
);

describe('what simdense exports', () => {
  test.each(activations.map((a) => [JSON.stringify(a), a] as const))('%s comes back to the bit', (_, a) => {
    using model = built([dense({ units: 4, activation: a }), dense({ units: 3, useBias: false })]);
    using again = fromOnnx(toOnnx(model));
    expect(again.predict(x).data).toEqual(model.predict(x).data);
  });

  test.each([
    [13, ['Gemm', 'Softplus', 'Tanh', 'Mul', 'Identity']],
    [17, ['Gemm', 'Softplus', 'Tanh', 'Mul', 'Identity']],
    [18, ['Gemm', 'Mish', 'Identity']],
    [22, ['Gemm', 'Mish', 'Identity']],
  ])('mish in opset %i, which has Mish from 18 on, is %j and comes back to the bit', (opset, operators) => {
    using model = built([dense({ units: 4, activation: 'mish' })]);
    const bytes = toOnnx(model, { opset });
    expect(readModel(bytes).graph.nodes.map(({ op }) => op)).toEqual(operators);
    using again = fromOnnx(bytes);
    expect(again.predict(x).data).toEqual(model.predict(x).data);
  });

  test('batch normalization, rescaling, and nothing of dropout and noise', async () => {
    using model = built([
      rescaling({ scale: 0.5, offset: 0.25 }),
      gaussianNoise({ stddev: 1 }),
      dense({ units: 4 }),
      batchNormalization({ epsilon: 1e-3 }),
      activation('relu'),
      dropout({ rate: 0.5 }),
      dense({ units: 2 }),
    ]);
    await model.compile({ loss: 'meanSquaredError' }).fit(x, new Float32Array(14), { epochs: 3 });
    using again = fromOnnx(toOnnx(model));
    expect(distance(again.predict(x).toArrays(), model.predict(x).toArrays())).toBeLessThan(1e-6);
    expect(again.layers.some(({ type }) => type === 'dropout' || type === 'gaussianNoise')).toBe(false);
  });

  test.each([13, 16, 17, 22])('layer normalization comes back to the bit, opset %d', async (opset) => {
    using model = built([dense({ units: 4 }), layerNormalization({ epsilon: 1e-3 }), activation('tanh')]);
    await model.compile({ loss: 'meanSquaredError' }).fit(x, new Float32Array(28), { epochs: 3 });
    using again = fromOnnx(toOnnx(model, { opset }));
    expect(again.layers.map(({ type }) => type)).toEqual(['dense', 'layerNormalization', 'activation']);
    expect(again.layers[1]).toEqual(model.layers[1]);
    expect(again.predict(x).data).toEqual(model.predict(x).data);
  });

  test('first-contact row 6: columns far from 0 keep what float32 holds of them', async () => {
    const rows = Matrix.from(Array.from({ length: 80 }, (_, i) => [1e6 + ((i * 37) % 100), 2020 + (i % 7) / 7]));
    const labels = Array.from({ length: 80 }, (_, i) => ((i * 37) % 100 > 50 ? 'late' : 'early'));
    using pipeline = await fitPipeline(
      { layers: [dense({ units: 8, activation: 'tanh' })], fit: { epochs: 30 } },
      rows,
      labels,
    );
    using again = fromOnnx(toOnnx(pipeline));
    const late = pipeline
      .predictProbabilities(rows)
      .toArrays()
      .map(([, p]) => [p as number]);
    expect(distance(again.predict(rows).toArrays(), late)).toBeLessThan(1e-5);
  });

  test('a pipeline, its scaler included', async () => {
    const { x, y } = blobs(60);
    const names = Array.from(y, (label) => ['oak', 'ash', 'elm'][label] as string);
    using pipeline = await fitPipeline(
      { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 5 } },
      x,
      names,
    );
    using again = fromOnnx(toOnnx(pipeline));
    expect(distance(again.predict(x).toArrays(), pipeline.predictProbabilities(x).toArrays())).toBeLessThan(1e-5);
  });

  const tableOf = (rows: number) =>
    readTable(
      Array.from({ length: rows }, (_, i) => ({
        seconds: 1.7e9 + 2 ** 20 * (i % 37),
        size: i % 5 === 0 ? null : i % 11 === 0 ? 1e30 : (i % 7) / 3,
        open: i % 3 === 0,
        kind: i % 37 > 20 ? 'late' : 'early',
      })),
    );

  test('a pipeline of a table: columns that are no numbers are named', async () => {
    const table = await tableOf(80);
    using ofKind = await fitPipeline({ layers: [], fit: { epochs: 1 } }, table, 'open');
    expect(() => toOnnx(ofKind)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining('not "kind" (category);') }),
    );
    using quantile = await fitPipeline({ layers: [], scale: 'quantile', fit: { epochs: 1 } }, table, 'kind');
    expect(() => toOnnx(quantile)).toThrow('not "seconds" (quantiles), "size" (quantiles);');
  });

  test.runIf(hasRuntimes)('the numbers of a table agree in onnxruntime', { timeout: 60_000 }, async () => {
    const ort = await import(pathToFileURL(installedPackage('onnxruntime-web/dist/ort.node.min.mjs')).href);
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = 'error';
    const table = await tableOf(80);
    for (const scale of ['standard', 'none', 'minMax', undefined] as const) {
      const layers = [dense({ units: 4, activation: 'tanh' })];
      const p = { layers, fit: { epochs: 3 }, encode: { columns: { seconds: { clip: null } } } };
      using pipeline = await fitPipeline(scale ? { ...p, scale } : p, table, 'kind');
      const numbers = (name: string) => (table.column(name).cells as { values: Float64Array }).values;
      const columns = (pipeline.encoder?.columns ?? []).map(numbers);
      const rows = Float32Array.from({ length: 80 * 3 }, (_, i) => columns[i % 3]?.[Math.floor(i / 3)] as number);
      const session = await ort.InferenceSession.create(toOnnx(pipeline), { executionProviders: ['wasm'] });
      const { output } = await session.run({ input: new ort.Tensor('float32', rows, [80, 3]) });
      const own = pipeline.predictProbabilities(table);
      const late = Array.from({ length: 80 }, (_, row) => own.row(row)[1] as number);
      // Seconds beyond float32's 24 bits are 64 apart.
      if (scale !== 'none') expect(distance([Array.from(output.data as Float32Array)], [late])).toBeLessThan(0.02);
    }
  });

  test.runIf(hasRuntimes)(
    'pieces of ranges, with missing cells and flags, agree in onnxruntime',
    { timeout: 60_000 },
    async () => {
      const ort = await import(pathToFileURL(installedPackage('onnxruntime-web/dist/ort.node.min.mjs')).href);
      ort.env.wasm.numThreads = 1;
      ort.env.logLevel = 'error';
      const cells = Array.from({ length: 120 }, (_, i) => ({
        a: i % 9 === 0 ? null : Math.sin(i * 3) * 40,
        b: i % 5 > 1,
        c: (i * 37) % 101,
        y: Math.sin(i * 3) > 0.2 ? 'up' : 'down',
      }));
      const table = await readTable(cells);
      using pipeline = await fitPipeline(
        { layers: [dense({ units: 6, activation: 'tanh' })], encode: { number: { pieces: 5 } }, fit: { epochs: 5 } },
        table,
        'y',
      );
      expect(pipeline.encoder?.features).toContain('a ~0');
      const names = pipeline.encoder?.columns as readonly ('a' | 'b' | 'c')[];
      const rows = Float32Array.from({ length: 120 * 3 }, (_, i) => {
        const cell = cells[Math.floor(i / 3)]?.[names[i % 3] as 'a'] as unknown;
        return cell === null ? Number.NaN : Number(cell);
      });
      const session = await ort.InferenceSession.create(toOnnx(pipeline), { executionProviders: ['wasm'] });
      const { output } = await session.run({ input: new ort.Tensor('float32', rows, [120, 3]) });
      const own = pipeline.predictProbabilities(table);
      const up = Array.from({ length: 120 }, (_, row) => own.row(row)[1] as number);
      expect(distance([Array.from(output.data as Float32Array)], [up])).toBeLessThan(1e-5);
    },
  );

  test.runIf(hasRuntimes)('agrees in onnxruntime within 1e-5, each opset', { timeout: 60_000 }, async () => {
    const ort = await import(pathToFileURL(installedPackage('onnxruntime-web/dist/ort.node.min.mjs')).href);
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = 'error';
    const run = async (bytes: Uint8Array, rows: Matrix): Promise<number[]> => {
      const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
      const { output } = await session.run({
        input: new ort.Tensor('float32', Float32Array.from(rows.data), [rows.rows, rows.columns]),
      });
      return Array.from(output.data as Float32Array);
    };
    const layers = activations.map((a) => [
      dense({ units: 4, activation: a }),
      batchNormalization(),
      layerNormalization(),
      dense({ units: 3, activation: 'softmax' }),
    ]);
    for (const own of [[rescaling({ scale: 0.1, offset: 1 }), dense({ units: 2 })], ...layers]) {
      for (const opset of [13, 17, 21]) {
        using model = built(own);
        const said = await run(toOnnx(model, { opset }), x);
        const ours = Array.from(model.predict(x).data);
        expect(distance([said], [ours])).toBeLessThan(1e-5);
      }
    }
    const { x: rows, y } = blobs(30);
    using pipeline = await fitPipeline(
      { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 2 } },
      rows,
      y,
    );
    expect(distance([await run(toOnnx(pipeline), rows)], pipeline.predictProbabilities(rows).toArrays())).toBeLessThan(
      1e-5,
    );
  });
});

describe('hostile bytes', () => {
  const files = readdirSync(golden)
    .filter((name) => name.endsWith('.onnx'))
    .map(bytesOf);
  const readOrRefuse = (bytes: Uint8Array) => {
    try {
      fromOnnx(bytes).dispose();
    } catch (error) {
      expect(error).toBeInstanceOf(SimdenseError);
    }
  };

  test('changed, cut and joined files are read or refused', () => {
    const edit = fc.record({
      file: fc.nat(files.length - 1),
      at: fc.nat(5000),
      byte: fc.nat(255),
      kind: fc.constantFrom('set', 'cut', 'insert', 'repeat'),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let bytes = (files[edits[0]?.file ?? 0] as Uint8Array).slice();
        for (const { at, byte, kind } of edits) {
          const place = at % bytes.length;
          if (kind === 'set') bytes[place] = byte;
          else if (kind === 'cut') bytes = bytes.slice(0, place);
          else if (kind === 'insert')
            bytes = Uint8Array.from([...bytes.subarray(0, place), byte, ...bytes.subarray(place)]);
          else bytes = Uint8Array.from([...bytes, ...bytes.subarray(place)]);
          if (bytes.length === 0) break;
        }
        readOrRefuse(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  test('junk is refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), readOrRefuse), { numRuns: 2000 });
  });
});

checkMessages([
  [() => fromOnnx(any('x')), 'SimdenseError [ARGUMENT]: fromOnnx(bytes): expected a Uint8Array, got "x"'],
  [() => fromOnnx(new Uint8Array(0)), 'SimdenseError [FORMAT]: fromOnnx: the bytes hold no ONNX graph'],
  [
    () => fromOnnx(Uint8Array.from([255, 255, 255])),
    'SimdenseError [FORMAT]: fromOnnx: the bytes are not an ONNX model',
  ],
  [
    () => toOnnx(built([dense({ units: 1 })]), { opset: 9 }),
    'SimdenseError [ARGUMENT]: toOnnx(opset): expected a whole number from 13 to 22, got 9',
  ],
  [
    async () =>
      toOnnx(await fitPipeline({ scale: 'quantile', layers: [], fit: { epochs: 1 } }, [[1], [2]], ['a', 'b'])),
    "SimdenseError [UNSUPPORTED]: toOnnx: columns that are scaled by 'quantile' cannot be written; train with another scale, such as 'robust'",
  ],
]);
