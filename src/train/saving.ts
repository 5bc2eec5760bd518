import { isCustom } from '../nn/losses.js';
import type { Network } from '../nn/network.js';
import { readBlock, readWeights } from '../nn/weights.js';
import type { Description } from './description.js';
import { encode, type Tensor } from './safetensors.js';
import type { Sequential } from './sequential.js';
import type { Trainer } from './trainer.js';

export function saveModel(
  model: Sequential,
  network: Network,
  trainer: Trainer | undefined,
  withOptimizer: boolean,
): Uint8Array {
  const { name, inputs, seed, layers } = model;
  const tensors = new Map<string, Tensor>(readWeights(network));
  let state: Pick<Description, 'compile' | 'training'> = {};
  if (trainer) {
    const { optimizer, loss, metrics, iteration, ownRate, moments } = trainer;
    const plain = metrics.filter((metric) => !isCustom(metric));
    if (!isCustom(loss)) state = { compile: { optimizer, loss, metrics: plain } };
    if (withOptimizer) {
      state = {
        ...state,
        training: { iteration, moments: moments.length, ...(ownRate === undefined ? {} : { ownRate }) },
      };
      for (const [i, block] of moments.entries()) {
        for (const [path, tensor] of readBlock(network, block)) tensors.set(`optimizer/${i}/${path}`, tensor);
      }
    }
  }
  const description: Description = { version: 1, name, inputs, seed, layers, ...state };
  return encode(tensors, { format: 'simdense', simdense: JSON.stringify(description) });
}
