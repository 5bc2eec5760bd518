// The activations on one number: the operations of assembly/math.ts and assembly/activations, in their order, so that what is compiled gives the predictor's bits.
import type { ActivationName } from '../nn/activations.js';
import { Expression, type Value } from './expression.js';

const powerOfTwo = (e: Expression, n: Value): Value => e.floatOf(e.shl(e.addBits(n, e.bits(127)), 23));

export function exp(e: Expression, x: Value): Value {
  const c = e.pmax(e.pmin(x, e.float(89)), e.float(-105));
  const n = e.nearest(e.mul(c, e.float(Math.LOG2E)));
  const r = e.sub(e.sub(c, e.mul(n, e.float(0.693359375))), e.mul(n, e.float(-2.1219444e-4)));
  let q = e.step(e.float(0.001381446490995586), r, 0.008368780836462975);
  q = e.step(q, r, 0.04166839271783829);
  q = e.step(q, r, 0.1666651964187622);
  q = e.step(q, r, 0.4999999403953552);
  const p = e.add(e.add(e.mul(e.mul(r, r), q), r), e.float(1));
  const i = e.trunc(n);
  const half = e.shr(i, 1);
  return e.mul(e.mul(p, powerOfTwo(e, half)), powerOfTwo(e, e.subBits(i, half)));
}

function log(e: Expression, x: Value): Value {
  const zero = e.float(0);
  const small = e.lt(x, e.float(1.17549435e-38));
  const scaled = e.select(e.mul(x, e.float(8388608)), x, small);
  const root = e.bits(0x3f3504f3);
  const shifted = e.subBits(e.bitsOf(scaled), root);
  const exponent = e.sub(e.convert(e.shr(shifted, 23)), e.select(e.float(23), zero, small));
  const m = e.floatOf(e.addBits(e.and(shifted, e.bits(0x007fffff)), root));
  const f = e.sub(m, e.float(1));
  let p = e.step(e.float(-0.07634429633617401), f, 0.12761549651622772);
  for (const c of [
    -0.131601944565773, 0.14201761782169342, -0.16623356938362122, 0.20001226663589478, -0.250008225440979,
    0.3333333134651184,
  ])
    p = e.step(p, f, c);
  const ff = e.mul(f, f);
  let y = e.mul(e.mul(p, f), ff);
  y = e.add(y, e.mul(exponent, e.float(-2.1219444e-4)));
  y = e.sub(y, e.mul(ff, e.float(0.5)));
  y = e.add(e.add(f, y), e.mul(exponent, e.float(0.693359375)));
  y = e.select(e.float(Number.NEGATIVE_INFINITY), y, e.eq(x, zero));
  y = e.select(y, x, e.lt(x, e.float(Number.POSITIVE_INFINITY)));
  return e.select(e.float(Number.NaN), y, e.lt(x, zero));
}

function log1p(e: Expression, u: Value): Value {
  const one = e.float(1);
  const w = e.add(u, one);
  return e.add(log(e, w), e.div(e.sub(u, e.sub(w, one)), w));
}

/** The sign of x on a number that has none. */
const signed = (e: Expression, y: Value, x: Value): Value =>
  e.floatOf(e.or(e.bitsOf(y), e.and(e.bitsOf(x), e.bits(0x80000000))));

function tanh(e: Expression, x: Value): Value {
  const a = e.abs(x);
  const z = e.mul(x, x);
  let p = e.step(e.float(-0.00560390530154109), z, 0.020551711320877075);
  for (const c of [-0.05371410399675369, 0.13331152498722076, -0.33333271741867065]) p = e.step(p, z, c);
  const near = e.add(x, e.mul(e.mul(p, z), x));
  const one = e.float(1);
  const far = e.sub(one, e.div(e.float(2), e.add(exp(e, e.add(a, a)), one)));
  return signed(e, e.select(near, far, e.lt(a, e.float(0.625))), x);
}

function sigmoid(e: Expression, x: Value): Value {
  const [zero, one] = [e.float(0), e.float(1)];
  const t = exp(e, e.neg(e.abs(x)));
  return e.div(e.select(t, one, e.lt(x, zero)), e.add(one, t));
}

/** The larger of x and 0, as f32x4.max: NaN stays, and −0 becomes 0. */
const positive = (e: Expression, x: Value): Value => {
  const zero = e.float(0);
  return e.select(x, e.add(x, zero), e.gt(x, zero));
};

function softplus(e: Expression, x: Value): Value {
  const zero = e.float(0);
  // For x below 0 the sum begins with 0; for NaN with NaN.
  const larger = e.select(zero, positive(e, x), e.lt(x, zero));
  return e.add(larger, log1p(e, exp(e, e.neg(e.abs(x)))));
}

function erf(e: Expression, x: Value): Value {
  const a = e.abs(x);
  const z = e.mul(x, x);
  let p = e.step(e.float(7.853857823647559e-5), z, -0.0008010192541405559);
  for (const c of [
    0.005188327748328447, -0.026853810995817184, 0.1128358542919159, -0.3761262595653534, 0.12837916612625122,
  ])
    p = e.step(p, z, c);
  const near = e.add(x, e.mul(p, x));
  // As f32x4.min, which lets NaN through: NaN is not less.
  const most = e.float(3.95);
  const t = e.select(most, a, e.gt(a, most));
  let g = e.step(e.float(-0.00018882358563132584), t, 0.0029724417254328728);
  for (const c of [
    -0.021940428763628006, 0.10332734882831573, 0.6378830671310425, 1.1272515058517456, 0.0003004287136718631,
  ])
    g = e.step(g, t, c);
  const one = e.float(1);
  const far = e.sub(one, exp(e, e.neg(g)));
  return signed(e, e.select(near, far, e.lt(a, one)), x);
}

function expMinusOne(e: Expression, x: Value): Value {
  let p = e.add(e.mul(e.float(1 / 720), x), e.float(1 / 120));
  for (const c of [1 / 24, 1 / 6, 0.5]) p = e.add(e.mul(p, x), e.float(c));
  const near = e.add(x, e.mul(e.mul(x, x), p));
  const far = e.sub(exp(e, x), e.float(1));
  return e.select(near, far, e.gt(x, e.float(-0.25)));
}

function mish(e: Expression, x: Value): Value {
  const t = exp(e, e.neg(e.abs(x)));
  const isPositive = e.ge(x, e.float(0));
  const twice = e.add(t, t);
  const n = e.add(twice, e.select(e.float(1), e.mul(t, t), isPositive));
  const rest = e.select(e.mul(twice, t), e.float(2), isPositive);
  return e.mul(x, e.div(n, e.add(n, rest)));
}

function gelu(e: Expression, x: Value): Value {
  const half = e.mul(e.float(0.5), x);
  return e.mul(half, e.add(e.float(1), erf(e, e.mul(x, e.float(Math.SQRT1_2)))));
}

/** Each activation of one number, with its parameter. */
const functions: Readonly<
  Record<
    Exclude<ActivationName, 'linear' | 'softmax' | 'logSoftmax'>,
    (e: Expression, x: Value, alpha: number) => Value
  >
> = {
  sigmoid,
  tanh,
  relu: (e, x) => e.pmax(x, e.float(0)),
  leakyRelu: (e, x, alpha) => e.select(e.mul(x, e.float(alpha)), x, e.lt(x, e.float(0))),
  elu: (e, x, alpha) => e.select(e.mul(e.float(alpha), expMinusOne(e, x)), x, e.lt(x, e.float(0))),
  softplus,
  silu: (e, x) => e.mul(x, sigmoid(e, x)),
  gelu,
  mish,
  hardSwish(e, x) {
    const c = e.pmin(e.pmax(e.add(x, e.float(3)), e.float(0)), e.float(6));
    return e.mul(x, e.mul(c, e.float(1 / 6)));
  },
  tanhShrink: (e, x) => e.sub(x, tanh(e, x)),
  softsign: (e, x) => e.div(x, e.add(e.float(1), e.abs(x))),
};

/** The operations of an activation, of which the last is its value; undefined for those that are not by number. */
export function expressionOf(name: ActivationName, alpha: number): Expression | undefined {
  if (name === 'linear' || name === 'softmax' || name === 'logSoftmax') return undefined;
  const e = new Expression();
  functions[name](e, e.input(), alpha);
  return e;
}

/** The operations of a function of one number. */
function alone(of: (e: Expression, x: Value) => Value): Expression {
  const e = new Expression();
  of(e, e.input());
  return e;
}

/** The operations of eˣ, and of the natural logarithm. */
export const exponential = (): Expression => alone(exp);
export const logarithm = (): Expression => alone(log);
