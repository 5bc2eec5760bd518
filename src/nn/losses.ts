import { oneOf, refuse } from '../base/checks.js';

/** Losses by number in assembly/loss.ts; the last two are the crossentropies from logits. */
const kernels = [
  'meanSquaredError',
  'halfMeanSquaredError',
  'meanAbsoluteError',
  'huber',
  'binaryCrossentropy',
  'categoricalCrossentropy',
  'binaryCrossentropyLogits',
  'categoricalCrossentropyLogits',
] as const;
export const lossNames = kernels.slice(0, 6) as readonly LossName[];

export type LossName = Exclude<(typeof kernels)[number], `${string}Logits`>;
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

/** What other libraries call them. */
const aliases: Readonly<Record<LossName, string>> = {
  meanSquaredError: 'mse l2 squarederror meansquared',
  halfMeanSquaredError: 'halfmse halfsquarederror',
  meanAbsoluteError: 'mae l1 absoluteerror meanabsolute',
  huber: 'smoothl1',
  binaryCrossentropy: 'bce bcewithlogits log',
  categoricalCrossentropy: 'cce ce crossentropy sparsecategoricalcrossentropy softmaxcrossentropy nll',
};

/** Throws SimdenseError 'ARGUMENT' for an unknown loss. */
export function checkLoss(where: string, loss: unknown): Loss {
  if (isCustom<CustomLoss>(loss)) return loss;
  return oneOf(where, loss, lossNames, aliases);
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
  const fused =
    (loss === 'categoricalCrossentropy' && last === 'softmax') || (loss === 'binaryCrossentropy' && last === 'sigmoid');
  return { kind: kernels.indexOf(fused ? (`${loss}Logits` as (typeof kernels)[number]) : loss), fused };
}
