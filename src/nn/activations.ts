import * as numbers from '../../assembly/kinds.js';
import { atLeastZero, described, oneKind, refuse } from '../base/checks.js';

const { POSITIVE_INFINITY: INF } = Number;

/** What there is to say of an activation. */
interface ActivationKind {
  /** Number of its element-wise kernel; none for linear and softmax. */
  readonly kernel?: number;
  /** Between which numbers its outputs lie, by its parameter. */
  readonly range: (alpha: number) => readonly [low: number, high: number];
  /** Its parameter, and the default where only the activation is named. */
  readonly parameter?: readonly [name: string, value: number];
  /** Whether the derivative follows from the input and not from the output. */
  readonly needsInput?: true;
  /**
   * How kernels before it are drawn where nothing else is asked: by He for the relu family (He et al. 2015, arXiv 1502.01852), which keeps the variance through units of
   * which half are off; by Glorot for the rest (Glorot, Bengio 2010).
   */
  readonly initializer: 'heUniform' | 'glorotUniform';
  /** What other libraries call it. */
  readonly aliases?: string;
}

/** A new activation is a line here, a number in assembly/kinds.ts and its two branches in assembly/activation.ts. */
const kinds = {
  linear: { range: () => [-INF, INF], initializer: 'glorotUniform', aliases: 'identity none' },
  sigmoid: { kernel: numbers.SIGMOID, range: () => [0, 1], initializer: 'glorotUniform', aliases: 'logistic' },
  tanh: { kernel: numbers.TANH, range: () => [-1, 1], initializer: 'glorotUniform' },
  relu: { kernel: numbers.RELU, range: () => [0, INF], initializer: 'heUniform' },
  leakyRelu: {
    kernel: numbers.LEAKY_RELU,
    range: (slope) => [slope === 0 ? 0 : -INF, INF],
    parameter: ['slope', 0.01],
    initializer: 'heUniform',
    aliases: 'lrelu',
  },
  elu: { kernel: numbers.ELU, range: (alpha) => [-alpha, INF], parameter: ['alpha', 1], initializer: 'heUniform' },
  softplus: { kernel: numbers.SOFTPLUS, range: () => [0, INF], needsInput: true, initializer: 'heUniform' },
  // Its least value, at −1.278.
  silu: {
    kernel: numbers.SILU,
    range: () => [-0.27846454276, INF],
    needsInput: true,
    initializer: 'heUniform',
    aliases: 'swish',
  },
  // Its least value, at −0.752.
  gelu: { kernel: numbers.GELU, range: () => [-0.16997120748, INF], needsInput: true, initializer: 'heUniform' },
  softmax: { range: () => [0, 1], initializer: 'glorotUniform' },
} as const satisfies Record<string, ActivationKind>;

export type ActivationName = keyof typeof kinds;
/** `slope` 0.01 and `alpha` 1 where only named; gelu is the exact one, with erf. */
export type Activation = ActivationName | { type: 'leakyRelu'; slope: number } | { type: 'elu'; alpha: number };

/** The activations by name. */
export const activationKinds: Readonly<Record<ActivationName, ActivationKind>> = kinds;
export const activationNames = Object.keys(kinds) as readonly ActivationName[];

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
  if (typeof value === 'string') return oneKind(where, value, activationKinds);
  const { type } = (value ?? {}) as { type?: unknown };
  const parameter = typeof type === 'string' && Object.hasOwn(kinds, type) && activationKinds[type as 'elu'].parameter;
  if (parameter) return described<Activation & object>(where, value as object, { [parameter[0]]: [atLeastZero] });
  const objects = Object.entries<ActivationKind>(kinds).flatMap(([name, { parameter }]) =>
    parameter ? [`{ type: '${name}', ${parameter[0]} }`] : [],
  );
  return refuse(where, `one of ${activationNames.join(', ')}, or ${objects.join(' or ')}`, value);
}

export function activationKernel(activation: Activation): ActivationKernel {
  const name = typeof activation === 'string' ? activation : activation.type;
  const { kernel = -1, parameter: [key, value] = ['', 1], needsInput = false } = activationKinds[name];
  const { [key]: alpha = value } = activation as unknown as Record<string, number>;
  return { name, kind: kernel, alpha, needsInput };
}
