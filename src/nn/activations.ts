import * as numbers from '../../assembly/kinds.js';
import { atLeastZero, described, oneOf, refuse } from '../base/checks.js';

/** The facts about an activation that other files need. */
interface ActivationKind {
  /** Number of its element-wise kernel; absent for linear, softmax and logSoftmax. */
  readonly kernel?: number;
  /** Its parameter, and the default if the activation is given by name only. */
  readonly parameter?: readonly [name: string, value: number];
  /** Set if the derivative is computed from the input; otherwise it is computed from the output. */
  readonly needsInput?: true;
  /**
   * Set if the default initializer of the kernel before it is He's (He et al. 2015, arXiv 1502.01852), which keeps the variance where half of the units
   * are inactive. Otherwise the default is Glorot's (Glorot, Bengio 2010).
   */
  readonly he?: true;
  /** Names that other libraries use for it. */
  readonly aliases?: string;
}

/** The activations. A new one needs a line here, a number in assembly/kinds.ts, and a file in assembly/activations; the compiler names the other places. */
const kinds = {
  linear: { aliases: 'identity none' },
  sigmoid: { kernel: numbers.SIGMOID, aliases: 'logistic' },
  tanh: { kernel: numbers.TANH },
  relu: { kernel: numbers.RELU, he: true },
  leakyRelu: { kernel: numbers.LEAKY_RELU, parameter: ['slope', 0.01], he: true, aliases: 'lrelu' },
  elu: { kernel: numbers.ELU, parameter: ['alpha', 1], he: true },
  softplus: { kernel: numbers.SOFTPLUS, needsInput: true, he: true },
  silu: { kernel: numbers.SILU, needsInput: true, he: true, aliases: 'swish' },
  gelu: { kernel: numbers.GELU, needsInput: true, he: true },
  mish: { kernel: numbers.MISH, needsInput: true, he: true },
  softsign: { kernel: numbers.SOFTSIGN, needsInput: true },
  hardSwish: { kernel: numbers.HARD_SWISH, needsInput: true, he: true, aliases: 'hardsilu' },
  tanhShrink: { kernel: numbers.TANH_SHRINK, needsInput: true },
  softmax: {},
  logSoftmax: {},
} as const satisfies Record<string, ActivationKind>;

export type ActivationName = keyof typeof kinds;
/**
 * An activation, by name or with its parameter. By name, leakyRelu has slope 0.01 and elu has alpha 1. gelu is the exact form, with erf; mish is
 * x·tanh(softplus(x)) (Misra 2019, arXiv 1908.08681); softsign is x / (1 + |x|); hardSwish is x·min(max(x + 3, 0), 6) / 6
 * (Howard et al. 2019, arXiv 1905.02244); tanhShrink is x − tanh(x); logSoftmax is the logarithm of softmax.
 */
export type Activation = ActivationName | { type: 'leakyRelu'; slope: number } | { type: 'elu'; alpha: number };

/** The activations by name. */
export const activationKinds: Readonly<Record<ActivationName, ActivationKind>> = kinds;
export const activationNames = Object.keys(kinds) as readonly ActivationName[];

/** The default initializer of the kernel before an activation. */
export const initializerBefore = ({ activation }: { activation: Activation }): 'heUniform' | 'glorotUniform' =>
  activationKinds[activationKernel(activation).name].he ? 'heUniform' : 'glorotUniform';

/** An activation in the form that the kernels take. */
export interface ActivationKernel {
  readonly name: ActivationName;
  /** Number of the element-wise kernel, −1 for linear, softmax and logSoftmax. */
  readonly kind: number;
  readonly alpha: number;
  /** Whether the derivative is computed from the input; otherwise it is computed from the output. */
  readonly needsInput: boolean;
}

/** A checked, frozen copy of an activation. Throws SimdenseError 'ARGUMENT'. */
export function checkActivation(where: string, value: unknown): Activation {
  if (typeof value === 'string') return oneOf(where, value, activationNames, activationKinds);
  const { type } = (value ?? {}) as { type?: unknown };
  const parameter = typeof type === 'string' && Object.hasOwn(kinds, type) && activationKinds[type as 'elu'].parameter;
  if (parameter) return described<Activation & object>(where, value as object, { [parameter[0]]: [atLeastZero] });
  return refuse(where, `one of ${activationNames.join(', ')}, or an object such as { type: 'elu', alpha: 1 }`, value);
}

export function activationKernel(activation: Activation): ActivationKernel {
  const name = typeof activation === 'string' ? activation : activation.type;
  const { kernel = -1, parameter: [key, value] = ['', 1], needsInput = false } = activationKinds[name];
  const alpha = name === activation ? value : ((activation as unknown as Record<string, number>)[key] as number);
  return { name, kind: kernel, alpha, needsInput };
}
