import * as numbers from '../../assembly/kinds.js';
import { oneOf, refuse } from '../base/checks.js';
import type { Aliases } from '../base/did-you-mean.js';
import type { ActivationName } from './activations.js';

/** The facts about a loss that other files need. */
interface LossKind {
  /** Number of its kernel. */
  readonly kernel: number;
  /** The only last activation that it works with, and the number of its kernel that takes logits. Absent if it works with any activation. */
  readonly behind?: readonly [activation: 'sigmoid' | 'softmax', fromLogits: number];
  /** Other names that other libraries use for it. */
  readonly aliases?: string;
}

/** The losses. A new one needs a line here, a number in assembly/kinds.ts, and a branch in assembly/loss.ts. */
const kinds = {
  meanSquaredError: { kernel: numbers.MEAN_SQUARED, aliases: 'mse l2 squarederror meansquared' },
  halfMeanSquaredError: { kernel: numbers.HALF_SQUARED, aliases: 'halfmse halfsquarederror' },
  meanAbsoluteError: { kernel: numbers.MEAN_ABSOLUTE, aliases: 'mae l1 absoluteerror meanabsolute' },
  huber: { kernel: numbers.HUBER, aliases: 'smoothl1' },
  logCosh: { kernel: numbers.LOG_COSH },
  binaryCrossentropy: {
    kernel: numbers.BINARY,
    behind: ['sigmoid', numbers.BINARY_LOGITS],
    aliases: 'bce bcewithlogits log',
  },
  categoricalCrossentropy: {
    kernel: numbers.CATEGORICAL,
    behind: ['softmax', numbers.CATEGORICAL_LOGITS],
    aliases: 'cce ce crossentropy sparsecategoricalcrossentropy softmaxcrossentropy nll',
  },
} as const satisfies Record<string, LossKind>;

export type LossName = keyof typeof kinds;
/** The losses by name. */
export const lossKinds: Readonly<Record<LossName, LossKind>> = kinds;
export const lossNames = /* @__PURE__ */ Object.keys(kinds) as readonly LossName[];
/**
 * A loss, by name or in JavaScript. All are means over the rows of the batch. halfMeanSquaredError is ½ · Σ_outputs (ŷ − y)² for each row, the 1/(2n) · Σ of
 * textbooks; meanSquaredError, meanAbsoluteError, huber (δ = 1), logCosh (log cosh(ŷ − y)) and binaryCrossentropy are also means over the outputs. binaryCrossentropy
 * requires 'sigmoid' in the last layer, categoricalCrossentropy 'softmax' or 'logSoftmax' (see nn/pairs.ts); both are computed from the logits or from logarithms, and take targets
 * anywhere in [0, 1].
 */
export type Loss = LossName | CustomLoss;

/** A custom loss, in JavaScript. */
export interface CustomLoss {
  readonly name: string;
  /**
   * Returns the mean loss of the batch and fills `gradient` with its derivatives by `predicted`. All arrays are rows × outputs, row-major. `weights` has the weight
   * of each row, if the caller gives weights; a function without this parameter refuses weights.
   */
  compute(
    target: Float32Array,
    predicted: Float32Array,
    gradient: Float32Array,
    rows: number,
    outputs: number,
    weights?: Float32Array,
  ): number;
}

export interface LossKernel {
  readonly kind: number;
  /** Whether it takes logits instead of the last activation's output, and overwrites them with the probabilities. */
  readonly fused: boolean;
}

/** Throws SimdenseError 'ARGUMENT' for an unknown loss. */
export const checkLoss = (where: string, loss: unknown): Loss =>
  nameOrCustom<LossName, CustomLoss>(where, loss, lossNames, lossKinds);

/** A name, or a custom loss or metric. Throws SimdenseError 'ARGUMENT' for anything else. */
export function nameOrCustom<Name extends string, Custom extends { name: string; compute: unknown }>(
  where: string,
  value: unknown,
  names: readonly Name[],
  aliases: Aliases,
): Name | Custom {
  if (isCustom<Custom>(value)) return value;
  const { name, compute } = (value ?? {}) as Partial<Custom>;
  if (typeof compute === 'function') refuse(`${where}: name`, 'a name beside compute', name);
  return oneOf(where, value, names, aliases);
}

/** Whether a value is a custom loss or metric. */
export function isCustom<T extends { name: string; compute: unknown }>(value: unknown): value is T {
  const { name, compute } = (value ?? {}) as Partial<T>;
  return typeof value === 'object' && typeof name === 'string' && name !== '' && typeof compute === 'function';
}

/** Checks what `compute` returned. Throws SimdenseError 'ARGUMENT' unless it is a number; an async function, for example, returns a promise. */
export function computed(where: string, value: unknown): number {
  if (typeof value !== 'number') refuse(where, 'compute to return a number at once', value);
  return value;
}

/** The kernel of a loss, for a network whose last activation is `activation`; it is also `last` if the loss can be computed from that step's input. */
export function lossKernel(
  loss: LossName,
  last: 'softmax' | 'sigmoid' | undefined,
  activation?: ActivationName,
): LossKernel {
  const { kernel, behind } = lossKinds[loss];
  const fused = behind !== undefined && behind[0] === last;
  const ofLogs = behind?.[0] === 'softmax' && activation === 'logSoftmax';
  return { kind: fused ? behind[1] : ofLogs ? numbers.CATEGORICAL_LOGS : kernel, fused };
}
