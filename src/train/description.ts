import { isRecord, positiveInteger, show, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readPart } from '../base/written.js';
import type { Layer } from '../nn/layers/index.js';
import { checkLayer } from '../nn/layers/index.js';
import type { Loss } from '../nn/losses.js';
import type { Metric } from '../nn/metrics/index.js';
import { type LayerRates, planLayers } from '../nn/network.js';
import type { Optimizer } from '../nn/optimizers/index.js';
import { checkWeights, sizeOf } from '../nn/weights.js';
import { decode, isCount, type Metadata, type Tensor } from './safetensors.js';

/** The entry 'simdense' in the metadata of a saved model. */
export interface Description {
  readonly version: 1;
  readonly name: string;
  readonly inputs: number;
  readonly seed: number;
  readonly layers: readonly Layer[];
  /** Absent if the loss is a custom one, which a file cannot hold. Custom metrics are left out. */
  readonly compile?: { optimizer: Optimizer; loss: Loss; metrics: readonly Metric[]; layerRates?: LayerRates };
  /** The state of the run; only if the model was saved with `optimizer`. */
  readonly training?: TrainingDescription;
}

/** The most epochs that a model can be trained for: random draws depend on the epoch's number, which has 32 bits. */
export const MOST_EPOCHS = 2 ** 32;

/** The state of a run when it was saved. */
export interface TrainingDescription {
  readonly iteration: number;
  /** Number of the optimizer's moments: tensors named optimizer/NUMBER/… */
  readonly moments: number;
  /** The optimizer and the factors on its rate, if the loss or a metric is a custom one: the run is restored when compile gets them again. */
  readonly optimizer?: Optimizer;
  readonly layerRates?: LayerRates;
  /** Finished epochs, and batches trained on; absent in files of version 0.1.0. */
  readonly epochs?: number;
  readonly steps?: number;
  /** The learning rate and factor that callbacks have set, if the file was saved during a run. */
  readonly ownRate?: number;
  readonly rateFactor?: number;
  /** The state of each callback, and the names of its sets of weights: tensors named callbacks/NUMBER/NAME/… */
  readonly callbacks?: readonly ({ readonly data: unknown; readonly weights?: readonly string[] } | null)[];
}

/** The contents of a model's file: the layers are checked, and the weights are separate from the state of the run. */
export interface SavedModel extends Description {
  readonly weights: ReadonlyMap<string, Tensor>;
  /** Tensors of the optimizer and the callbacks, such as 'optimizer/0/dense/kernel' and 'callbacks/0/best/dense/kernel'. */
  readonly gathered: ReadonlyMap<string, Tensor>;
  readonly metadata: Metadata;
}

/** Names of weights have only one slash, so a layer may be named optimizer. */
const GATHERED = /^(optimizer|callbacks)\/\d+\//;

export const isSound = ({ layers, name, seed, compile = {}, training = {} }: Record<string, unknown>): boolean =>
  Array.isArray(layers) && typeof name === 'string' && isCount(seed) && [compile, training].every(isRecord);

/** Throws SimdenseError 'FORMAT' unless a part of a file is what `save` writes of the checked one: a file without a field would get the field's default. */
export function checkWhole(where: string, name: string, given: unknown, checked: unknown): void {
  if (JSON.stringify(given) !== JSON.stringify(checked))
    throw new SimdenseError('FORMAT', `${where}: its part ${show(name)} is not as simdense writes it`);
}

/**
 * Reads a file that `save` has written. Throws SimdenseError 'FORMAT' for anything else, and 'ARGUMENT' for layers that cannot be built. The
 * description is checked against the file's size before anything is allocated.
 */
export function readModel(where: string, bytes: Uint8Array): SavedModel {
  let description = {} as Description;
  const { tensors, metadata } = decode(
    toBytes(`${where}(bytes)`, bytes),
    (first) => {
      const missing = 'the file has no description of a simdense model';
      const part = readPart(where, first, 'simdense', missing, 1, isSound);
      description = part as unknown as Description;
    },
    where,
  );
  const layers = description.layers.map((layer, i) => checkLayer(`${where}: layers[${i}]`, layer));
  const gathered = new Map<string, Tensor>();
  for (const [path, tensor] of tensors) {
    if (!GATHERED.test(path)) continue;
    gathered.set(path, tensor);
    tensors.delete(path);
  }
  checkParameters(where, description.inputs, layers, tensors, bytes.length);
  checkWhole(where, 'layers', description.layers, layers);
  return { ...description, layers, weights: tensors, gathered, metadata };
}

/**
 * Throws unless the parameters of the layers are the file's weights, by name and shape. So a small file cannot claim a wide network, whose memory
 * would be allocated: a width changes only at a kernel, which the file must contain. (A network without parameters has no such check.)
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
