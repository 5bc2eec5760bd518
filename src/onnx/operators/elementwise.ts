// Operators on each number: activations, and arithmetic of two tensors that are broadcast against each other.
import { BOOL, type Tensor } from '../graph.js';
import { computed, countOf, fits, numbersOf, shapeWords } from '../tensor.js';
import { type Call, type Operator, operator, unsupported } from './call.js';

const each =
  (f: (x: number, call: Call) => number) =>
  (call: Call): Tensor => {
    const x = call.input(0);
    const numbers = numbersOf(x);
    return computed(x.type, x.dims, (i) => f(numbers[i] as number, call));
  };

/** The shape of tensors that are broadcast against each other (NumPy's rules). */
export function broadcastDims(call: Call, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (m !== n && m !== 1 && n !== 1)
      throw unsupported(call.node, `shapes ${shapeWords(a)} and ${shapeWords(b)}, which do not go together,`);
    return m === 1 ? n : m;
  });
}

/** The place in a tensor of `dims` of each element of a tensor of `out`, to which it is broadcast. */
export function placesOf(dims: readonly number[], out: readonly number[]): (i: number) => number {
  if (countOf(dims) === 1) return () => 0;
  if (dims.length === out.length && dims.every((n, i) => n === out[i])) return (i) => i;
  const strides = new Array<number>(out.length).fill(0);
  let stride = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    const n = dims[axis] as number;
    if (n !== 1) strides[axis + out.length - dims.length] = stride;
    stride *= n;
  }
  return (i) => {
    let [rest, at] = [i, 0];
    for (let axis = out.length - 1; axis >= 0; axis--) {
      const n = out[axis] as number;
      at += (rest % n) * (strides[axis] as number);
      rest = Math.floor(rest / n);
    }
    return at;
  };
}

function combined(call: Call, a: Tensor, b: Tensor, f: (x: number, y: number) => number, type = a.type): Tensor {
  const dims = broadcastDims(call, a.dims, b.dims);
  const [x, y] = [numbersOf(a), numbersOf(b)];
  const [ofA, ofB] = [placesOf(a.dims, dims), placesOf(b.dims, dims)];
  const made = computed(type, dims, (i) => f(x[ofA(i)] as number, y[ofB(i)] as number));
  if (!fits(made) || !fits(a) || !fits(b))
    throw unsupported(call.node, 'whole numbers that wrap round, or are beyond 2⁵³');
  return made;
}

const both =
  (f: (x: number, y: number) => number, type?: number) =>
  (call: Call): Tensor =>
    combined(call, call.input(0), call.input(1), f, type);

/** Any number of inputs, one after the other. */
const all =
  (f: (x: number, y: number) => number) =>
  (call: Call): Tensor =>
    call.inputs.slice(1).reduce<Tensor>((a, _, i) => combined(call, a, call.input(i + 1), f), call.input(0));

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const clip = (x: number, least: number, most: number): number => Math.min(Math.max(x, least), most);
const elu = (x: number, alpha: number): number => (x >= 0 ? x : alpha * Math.expm1(x));

/** The error function within 1.2e-7. Source: Press et al. 1992, Numerical Recipes in C, section 6.2, erfcc. */
function erf(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const c = [
    1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
  ];
  const sum = c.reduceRight((sum, value) => value + t * sum, 0);
  const rest = t * Math.exp(-x * x - 1.26551223 + t * sum);
  return x >= 0 ? 1 - rest : rest - 1;
}

function gelu(x: number, call: Call): number {
  if (call.text('approximate', 'none') === 'tanh')
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/** The bounds of Clip: attributes before opset 11, then inputs. */
export function clipBounds(call: Call): [least: number, most: number] {
  const isOld = call.opset < 11;
  if (isOld ? call.inputs.length > 1 : call.has('min') || call.has('max'))
    throw unsupported(call.node, `bounds of another version than opset ${call.opset}`);
  const bound = (key: string, i: number, otherwise: number): number => {
    const input = call.inputs[i];
    return input ? (numbersOf(input)[0] as number) : call.number(key, otherwise);
  };
  return [bound('min', 1, Number.NEGATIVE_INFINITY), bound('max', 2, Number.POSITIVE_INFINITY)];
}

/** The defaults of Selu (Klambauer et al. 2017, arXiv 1706.02515), as the format has them. */
export const SELU = { alpha: 1.6732632423543772, gamma: 1.0507009873554805 };

/** Division of whole numbers drops what is left. */
const divide = (call: Call): Tensor => {
  const a = call.input(0);
  const isWhole = [2, 3, 4, 5, 6, 7, 12, 13].includes(a.type);
  return combined(call, a, call.input(1), (x, y) => (isWhole ? Math.trunc(x / y) : x / y));
};

export const elementwise: Readonly<Record<string, Operator>> = {
  Relu: operator(
    1,
    [],
    each((x) => Math.max(x, 0)),
  ),
  Sigmoid: operator(1, [], each(sigmoid)),
  Tanh: operator(1, [], each(Math.tanh)),
  Softplus: operator(1, [], each(softplus)),
  Softsign: operator(
    1,
    [],
    each((x) => x / (1 + Math.abs(x))),
  ),
  Gelu: operator(1, ['approximate'], each(gelu)),
  Mish: operator(
    1,
    [],
    each((x) => x * Math.tanh(softplus(x))),
  ),
  LeakyRelu: operator(
    1,
    ['alpha'],
    each((x, c) => (x >= 0 ? x : x * c.number('alpha', 0.01))),
  ),
  Elu: operator(
    1,
    ['alpha'],
    each((x, c) => elu(x, c.number('alpha', 1))),
  ),
  Selu: operator(
    1,
    ['alpha', 'gamma'],
    each((x, c) => c.number('gamma', SELU.gamma) * elu(x, c.number('alpha', SELU.alpha))),
  ),
  Celu: operator(
    1,
    ['alpha'],
    each((x, c) => {
      const alpha = c.number('alpha', 1);
      return x >= 0 ? x : alpha * Math.expm1(x / alpha);
    }),
  ),
  HardSigmoid: operator(
    1,
    ['alpha', 'beta'],
    each((x, c) => clip(x * c.number('alpha', 0.2) + c.number('beta', 0.5), 0, 1)),
  ),
  HardSwish: operator(
    1,
    [],
    each((x) => x * clip(x / 6 + 0.5, 0, 1)),
  ),
  ThresholdedRelu: operator(
    1,
    ['alpha'],
    each((x, c) => (x > c.number('alpha', 1) ? x : 0)),
  ),
  Clip: operator(3, ['min', 'max'], (call) => {
    const [least, most] = clipBounds(call);
    return each((x) => clip(x, least, most))(call);
  }),
  PRelu: operator(
    2,
    [],
    both((x, slope) => (x < 0 ? x * slope : x)),
  ),
  Erf: operator(1, [], each(erf)),
  Exp: operator(1, [], each(Math.exp)),
  Log: operator(1, [], each(Math.log)),
  Sqrt: operator(1, [], each(Math.sqrt)),
  Neg: operator(
    1,
    [],
    each((x) => -x),
  ),
  Abs: operator(1, [], each(Math.abs)),
  Reciprocal: operator(
    1,
    [],
    each((x) => 1 / x),
  ),
  Floor: operator(1, [], each(Math.floor)),
  Ceil: operator(1, [], each(Math.ceil)),
  Sign: operator(1, [], each(Math.sign)),
  Add: operator(
    2,
    [],
    both((x, y) => x + y),
  ),
  Sub: operator(
    2,
    [],
    both((x, y) => x - y),
  ),
  Mul: operator(
    2,
    [],
    both((x, y) => x * y),
  ),
  Div: operator(2, [], divide),
  Pow: operator(
    2,
    [],
    both((x, y) => x ** y),
  ),
  Sum: operator(
    Number.POSITIVE_INFINITY,
    [],
    all((x, y) => x + y),
  ),
  Max: operator(
    Number.POSITIVE_INFINITY,
    [],
    all((x, y) => Math.max(x, y)),
  ),
  Min: operator(
    Number.POSITIVE_INFINITY,
    [],
    all((x, y) => Math.min(x, y)),
  ),
  Greater: operator(
    2,
    [],
    both((x, y) => (x > y ? 1 : 0), BOOL),
  ),
  Less: operator(
    2,
    [],
    both((x, y) => (x < y ? 1 : 0), BOOL),
  ),
};
