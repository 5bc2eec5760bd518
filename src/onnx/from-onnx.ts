import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Layer } from '../nn/layers/index.js';
import { activation, batchNormalization, dense, layerNormalization, rescaling } from '../nn/layers/index.js';
import { type Sequential, sequential } from '../train/sequential.js';
import { type Graph, isOwnDomain, type Node, readModel, type Tensor, type Value } from './proto.js';

/** A layer and its weights, by variable. */
interface Step {
  readonly layer: Layer;
  readonly weights?: Readonly<Record<string, { shape: readonly number[]; data: Float32Array }>>;
}

const plainActivations: Readonly<Record<string, Parameters<typeof activation>[0]>> = {
  Relu: 'relu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Softplus: 'softplus',
  Softmax: 'softmax',
  Gelu: 'gelu',
  Mish: 'mish',
};
/** Operators that do not change rows of numbers in inference, once their attributes have been checked. */
const passing = ['Identity', 'Dropout', 'Flatten', 'Cast', 'ai.onnx.ml.ZipMap'];

/** The greatest number of inputs of each operator, and its attributes. */
const operators: Readonly<Record<string, readonly [inputs: number, ...attributes: string[]]>> = {
  Identity: [1],
  Dropout: [3, 'ratio', 'seed'],
  Flatten: [1, 'axis'],
  Cast: [1, 'to', 'saturate'],
  'ai.onnx.ml.ZipMap': [1, 'classlabels_strings', 'classlabels_int64s'],
  Relu: [1],
  Sigmoid: [1],
  Tanh: [1],
  Softplus: [1],
  Softmax: [1, 'axis'],
  Gelu: [1, 'approximate'],
  Mish: [1],
  LeakyRelu: [1, 'alpha'],
  Elu: [1, 'alpha'],
  Gemm: [3, 'alpha', 'beta', 'transA', 'transB'],
  MatMul: [2],
  BatchNormalization: [5, 'epsilon', 'momentum', 'training_mode'],
  LayerNormalization: [3, 'axis', 'epsilon', 'stash_type'],
  Add: [2],
  Sub: [2],
  Mul: [2],
  Div: [2],
  Pow: [2],
  Sqrt: [1],
  Erf: [1],
  ReduceMean: [2, 'axes', 'keepdims', 'noop_with_empty_axes'],
};
/** The number of float in the list of types. */
const FLOAT = 1;

/**
 * Reads a dense network from an ONNX file, as the exporters of PyTorch and scikit-learn write it.
 *
 * Supported are Gemm, MatMul with Add, BatchNormalization, LayerNormalization (also composed of other operators), activations, and scaling by a number or by column. If a graph has several outputs, the last one that
 * can be followed back to the input counts, such as the probabilities.
 * @param bytes The bytes of the file.
 * @returns A model with the weights of the file. It is not compiled.
 * @throws SimdenseError 'UNSUPPORTED' for another operator, attribute or output of a node; the message names the operator and the node. Also for operators of
 * another version (opset) than 7 to 22.
 * @throws SimdenseError 'FORMAT' for bytes that are not an ONNX model, or one that contradicts itself.
 * @throws SimdenseError 'ARGUMENT' for anything but a Uint8Array.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { fromOnnx, toOnnx } from 'simdense/onnx';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 1, activation: 'sigmoid' })], seed: 1 });
 * const read = fromOnnx(toOnnx(model));
 * read.summary();
 * const [before, after] = [model.predict([[1, 2]]).data[0], read.predict([[1, 2]]).data[0]];
 * console.log(before === after); // true
 */
export function fromOnnx(bytes: Uint8Array): Sequential {
  noMore('fromOnnx', arguments, 1);
  const { graph } = readModel(bytes);
  try {
    return built(graph);
  } catch (cause) {
    const { code, message } = cause as SimdenseError;
    if (!['ARGUMENT', 'SHAPE', 'DATA'].includes(code)) throw cause;
    throw new SimdenseError('FORMAT', `fromOnnx: the network cannot be built: ${message}`, { cause });
  }
}

function built(graph: Graph): Sequential {
  const reader = new Reader(graph);
  const { steps, output } = reader.network();
  const columns = inputsOf(graph, steps);
  let width = columns;
  for (const { layer, weights } of steps) {
    const needed = weights?.['kernel']?.shape[0] ?? weights?.['gamma']?.shape[0] ?? width;
    if (needed !== width) throw new SimdenseError('FORMAT', `fromOnnx: weights for ${needed} columns meet ${width}`);
    width = layer.type === 'dense' ? layer.units : width;
  }
  const declared = sizeOf(output);
  if (declared !== undefined && declared !== width) {
    const message = `the output "${output.name}" is declared with ${declared} columns, and has ${width}`;
    throw new SimdenseError('FORMAT', `fromOnnx: ${message}`);
  }
  const model = sequential({ inputs: columns, layers: steps.map(({ layer }) => layer) });
  try {
    const given = steps.flatMap(({ weights }) => Object.values(weights ?? {}));
    const paths = [...model.getWeights().keys()];
    model.setWeights(new Map(given.map((tensor, i) => [paths[i] as string, tensor])));
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The number of columns that an input or output is declared with; undefined if it is not. */
function sizeOf({ dims }: Value): number | undefined {
  return dims.length > 1 && dims.slice(1).every((n) => n > 0)
    ? dims.slice(1).reduce((product, n) => product * n, 1)
    : undefined;
}

function inputsOf({ inputs, initializers }: Graph, steps: readonly Step[]): number {
  const first = steps.find(({ weights }) => weights)?.weights;
  const needed = first?.['kernel']?.shape[0] ?? first?.['gamma']?.shape[0];
  const constants = new Set(initializers.map(({ name }) => name));
  const input = inputs.find(({ name }) => !constants.has(name));
  const given = input && sizeOf(input);
  if (needed !== undefined && given !== undefined && needed !== given) {
    const message = `the input "${input?.name}" is declared with ${given} columns, and the weights take ${needed}`;
    throw new SimdenseError('FORMAT', `fromOnnx: ${message}`);
  }
  const columns = needed ?? given;
  if (!columns) throw new SimdenseError('UNSUPPORTED', 'fromOnnx: the graph does not say how many columns it takes');
  return columns;
}

class Reader {
  readonly #graph: Graph;
  readonly #makers = new Map<string, Node>();
  readonly #constants = new Map<string, Tensor>();

  /** The nodes by the names of their other outputs, which are not supported. */
  readonly #besides = new Map<string, Node>();

  constructor(graph: Graph) {
    this.#graph = graph;
    const taken = new Set<string>();
    const take = (name: string): void => {
      if (taken.has(name)) throw new SimdenseError('FORMAT', `fromOnnx: two values are named "${name}"`);
      taken.add(name);
    };
    for (const tensor of graph.initializers) {
      take(tensor.name);
      this.#constants.set(tensor.name, tensor);
    }
    // An initializer may be the default of an input.
    for (const { name } of graph.inputs) if (!this.#constants.has(name)) take(name);
    for (const each of graph.nodes) {
      // An operator of another domain is another one, even if it has the same name.
      const node = isOwnDomain(each.domain) ? each : { ...each, op: `${each.domain}.${each.op}` };
      const { value } = node.attributes;
      if (node.op === 'Constant' && typeof value === 'object' && 'dims' in value)
        this.#constants.set(node.outputs[0] as string, value);
      for (const [i, output] of node.outputs.entries()) {
        // An output that is left out has no name.
        if (output === '') continue;
        take(output);
        (i === 0 ? this.#makers : this.#besides).set(output, node);
      }
    }
  }

  /** The node that computes a value, if one does. Throws SimdenseError 'UNSUPPORTED' if it has an unknown attribute, or the value is not its first output. */
  #maker(name: string | undefined): Node | undefined {
    if (name === undefined) return undefined;
    const other = this.#besides.get(name);
    if (other) throw unsupported(other, `its output "${name}"`);
    const node = this.#makers.get(name);
    if (!node || !Object.hasOwn(operators, node.op)) return node;
    const [inputs, ...attributes] = operators[node.op] as [number, ...string[]];
    if (node.inputs.length > inputs) throw unsupported(node, `${node.inputs.length} inputs`);
    for (const key of Object.keys(node.attributes))
      if (!attributes.includes(key)) throw unsupported(node, `the attribute ${key}`);
    return node;
  }

  /** The steps from the input to an output that can be followed back. */
  network(): { steps: Step[]; output: Value } {
    let reason: unknown;
    // Try the last output first: scikit-learn's exporter writes labels, which cannot be followed back, and then probabilities.
    for (const output of [...this.#graph.outputs].reverse()) {
      try {
        return { steps: this.#stepsTo(output.name), output };
      } catch (error) {
        if ((error as SimdenseError).code !== 'UNSUPPORTED') throw error;
        reason ??= error;
      }
    }
    throw reason ?? new SimdenseError('FORMAT', 'fromOnnx: the graph has no output');
  }

  #stepsTo(end: string): Step[] {
    const steps: Step[] = [];
    let name = end;
    let flattened: number | undefined;
    const limit = this.#graph.nodes.length;
    for (let count = 0; count <= limit; count++) {
      const node = this.#maker(name);
      if (!node) {
        const input = this.#graph.inputs.find((each) => each.name === name && !this.#constants.has(name));
        if (input) {
          checkDimensions(input, steps, flattened);
          return steps.reverse();
        }
        throw new SimdenseError('FORMAT', `fromOnnx: no node computes "${name}"`);
      }
      const { step, from } = this.#readOrRefuse(node);
      if (step) steps.push(step);
      if (node.op === 'Flatten') flattened = steps.length;
      name = from;
    }
    throw new SimdenseError('FORMAT', 'fromOnnx: the graph has a cycle');
  }

  /** `#read`; a value that no layer here can have is UNSUPPORTED. */
  #readOrRefuse(node: Node): { step?: Step; from: string } {
    try {
      return this.#read(node);
    } catch (cause) {
      const { code, message } = cause as SimdenseError;
      throw code === 'ARGUMENT' ? unsupported(node, message, cause) : cause;
    }
  }

  /** The step of a node, if it does anything, and the name of its input. */
  #read(node: Node): { step?: Step; from: string } {
    const { op, inputs, attributes } = node;
    const from = inputs[0];
    if (!from) throw new SimdenseError('FORMAT', `fromOnnx: operator ${op} (node "${node.name}") has no input`);
    if (op === 'Cast' && attributes['to'] !== FLOAT) throw unsupported(node, `type ${attributes['to']}`);
    // With axis −1 the last of two dimensions stays; there may be more than two only before the first Flatten.
    if (op === 'Flatten' && numberOf(node, 'axis', 1) !== 1) this.#checkLast(node);
    if (op === 'Dropout' && inputs[2] && !near(this.#constants.get(inputs[2]), 0))
      throw unsupported(node, 'training_mode');
    if (passing.includes(op)) return { from };
    if (op === 'Softmax') {
      const { axis = 1 } = attributes;
      if (axis !== 1 && axis !== -1) throw unsupported(node, `axis ${axis}`);
    }
    if (op === 'Gelu' && (attributes['approximate'] ?? 'none') !== 'none') throw unsupported(node, 'approximate');
    if (Object.hasOwn(plainActivations, op))
      return { step: { layer: activation(plainActivations[op] as 'relu') }, from };
    switch (op) {
      case 'LeakyRelu':
        return {
          step: { layer: activation({ type: 'leakyRelu', slope: rounded(numberOf(node, 'alpha', 0.01)) }) },
          from,
        };
      case 'Elu':
        return { step: { layer: activation({ type: 'elu', alpha: rounded(numberOf(node, 'alpha', 1)) }) }, from };
      case 'Gemm':
        return { step: this.#gemm(node), from };
      case 'MatMul':
        return { step: product(this.#matrix(node, inputs[1]), undefined), from };
      case 'BatchNormalization':
        return { step: this.#batchNormalization(node), from };
      case 'LayerNormalization':
        return { step: this.#layerNormalization(node), from };
      case 'Add':
      case 'Sub':
      case 'Mul':
      case 'Div':
        return this.#arithmetic(node);
      default:
        throw unsupported(node);
    }
  }

  #gemm(node: Node): Step {
    const { inputs } = node;
    const [alpha, beta] = [numberOf(node, 'alpha', 1), numberOf(node, 'beta', 1)];
    const [transA, transB] = [numberOf(node, 'transA', 0), numberOf(node, 'transB', 0)];
    if (transA !== 0) throw unsupported(node, 'transA');
    let kernel = this.#matrix(node, inputs[1]);
    if (transB !== 0) kernel = transposed(kernel);
    const [, units = 0] = kernel.dims;
    const bias = inputs[2] ? spread(node, this.#constantOf(node, inputs[2]), units) : undefined;
    return product(
      scaled(kernel, alpha),
      bias?.map((v) => v * beta),
    );
  }

  /** Refuses a Flatten over another axis than the last of two. */
  #checkLast(node: Node): void {
    const { axis } = node.attributes;
    if (axis !== -1 || this.#graph.inputs.some(({ dims }) => dims.length > 2)) throw unsupported(node, `axis ${axis}`);
  }

  #batchNormalization(node: Node): Step {
    if (numberOf(node, 'training_mode', 0) !== 0) throw unsupported(node, 'training_mode');
    const [gamma, beta, mean, variance] = node.inputs.slice(1, 5).map((name) => this.#constantOf(node, name));
    const epsilon = rounded(numberOf(node, 'epsilon', 1e-5));
    const of = (tensor: Tensor | undefined) => {
      if (!tensor) throw unsupported(node, 'missing inputs');
      return vector(rowOf(node, tensor));
    };
    return {
      layer: batchNormalization({ epsilon }),
      weights: { gamma: of(gamma), beta: of(beta), movingMean: of(mean), movingVariance: of(variance) },
    };
  }

  #layerNormalization(node: Node): Step {
    const { axis = -1 } = node.attributes;
    if (axis !== 1 && axis !== -1) throw unsupported(node, `axis ${axis}`);
    // Other than float, the mean is rounded to a type with fewer digits.
    if (numberOf(node, 'stash_type', FLOAT) !== FLOAT) throw unsupported(node, 'stash_type');
    const [, scale, shift] = node.inputs;
    const gamma = rowOf(node, this.#constantOf(node, scale));
    // The shift is optional.
    const beta = shift ? rowOf(node, this.#constantOf(node, shift)) : new Float32Array(gamma.length);
    return normalizedRows(numberOf(node, 'epsilon', 1e-5), gamma, beta);
  }

  /** Reads (x − mean) / √(variance + epsilon) · gamma + beta, from its end: how layer normalization is composed before opset 17. */
  #composedNormalization(scaled: Node, beta: Tensor): { step: Step; from: string } | undefined {
    const gamma = scaled.inputs.map((name) => this.#constants.get(name)).find(Boolean);
    const quotient = this.#makerOf(scaled, 'Div');
    if (!gamma || !quotient || gamma.data.length !== beta.data.length) return undefined;
    const [centered, root] = quotient.inputs as [string, string];
    const difference = this.#maker(centered);
    const [x, mean] = difference?.inputs ?? [];
    if (difference?.op !== 'Sub' || x === undefined || this.#meanOf(mean) !== x) return undefined;
    const sqrt = this.#maker(root);
    const sum = sqrt?.op === 'Sqrt' ? this.#maker(sqrt.inputs[0] as string) : undefined;
    const epsilon = sum?.inputs.map((name) => this.#constants.get(name)).find(Boolean);
    if (sum?.op !== 'Add' || epsilon?.data.length !== 1) return undefined;
    const variance = sum.inputs.find((name) => !this.#constants.has(name));
    const square = this.#maker(this.#meanOf(variance));
    const [base, other] = square?.inputs ?? [];
    const squared = square?.op === 'Mul' ? other === centered : square?.op === 'Pow' && this.#isTwo(other);
    if (base !== centered || !squared) return undefined;
    return { step: normalizedRows(epsilon.data[0] as number, rowOf(scaled, gamma), rowOf(scaled, beta)), from: x };
  }

  /** The name of the value whose mean over the columns has this name. */
  #meanOf(name: string | undefined): string | undefined {
    const node = this.#maker(name);
    if (node?.op !== 'ReduceMean' || (node.attributes['keepdims'] ?? 1) !== 1) return undefined;
    // The axes are an attribute before opset 18, then an input.
    const axes = node.attributes['axes'] ?? this.#constants.get(node.inputs[1] ?? '')?.data;
    const [axis, ...more] = Array.from((axes ?? []) as readonly number[]);
    return (axis === 1 || axis === -1) && more.length === 0 ? node.inputs[0] : undefined;
  }

  #isTwo(name: string | undefined): boolean {
    return near(this.#constants.get(name ?? ''), 2);
  }

  /** Reads Add, Sub, Mul or Div: a bias after a product, a factor or term by column, or part of silu, mish or gelu. */
  #arithmetic(node: Node): { step?: Step; from: string } {
    const [a, b] = node.inputs as [string, string];
    const constant = this.#constants.get(b) ?? this.#constants.get(a);
    const from = this.#constants.has(b) ? a : b;
    if (!constant) return this.#ofItself(node, a, b);
    const { op } = node;
    const maker = this.#maker(from);
    if (op === 'Add' && maker?.op === 'MatMul') {
      const kernel = this.#matrix(maker, maker.inputs[1]);
      return {
        step: product(kernel, spread(node, constant, kernel.dims[1] as number)),
        from: maker.inputs[0] as string,
      };
    }
    if (op === 'Add' && maker?.op === 'Mul') {
      const read = this.#composedNormalization(maker, constant);
      if (read) return read;
    }
    if (op === 'Mul' && maker?.op === 'Mul' && near(constant, 0.5)) {
      const x = this.#geluOf(maker);
      if (x !== undefined) return { step: { layer: activation('gelu') }, from: x };
    }
    const swapped = from === b && (op === 'Sub' || op === 'Div');
    if (swapped) throw unsupported(node, 'a constant as its first input');
    return { step: affine(op, rowOf(node, constant)), from };
  }

  /** Reads x · sigmoid(x) and x · tanh(softplus(x)). */
  #ofItself(node: Node, a: string, b: string): { step: Step; from: string } {
    for (const [x, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const maker = this.#maker(other);
      if (node.op === 'Mul' && maker?.op === 'Sigmoid' && maker.inputs[0] === x)
        return { step: { layer: activation('silu') }, from: x };
      const inner = maker?.op === 'Tanh' ? this.#maker(maker.inputs[0] as string) : undefined;
      if (node.op === 'Mul' && inner?.op === 'Softplus' && inner.inputs[0] === x)
        return { step: { layer: activation('mish') }, from: x };
    }
    throw unsupported(node, 'two computed inputs');
  }

  /** The name of x, if the node computes x · (1 + erf(x/√2)). */
  #geluOf({ inputs }: Node): string | undefined {
    for (const [x, other] of [inputs, [...inputs].reverse()] as [string, string][]) {
      const sum = this.#maker(other);
      const erf =
        sum?.op === 'Add' && sum.inputs.some((name) => near(this.#constants.get(name), 1))
          ? this.#makerOf(sum, 'Erf')
          : undefined;
      const inner = erf && this.#maker(erf.inputs[0] as string);
      if (!inner?.inputs.includes(x)) continue;
      const by = inner.inputs.map((name) => this.#constants.get(name)).find(Boolean);
      if (
        (inner.op === 'Div' && inner.inputs[0] === x && near(by, Math.SQRT2)) ||
        (inner.op === 'Mul' && near(by, Math.SQRT1_2))
      )
        return x;
    }
    return undefined;
  }

  #makerOf({ inputs }: Node, op: string): Node | undefined {
    return inputs.map((name) => this.#maker(name)).find((node) => node?.op === op);
  }

  #constantOf(node: Node, name: string | undefined): Tensor {
    const found = name === undefined ? undefined : this.#constants.get(name);
    if (!found) throw unsupported(node, 'computed weights');
    return found;
  }

  #matrix(node: Node, name: string | undefined): Tensor {
    const tensor = this.#constantOf(node, name);
    if (tensor.dims.length !== 2) throw unsupported(node, `weights of ${tensor.dims.length} dimensions`);
    return tensor;
  }
}

function unsupported({ op, name }: Node, what = '', cause?: unknown): SimdenseError {
  const message = `fromOnnx: operator ${op} (node "${name}")${what ? ` with ${what}` : ''} is not supported; dense networks have Gemm, MatMul, Add, BatchNormalization, LayerNormalization and activations`;
  return new SimdenseError('UNSUPPORTED', message, cause === undefined ? undefined : { cause });
}

/**
 * Throws SimdenseError 'UNSUPPORTED' for an input of other than two dimensions that is not flattened before anything depends on its columns. `steps` are in reverse;
 * all but the first `flattened` of them come before the first Flatten.
 */
function checkDimensions({ name, dims }: Value, steps: readonly Step[], flattened: number | undefined): void {
  const each = (type: string) => type === 'rescaling' || type === 'activation';
  const before = steps.slice(flattened ?? 0).map(({ layer }) => layer);
  const safe =
    flattened !== undefined &&
    before.every((layer) => each(layer.type) && !(layer.type === 'activation' && layer.activation === 'softmax'));
  if (dims.length === 0 || dims.length === 2 || (dims.length > 2 && safe)) return;
  const message = `the input "${name}" has ${dims.length} dimensions; rows of numbers have two, unless Flatten makes them of more`;
  throw new SimdenseError('UNSUPPORTED', `fromOnnx: ${message}`);
}

/** The numbers of a constant with one for all columns, or one for each. Throws SimdenseError 'UNSUPPORTED' for one whose shape means anything else, such as one for each row. */
function rowOf(node: Node, { dims, data }: Tensor): Float32Array {
  if (dims.length > 2 || (dims.length === 2 && dims[0] !== 1))
    throw unsupported(node, `a constant of shape ${dims.join('×')}`);
  return data;
}

/** Undoes the rounding to float32 for people: 0.01 instead of 0.009999999776. */
const rounded = (value: number): number => Number(value.toPrecision(7));

/** A numeric attribute. Throws SimdenseError 'FORMAT' if it is not a number. */
function numberOf({ op, name, attributes }: Node, key: string, otherwise: number): number {
  const value = attributes[key] ?? otherwise;
  if (typeof value === 'number') return value;
  throw new SimdenseError('FORMAT', `fromOnnx: ${key} of operator ${op} (node "${name}") is not a number`);
}

const near = (tensor: Tensor | undefined, value: number): boolean =>
  tensor?.data.length === 1 && Math.abs((tensor.data[0] as number) - value) < 1e-6;

function product({ dims, data }: Tensor, bias: Float32Array | undefined): Step {
  const [inputs, units] = dims as [number, number];
  return {
    layer: dense({ units, useBias: bias !== undefined }),
    weights: { kernel: { shape: [inputs, units], data }, ...(bias && { bias: { shape: [units], data: bias } }) },
  };
}

const vector = (data: Float32Array) => ({ shape: [data.length], data });

function normalizedRows(epsilon: number, gamma: Float32Array, beta: Float32Array): Step {
  return {
    layer: layerNormalization({ epsilon: rounded(epsilon) }),
    weights: { gamma: vector(gamma), beta: vector(beta) },
  };
}

function scaled(tensor: Tensor, factor: number): Tensor {
  return factor === 1 ? tensor : { ...tensor, data: tensor.data.map((value) => value * factor) };
}

function transposed({ name, dims, data }: Tensor): Tensor {
  const [rows, columns] = dims as [number, number];
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c] as number;
  return { name, dims: [columns, rows], data: out };
}

/** One value for each column, from one number or from as many as there are columns. */
function spread(node: Node, tensor: Tensor, columns: number): Float32Array {
  const data = rowOf(node, tensor);
  if (data.length === columns) return data;
  if (data.length === 1) return new Float32Array(columns).fill(data[0] as number);
  throw unsupported(node, `${data.length} numbers for ${columns} columns`);
}

/** Reads an operation of x and a constant. One number becomes a rescaling; one number for each column becomes a batch normalization with that effect. */
function affine(op: string, data: Float32Array): Step {
  const factors = op === 'Mul' ? data : op === 'Div' ? data.map((v) => 1 / v) : new Float32Array(data.length).fill(1);
  const terms = op === 'Add' ? data : op === 'Sub' ? data.map((v) => -v) : new Float32Array(data.length);
  if (data.length === 1) return { layer: rescaling({ scale: factors[0] as number, offset: terms[0] as number }) };
  const epsilon = 1e-5;
  return {
    layer: batchNormalization({ epsilon }),
    weights: {
      gamma: vector(factors),
      beta: vector(terms),
      movingMean: vector(new Float32Array(data.length)),
      movingVariance: vector(new Float32Array(data.length).fill(1 - epsilon)),
    },
  };
}
