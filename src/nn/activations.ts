import { atLeastZero, described, oneOf, refuse } from '../base/checks.js';

/** Activations by number in assembly/activation.ts; linear and softmax are not element-wise kernels. */
const elementwise = ['sigmoid', 'tanh', 'relu', 'leakyRelu', 'elu', 'softplus', 'silu', 'gelu'] as const;
export const activationNames = ['linear', ...elementwise, 'softmax'] as const;

export type ActivationName = (typeof activationNames)[number];
/** `slope` 0.01 and `alpha` 1 where only named; gelu is the exact one, with erf. */
export type Activation = ActivationName | { type: 'leakyRelu'; slope: number } | { type: 'elu'; alpha: number };

/** An activation as the kernels take it. */
export interface ActivationKernel {
  readonly name: ActivationName;
  /** Number of the element-wise kernel, −1 for linear and softmax. */
  readonly kind: number;
  readonly alpha: number;
  /** Whether the derivative follows from the input and not from the output. */
  readonly needsInput: boolean;
}

const aliases = { silu: 'swish', sigmoid: 'logistic', linear: 'identity none', leakyRelu: 'lrelu' };

/** A frozen copy, its default written out; throws SimdenseError 'ARGUMENT'. */
export function checkActivation(where: string, value: unknown): Activation {
  if (typeof value === 'string') {
    return oneOf(where, value, activationNames, aliases);
  }
  const { type } = (value ?? {}) as { type?: unknown };
  if (type === 'leakyRelu') return described<Activation & object>(where, value as object, { slope: [atLeastZero] });
  if (type === 'elu') return described<Activation & object>(where, value as object, { alpha: [atLeastZero] });
  return refuse(
    where,
    `one of ${activationNames.join(', ')}, or { type: 'leakyRelu', slope } or { type: 'elu', alpha }`,
    value,
  );
}

export function activationKernel(activation: Activation): ActivationKernel {
  const name = typeof activation === 'string' ? activation : activation.type;
  let alpha = name === 'leakyRelu' ? 0.01 : 1;
  if (typeof activation === 'object') alpha = activation.type === 'leakyRelu' ? activation.slope : activation.alpha;
  const kind = (elementwise as readonly string[]).indexOf(name);
  return { name, kind, alpha, needsInput: name === 'softplus' || name === 'silu' || name === 'gelu' };
}
