import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readBlock, type WeightSet } from '../nn/weights.js';
import type { Sequential } from '../train/sequential.js';
import { checkModel } from './check-model.js';
import { learning } from './look.js';

/**
 * Returns copies of the gradients that the last update used, after clipping.
 *
 * @param m A model that has been trained for at least one update.
 * @returns The gradients by 'layer/variable', in the shapes of the weights. Frozen layers have none.
 * @throws SimdenseError 'STATE' before the first update.
 * @throws SimdenseError 'ARGUMENT' for anything but a model, 'DISPOSED' for a disposed one.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { gradientsOf } from 'simdense/diagnose';
 *
 * const layers = [dense({ units: 1, kernelInitializer: 'zeros' })];
 * const model = sequential({ inputs: 1, layers }).compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
 * model.trainOnBatch([[2]], [3]);
 * // The derivative of (0·2 + 0 − 3)² by the kernel: 2 · (−3) · 2.
 * gradientsOf(model).get('dense/kernel')?.data; // [-12]
 */
export function gradientsOf(m: Sequential): WeightSet {
  noMore('gradientsOf', arguments, 1);
  checkModel('gradientsOf', m);
  const { network, trainer } = m.bound;
  if (!trainer || trainer.iteration === 0)
    throw new SimdenseError('STATE', 'gradientsOf: the model has not been trained; there are none yet');
  const gradients = readBlock(network, network.gradients);
  const trained = new Set(learning(m.bound).map(({ path }) => path));
  return new Map([...gradients].filter(([path]) => trained.has(path)));
}
