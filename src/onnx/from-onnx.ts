import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Layer } from '../nn/layers/index.js';
import { activation, batchNormalization, dense, layerNormalization, rescaling } from '../nn/layers/index.js';
import { type Sequential, sequential } from '../train/sequential.js';
import { type Graph, type Node, readModel, type Tensor } from './proto.js';

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
/** Operators that do not change rows of numbers in inference. */
const passing = ['Identity', 'Dropout', 'Flatten', 'Cast', 'ZipMap'];

/**
 * Reads a dense network from an ONNX file, as the exporters of PyTorch and scikit-learn write it.
 *
 * Supported are Gemm, MatMul with Add, BatchNormalization, LayerNormalization (also composed of other operators), activations, and scaling by a number or by column. If a graph has several outputs, the last one that
 * can be followed back to the input counts, such as the probabilities.
 * @param bytes The bytes of the file.
 * @returns A model with the weights of the file. It is not compiled.
 * @throws SimdenseError 'UNSUPPORTED' for another operator; the message names the operator and the node.
 * @throws SimdenseError 'FORMAT' for bytes that are not an ONNX model.
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
  const reader = new Reader(graph);
  const steps = reader.network();
  const columns = inputsOf(graph, steps);
  let width = columns;
  for (const { layer, weights } of steps) {
    const needed = weights?.['kernel']?.shape[0] ?? weights?.['gamma']?.shape[0] ?? width;
    if (needed !== width) throw new SimdenseError('FORMAT', `fromOnnx: weights for ${needed} columns meet ${width}`);
    width = (layer as { units?: number }).units ?? width;
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

function inputsOf({ inputs, initializers }: Graph, steps: readonly Step[]): number {
  const first = steps.find(({ weights }) => weights)?.weights;
  const needed = first?.['kernel']?.shape[0] ?? first?.['gamma']?.shape[0];
  const constants = new Set(initializers.map(({ name }) => name));
  const input = inputs.find(({ name }) => !constants.has(name));
  const given = input?.dims.slice(1).reduce((product, n) => product * n, 1);
  const columns = needed ?? given;
  if (!columns) throw new SimdenseError('UNSUPPORTED', 'fromOnnx: the graph does not say how many columns it takes');
  return columns;
}

class Reader {
  readonly #graph: Graph;
  readonly #makers = new Map<string, Node>();
  readonly #constants = new Map<string, Tensor>();

  constructor(graph: Graph) {
    this.#graph = graph;
    for (const tensor of graph.initializers) this.#constants.set(tensor.name, tensor);
    for (const node of graph.nodes) {
      const { value } = node.attributes;
      if (node.op === 'Constant' && typeof value === 'object' && 'dims' in value)
        this.#constants.set(node.outputs[0] as string, value);
      for (const output of node.outputs) this.#makers.set(output, node);
    }
  }

  /** The steps from the input to an output that can be followed back. */
  network(): Step[] {
    let reason: unknown;
    // Try the last output first: scikit-learn's exporter writes labels, which cannot be followed back, and then probabilities.
    for (const { name } of [...this.#graph.outputs].reverse()) {
      try {
        return this.#stepsTo(name);
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
    const limit = this.#graph.nodes.length;
    for (let count = 0; count <= limit; count++) {
      const node = this.#makers.get(name);
      if (!node) {
        if (this.#graph.inputs.some((input) => input.name === name)) return steps.reverse();
        throw new SimdenseError('FORMAT', `fromOnnx: no node computes "${name}"`);
      }
      const { step, from } = this.#read(node);
      if (step) steps.push(step);
      name = from;
    }
    throw new SimdenseError('FORMAT', 'fromOnnx: the graph has a cycle');
  }

  /** The step of a node, if it does anything, and the name of its input. */
  #read(node: Node): { step?: Step; from: string } {
    const { op, inputs, attributes } = node;
    const from = inputs[0] as string;
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

  #batchNormalization(node: Node): Step {
    const [gamma, beta, mean, variance] = node.inputs.slice(1, 5).map((name) => this.#constantOf(node, name));
    const epsilon = rounded(numberOf(node, 'epsilon', 1e-5));
    const of = (tensor: Tensor | undefined) => {
      if (!tensor) throw unsupported(node, 'missing inputs');
      return vector(tensor.data);
    };
    return {
      layer: batchNormalization({ epsilon }),
      weights: { gamma: of(gamma), beta: of(beta), movingMean: of(mean), movingVariance: of(variance) },
    };
  }

  #layerNormalization(node: Node): Step {
    const { axis = -1 } = node.attributes;
    if (axis !== 1 && axis !== -1) throw unsupported(node, `axis ${axis}`);
    const [, scale, shift] = node.inputs;
    const gamma = this.#constantOf(node, scale).data;
    // The shift is optional.
    const beta = shift ? this.#constantOf(node, shift).data : new Float32Array(gamma.length);
    return normalizedRows(numberOf(node, 'epsilon', 1e-5), gamma, beta);
  }

  /** Reads (x − mean) / √(variance + epsilon) · gamma + beta, from its end: how layer normalization is composed before opset 17. */
  #composedNormalization(scaled: Node, beta: Tensor): { step: Step; from: string } | undefined {
    const gamma = scaled.inputs.map((name) => this.#constants.get(name)).find(Boolean);
    const quotient = this.#makerOf(scaled, 'Div');
    if (!gamma || !quotient || gamma.data.length !== beta.data.length) return undefined;
    const [centered, root] = quotient.inputs as [string, string];
    const difference = this.#makers.get(centered);
    const [x, mean] = difference?.inputs ?? [];
    if (difference?.op !== 'Sub' || x === undefined || this.#meanOf(mean) !== x) return undefined;
    const sqrt = this.#makers.get(root);
    const sum = sqrt?.op === 'Sqrt' ? this.#makers.get(sqrt.inputs[0] as string) : undefined;
    const epsilon = sum?.inputs.map((name) => this.#constants.get(name)).find(Boolean);
    if (sum?.op !== 'Add' || epsilon?.data.length !== 1) return undefined;
    const variance = sum.inputs.find((name) => !this.#constants.has(name));
    const square = this.#makers.get(this.#meanOf(variance) ?? '');
    const [base, other] = square?.inputs ?? [];
    const squared = square?.op === 'Mul' ? other === centered : square?.op === 'Pow' && this.#isTwo(other);
    if (base !== centered || !squared) return undefined;
    return { step: normalizedRows(epsilon.data[0] as number, gamma.data, beta.data), from: x };
  }

  /** The name of the value whose mean over the columns has this name. */
  #meanOf(name: string | undefined): string | undefined {
    const node = this.#makers.get(name ?? '');
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
    const maker = this.#makers.get(from);
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
    return { step: affine(op, constant), from };
  }

  /** Reads x · sigmoid(x) and x · tanh(softplus(x)). */
  #ofItself(node: Node, a: string, b: string): { step: Step; from: string } {
    for (const [x, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const maker = this.#makers.get(other);
      if (node.op === 'Mul' && maker?.op === 'Sigmoid' && maker.inputs[0] === x)
        return { step: { layer: activation('silu') }, from: x };
      const inner = maker?.op === 'Tanh' ? this.#makers.get(maker.inputs[0] as string) : undefined;
      if (node.op === 'Mul' && inner?.op === 'Softplus' && inner.inputs[0] === x)
        return { step: { layer: activation('mish') }, from: x };
    }
    throw unsupported(node, 'two computed inputs');
  }

  /** The name of x, if the node computes x · (1 + erf(x/√2)). */
  #geluOf({ inputs }: Node): string | undefined {
    for (const [x, other] of [inputs, [...inputs].reverse()] as [string, string][]) {
      const sum = this.#makers.get(other);
      const erf =
        sum?.op === 'Add' && sum.inputs.some((name) => near(this.#constants.get(name), 1))
          ? this.#makerOf(sum, 'Erf')
          : undefined;
      const inner = erf && this.#makers.get(erf.inputs[0] as string);
      if (!inner?.inputs.includes(x)) continue;
      const by = inner.inputs.map((name) => this.#constants.get(name)).find(Boolean);
      if ((inner.op === 'Div' && near(by, Math.SQRT2)) || (inner.op === 'Mul' && near(by, Math.SQRT1_2))) return x;
    }
    return undefined;
  }

  #makerOf({ inputs }: Node, op: string): Node | undefined {
    return inputs.map((name) => this.#makers.get(name)).find((node) => node?.op === op);
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

function unsupported({ op, name }: Node, what = ''): SimdenseError {
  const message = `fromOnnx: operator ${op} (node "${name}")${what ? ` with ${what}` : ''} is not supported; dense networks have Gemm, MatMul, Add, BatchNormalization, LayerNormalization and activations`;
  return new SimdenseError('UNSUPPORTED', message);
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
function spread(node: Node, { data }: Tensor, columns: number): Float32Array {
  if (data.length === columns) return data;
  if (data.length === 1) return new Float32Array(columns).fill(data[0] as number);
  throw unsupported(node, `${data.length} numbers for ${columns} columns`);
}

/** Reads an operation of x and a constant. One number becomes a rescaling; one number for each column becomes a batch normalization with that effect. */
function affine(op: string, { data }: Tensor): Step {
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
