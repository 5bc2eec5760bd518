// What no network here can be is refused by name, and what contradicts itself by what is wrong; nothing is read as something else.
import { describe, expect, test } from 'vitest';
import { fromBrainJs, fromKeras, fromStateDict, fromTensorFlowJs } from '../../src/convert/index.js';
import { activation, batchNormalization, dense, layerNormalization, prelu } from '../../src/index.js';
import { any, checkMessages } from '../bad-input/check.js';
import { zipped } from '../helpers/workbook.js';
import { brain, keras } from './fixtures.js';

interface Weight {
  name: string;
  shape: number[];
  dtype?: string;
  values: number[];
  quantization?: object;
}

/** A model.json of these layers, and its shard. */
function saved(layers: object[], weights: Weight[] = [], more: object = {}): [object, Record<string, Uint8Array>] {
  const bytes = new Uint8Array(Float32Array.from(weights.flatMap(({ values }) => values)).buffer);
  const specs = weights.map(({ values: _, ...spec }) => ({ dtype: 'float32', ...spec }));
  const modelTopology = { class_name: 'Sequential', config: { layers } };
  return [
    { format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['w'], weights: specs }], ...more },
    { w: bytes },
  ];
}
const layer = (type: string, config: object = {}) => ({ class_name: type, config: { name: 'l', ...config } });
const input = (...shape: (number | null)[]) => layer('InputLayer', { name: 'i', batch_input_shape: [null, ...shape] });
const read = (...args: Parameters<typeof saved>) => fromTensorFlowJs(...saved(...args));
const two = (type: string, config?: object) => () => read([input(2), layer(type, config)]);
const kernel = { name: 'l/kernel', shape: [2, 1], values: [1, 2] };

checkMessages([
  [
    () => fromTensorFlowJs(any(7), {}),
    'SimdenseError [ARGUMENT]: fromTensorFlowJs(modelJson): expected a JSON object, its text or its bytes, got 7',
  ],
  [
    () => fromTensorFlowJs('{}', any(null)),
    "SimdenseError [ARGUMENT]: fromTensorFlowJs(shards): expected bytes by the paths of files: { 'group1-shard1of1.bin': bytes }, got null",
  ],
  [
    () => fromTensorFlowJs('{}', any({ a: 'b' })),
    'SimdenseError [ARGUMENT]: fromTensorFlowJs(shards: "a"): expected a Uint8Array, got "b"',
  ],
  [() => fromTensorFlowJs('[', {}), 'SimdenseError [FORMAT]: fromTensorFlowJs: the modelJson is not a JSON object'],
  [
    () => fromTensorFlowJs({}, {}),
    'SimdenseError [FORMAT]: fromTensorFlowJs: the modelTopology is undefined, expected an object',
  ],
  [
    () => fromTensorFlowJs({ format: 'graph-model' }, {}),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: a graph model is not supported; convert the original with --output_format tfjs_layers_model',
  ],
  [() => read([]), 'SimdenseError [FORMAT]: fromTensorFlowJs: the model has no layers'],
  [two('Conv1D'), 'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: layer "l" of class Conv1D is not supported'],
  [
    two('ThresholdedReLU', { theta: 1 }),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: layer "l" of class ThresholdedReLU is not supported',
  ],
  [
    two('Activation', { activation: 'gelu_new' }),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: layer "l" of class Activation with activation "gelu_new" is not supported',
  ],
  [
    two('Softmax', { axis: 0 }),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: layer "l" of class Softmax with axis 0 is not supported',
  ],
  [
    two('ReLU', { threshold: 1 }),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: layer "l" of class ReLU with threshold 1 is not supported',
  ],
  [
    two('LeakyReLU', { alpha: -1 }),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: layer "l" of class LeakyReLU with slope -1 is not supported',
  ],
  [
    two('Dropout', { rate: 0.5, noise_shape: [1] }),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: layer "l" of class Dropout with the setting noise_shape is not supported',
  ],
  [
    two('Reshape', { target_shape: [3] }),
    'SimdenseError [FORMAT]: fromTensorFlowJs: layer "l" of class Reshape has target_shape [3] for rows of 2',
  ],
  [
    two('Dense', { units: 1, dtype: 'float16' }),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: layer "l" of class Dense with numbers of type "float16" is not supported',
  ],
  [
    two('Dense', { units: 1 }),
    'SimdenseError [FORMAT]: fromTensorFlowJs: layer "l" of class Dense has no weight "kernel"',
  ],
  [
    () => read([input(3), layer('Dense', { units: 1, use_bias: false })], [kernel]),
    'SimdenseError [FORMAT]: fromTensorFlowJs: layer "l" of class Dense has a kernel of shape 2×1 for 3 columns and 1 units',
  ],
  [
    () =>
      read(
        [input(2), layer('Dense', { units: 1, use_bias: false })],
        [kernel, { name: 'm/x', shape: [1], values: [0] }],
      ),
    'SimdenseError [FORMAT]: fromTensorFlowJs: no layer takes the weight "m/x"',
  ],
  [
    () => read([input(2), layer('Softmax')], [{ ...kernel, dtype: 'complex64' }]),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: weight "l/kernel" of type "complex64" is not supported',
  ],
  [
    () => read([input(2), layer('Softmax')], [{ ...kernel, shape: [9] }]),
    'SimdenseError [FORMAT]: fromTensorFlowJs: weight "l/kernel" of shape 9 needs 36 bytes, its shards have 8 left',
  ],
  [
    () => read([input(2)], [{ ...kernel, shape: [1] }]),
    'SimdenseError [FORMAT]: fromTensorFlowJs: the shards of a group have 8 bytes, its weights 4',
  ],
  [
    () => fromTensorFlowJs(saved([input(2)])[0], { v: new Uint8Array() }),
    'SimdenseError [FORMAT]: fromTensorFlowJs: the model needs the shard "w"; given are "v"',
  ],
  [
    () => read([input(2, 2), layer('Softmax')]),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: layer "l" of class Softmax with an input of shape 2×2 is not supported',
  ],
  [
    () => read([input(2, 2), layer('ReLU')]),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: an output of shape 2×2 is not supported; networks here give rows of numbers',
  ],
  [
    () => read([layer('ReLU')]),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: a model that does not say how many columns it takes is not supported',
  ],
  [
    () => read([input(2 ** 23)]),
    'SimdenseError [UNSUPPORTED]: fromTensorFlowJs: an input of 8388608 columns is too wide',
  ],
  [() => read([input(2), input(2)]), 'SimdenseError [FORMAT]: fromTensorFlowJs: two layers have the same name'],
  [() => fromKeras(any('x')), 'SimdenseError [ARGUMENT]: fromKeras(bytes): expected a Uint8Array, got "x"'],
  [
    () => fromKeras(new Uint8Array(9)),
    'SimdenseError [FORMAT]: fromKeras: the bytes are neither a .keras file nor HDF5',
  ],
  [
    () => fromKeras(new TextEncoder().encode('PK and more')),
    'SimdenseError [FORMAT]: fromKeras: the zip file is broken or cut short',
  ],
  [
    () => fromKeras((keras[0]?.files['h5'] ?? any(0)).slice(0, 5000)),
    `SimdenseError [FORMAT]: fromKeras: the HDF5 file is broken or cut short: it has 5000 of ${keras[0]?.files['h5']?.length} bytes`,
  ],
  [
    () => fromBrainJs(any([])),
    'SimdenseError [ARGUMENT]: fromBrainJs(json): expected a JSON object, its text or its bytes, got an array of 0',
  ],
  [() => fromBrainJs('7'), 'SimdenseError [FORMAT]: fromBrainJs: the json is not a JSON object'],
  [() => fromBrainJs({}), 'SimdenseError [FORMAT]: fromBrainJs: the layers is undefined, expected a list'],
  [
    () => fromBrainJs({ type: 'FeedForward' }),
    'SimdenseError [UNSUPPORTED]: fromBrainJs: a network of type "FeedForward" is not supported; NeuralNetwork is',
  ],
  [
    () => fromBrainJs({ hiddenLayers: [] }),
    'SimdenseError [UNSUPPORTED]: fromBrainJs: a recurrent network is not supported; NeuralNetwork is',
  ],
  [
    () => fromBrainJs({ ...(brain.cases[0]?.json ?? {}), activation: 'leaky-relu' }),
    'SimdenseError [UNSUPPORTED]: fromBrainJs: leaky-relu of version 1 is not supported: its JSON does not say the slope',
  ],
  [
    () => fromBrainJs({ ...(brain.cases[0]?.json ?? {}), activation: 'swish' }),
    'SimdenseError [UNSUPPORTED]: fromBrainJs: the activation "swish" is not supported; sigmoid, relu, leaky-relu and tanh are',
  ],
  [
    () => fromStateDict(any(1), []),
    'SimdenseError [ARGUMENT]: fromStateDict(safetensors): expected a Uint8Array, got 1',
  ],
  [
    () => fromStateDict(new Uint8Array(3), []),
    'SimdenseError [ARGUMENT]: fromStateDict(layers): expected an array of at least one layer, got an array of 0',
  ],
  [
    () => fromStateDict(new Uint8Array(3), any([1])),
    'SimdenseError [ARGUMENT]: fromStateDict(layers[0]): expected a layer such as dense({ units: 10 }), got 1',
  ],
  [
    () => fromStateDict(new Uint8Array(3), [dense({ units: 1 })]),
    'SimdenseError [FORMAT]: fromStateDict: the bytes are not a safetensors file, or are cut short',
  ],
]);

describe('files of torch.save are refused with what to do instead', () => {
  const pickled = Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x2e);
  const legacy = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);
  test.each([
    ['a zip file', zipped(new Map([['net/data.pkl', pickled]]))],
    ['a zip file of another folder', zipped(new Map([['archive/data.pkl', pickled]]), false)],
    ['a pickle of its own', legacy],
    ['a pickle of protocol 5', Uint8Array.of(0x80, 5, 0x95)],
  ])('%s', async (_, bytes) => {
    const advice =
      "files of torch.save are pickles, which are not read; write the weights by safetensors.torch.save_file(model.state_dict(), 'model.safetensors') and list the layers (fromStateDict, or --layers of the command), or write ONNX by torch.onnx.export";
    await expect(fromKeras(bytes)).rejects.toThrow(`fromKeras: ${advice}`);
    expect(() => fromStateDict(bytes, [dense({ units: 1 })])).toThrow(`fromStateDict: ${advice}`);
  });
  test('but not a state dict whose header has 640 bytes, which begins alike', () => {
    const header = JSON.stringify({
      'a.weight': { dtype: 'F32', shape: [1, 1], data_offsets: [0, 4] },
    }).padEnd(640);
    const bytes = Buffer.concat([
      new Uint8Array(BigUint64Array.of(640n).buffer),
      Buffer.from(header),
      new Uint8Array(Float32Array.of(3).buffer),
    ]);
    expect(Array.from(bytes.subarray(0, 2))).toEqual([0x80, 2]);
    using model = fromStateDict(bytes, [dense({ units: 1, useBias: false })]);
    expect(model.predict([[2]]).toArrays()).toEqual([[6]]);
  });
});

describe('functional models of TensorFlow.js', () => {
  const place = (name: string) => [name, 0, 0, {}];
  const relu = (name: string, ...from: string[]) => ({
    ...layer('ReLU', { name }),
    name,
    inbound_nodes: from.length > 0 ? [from.map(place)] : [],
  });
  const model = (layers: object[], ends: object = {}) => {
    const config = {
      layers: [{ ...input(2), inbound_nodes: [] }, ...layers],
      input_layers: [['i', 0, 0]],
      output_layers: [['b', 0, 0]],
      ...ends,
    };
    const [json, shards] = saved([]);
    return () => fromTensorFlowJs({ ...json, modelTopology: { class_name: 'Model', config } }, shards);
  };
  test('a chain, in any order', () => {
    using read = model([relu('b', 'a'), relu('a', 'i')])();
    expect(read.layers).toHaveLength(2);
  });
  test.each([
    [model([relu('a', 'i'), relu('b', 'a', 'i')]), 'layer "b" (ReLU) with 2 inputs is not supported'],
    [model([relu('a', 'i'), relu('b', 'i')]), 'layer "a" (ReLU) beside the way from input to output is not supported'],
    [model([relu('a', 'b'), relu('b', 'a')]), 'the layers go in a circle'],
    [model([relu('b', 'x')]), 'there is no layer "x"'],
    [model([relu('b')]), 'layer "b" (ReLU), which is called 0 times, is not supported'],
    [
      model([{ ...relu('b'), inbound_nodes: [[['i', 1, 0, {}]]] }]),
      'layer "i", which is used several times, is not supported',
    ],
    [
      model([{ ...relu('b'), inbound_nodes: [[['i', 0, 0, { training: true }]]] }]),
      'layer "b" (ReLU) called with "training" is not supported',
    ],
    [
      model([relu('b', 'i')], {
        output_layers: [
          ['b', 0, 0],
          ['i', 0, 0],
        ],
      }),
      'a model of 2 outputs is not supported; networks here have one',
    ],
  ])('%#', (call, message) => {
    expect(call).toThrow(`fromTensorFlowJs: ${message}`);
  });
});

test("a class of one's own with the name of a layer of Keras is refused", () => {
  const own = { ...layer('Dense', { units: 1 }), module: 'my.layers', registered_name: 'my>Dense' };
  expect(() => read([input(2), own])).toThrow('layer "l" (Dense) of "my>Dense" is not supported');
});

describe('the modules of a state dict', () => {
  /** A safetensors file; each tensor holds its number and then zeros. */
  function file(tensors: Record<string, number[]>, dtype = 'F32'): Uint8Array {
    let end = 0;
    const values: number[] = [];
    const header = Object.entries(tensors).map(([name, shape], i) => {
      const count = shape.reduce((a, b) => a * b, 1);
      values.push(...Array.from({ length: count }, (_, k) => (k === 0 ? i + 1 : 0)));
      end += 4 * count;
      return [name, { dtype, shape, data_offsets: [end - 4 * count, end] }];
    });
    const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
    return Buffer.concat([
      new Uint8Array(BigUint64Array.of(BigInt(text.length)).buffer),
      text,
      new Uint8Array(Float32Array.from(values).buffer),
    ]);
  }
  const linear = (...names: string[]) =>
    Object.fromEntries(
      names.flatMap((name) => [
        [`${name}.weight`, [2, 2]],
        [`${name}.bias`, [2]],
      ]),
    );
  const square = (name?: string) => dense({ units: 2, ...(name !== undefined && { name }) });
  const first = (bytes: Uint8Array, ...layers: Parameters<typeof fromStateDict>[1]) => {
    using model = fromStateDict(bytes, layers);
    return Array.from(model.getWeights().values(), ({ data }) => data[0]);
  };

  test('go to layers in the natural order of their names', () => {
    expect(first(file(linear('10', '2')), square(), square())).toEqual([3, 4, 1, 2]);
    expect(first(file(linear('fc10', 'fc9')), square(), activation('relu'), square())).toEqual([3, 4, 1, 2]);
  });
  test('whose names have no order are refused, and read by the names of layers', () => {
    const bytes = file(linear('input', 'hidden'));
    expect(() => fromStateDict(bytes, [square(), square()])).toThrow(
      'fromStateDict: "hidden" and "input" have the same shapes, and their names no order; name the layers: dense({ …, name: "hidden" })',
    );
    expect(first(bytes, square('input'), square('hidden'))).toEqual([1, 2, 3, 4]);
    expect(() => fromStateDict(bytes, [square('input'), square('other')])).toThrow(
      'the layers do not fit the file: there is no "other". It has',
    );
  });
  test('slopes are one for all columns, or one each, and stand before a layer that says how many columns there are', () => {
    const bytes = file({ '0.weight': [1], '1.weight': [3, 2], '2.weight': [3] });
    using model = fromStateDict(bytes, [prelu(), dense({ units: 3, useBias: false }), prelu()]);
    const [first, , last] = [...model.getWeights().values()];
    expect([first?.shape, Array.from(first?.data ?? []), last?.shape]).toEqual([[2], [1, 1], [3]]);
  });
  test('go where only their shapes let them', () => {
    const bytes = file({ 'a.weight': [1, 3], 'b.weight': [3, 2], 'c.weight': [3, 3] });
    const layers = [3, 3, 1].map((units) => dense({ units, useBias: false }));
    expect(first(bytes, ...layers)).toEqual([2, 3, 1]);
  });
  describe('that torch.nn.Sequential has numbered', () => {
    const linear = (name: string, units: number, inputs: number) => ({
      [`${name}.weight`]: [units, inputs],
      [`${name}.bias`]: [units],
    });
    const batch = (name: string, columns: number) =>
      Object.fromEntries(
        ['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`${name}.${part}`, [columns]]),
      );
    const tensors = (at = '') => ({
      ...linear(`${at}0`, 16, 4),
      ...batch(`${at}1`, 16),
      [`${at}2.weight`]: [16],
      ...linear(`${at}3`, 12, 16),
      [`${at}4.weight`]: [1],
      ...linear(`${at}6`, 3, 12),
    });
    const wide = (units: number, name?: string) => dense({ units, ...(name !== undefined && { name }) });

    test('go to layers in rising order', () => {
      const layers = [wide(16), batchNormalization(), prelu(), wide(12), prelu(), wide(3)];
      expect(first(file(tensors()), ...layers)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    });
    test.each(['', 'net.', 'body.2.'])('below "%s" are refused in another order, with both lists', (at) => {
      const layers = [wide(16), prelu(), batchNormalization(), wide(12), prelu(), wide(3)];
      const call = () => fromStateDict(file(tensors(at)), layers);
      expect(call).toThrow(
        `fromStateDict: the layers are in another order than the file's modules: by its number "${at}1" comes before "${at}2". It has "${at}0" Linear(4, 16), "${at}1" BatchNorm1d(16), "${at}2" PReLU(16), "${at}3" Linear(16, 12), "${at}4" PReLU(1), "${at}6" Linear(12, 3); the layers would be dense ("${at}0"), prelu ("${at}2"), batchNormalization ("${at}1"), dense ("${at}3"), prelu ("${at}4"), dense ("${at}6"). List the layers in the order of the modules; if the network calls them in another, name each layer: prelu({ …, name: "${at}2" })`,
      );
      expect(call).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
    });
    test('and a layer that is named alone does not change the others', () => {
      const layers = [wide(16), prelu({ name: '2' }), batchNormalization(), wide(12), prelu(), wide(3)];
      expect(() => fromStateDict(file(tensors()), layers)).toThrow('by its number "1" comes before "2"');
    });
    test('are read in another order where each layer is named', () => {
      const layers = [wide(16), prelu({ name: '2' }), batchNormalization({ name: '1' }), wide(12), prelu(), wide(3)];
      expect(first(file(tensors()), ...layers)).toEqual([1, 2, 7, 3, 4, 5, 6, 8, 9, 10, 11, 12]);
    });
    test('blocks of them are in rising order too', () => {
      const blocks = { ...linear('blocks.0.up', 3, 2), ...linear('blocks.1.down', 2, 3) };
      expect(first(file(blocks), wide(3), wide(2))).toEqual([1, 2, 3, 4]);
      expect(() => fromStateDict(file(blocks), [wide(2), wide(3)])).toThrow(
        '"blocks.0.up" comes before "blocks.1.down"',
      );
    });
    test('two of them go where their shapes let them, and names without numbers have no order', () => {
      const parts = { ...linear('encoder.0', 3, 2), ...linear('encoder.2', 1, 3), ...linear('decoder.0', 3, 1) };
      expect(first(file(parts), wide(3), wide(1), wide(3))).toEqual([1, 2, 3, 4, 5, 6]);
      const named = { ...linear('fc1', 3, 2), 'act1.weight': [3], ...batch('bn1', 3) };
      expect(first(file(named), wide(3), prelu(), batchNormalization())).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(first(file(named), wide(3), batchNormalization(), prelu())).toEqual([1, 2, 4, 5, 6, 7, 3]);
    });
    test('slopes that change places only after others come into their order', () => {
      const slopes = { '1.weight': [1], '2.weight': [4], '3.weight': [1] };
      const dense = { ...linear('a', 4, 2), ...linear('b', 8, 4) };
      expect(first(file({ ...dense, ...slopes }), wide(4), prelu(), prelu(), wide(8), prelu())).toEqual([
        1, 2, 5, 6, 3, 4, 7,
      ]);
    });
  });
  test.each([
    [
      { 'a.weight': [2, 3] },
      [dense({ units: 2 })],
      'It has "a" (weight [2,3]); they take dense (weight [2,any], bias [2])',
    ],
    [
      linear('a', 'b'),
      [square()],
      'It has "a" (weight [2,2], bias [2]), "b" (weight [2,2], bias [2]); they take dense',
    ],
    [linear('a'), [layerNormalization()], 'they take layerNormalization (weight [any])'],
    [{ 'a.weight': [2], 'a.bias': [2] }, [batchNormalization()], 'they take batchNormalization (weight [any])'],
    [{ 'a.weight': [2], 'a.bias': [3] }, [layerNormalization()], 'they take layerNormalization'],
    [
      { 'a.weight_g': [2] },
      [square()],
      'the tensor "a.weight_g" of shape [2] is of no Linear, BatchNorm1d, LayerNorm or PReLU',
    ],
    [{ 'a.weight': [1] }, [prelu()], 'a PReLU of one parameter does not say how many columns there are'],
    [{ 'a.weight': [2], 'a.bias': [2] }, [prelu()], 'they take prelu (weight [any])'],
    [{ 'a.weight': [2, 2], 'b.weight': [3] }, [dense({ units: 2, useBias: false }), prelu()], 'prelu (weight [2])'],
    [{ 'c.weight': [2, 2, 3, 3] }, [square()], 'It has "c" (weight [2,2,3,3])'],
  ])('%j', (tensors, layers, message) => {
    const call = () => fromStateDict(file(tensors), layers);
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });
  test('of other types of numbers are refused', () => {
    expect(() => fromStateDict(file(linear('a'), 'I32'), [square()])).toThrow(
      '"a.weight" has numbers of type I32, expected F32, F64, F16, BF16, I64',
    );
  });
});

test('an activation whose meaning depends on the version of Keras needs that version', async () => {
  const old = keras.at(-2)?.files['h5'] as Uint8Array;
  const text = Buffer.from(old).toString('latin1').replace('2.15.0', 'x.15.0');
  await expect(fromKeras(new Uint8Array(Buffer.from(text, 'latin1')))).rejects.toThrow(
    'with activation "hard_sigmoid" is not supported',
  );
});
