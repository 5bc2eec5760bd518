import { isCustom, type Loss } from '../nn/losses.js';
import type { Metric } from '../nn/metrics/index.js';
import type { Network } from '../nn/network.js';
import type { Optimizer } from '../nn/optimizers/index.js';
import type { Layer } from '../nn/plan.js';
import { readBlock, readWeights } from '../nn/weights.js';
import { encode, type Tensor } from './safetensors.js';
import type { Sequential } from './sequential.js';
import type { Trainer } from './trainer.js';

/** What is in the metadata under 'simdense'. */
export interface Description {
  readonly version: 1;
  readonly name: string;
  readonly inputs: number;
  readonly seed: number;
  readonly layers: readonly Layer[];
  /** Without custom parts, which a file cannot hold. */
  readonly compile?: { optimizer: Optimizer; loss: Loss; metrics: readonly Metric[] };
  /** With the optimizer's state. */
  readonly training?: { iteration: number; moments: number; ownRate?: number };
}

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
