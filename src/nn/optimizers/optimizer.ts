import { type Parts, positiveNumber } from '../../base/checks.js';
import type { Engine } from '../../engine/engine.js';
import type { Address } from '../../engine/kernels.js';
import { checkSchedule, type Schedule } from '../schedules.js';

/** Limits on gradients before an update: first on each value, then on the norm of all together. */
export interface Clip {
  /** The largest norm of all gradients together, as in torch.nn.utils.clip_grad_norm_; no limit by default. */
  clipNorm?: number;
  /** The largest magnitude of one gradient value; no limit by default. */
  clipValue?: number;
}

/** The part that every optimizer's description has. Descriptions are plain, frozen objects, which survive JSON. */
export interface OptimizerBase<Type extends string = string> extends Readonly<Clip> {
  readonly type: Type;
  readonly learningRate: Schedule;
}

/** Names that other libraries use for an option. */
export const theirs = { learningRate: 'lr' };

/** The options that all optimizers share. `rate` is the default learning rate. */
export const commonParts = (rate: number): Parts => ({
  learningRate: [checkSchedule, rate],
  clipNorm: [positiveNumber, null],
  clipValue: [positiveNumber, null],
});

/** Updates all trained parameters once. `t` counts the updates from 1. */
export type Update = (learningRate: number, t: number) => void;

/** How an optimizer is checked and bound to kernels. */
export interface OptimizerKind<O extends OptimizerBase> {
  /** A checked, frozen copy of the description. */
  check(optimizer: O): O;
  /** Number of blocks, each as large as all trained parameters, that the optimizer keeps between updates. */
  moments(optimizer: O): number;
  bind(
    optimizer: O,
    engine: Engine,
    floats: number,
    values: Address,
    gradients: Address,
    moments: readonly Address[],
  ): Update;
}
