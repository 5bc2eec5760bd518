// All activations on one row, in float64, from their definitions.
import type { Activation } from '../../src/index.js';
import { erf, sigmoid, softplus } from './math.js';

export function activate(activation: Activation, row: readonly number[]): number[] {
  const type = typeof activation === 'string' ? activation : activation.type;
  if (type === 'softmax' || type === 'logSoftmax') {
    const top = Math.max(...row);
    const powers = row.map((x) => Math.exp(x - top));
    const sum = powers.reduce((a, b) => a + b, 0);
    return type === 'softmax' ? powers.map((e) => e / sum) : row.map((x) => x - top - Math.log(sum));
  }
  const slope = typeof activation === 'object' && activation.type === 'leakyRelu' ? activation.slope : 0.01;
  const alpha = typeof activation === 'object' && activation.type === 'elu' ? activation.alpha : 1;
  const f: Record<Exclude<typeof type, 'softmax' | 'logSoftmax'>, (x: number) => number> = {
    linear: (x) => x,
    sigmoid,
    tanh: Math.tanh,
    relu: (x) => Math.max(x, 0),
    leakyRelu: (x) => (x < 0 ? slope * x : x),
    elu: (x) => (x < 0 ? alpha * Math.expm1(x) : x),
    softplus,
    silu: (x) => x * sigmoid(x),
    gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
    mish: (x) => x * Math.tanh(softplus(x)),
    softsign: (x) => x / (1 + Math.abs(x)),
    hardSwish: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
    tanhShrink: (x) => x - Math.tanh(x),
  };
  return row.map(f[type]);
}
