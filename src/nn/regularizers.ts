import { atLeastZero, options } from '../base/checks.js';

/** l1·Σ|w| + l2·Σw², added to the loss. */
export type Regularizer = { readonly l1?: number; readonly l2?: number };

/** A frozen copy under `key`, or nothing where none is given; throws SimdenseError 'ARGUMENT'. */
export function checkRegularizer<K extends string>(
  where: string,
  key: K,
  value: unknown,
): { [key in K]?: Regularizer } {
  if (value === undefined) return {};
  const { l1 = 0, l2 = 0 } = options(`${where}(${key})`, value as Regularizer, ['l1', 'l2']);
  const checked = Object.freeze({
    l1: atLeastZero(`${where}(${key}): l1`, l1),
    l2: atLeastZero(`${where}(${key}): l2`, l2),
  });
  return { [key]: checked } as { [key in K]?: Regularizer };
}
