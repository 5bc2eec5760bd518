// From a value back to the input: the steps of the network that computes it.
import { SimdenseError } from '../base/errors.js';
import {
  activated,
  affine,
  type ByColumn,
  clipped,
  normalizedColumns,
  normalizedRows,
  product,
  rounded,
  type Step,
  slopes,
  spread,
} from '../train/steps.js';
import { columnsOf, isWhole, stepsOfColumns } from './columns.js';
import type { Node } from './graph.js';
import { clipBounds, SELU } from './operators/elementwise.js';
import { Call, numberOf, unsupported } from './operators/index.js';
import { linearScores, scoresOf } from './operators/products.js';
import { softmaxGroup } from './operators/rows.js';
import { patternOf, type Read } from './patterns.js';
import type { Reading } from './reading.js';
import { countOf, numbersOf, shapeWords } from './tensor.js';

/** What a node that computes `to` does with its first input. */
type Reader = (reading: Reading, node: Node, to: string) => Read;

const firstOf = (node: Node): string => {
  const [first] = node.inputs;
  if (!first) throw new SimdenseError('FORMAT', `fromOnnx: operator ${node.op} (node "${node.name}") has no input`);
  return first;
};

/** An operator on each number, as steps. */
const each =
  (steps: (node: Node, reading: Reading) => readonly Step[]): Reader =>
  (reading, node) => ({ steps: steps(node, reading), from: firstOf(node) });

const plain = (name: 'relu' | 'sigmoid' | 'tanh' | 'softplus' | 'softsign' | 'hardSwish' | 'mish'): Reader =>
  each(() => [activated(name)]);

const elu = (alpha: number): Step =>
  alpha === 0 ? activated('relu') : activated({ type: 'elu', alpha: rounded(alpha) });

function parametric(reading: Reading, node: Node): Step[] {
  const from = firstOf(node);
  return [slopes(spread(reading.byColumn(node, reading.weights(node, 1), from), reading.width(from)))];
}

const softmax =
  (name: 'softmax' | 'logSoftmax'): Reader =>
  (reading, node, to) => {
    const from = firstOf(node);
    const { axis, isTail } = softmaxGroup(new Call(node, reading.view.opset, [reading.value(from)]));
    const dims = reading.dims(to);
    const length = isTail ? countOf(dims.slice(axis)) : dims[axis];
    if (axis === 0 || length !== reading.width(to))
      throw unsupported(node, `axis ${node.attributes['axis'] ?? (isTail ? 1 : -1)}`);
    return { steps: [activated(name)], from };
  };

function gemm(reading: Reading, node: Node): Read {
  const from = firstOf(node);
  if (numberOf(node, 'transA', 0) !== 0) throw unsupported(node, 'transA');
  const weights = reading.weights(node, 1);
  const [rows, columns] = weights.dims as [number, number];
  const isTransposed = numberOf(node, 'transB', 0) !== 0;
  const [inputs, units] = isTransposed ? [columns, rows] : [rows, columns];
  const [numbers, alpha, beta] = [numbersOf(weights), numberOf(node, 'alpha', 1), numberOf(node, 'beta', 1)];
  const kernel = new Float32Array(numbers.length);
  for (let i = 0; i < inputs; i++)
    for (let u = 0; u < units; u++)
      kernel[i * units + u] = alpha * (numbers[isTransposed ? u * inputs + i : i * units + u] as number);
  if (!node.inputs[2]) return { steps: [product(inputs, units, kernel)], from };
  const terms = reading.byColumn(node, reading.weights(node, 2), node.outputs[0] as string);
  return {
    steps: [
      product(
        inputs,
        units,
        kernel,
        spread(terms, units).map((term) => beta * term),
      ),
    ],
    from,
  };
}

function matMul(reading: Reading, node: Node): Read {
  const from = firstOf(node);
  const weights = reading.weights(node, 1);
  if (weights.dims.length !== 2) throw unsupported(node, `weights of ${weights.dims.length} dimensions`);
  const [inputs, units] = weights.dims as [number, number];
  // More dimensions than two are rows of rows.
  if (reading.width(from) !== inputs) throw unsupported(node, `an input of ${reading.dims(from).length} dimensions`);
  return { steps: [product(inputs, units, numbersOf(weights))], from };
}

function batchNormalization(reading: Reading, node: Node): Read {
  const from = firstOf(node);
  const parts = [1, 2, 3, 4].map((i) => numbersOf(reading.weights(node, i)));
  if (reading.width(from) !== parts[0]?.length)
    throw unsupported(node, `an input of ${reading.dims(from).length} dimensions`);
  const [gamma, beta, mean, variance] = parts as [Float32Array, Float32Array, Float32Array, Float32Array];
  const epsilon = numberOf(node, 'epsilon', 1e-5);
  if (epsilon > 0) return { steps: [normalizedColumns(epsilon, [gamma, beta, mean, variance])], from };
  const scale = Float64Array.from(gamma, (value, c) => value / Math.sqrt((variance[c] as number) + epsilon));
  return { steps: [affine({ center: Float64Array.from(mean), scale, offset: Float64Array.from(beta) })], from };
}

function layerNormalization(reading: Reading, node: Node): Read {
  const from = firstOf(node);
  const gamma = numbersOf(reading.weights(node, 1));
  const { axis = -1 } = node.attributes;
  if (gamma.length !== reading.width(from)) throw unsupported(node, `axis ${axis}`);
  const beta = node.inputs[2] ? numbersOf(reading.weights(node, 2)) : new Float32Array(gamma.length);
  return { steps: [normalizedRows(numberOf(node, 'epsilon', 1e-5), gamma, beta)], from };
}

/** Max and Min with constants. */
const bounded =
  (isLeast: boolean): Reader =>
  (reading, node) => {
    const [from, ...others] = node.inputs.filter((name) => !reading.constant(name));
    if (from === undefined || others.length > 0) throw unsupported(node, 'two computed inputs');
    const steps = node.inputs.flatMap((name) => {
      const constant = reading.constant(name);
      if (!constant) return [];
      const bound = reading.byColumn(node, constant, from);
      return isLeast ? clipped(bound, Number.POSITIVE_INFINITY) : clipped(Number.NEGATIVE_INFINITY, bound);
    });
    return { steps, from };
  };

/** LinearRegressor, and the probabilities of LinearClassifier. */
function linear(reading: Reading, node: Node): Read {
  const call = new Call(node, reading.view.opset, []);
  const { kernel, bias } = linearScores(call, scoresOf(call));
  const [inputs, units] = kernel.dims as [number, number];
  const numbers = numbersOf(kernel);
  const from = firstOf(node);
  const transform = call.text('post_transform', 'NONE');
  const after = { NONE: [], SOFTMAX: [activated('softmax')], LOGISTIC: [activated('sigmoid')] }[transform];
  if (!after) throw unsupported(node, `post_transform ${transform}`);
  const isMirrored =
    units === 2 &&
    bias[0] === -(bias[1] as number) &&
    numbers.every((value, i) => i % 2 === 1 || value === -(numbers[i + 1] as number));
  // Two classes: [sigmoid(−z), sigmoid(z)] are softmax([0, z]).
  if (transform === 'LOGISTIC' && isMirrored) {
    const own = numbers.map((value, i) => (i % 2 === 0 ? 0 : value));
    return { steps: [product(inputs, units, own, [0, bias[1] as number]), activated('softmax')], from };
  }
  return { steps: [product(inputs, units, numbers, bias), ...after], from };
}

/** Probabilities that add up to 1 already. */
function normalizer(reading: Reading, node: Node): Read {
  const from = firstOf(node);
  if (node.attributes['norm'] !== 'L1' || !addsUp(reading, from)) throw unsupported(node, 'rows that it changes');
  return { steps: [], from };
}

/** Whether the numbers of each row are probabilities of classes. */
function addsUp(reading: Reading, name: string): boolean {
  const found = reading.view.maker(name);
  if (found?.node.op === 'Softmax') return true;
  if (found?.node.op !== 'ai.onnx.ml.LinearClassifier') return false;
  const last = linear(reading, found.node).steps.at(-1);
  return (
    last !== undefined && 'layer' in last && last.layer.type === 'activation' && last.layer.activation === 'softmax'
  );
}

const readers: Readonly<Record<string, Reader>> = {
  Relu: plain('relu'),
  Sigmoid: plain('sigmoid'),
  Tanh: plain('tanh'),
  Softplus: plain('softplus'),
  Softsign: plain('softsign'),
  HardSwish: plain('hardSwish'),
  Mish: plain('mish'),
  Gelu(reading, node, to) {
    if ((node.attributes['approximate'] ?? 'none') !== 'none') throw unsupported(node, 'approximate');
    return each(() => [activated('gelu')])(reading, node, to);
  },
  LeakyRelu: each((node) => [activated({ type: 'leakyRelu', slope: rounded(numberOf(node, 'alpha', 0.01)) })]),
  PRelu: each((node, reading) => parametric(reading, node)),
  Elu: each((node) => [elu(numberOf(node, 'alpha', 1))]),
  Selu: each((node) => [
    elu(numberOf(node, 'alpha', SELU.alpha)),
    affine({ scale: numberOf(node, 'gamma', SELU.gamma) }),
  ]),
  // α · elu(x / α).
  Celu: each((node) => {
    const alpha = numberOf(node, 'alpha', 1);
    if (!(alpha > 0)) throw unsupported(node, `alpha ${alpha}`);
    return [affine({ scale: 1 / alpha }), elu(1), affine({ scale: alpha })];
  }),
  HardSigmoid: each((node) => [
    affine({ scale: numberOf(node, 'alpha', 0.2), offset: numberOf(node, 'beta', 0.5) }),
    ...clipped(0, 1),
  ]),
  Clip: each((node, reading) => {
    const inputs = node.inputs.map((name, i) => (i === 0 || name === '' ? undefined : reading.weights(node, i)));
    const [least, most] = clipBounds(new Call(node, reading.view.opset, inputs)) as [ByColumn, ByColumn];
    return clipped(least, most);
  }),
  Max: bounded(true),
  Min: bounded(false),
  Softmax: softmax('softmax'),
  LogSoftmax: softmax('logSoftmax'),
  Gemm: gemm,
  MatMul: matMul,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  'ai.onnx.ml.LinearRegressor': linear,
  'ai.onnx.ml.LinearClassifier': linear,
  'ai.onnx.ml.Normalizer': normalizer,
};

/** Reads a node. What no layer here can have is UNSUPPORTED. */
function read(reading: Reading, node: Node, to: string): Read {
  try {
    const pattern = patternOf(reading, node);
    const reader = Object.hasOwn(readers, node.op) ? readers[node.op] : undefined;
    const found = pattern ?? reader?.(reading, node, to);
    if (!found) throw unsupported(node, whyNot(reading, node));
    if (!reading.isRows(to) || !reading.isRows(found.from))
      throw unsupported(
        node,
        `a result of ${shapeWords(reading.dims(to))} from ${shapeWords(reading.dims(found.from))}`,
      );
    return found;
  } catch (cause) {
    const { code, message } = cause as SimdenseError;
    throw code === 'ARGUMENT' ? unsupported(node, message, cause) : cause;
  }
}

function whyNot(reading: Reading, node: Node): string {
  const computed = node.inputs.filter((name) => name !== '' && !reading.constant(name));
  return computed.length > 1 ? 'two computed inputs' : '';
}

/** [1 − p, p] of one probability p: what a binary classifier gives. */
function isPair(reading: Reading, base: string, columns: ReturnType<typeof columnsOf>): boolean {
  const [first, second, ...more] = columns.of;
  if (reading.maker(base)?.op !== 'Sigmoid' || reading.width(base) !== 1 || more.length > 0 || !first || !second)
    return false;
  return (
    first.scale === -1 &&
    first.offset === 1 &&
    first.center === 0 &&
    second.scale === 1 &&
    second.offset === 0 &&
    second.center === 0
  );
}

/** The steps from the input to a value. */
export function stepsTo(reading: Reading, end: string): Step[] {
  const found: (readonly Step[])[] = [];
  let at = end;
  const limit = 2 * reading.view.nodes.length + 2;
  for (let count = 0; count <= limit; count++) {
    const columns = columnsOf(reading, at);
    const { base } = columns;
    const from = isPair(reading, base, columns) ? reading.maker(base)?.inputs[0] : undefined;
    if (from !== undefined) {
      found.push([{ ...product(1, 2, [0, 1]), joins: true } as Step, activated('softmax')]);
      at = from;
      continue;
    }
    if (base !== at && !isWhole(columns, reading.width(base))) found.push(stepsOfColumns(reading, columns));
    if (base === reading.view.input.name) return found.reverse().flat();
    const node = reading.maker(base);
    if (!node) throw new SimdenseError('FORMAT', `fromOnnx: no node computes "${base}"`);
    const next = read(reading, node, base);
    found.push(next.steps);
    at = next.from;
  }
  throw new SimdenseError('FORMAT', 'fromOnnx: the graph has a cycle');
}
