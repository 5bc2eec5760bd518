import { positiveInteger, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readPart } from '../base/written.js';
import type { Layer } from '../nn/layers/index.js';
import { checkLayer } from '../nn/layers/index.js';
import type { Loss } from '../nn/losses.js';
import type { Metric } from '../nn/metrics/index.js';
import { planLayers } from '../nn/network.js';
import type { Optimizer } from '../nn/optimizers/index.js';
import { checkWeights, sizeOf } from '../nn/weights.js';
import { decode, type Metadata, type Tensor } from './safetensors.js';

/** What is in a saved model's metadata under 'simdense'. */
export interface Description {
  readonly version: 1;
  readonly name: string;
  readonly inputs: number;
  readonly seed: number;
  readonly layers: readonly Layer[];
  /** Without custom parts, which a file cannot hold. */
  readonly compile?: { optimizer: Optimizer; loss: Loss; metrics: readonly Metric[] };
  /** With the optimizer's state. */
  readonly training?: TrainingDescription;
}

/** Epochs that a model may have been trained for: their number is drawn with, in 32 bits. */
export const MOST_EPOCHS = 2 ** 32;

/** Where a run was left. */
export interface TrainingDescription {
  readonly iteration: number;
  readonly moments: number;
  /** The optimizer, where compile has to give a loss or metric in JavaScript again. */
  readonly optimizer?: Optimizer;
  /** Finished epochs and batches learnt from; not in files of version 0.1.0. */
  readonly epochs?: number;
  readonly steps?: number;
  /** What callbacks have set, where the file was saved during a run. */
  readonly ownRate?: number;
  readonly rateFactor?: number;
  /** What each callback knows, and the names of the weights that it keeps: tensors named callbacks/NUMBER/NAME/… */
  readonly callbacks?: readonly ({ readonly data: unknown; readonly weights?: readonly string[] } | null)[];
}

/** A saved model as it lies in its file: its layers checked, its weights apart from what an optimizer has gathered. */
export interface SavedModel extends Description {
  readonly weights: ReadonlyMap<string, Tensor>;
  /** Of the optimizer and the callbacks: 'optimizer/0/dense/kernel', 'callbacks/0/dense/kernel'. */
  readonly gathered: ReadonlyMap<string, Tensor>;
  readonly metadata: Metadata;
}

/** A layer's own tensors have one slash, so a layer may be called optimizer. */
const GATHERED = /^(optimizer|callbacks)\/\d+\//;

/**
 * What `save` gave. Throws SimdenseError 'FORMAT' for anything else, and 'ARGUMENT' for layers that cannot be built; what the file claims is
 * checked against its bytes before anything is allocated.
 */
export function readModel(where: string, bytes: Uint8Array): SavedModel {
  let description = {} as Description;
  const { tensors, metadata } = decode(toBytes(`${where}(bytes)`, bytes), (first) => {
    const missing = 'the file has no description of a simdense model';
    const part = readPart(where, first, 'simdense', missing, 1, ({ layers }) => Array.isArray(layers));
    description = part as unknown as Description;
  });
  const layers = description.layers.map((layer, i) => checkLayer(`${where}: layers[${i}]`, layer));
  const gathered = new Map<string, Tensor>();
  for (const [path, tensor] of tensors) {
    if (!GATHERED.test(path)) continue;
    gathered.set(path, tensor);
    tensors.delete(path);
  }
  checkParameters(where, description.inputs, layers, tensors, bytes.length);
  return { ...description, layers, weights: tensors, gathered, metadata };
}

/**
 * Refuses a description whose parameters are not the file's weights, by name and shape, before their memory is taken. With a parameter the bytes
 * vouch for every width of the network: a width only changes at a kernel, which has both.
 */
function checkParameters(
  where: string,
  inputs: number,
  layers: readonly Layer[],
  weights: SavedModel['weights'],
  bytes: number,
): void {
  const { parameters } = planLayers(positiveInteger(`${where}: inputs`, inputs), layers);
  const numbers = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (numbers * 4 > bytes) {
    throw new SimdenseError('FORMAT', `${where}: ${numbers} parameters do not fit in a file of ${bytes} bytes`);
  }
  checkWeights(where, parameters, weights, 'FORMAT');
}
