import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readBlock, type WeightSet } from '../nn/weights.js';
import type { Sequential } from '../train/sequential.js';
import { checkModel } from './check-model.js';

/** Copies of the derivatives that the last update used, after clipping, by 'layer/variable' and in the weights' shapes. Throws SimdenseError 'STATE' before the first. */
export function gradientsOf(m: Sequential): WeightSet {
  noMore('gradientsOf', arguments, 1);
  checkModel('gradientsOf', m);
  const { network, trainer } = m.bound;
  if (!trainer || trainer.iteration === 0)
    throw new SimdenseError('STATE', 'gradientsOf: the model has not been trained; there are none yet');
  return readBlock(network, network.gradients);
}
