// Activations and their slopes in float64, with + − × ÷ sqrt and powers of two only: the same bits in every runtime.

import { logarithm, powerOfTwo } from '../data/powers.js';
import { type Activation, type ActivationName, activationKernel } from '../nn/activations.js';

/** A number and the derivative there. */
type Point = readonly [value: number, slope: number];

const exp = (x: number): number => powerOfTwo(x / Math.LN2);
const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)));
const tanh = (x: number): number => 2 * sigmoid(2 * x) - 1;
const softplus = (x: number): number => Math.max(x, 0) + logarithm(1 + exp(-Math.abs(x))) * Math.LN2;

/** Kummer's series (Abramowitz, Stegun 7.1.6): all terms have one sign. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * exp(-x * x) * sum;
}

const points: Readonly<
  Record<Exclude<ActivationName, 'softmax' | 'logSoftmax'>, (x: number, parameter: number) => Point>
> = {
  linear: (x) => [x, 1],
  sigmoid(x) {
    const y = sigmoid(x);
    return [y, y * (1 - y)];
  },
  tanh(x) {
    const y = tanh(x);
    return [y, 1 - y * y];
  },
  relu: (x) => (x > 0 ? [x, 1] : [0, 0]),
  leakyRelu: (x, slope) => (x > 0 ? [x, 1] : [slope * x, slope]),
  elu: (x, alpha) => (x > 0 ? [x, 1] : [alpha * (exp(x) - 1), alpha * exp(x)]),
  softplus: (x) => [softplus(x), sigmoid(x)],
  silu(x) {
    const s = sigmoid(x);
    return [x * s, s + x * s * (1 - s)];
  },
  gelu(x) {
    const below = (1 + erf(x / Math.SQRT2)) / 2;
    return [x * below, below + (x * exp(-(x * x) / 2)) / Math.sqrt(2 * Math.PI)];
  },
  mish(x) {
    const t = tanh(softplus(x));
    return [x * t, t + x * (1 - t * t) * sigmoid(x)];
  },
  hardSwish(x) {
    const gate = Math.min(Math.max(x + 3, 0), 6) / 6;
    return [x * gate, gate + (Math.abs(x) < 3 ? x / 6 : 0)];
  },
  tanhShrink(x) {
    const t = tanh(x);
    return [x - t, t * t];
  },
  softsign: (x) => [x / (1 + Math.abs(x)), 1 / (1 + Math.abs(x)) ** 2],
};

/** The outputs of a layer, and what turns the gradient by them into that by its inputs. */
export interface Pulled {
  readonly y: Float64Array;
  pull(gradient: Float64Array): Float64Array;
}

/** An activation of a whole row. */
export function activating(activation: Activation): (x: Float64Array) => Pulled {
  const { name, alpha } = activationKernel(activation);
  if (name === 'softmax') return softmax;
  if (name === 'logSoftmax') return logSoftmax;
  const of = points[name];
  return (x) => {
    const slopes = new Float64Array(x.length);
    const y = x.map((value, i) => {
      const [height, slope] = of(value, alpha);
      slopes[i] = slope;
      return height;
    });
    return { y, pull: (gradient) => gradient.map((g, i) => g * (slopes[i] as number)) };
  };
}

function softmax(x: Float64Array): Pulled {
  const top = x.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const powers = x.map((value) => exp(value - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  const y = powers.map((power) => power / sum);
  return {
    y,
    pull(gradient) {
      const mean = y.reduce((total, p, i) => total + p * (gradient[i] as number), 0);
      return y.map((p, i) => p * ((gradient[i] as number) - mean));
    },
  };
}

function logSoftmax(x: Float64Array): Pulled {
  const top = x.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const { y: probabilities } = softmax(x);
  const shift = top + logarithm(x.reduce((total, value) => total + exp(value - top), 0)) * Math.LN2;
  return {
    y: x.map((value) => value - shift),
    pull(gradient) {
      const sum = gradient.reduce((total, g) => total + g, 0);
      return gradient.map((g, i) => g - (probabilities[i] as number) * sum);
    },
  };
}
