import { refuse } from '../../base/checks.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { adagrad, adagradKind } from './adagrad.js';
import { adam, adamKind, adamw } from './adam.js';
import type { Optimizer, OptimizerKind } from './optimizer.js';
import { rmsprop, rmspropKind } from './rmsprop.js';
import { sgd, sgdKind } from './sgd.js';

/** The rules by type; a new one is one line. */
const kinds: Readonly<Record<string, OptimizerKind>> = {
  sgd: sgdKind,
  adam: adamKind,
  adamw: adamKind,
  rmsprop: rmspropKind,
  adagrad: adagradKind,
};

/** An optimizer, or the name of one with its defaults. Throws SimdenseError 'ARGUMENT'. */
export function checkOptimizer(where: string, value: unknown): Optimizer {
  const optimizer = typeof value === 'string' ? { type: value } : (value as Optimizer | undefined);
  const type = optimizer?.type;
  if (typeof type !== 'string' || !Object.hasOwn(kinds, type)) {
    const names = Object.keys(kinds);
    const hint = didYouMean(type, names, { sgd: 'momentum gd gradientdescent' });
    return refuse(where, `an optimizer such as adam(), or one of ${names.join(', ')}`, type ?? value, hint);
  }
  return optimizerKind(optimizer as Optimizer).check(optimizer as Optimizer);
}

export function optimizerKind(optimizer: Optimizer): OptimizerKind {
  return kinds[optimizer.type] as OptimizerKind;
}

export type { Optimizer };
export { adagrad, adam, adamw, rmsprop, sgd };
