import { atLeastZero, options } from '../base/checks.js';

/** A penalty added to the loss: l1 · Σ|w| + l2 · Σw². */
export type Regularizer = { readonly l1?: number; readonly l2?: number };

/** A checked, frozen copy of a regularizer. Throws SimdenseError 'ARGUMENT'. */
export function checkRegularizer(where: string, value: unknown): Regularizer {
  const { l1 = 0, l2 = 0 } = options(where, value as Regularizer, ['l1', 'l2']);
  return Object.freeze({ l1: atLeastZero(`${where}: l1`, l1), l2: atLeastZero(`${where}: l2`, l2) });
}
