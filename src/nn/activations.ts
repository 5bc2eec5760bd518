import * as numbers from '../../assembly/kinds.js';
import { atLeastZero, described, oneOf, refuse } from '../base/checks.js';

/** What the package knows about an activation. */
interface ActivationKind {
  /** Number of its element-wise kernel; none for linear and softmax. */
  readonly kernel?: number;
  /** Its parameter, and the default where only the activation is named. */
  readonly parameter?: readonly [name: string, value: number];
  /** Whether the derivative follows from the input and not from the output. */
  readonly needsInput?: true;
  /**
   * Whether kernels before it are drawn by He's rule where nothing else is asked (He et al. 2015, arXiv 1502.01852): it keeps the variance through units of which half
   * are off. By Glorot's for the rest (Glorot, Bengio 2010).
   */
  readonly he?: true;
  /** What other libraries call it. */
  readonly aliases?: string;
}

/** A new activation is a line here, a number in assembly/kinds.ts and its file in assembly/activations; the compiler names what else must know it. */
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
  softmax: {},
} as const satisfies Record<string, ActivationKind>;

export type ActivationName = keyof typeof kinds;
/** `slope` 0.01 and `alpha` 1 where only named; gelu is the exact one, with erf. */
export type Activation = ActivationName | { type: 'leakyRelu'; slope: number } | { type: 'elu'; alpha: number };

/** The activations by name. */
export const activationKinds: Readonly<Record<ActivationName, ActivationKind>> = kinds;
export const activationNames = Object.keys(kinds) as readonly ActivationName[];

/** How the kernel before an activation is drawn where nothing else is asked. */
export const initializerBefore = (activation: Activation): 'heUniform' | 'glorotUniform' =>
  activationKinds[activationKernel(activation).name].he ? 'heUniform' : 'glorotUniform';

/** An activation as the kernels take it. */
export interface ActivationKernel {
  readonly name: ActivationName;
  /** Number of the element-wise kernel, −1 for linear and softmax. */
  readonly kind: number;
  readonly alpha: number;
  /** Whether the derivative follows from the input and not from the output. */
  readonly needsInput: boolean;
}

/** A frozen copy, its default written out; throws SimdenseError 'ARGUMENT'. */
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
  const { [key]: alpha = value } = activation as unknown as Record<string, number>;
  return { name, kind: kernel, alpha, needsInput };
}
