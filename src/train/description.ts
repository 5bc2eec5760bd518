import { isRecord, positiveInteger } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { checkLayer, planLayer } from '../nn/layers/index.js';
import type { Loss } from '../nn/losses.js';
import type { Metric } from '../nn/metrics/index.js';
import { layerNames } from '../nn/names.js';
import type { Parameter } from '../nn/network.js';
import type { Optimizer } from '../nn/optimizers/index.js';
import type { Layer } from '../nn/plan.js';
import { checkWeights } from '../nn/weights.js';
import { decode, type Tensor } from './safetensors.js';

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
  readonly training?: { iteration: number; moments: number; ownRate?: number };
}

/** A saved model as it lies in its file: its layers checked, its weights apart from what an optimizer has gathered. */
export interface SavedModel extends Description {
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly moments: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const OPTIMIZER = 'optimizer/';

/**
 * What `save` gave. Throws SimdenseError 'FORMAT' for anything else, and 'ARGUMENT' for layers that cannot be built; what the file claims is
 * checked against its bytes before anything is allocated.
 */
export function readModel(where: string, bytes: Uint8Array): SavedModel {
  if (!(bytes instanceof Uint8Array)) throw new SimdenseError('ARGUMENT', `${where}(bytes): expected a Uint8Array`);
  const { tensors, metadata } = decode(bytes);
  const description = parseDescription(where, metadata['simdense']);
  const layers = description.layers.map((layer, i) => checkLayer(`${where}: layers[${i}]`, layer));
  const moments = new Map<string, Tensor>();
  for (const [path, tensor] of tensors) {
    if (!path.startsWith(OPTIMIZER)) continue;
    moments.set(path, tensor);
    tensors.delete(path);
  }
  checkParameters(where, description.inputs, layers, tensors, bytes.length);
  return { ...description, layers, weights: tensors, moments, metadata };
}

function parseDescription(where: string, text: string | undefined): Description {
  if (text === undefined)
    throw new SimdenseError('FORMAT', `${where}: the file has no description of a simdense model`);
  try {
    const description: unknown = JSON.parse(text);
    if (isRecord(description) && description['version'] === 1 && Array.isArray(description['layers'])) {
      return description as unknown as Description;
    }
  } catch {
    // Answered below.
  }
  throw new SimdenseError('FORMAT', `${where}: the description of the model is not one of this version`);
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
  const names = layerNames(layers);
  let columns = positiveInteger(`${where}: inputs`, inputs);
  const parameters: Pick<Parameter, 'path' | 'shape'>[] = [];
  for (const [i, layer] of layers.entries()) {
    for (const step of planLayer(layer, columns)) {
      for (const { name, shape } of step.parameters) parameters.push({ path: `${names[i]}/${name}`, shape });
      columns = step.outputs;
    }
  }
  const numbers = parameters.reduce((sum, { shape }) => sum + shape[0] * (shape[1] ?? 1), 0);
  if (numbers * 4 > bytes) {
    throw new SimdenseError('FORMAT', `${where}: ${numbers} parameters do not fit in a file of ${bytes} bytes`);
  }
  checkWeights(where, parameters, weights, 'FORMAT');
}
