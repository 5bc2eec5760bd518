// Keras's activations by name, as steps of a network.
import { activated, affine, clipped, type Step } from '../../train/steps.js';

/** Which library's meaning a name has, where that has changed. */
export type Dialect = 'tfjs' | 'keras2' | 'keras3' | 'unknown';

/** Klambauer et al. 2017, arXiv 1706.02515; the constants of Keras and TensorFlow.js. */
const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

const plain = {
  linear: 'linear',
  relu: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
  log_softmax: 'logSoftmax',
  softplus: 'softplus',
  softsign: 'softsign',
  hard_silu: 'hardSwish',
  hard_swish: 'hardSwish',
  tanh_shrink: 'tanhShrink',
  elu: 'elu',
  swish: 'silu',
  silu: 'silu',
  mish: 'mish',
  // Exact, with erf, in all of them.
  gelu: 'gelu',
} as const;

const composed: Readonly<Record<string, (dialect: Dialect) => readonly Step[] | undefined>> = {
  selu: () => [activated({ type: 'elu', alpha: SELU.alpha }), affine({ scale: SELU.scale })],
  relu6: () => clipped(0, 6),
  leaky_relu: () => [activated({ type: 'leakyRelu', slope: 0.2 })],
  hard_sigmoid(dialect) {
    if (dialect === 'unknown') return undefined;
    // Keras 3 has changed it.
    return [affine({ scale: dialect === 'keras3' ? 1 / 6 : 0.2, offset: 0.5 }), ...clipped(0, 1)];
  },
};

/** The steps of an activation; undefined for one that no layer here can be. */
export function activationSteps(name: string, dialect: Dialect): readonly Step[] | undefined {
  if (name === 'linear') return [];
  if (Object.hasOwn(plain, name)) return [activated(plain[name as keyof typeof plain])];
  return Object.hasOwn(composed, name) ? composed[name]?.(dialect) : undefined;
}
