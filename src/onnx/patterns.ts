// Activations and normalizations that exporters compose of several operators.

import { activated, affine, normalizedRows, type Step } from '../train/steps.js';
import { uniformOf } from './columns.js';
import type { Node } from './graph.js';
import { numberOf } from './operators/index.js';
import type { Reading } from './reading.js';
import { numbersOf } from './tensor.js';

/** What a node makes of the value `from`. */
export interface Read {
  readonly steps: readonly Step[];
  readonly from: string;
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.abs(b);

/** A factor for all columns; nothing for 1. */
const times = (scale: number): Step[] => (near(scale, 1) ? [] : [affine({ scale })]);

/** Activations that are x times what an operator makes of x: by that operator, given both factors. */
const products: Readonly<
  Record<string, (reading: Reading, node: Node, x: string, scale: number, term: number) => Step[] | undefined>
> = {
  // x · sigmoid(b·x) = silu(b·x) / b.
  Sigmoid(reading, node, x, scale, term) {
    const inner = uniformOf(reading, node.inputs[0] as string, x);
    if (inner?.base !== x || inner.offset !== 0 || inner.scale === 0 || term !== 0) return undefined;
    return [...times(inner.scale), activated('silu'), ...times(scale / inner.scale)];
  },
  // x · tanh(softplus(x)).
  Tanh(reading, node, x, scale, term) {
    const softplus = reading.maker(node.inputs[0]);
    if (softplus?.op !== 'Softplus' || softplus.inputs[0] !== x || term !== 0) return undefined;
    return [activated('mish'), ...times(scale)];
  },
  // x · hardSigmoid(x).
  HardSigmoid(_, node, x, scale, term) {
    if (node.inputs[0] !== x || term !== 0) return undefined;
    if (!near(numberOf(node, 'alpha', 0.2), 1 / 6) || numberOf(node, 'beta', 0.5) !== 0.5) return undefined;
    return [activated('hardSwish'), ...times(scale)];
  },
  // x · (1 + erf(x / √2)) = 2 · gelu(x).
  Erf(reading, node, x, scale, term) {
    const inner = uniformOf(reading, node.inputs[0] as string, x);
    if (inner?.base !== x || inner.offset !== 0 || !near(inner.scale, Math.SQRT1_2) || !near(term, scale))
      return undefined;
    return [activated('gelu'), ...times(2 * scale)];
  },
};

/** Reads a product of two computed values. */
function productOf(reading: Reading, node: Node): Read | undefined {
  const [a, b] = node.inputs as [string, string];
  for (const [left, right] of [
    [a, b],
    [b, a],
  ] as const) {
    const other = uniformOf(reading, right);
    const maker = other && reading.maker(other.base);
    const read = maker && Object.hasOwn(products, maker.op) ? products[maker.op] : undefined;
    if (!other || !maker || !read) continue;
    // The factor x may itself be the end of a run: then it is its base that both are made of, or x.
    const own = uniformOf(reading, left);
    for (const { base, scale, offset } of [{ base: left, scale: 1, offset: 0 }, ...(own ? [own] : [])]) {
      const steps = offset === 0 ? read(reading, maker, base, other.scale * scale, other.offset * scale) : undefined;
      if (steps) return { steps, from: base };
    }
  }
  return undefined;
}

/** The name of the value whose mean over the whole row has this name. */
function meanOf(reading: Reading, name: string | undefined): string | undefined {
  const node = reading.maker(name);
  const [from] = node?.inputs ?? [];
  if (node?.op !== 'ReduceMean' || from === undefined || name === undefined) return undefined;
  return reading.isRows(name) && reading.width(name) === 1 && reading.dims(name).length === reading.dims(from).length
    ? from
    : undefined;
}

/** (x − mean) / √(variance + epsilon) over each row: how layer normalization is composed before opset 17. */
function quotientOf(reading: Reading, node: Node): Read | undefined {
  const [centered, root] = node.inputs as [string, string];
  const difference = reading.maker(centered);
  const [x, mean] = difference?.inputs ?? [];
  if (difference?.op !== 'Sub' || x === undefined || mean === undefined || meanOf(reading, mean) !== x)
    return undefined;
  const sqrt = reading.maker(root);
  const sum = sqrt?.op === 'Sqrt' ? uniformOf(reading, sqrt.inputs[0] as string) : undefined;
  if (sum?.scale !== 1 || !(sum.offset > 0)) return undefined;
  const square = reading.maker(meanOf(reading, sum.base));
  const [base, other] = square?.inputs ?? [];
  const power = square?.op === 'Pow' ? reading.constant(other) : undefined;
  const isSquare = square?.op === 'Mul' ? other === centered : power && numbersOf(power).every((value) => value === 2);
  if (base !== centered || !isSquare) return undefined;
  const width = reading.width(x);
  return { steps: [normalizedRows(sum.offset, new Float32Array(width).fill(1), new Float32Array(width))], from: x };
}

/** x / (1 + |x|). */
function softsignOf(reading: Reading, node: Node): Read | undefined {
  const [x, divisor] = node.inputs as [string, string];
  const sum = uniformOf(reading, divisor);
  const size = reading.maker(sum?.base);
  if (sum?.scale !== 1 || sum.offset !== 1 || size?.op !== 'Abs' || size.inputs[0] !== x) return undefined;
  return { steps: [activated('softsign')], from: x };
}

/** x − tanh(x). */
function shrunkOf(reading: Reading, node: Node): Read | undefined {
  const [x, other] = node.inputs as [string, string];
  const tanh = reading.maker(other);
  return tanh?.op === 'Tanh' && tanh.inputs[0] === x ? { steps: [activated('tanhShrink')], from: x } : undefined;
}

/** log(sigmoid(x)) = −softplus(−x). */
function logarithmOf(reading: Reading, node: Node): Read | undefined {
  const sigmoid = reading.maker(node.inputs[0]);
  const [from] = sigmoid?.inputs ?? [];
  if (sigmoid?.op !== 'Sigmoid' || from === undefined) return undefined;
  return { steps: [affine({ scale: -1 }), activated('softplus'), affine({ scale: -1 })], from };
}

/** Reads a node that ends such a pattern; undefined for others. */
export function patternOf(reading: Reading, node: Node): Read | undefined {
  const isOfTwo = node.inputs.length === 2 && node.inputs.every((name) => !reading.constant(name));
  if (node.op === 'Mul' && isOfTwo) return productOf(reading, node);
  if (node.op === 'Div' && isOfTwo) return quotientOf(reading, node) ?? softsignOf(reading, node);
  if (node.op === 'Sub' && isOfTwo) return shrunkOf(reading, node);
  if (node.op === 'Log') return logarithmOf(reading, node);
  return undefined;
}
