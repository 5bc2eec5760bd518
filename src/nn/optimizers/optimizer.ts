import { type Parts, positiveNumber } from '../../base/checks.js';
import type { Engine } from '../../engine/engine.js';
import type { Address } from '../../engine/kernels.js';
import { checkSchedule, type Schedule } from '../schedules.js';

/** How gradients are kept small before an update: each by its value first, then all together by their norm. */
export interface Clip {
  /** Most that the norm of all gradients together may be; no limit. As torch.nn.utils.clip_grad_norm_. */
  clipNorm?: number;
  /** Most that one number may be, either sign; no limit. */
  clipValue?: number;
}

/** What every update rule's description has: it is plain, frozen and JSON-serialisable. */
export interface OptimizerBase<Type extends string = string> extends Readonly<Clip> {
  readonly type: Type;
  readonly learningRate: Schedule;
}

/** What other libraries call an option of ours. */
export const theirs = { learningRate: 'lr' };

/** The parts that all rules have; `rate` is the default of the learning rate. */
export const commonParts = (rate: number): Parts => ({
  learningRate: [checkSchedule, rate],
  clipNorm: [positiveNumber, null],
  clipValue: [positiveNumber, null],
});

/** One update of all parameters; `t` counts the updates from 1. */
export type Update = (learningRate: number, t: number) => void;

/** How an update rule is checked and bound to kernels. */
export interface OptimizerKind<O extends OptimizerBase> {
  /** The description, checked and frozen again. */
  check(optimizer: O): O;
  /** Blocks of the parameters' size that the rule keeps between updates. */
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
