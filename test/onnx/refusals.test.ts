// Graphs that mean something else than a dense network, or contradict themselves, are refused; each stands beside one that differs in that alone, and is read.
import { describe, expect, test } from 'vitest';
import { fromOnnx } from '../../src/onnx/index.js';

// Writes protocol buffers by hand, so that a graph can have anything.
function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}
const integer = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)];
const message = (field: number, bytes: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];
const text = (field: number, value: string): number[] => message(field, [...new TextEncoder().encode(value)]);
const float32 = (values: readonly number[]): number[] => [...new Uint8Array(Float32Array.from(values).buffer)];

const tensor = (name: string, dims: readonly number[], values: readonly number[]): number[] => [
  ...dims.flatMap((dim) => integer(1, dim)),
  ...integer(2, 1),
  ...text(8, name),
  ...message(9, float32(values)),
];

const int64 = (name: string, values: readonly number[]): number[] => [
  ...integer(1, values.length),
  ...integer(2, 7),
  ...text(8, name),
  ...message(7, values.flatMap(varint)),
];

type Attributes = Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>;

function attribute([name, value]: [string, Attributes[string]]): number[] {
  if (typeof value === 'number') return [...text(1, name), ...integer(3, value), ...integer(20, 2)];
  if (typeof value === 'string') return [...text(1, name), ...text(4, value), ...integer(20, 3)];
  if ('float' in value)
    return [...text(1, name), ...varint((2 << 3) | 5), ...float32([value.float]), ...integer(20, 1)];
  return [...text(1, name), ...value.flatMap((each) => integer(8, each)), ...integer(20, 7)];
}

const node = (op: string, inputs: string[], outputs: string[], attributes: Attributes = {}, domain = ''): number[] => [
  ...inputs.flatMap((name) => text(1, name)),
  ...outputs.flatMap((name) => text(2, name)),
  ...text(3, `the ${op}`),
  ...text(4, op),
  ...Object.entries(attributes).flatMap((each) => message(5, attribute(each))),
  ...(domain === '' ? [] : text(7, domain)),
];

/** A value of float32 with these sizes; 0 for any size. */
const value = (name: string, dims: readonly number[]): number[] => {
  const shape = dims.flatMap((dim) => message(1, dim > 0 ? integer(1, dim) : text(2, 'batch')));
  return [...text(1, name), ...message(2, message(1, [...integer(1, 1), ...message(2, shape)]))];
};

interface Graph {
  readonly opsets?: readonly (readonly [domain: string, version: number])[];
  readonly input?: readonly number[];
  readonly output?: readonly number[];
}

const model = (nodes: number[][], constants: number[][], { opsets = [['', 18]], input, output }: Graph = {}) =>
  Uint8Array.from([
    ...integer(1, 8),
    ...message(7, [
      ...nodes.flatMap((each) => message(1, each)),
      ...text(2, 'by hand'),
      ...constants.flatMap((each) => message(5, each)),
      ...message(11, value('x', input ?? [0, 3])),
      ...message(12, value('y', output ?? [0, 3])),
    ]),
    ...opsets.flatMap(([domain, version]) => message(8, [...text(1, domain), ...integer(2, version)])),
  ]);

const kernel = tensor('kernel', [3, 3], [1, 2, 0, -1, 1, 1, 0, 0.5, 1]);
const ones = tensor('ones', [3], [1, 1, 1]);
const product = node('MatMul', ['x', 'kernel'], ['h']);
const relu = node('Relu', ['h'], ['y']);

/** The network with one more operator after the product. */
const followed = (
  op: string,
  attributes: Attributes = {},
  more: string[] = [],
  constants: number[][] = [],
  domain = '',
) => model([product, node(op, ['h', ...more], ['y'], attributes, domain)], [kernel, ...constants]);
const normalized = (attributes: Attributes, outputs = ['y'], variance = 1) =>
  model(
    [node('BatchNormalization', ['x', 'ones', 'ones', 'ones', 'variance'], outputs, attributes)],
    [ones, tensor('variance', [3], [1, variance, 1])],
  );
const rowNormalized = (attributes: Attributes, outputs: string[], rest: number[][] = []) =>
  model([node('LayerNormalization', ['x', 'ones', 'ones'], outputs, attributes), ...rest], [ones]);
const constant = (dims: number[], values: number[]) => followed('Mul', {}, ['c'], [tensor('c', dims, values)]);

describe('what is read', () => {
  test.each<[string, Uint8Array]>([
    ['a cast to float', followed('Cast', { to: 1 })],
    ['Dropout', followed('Dropout', { seed: 1 })],
    ['Dropout that does not train', followed('Dropout', {}, ['', 'training'], [tensor('training', [], [0])])],
    ['Flatten', followed('Flatten')],
    ['Flatten over axis 1', followed('Flatten', { axis: 1 })],
    ['Flatten over the last axis of two', followed('Flatten', { axis: -1 })],
    ['a batch normalization in inference', normalized({ training_mode: 0 })],
    ['a layer normalization alone', rowNormalized({ axis: -1, stash_type: 1 }, ['y', 'mean'])],
    ...([[3], [1, 3], [1], []] as const).map((dims): [string, Uint8Array] => [
      `slopes of shape [${dims}]`,
      followed(
        'PRelu',
        {},
        ['slope'],
        [tensor('slope', dims, [0.5, -1, 2].slice(0, dims.includes(3 as never) ? 3 : 1))],
      ),
    ]),
    ['LogSoftmax over the columns', followed('LogSoftmax', { axis: 1 })],
    [
      'LogSoftmax before opset 13',
      model([product, node('LogSoftmax', ['h'], ['y'])], [kernel], { opsets: [['', 11]] }),
    ],
    ['a column of one', constant([1, 1], [2])],
    ['a row', constant([1, 3], [1, 2, 3])],
    ['numbers by column', constant([3], [1, 2, 3])],
    ['the domain by its name', model([product, node('Relu', ['h'], ['y'], {}, 'ai.onnx')], [kernel])],
    ['the version of a domain by its name', model([product, relu], [kernel], { opsets: [['ai.onnx', 7]] })],
    [
      'the newest version, beside one of another domain',
      model([product, relu], [kernel], {
        opsets: [
          ['', 22],
          ['ai.onnx.ml', 99],
        ],
      }),
    ],
    [
      'bounds that are none',
      followed('Clip', {}, ['low', 'high'], [tensor('low', [], [0]), tensor('high', [], [3.4028234663852886e38])]),
    ],
    [
      'columns that are joined before the first weights',
      model(
        [node('Concat', ['x', 'x'], ['h'], { axis: 1 }), node('MatMul', ['h', 'wide'], ['y'])],
        [tensor('wide', [6, 1], [1, 2, 3, 4, 5, 6])],
        { output: [0, 1] },
      ),
    ],
    ['no sizes', model([product, relu], [kernel], { input: [], output: [0, 0] })],
    [
      'images that are flattened',
      model([node('Flatten', ['x'], ['h']), relu], [], { input: [0, 3, 4], output: [0, 12] }),
    ],
  ])('%s', (_, bytes) => {
    expect(() => fromOnnx(bytes).dispose()).not.toThrow();
  });
});

const refused = (cases: readonly (readonly [string, Uint8Array, string])[], code: string, named = '') =>
  test.each(cases)('%s', (_, bytes, ending) => {
    expect(() => fromOnnx(bytes)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(named + ending) }),
    );
  });

describe('UNSUPPORTED, by the name of the node', () => {
  refused(
    [
      ['a cast to int64', followed('Cast', { to: 7 }), 'Cast (node "the Cast") with type 7'],
      ['a cast to bool', followed('Cast', { to: 9 }), 'Cast (node "the Cast") with type 9'],
      ['a cast to nothing', followed('Cast'), 'Cast (node "the Cast") with type undefined'],
      [
        'Dropout that trains',
        followed('Dropout', {}, ['', 'training'], [tensor('training', [], [1])]),
        'Dropout (node "the Dropout") with training_mode is not supported; call model.eval() before exporting',
      ],
      [
        'a mask of Dropout',
        model([product, node('Dropout', ['h'], ['z', 'y'])], [kernel]),
        'Dropout (node "the Dropout") with its output "y"',
      ],
      ['Flatten over axis 0', followed('Flatten', { axis: 0 }), 'Flatten (node "the Flatten") with axis 0'],
      ['Flatten over axis 2', followed('Flatten', { axis: 2 }), 'Flatten (node "the Flatten") with axis 2'],
      [
        'Flatten over the last axis of three',
        model([node('Flatten', ['x'], ['y'], { axis: -1 })], [], { input: [0, 3, 4], output: [] }),
        'Flatten (node "the Flatten") with axis -1',
      ],
      [
        'a batch normalization that trains',
        normalized({ training_mode: 1 }),
        'BatchNormalization (node "the BatchNormalization") with training_mode is not supported; call model.eval() before exporting',
      ],
      [
        'a mean of a layer normalization',
        rowNormalized({}, ['z', 'y']),
        'LayerNormalization (node "the LayerNormalization") with its output "y"',
      ],
      [
        'a mean within the network',
        rowNormalized({}, ['z', 'mean'], [node('Relu', ['mean'], ['y'])]),
        'LayerNormalization (node "the LayerNormalization") with its output "mean"',
      ],
      [
        'a layer normalization of another precision',
        rowNormalized({ stash_type: 10 }, ['y']),
        'LayerNormalization (node "the LayerNormalization") with stash_type',
      ],
      ['numbers by row', constant([3, 1], [1, 2, 3]), 'Mul (node "the Mul") with shapes 5×3 and 3×1'],
      [
        'a bias by row',
        model([node('Gemm', ['x', 'kernel', 'c'], ['y'])], [kernel, tensor('c', [3, 1], [1, 2, 3])]),
        'Gemm (node "the Gemm") with shapes 5×3 and 3×1',
      ],
      [
        'a bound of which float32 would lose digits',
        followed('Clip', {}, ['low', 'high'], [tensor('low', [], [-1000]), tensor('high', [], [1000])]),
        'Clip (node "the Clip") with bound: expected a number from −64 to 64',
      ],
      [
        'bounds as attributes, in a version that has them as inputs',
        followed('Clip', { min: { float: 0 } }),
        'Clip (node "the Clip") with bounds of another version than opset 18',
      ],
      [
        'a batch normalization with the outputs of training, before it has an attribute for it',
        model([node('BatchNormalization', ['x', 'ones', 'ones', 'ones', 'ones'], ['y', 'm', 'v'])], [ones], {
          opsets: [['', 9]],
        }),
        'BatchNormalization (node "the BatchNormalization") with training_mode is not supported; call model.eval() before exporting',
      ],
      [
        'the first rows',
        followed('Slice', {}, ['from', 'to', 'axes'], [int64('from', [0]), int64('to', [7]), int64('axes', [0])]),
        'Slice (node "the Slice") with rows that it takes',
      ],
      [
        'an unknown attribute',
        followed('Relu', { alpha: { float: 1 } }),
        'Relu (node "the Relu") with the attribute alpha',
      ],
      ['two inputs', followed('Relu', {}, ['x']), 'Relu (node "the Relu") with 2 inputs'],
      ['another domain', followed('Relu', {}, [], [], 'com.example'), 'com.example.Relu (node "the Relu") is not'],
      [
        'a slope below 0',
        followed('LeakyRelu', { alpha: { float: -1 } }),
        'LeakyRelu (node "the LeakyRelu") with activation: slope: expected a number from 0 up, got -1',
      ],
      [
        '√2 / x in a gelu',
        model(
          [
            product,
            node('Div', ['root', 'h'], ['inner']),
            node('Erf', ['inner'], ['erf']),
            node('Add', ['erf', 'one'], ['sum']),
            node('Mul', ['h', 'sum'], ['double']),
            node('Mul', ['double', 'half'], ['y']),
          ],
          [kernel, tensor('root', [], [Math.SQRT2]), tensor('one', [], [1]), tensor('half', [], [0.5])],
        ),
        'Div (node "the Div") with a constant as its first input',
      ],
    ],
    'UNSUPPORTED',
    'fromOnnx: operator ',
  );
});

test('labels of another value than the output are not dropped without a word', () => {
  const bytes = (from: string) =>
    Uint8Array.from([
      ...integer(1, 8),
      ...message(7, [
        ...[product, relu, node('ArgMax', [from], ['label'], { axis: 1 })].flatMap((each) => message(1, each)),
        ...message(5, kernel),
        ...message(11, value('x', [0, 3])),
        ...message(12, value('y', [0, 3])),
        ...message(12, value('label', [0, 1])),
      ]),
      ...message(8, [...text(1, ''), ...integer(2, 18)]),
    ]);
  expect(() => fromOnnx(bytes('y')).dispose()).not.toThrow();
  expect(() => fromOnnx(bytes('x'))).toThrow('the graph has the outputs "y", "label"; choose one by { output: "y" }');
  expect(() => fromOnnx(bytes('x'), { output: 'y' }).dispose()).not.toThrow();
});

describe('UNSUPPORTED, of the whole file', () => {
  const opset = (version: number) => model([product, relu], [kernel], { opsets: [['', version]] });
  refused(
    [
      ['a newer version', opset(23), '(opset) 23; 7 to 22 are supported'],
      ['an older version', opset(6), '(opset) 6; 7 to 22 are supported'],
      [
        'an input of three dimensions',
        model([node('Relu', ['x'], ['y'])], [], { input: [0, 3, 4], output: [] }),
        'the input "x" has 3 dimensions',
      ],
      [
        'softmax before the columns are flat',
        model([node('Softmax', ['x'], ['h']), node('Flatten', ['h'], ['y'])], [], { input: [0, 3, 4], output: [] }),
        'Softmax (node "the Softmax") with axis -1',
      ],
    ],
    'UNSUPPORTED',
  );
});

describe('FORMAT', () => {
  refused(
    [
      ['no version', model([product, relu], [kernel], { opsets: [] }), 'the file names 0 versions'],
      [
        'a version of another domain alone',
        model([product, relu], [kernel], { opsets: [['ai.onnx.ml', 3]] }),
        'names 0',
      ],
      [
        'two versions',
        model([product, relu], [kernel], {
          opsets: [
            ['', 13],
            ['ai.onnx', 18],
          ],
        }),
        'the file names 2 versions',
      ],
      [
        'two nodes of one output',
        model([product, relu, node('Tanh', ['h'], ['y'])], [kernel]),
        'two values are named "y"',
      ],
      ['two constants of one name', model([product, relu], [kernel, kernel]), 'two values are named "kernel"'],
      [
        'an output with the name of a constant',
        model([product, relu, node('Tanh', ['x'], ['kernel'])], [kernel]),
        'two values are named "kernel"',
      ],
      [
        'an output with the name of an input',
        model([product, relu, node('Tanh', ['h'], ['x'])], [kernel]),
        'two values are named "x"',
      ],
      [
        'another number of inputs',
        model([product, relu], [kernel], { input: [0, 5] }),
        'the input "x" is declared with 5 columns, and the weights take 3',
      ],
      [
        'another number of outputs',
        model([product, relu], [kernel], { output: [0, 5] }),
        'the output "y" is declared with 5 columns, and has 3',
      ],
      ['a variance below 0', normalized({}, ['y'], -1), 'movingVariance" has numbers below 0'],
      [
        'NaN as a weight',
        model([node('MatMul', ['x', 'bad'], ['y'])], [tensor('bad', [1, 1], [Number.NaN])], {
          input: [0, 1],
          output: [0, 1],
        }),
        '"dense/kernel"[0] is NaN',
      ],
      ['a node without inputs', model([node('Relu', [], ['y'])], []), 'operator Relu (node "the Relu") has no input'],
      [
        'a constant as the input',
        model([node('Relu', ['ones'], ['y'])], [ones]),
        'the output "y" does not depend on the input',
      ],
    ],
    'FORMAT',
    '',
  );

  test('the cause is kept', () => {
    let error: unknown;
    try {
      fromOnnx(normalized({}, ['y'], -1));
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({ code: 'FORMAT', cause: { code: 'DATA' } });
  });
});
