import * as numbers from '../../assembly/kinds.js';
import { oneOf, refuse } from '../base/checks.js';

/** What the package knows about a loss. */
interface LossKind {
  /** Number of its kernel. */
  readonly kernel: number;
  /** The one activation of the last layer that it takes, and its kernel from what that activation takes: from logits. Others take any. */
  readonly behind?: readonly [activation: 'sigmoid' | 'softmax', fromLogits: number];
  /** What other libraries call it. */
  readonly aliases: string;
}

/** A new loss is a line here, a number in assembly/kinds.ts and its branch in assembly/loss.ts. */
const kinds = {
  meanSquaredError: { kernel: numbers.MEAN_SQUARED, aliases: 'mse l2 squarederror meansquared' },
  halfMeanSquaredError: { kernel: numbers.HALF_SQUARED, aliases: 'halfmse halfsquarederror' },
  meanAbsoluteError: { kernel: numbers.MEAN_ABSOLUTE, aliases: 'mae l1 absoluteerror meanabsolute' },
  huber: { kernel: numbers.HUBER, aliases: 'smoothl1' },
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
 * Means over the batch. halfMeanSquaredError is ½·Σ_outputs (ŷ−y)² a row, the 1/(2n)·Σ of textbooks; meanSquaredError,
 * meanAbsoluteError, huber (δ = 1) and binaryCrossentropy also mean over the outputs. A crossentropy is computed from the logits:
 * binaryCrossentropy of 'sigmoid', categoricalCrossentropy of 'softmax' in the last layer, which nn/pairs.ts asks for. Both take
 * targets anywhere in [0, 1].
 */
export type Loss = LossName | CustomLoss;

/** A loss in JavaScript. */
export interface CustomLoss {
  readonly name: string;
  /**
   * Returns the mean loss of the batch and fills `gradient` with its derivative by `predicted`; all rows × outputs, row-major. `weights` is what each row weighs,
   * if the caller weighs them: without this parameter weights are refused.
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
  /** Takes logits in place of the last activation's output, and leaves the probabilities there. */
  readonly fused: boolean;
}

/** Throws SimdenseError 'ARGUMENT' for an unknown loss. */
export function checkLoss(where: string, loss: unknown): Loss {
  if (isCustom<CustomLoss>(loss)) return loss;
  return oneOf(where, loss, lossNames, lossKinds);
}

/** Whether this is a loss or metric of the user's. */
export function isCustom<T extends { name: string; compute: unknown }>(value: unknown): value is T {
  const { name, compute } = (value ?? {}) as Partial<T>;
  return typeof value === 'object' && typeof name === 'string' && name !== '' && typeof compute === 'function';
}

/** What compute returned. Throws SimdenseError 'ARGUMENT' for what is no number, such as the promise of an async function. */
export function computed(where: string, value: unknown): number {
  if (typeof value !== 'number') refuse(where, 'compute to return a number at once', value);
  return value;
}

/** The kernel for a loss behind a network whose last activation is `last`. */
export function lossKernel(loss: LossName, last: 'softmax' | 'sigmoid' | undefined): LossKernel {
  const { kernel, behind } = lossKinds[loss];
  const fused = behind !== undefined && behind[0] === last;
  return { kind: fused ? behind[1] : kernel, fused };
}
