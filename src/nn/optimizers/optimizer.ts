import type { Engine } from '../../engine/engine.js';
import type { Address } from '../../engine/kernels.js';

/** An update rule is a plain, frozen, JSON-serialisable description. */
export type Optimizer = { readonly type: string; readonly learningRate: number };

/** One update of all parameters; `t` counts the updates from 1. */
export type Update = (learningRate: number, t: number) => void;

export interface OptimizerKind {
  /** The description, checked and frozen again. */
  check(optimizer: Optimizer): Optimizer;
  /** Blocks of the parameters' size that the rule keeps between updates. */
  moments(optimizer: Optimizer): number;
  bind(
    optimizer: Optimizer,
    engine: Engine,
    floats: number,
    values: Address,
    gradients: Address,
    moments: readonly Address[],
  ): Update;
}

/** baseⁿ by squaring: n is a whole number, and the same bits come out in every runtime, which Math.pow does not promise. */
export function integerPower(base: number, n: number): number {
  let result = 1;
  let square = base;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
