import { options } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../nn/network.js';
import { writeBlock, writeWeights } from '../nn/weights.js';
import { type Description, readModel, type SavedModel } from './description.js';
import { Sequential } from './sequential.js';
import type { Trainer } from './trainer.js';

/**
 * A model from what `save` gave, compiled as it was unless its loss was a custom one. Throws SimdenseError 'FORMAT' for anything else, and
 * 'ARGUMENT' for a description that cannot be built; what a file claims is checked against its bytes before anything is allocated.
 */
export function loadModel(bytes: Uint8Array, o?: { engine?: Engine }): Sequential {
  const { engine } = options('loadModel', o, ['engine']);
  const { name, inputs, seed, layers, compile, training, weights, moments } = readModel('loadModel', bytes);
  const model = new Sequential({ name, inputs, seed, layers, ...(engine === undefined ? {} : { engine }) });
  try {
    if (compile) model.compile(compile);
    const { network, trainer } = model.bound;
    writeWeights('loadModel', network, weights, 'FORMAT');
    if (trainer && training) restoreTraining(network, trainer, training, moments);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function restoreTraining(
  network: Network,
  trainer: Trainer,
  { iteration, moments, ownRate }: NonNullable<Description['training']>,
  tensors: SavedModel['moments'],
): void {
  if (!Number.isSafeInteger(iteration) || iteration < 0)
    throw new SimdenseError('FORMAT', `loadModel: ${iteration} updates`);
  trainer.iteration = iteration;
  if (ownRate !== undefined) trainer.ownRate = ownRate;
  // Without a parameter nothing in the file vouches for the width that it claims, and there is nothing to restore.
  if (network.trainedFloats === 0) return;
  trainer.reserve(1, true);
  // Nothing was kept where no update had been made.
  if (moments !== 0 && moments !== trainer.moments.length) {
    throw new SimdenseError('FORMAT', `loadModel: ${moments} moments, the optimizer has ${trainer.moments.length}`);
  }
  for (let i = 0; i < moments; i++) {
    const own = network.parameters.filter(({ plan }) => plan.trained !== false);
    for (const { path, shape } of own) {
      const tensor = tensors.get(`optimizer/${i}/${path}`);
      if (!tensor || tensor.shape.join() !== shape.join()) {
        throw new SimdenseError('FORMAT', `loadModel: "optimizer/${i}/${path}" is missing, or of another shape`);
      }
    }
    writeBlock('loadModel', network, trainer.moments[i] as number, tensors, `optimizer/${i}/`);
  }
}
