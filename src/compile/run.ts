// Runs a program as it is printed, number by number: what a test row of quantized weights gives.
import type { Expression } from './expression.js';
import { exponential, logarithm } from './functions.js';
import { LEAST, type Program, ROW, type Step } from './program.js';

const f = Math.fround;
const word = new Int32Array(1);
const floating = new Float32Array(word.buffer);

/** The nearest whole number, of two the even one. */
const nearest = (x: number): number => f(f(x + 12_582_912) - 12_582_912);

/** What an expression gives for a number. */
function evaluate({ operations }: Expression, x: number): number {
  const values: (number | boolean)[] = [];
  for (const { op, of, value } of operations) {
    const [a = 0, b = 0, c = false] = of.map((each) => values[each]) as [number?, number?, (number | boolean)?];
    values.push(operation(op, a, b, c, value, x));
  }
  return values.at(-1) as number;
}

function operation(op: string, a: number, b: number, c: number | boolean, value: number, x: number): number | boolean {
  switch (op) {
    case 'input':
      return x;
    case 'add':
      return f(a + b);
    case 'sub':
      return f(a - b);
    case 'mul':
      return f(a * b);
    case 'div':
      return f(a / b);
    case 'abs':
      return Math.abs(a);
    case 'neg':
      return -a;
    case 'nearest':
      return nearest(a);
    case 'lt':
      return a < b;
    case 'gt':
      return a > b;
    case 'ge':
      return a >= b;
    case 'eq':
      return a === b;
    case 'select':
      return c ? a : b;
    case 'trunc':
      return a | 0;
    case 'convert':
      return f(a);
    case 'addBits':
      return (a + b) | 0;
    case 'subBits':
      return (a - b) | 0;
    case 'shl':
      return a << value;
    case 'shr':
      return a >> value;
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'bitsOf':
      floating[0] = a;
      return word[0] as number;
    case 'floatOf':
      word[0] = a;
      return floating[0] as number;
    default:
      // A constant.
      return value;
  }
}

function product({ inputs, outputs, kernel, bias }: Extract<Step, { type: 'product' }>, x: Float32Array): Float32Array {
  const y = bias ? bias.slice() : new Float32Array(outputs);
  for (let k = 0; k < inputs; k++)
    for (let u = 0; u < outputs; u++)
      y[u] = (y[u] as number) + f((x[k] as number) * (kernel[k * outputs + u] as number));
  return y;
}

function quantized(
  { inputs, outputs, kernel, scale, bias }: Extract<Step, { type: 'quantized' }>,
  x: Float32Array,
): Float32Array {
  const top = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const factor = top >= LEAST && top < Number.POSITIVE_INFINITY ? f(ROW / top) : 0;
  const unit = f(top / ROW);
  const q = Int32Array.from(x, (value) => nearest(f(value * factor)));
  return Float32Array.from({ length: outputs }, (_, u) => {
    let sum = 0;
    for (let k = 0; k < inputs; k++) sum += (q[k] as number) * (kernel[k * outputs + u] as number);
    const value = f(f(sum) * f(unit * (scale[u] as number)));
    return bias ? value + (bias[u] as number) : value;
  });
}

function softmax({ logs }: Extract<Step, { type: 'softmax' }>, x: Float32Array): Float32Array {
  const top = x.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exp = exponential();
  const z = x.map((value) => value - top);
  const y = z.map((value) => evaluate(exp, value));
  const lanes = new Float32Array(4);
  for (const [i, value] of y.entries()) lanes[i & 3] = (lanes[i & 3] as number) + value;
  const [a, b, c, d] = lanes as unknown as [number, number, number, number];
  const sum = f(f(a + b) + f(c + d));
  if (!logs) return y.map((value) => value / sum);
  const shift = evaluate(logarithm(), sum);
  return z.map((value) => value - shift);
}

/** The sum of a row: in float32 over 16 columns, by four lanes, and in float64 between these. */
function total(x: Float32Array): number {
  const all = [0, 0, 0, 0];
  for (let from = 0; from < x.length; from += 16) {
    const lanes = new Float32Array(4);
    for (let i = from; i < Math.min(x.length, from + 16); i++)
      lanes[i & 3] = (lanes[i & 3] as number) + (x[i] as number);
    for (let lane = 0; lane < 4; lane++) all[lane] = (all[lane] as number) + (lanes[lane] as number);
  }
  const [a, b, c, d] = all as [number, number, number, number];
  return a + c + (b + d);
}

function normalized({ epsilon, gamma, beta }: Extract<Step, { type: 'rows' }>, x: Float32Array): Float32Array {
  const middle = f(total(x) / x.length);
  const centered = x.map((value) => value - middle);
  const spread = total(centered.map((value) => value * value)) / x.length;
  const scale = f(1 / Math.sqrt(spread + epsilon) + spread * 0);
  return centered.map((value, c) => f(f(value * scale) * (gamma[c] as number)) + (beta[c] as number));
}

function after(step: Step, x: Float32Array): Float32Array {
  switch (step.type) {
    case 'product':
      return product(step, x);
    case 'quantized':
      return quantized(step, x);
    case 'function':
      return x.map((value) => evaluate(step.expression, value));
    case 'softmax':
      return softmax(step, x);
    case 'affine':
      return x.map((value) => f(value * step.scale) + step.offset);
    case 'columns':
      return x.map(
        (value, c) => f(f(value - (step.mean[c] as number)) * (step.slope[c] as number)) + (step.beta[c] as number),
      );
    case 'slopes':
      return x.map((value, c) => (value < 0 ? value * (step.alpha[c] as number) : value));
    case 'rows':
      return normalized(step, x);
  }
}

/** What steps make of a row of float32. */
export const run = (steps: readonly Step[], row: Float32Array): Float32Array =>
  steps.reduce<Float32Array>((x, step) => after(step, x), row);

/** What is predicted from what the network gives: in the target's own units, and with both probabilities of two classes. */
export function finished({ unscale, classes }: Program, y: Float32Array): Float32Array {
  if (unscale) return y.map((value, c) => value * (unscale.scale[c] as number) + (unscale.center[c] as number));
  const [p = 0] = y;
  return classes && y.length === 1 ? Float32Array.of(1 - p, p) : y;
}
