import { refuse } from '../../base/checks.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { type Adagrad, adagrad, adagradKind } from './adagrad.js';
import { type Adam, type Adamw, adam, adamKind, adamw, adamwKind } from './adam.js';
import { type Lion, lion, lionKind } from './lion.js';
import type { OptimizerKind } from './optimizer.js';
import { type Rmsprop, rmsprop, rmspropKind } from './rmsprop.js';
import { type Sgd, sgd, sgdKind } from './sgd.js';

/** The description of an optimizer: a plain, frozen object, which survives JSON. */
export type Optimizer = Sgd | Adam | Adamw | Rmsprop | Adagrad | Lion;
export type OptimizerType = Optimizer['type'];

/** The kinds of optimizers by type. A new optimizer needs one line here and one in the type above. */
const kinds: { readonly [type in OptimizerType]: OptimizerKind<Extract<Optimizer, { type: type }>> } = {
  sgd: sgdKind,
  adam: adamKind,
  adamw: adamwKind,
  rmsprop: rmspropKind,
  adagrad: adagradKind,
  lion: lionKind,
};
export const optimizerTypes = /* @__PURE__ */ Object.keys(kinds) as readonly OptimizerType[];

/** A checked copy of an optimizer; a name stands for the optimizer with its defaults. Throws SimdenseError 'ARGUMENT'. */
export function checkOptimizer(where: string, value: unknown): Optimizer {
  const optimizer = typeof value === 'string' ? { type: value } : (value as Optimizer | undefined);
  const type = optimizer?.type;
  if (typeof type !== 'string' || !Object.hasOwn(kinds, type)) {
    const hint = didYouMean(type, optimizerTypes, { sgd: 'momentum gd gradientdescent' });
    return refuse(where, `an optimizer such as adam(), or one of ${optimizerTypes.join(', ')}`, type ?? value, hint);
  }
  return optimizerKind(optimizer as Optimizer).check(optimizer as Optimizer);
}

export const optimizerKind = ({ type }: Optimizer) => kinds[type] as OptimizerKind<Optimizer>;

export { adagrad, adam, adamw, lion, rmsprop, sgd };
