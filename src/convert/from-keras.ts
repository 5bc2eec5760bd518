import { noMore, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Zip } from '../table/readers/xlsx/zip.js';
import type { Sequential } from '../train/sequential.js';
import { isHdf5, openHdf5 } from './hdf5/file.js';
import type { Dialect } from './keras/activations.js';
import { NamedWeights, NumberedWeights } from './keras/h5-weights.js';
import { networkOf } from './keras/network.js';
import { topologyOf } from './keras/topology.js';
import { refusePickle } from './pytorch/saved.js';
import { broken, jsonOf, unsupported } from './refusals.js';

const where = 'fromKeras';

/**
 * Reads a dense network from a file of Keras: a .keras file, or a whole model in HDF5 (.h5), as Keras 2 and 3 write them.
 *
 * Supported are Sequential models, and functional ones that are a chain, of the layers InputLayer, Dense, Activation, ReLU, LeakyReLU, ELU, PReLU, Softmax, BatchNormalization, LayerNormalization,
 * Dropout, GaussianNoise, Flatten, Reshape, Rescaling, Normalization and Identity. Numbers of mixed precision are computed in float32. Initializers, regularizers and how the model was compiled are left out, and so is `trainable: false` but for BatchNormalization: name frozen layers in layerRates of `compile`.
 * @param bytes The bytes of the file.
 * @returns A model with these weights. It is not compiled.
 * @throws SimdenseError 'UNSUPPORTED' for another layer, activation or setting; the message names the layer. Also for files of weights alone, and for HDF5 that Keras does not write, such as compressed arrays.
 * @throws SimdenseError 'FORMAT' for bytes that are no such file, or one that contradicts itself.
 * @throws SimdenseError 'ARGUMENT' for anything but a Uint8Array.
 * @example
 * import { SimdenseError } from 'simdense';
 * import { fromKeras } from 'simdense/convert';
 *
 * try {
 *   const bytes = new TextEncoder().encode('not a file of Keras');
 *   const model = await fromKeras(bytes);
 *   console.log(model.summary());
 * } catch (error) {
 *   if (error instanceof SimdenseError) console.log(error.code); // 'FORMAT'
 * }
 */
export async function fromKeras(bytes: Uint8Array): Promise<Sequential> {
  noMore(where, arguments, 1);
  const file = toBytes(`${where}(bytes)`, bytes);
  refusePickle(where, file);
  if (isHdf5(file)) return fromHdf5(file);
  if (file[0] === 0x50 && file[1] === 0x4b) return fromZip(file);
  throw broken(where, 'the bytes are neither a .keras file nor HDF5');
}

function fromHdf5(bytes: Uint8Array): Sequential {
  const file = openHdf5(where, bytes);
  const config = file.texts('model_config')?.[0];
  if (config === undefined)
    throw unsupported(where, 'a file of weights without the model is not supported; save the whole model');
  const version = file.texts('keras_version')?.[0] ?? file.at('model_weights')?.texts('keras_version')?.[0];
  const model = jsonOf(where, 'model_config', config);
  return networkOf(where, topologyOf(where, model), new NamedWeights(file), dialectOf(version));
}

async function fromZip(bytes: Uint8Array): Promise<Sequential> {
  const [config, metadata, weights] = await partsOf(bytes, ['config.json', 'metadata.json', 'model.weights.h5']);
  if (!config || !weights) {
    const what = config ? 'model.weights.h5' : 'config.json';
    throw broken(where, `the zip file has no ${what}, as a .keras file has`);
  }
  const version = metadata && jsonOf(where, 'metadata.json', metadata)['keras_version'];
  const topology = topologyOf(where, jsonOf(where, 'config.json', config));
  const file = openHdf5(where, weights);
  return networkOf(where, topology, new NumberedWeights(file, topology.all), dialectOf(version));
}

/** Files of a zip file; undefined for those that it has not. */
async function partsOf(bytes: Uint8Array, names: readonly string[]): Promise<(Uint8Array | undefined)[]> {
  const parts: (Uint8Array | undefined)[] = [];
  try {
    const zip = new Zip(bytes);
    for (const name of names) {
      const found = await zip.read(name);
      parts.push(found && new Uint8Array(await new Blob(found as Uint8Array<ArrayBuffer>[]).arrayBuffer()));
    }
  } catch (cause) {
    if (cause instanceof SimdenseError && cause.code === 'UNSUPPORTED')
      throw new SimdenseError(
        'UNSUPPORTED',
        `${where}: the zip file is encrypted, expands too much, or is compressed by another method than deflate`,
        { cause },
      );
    throw new SimdenseError('FORMAT', `${where}: the zip file is broken or cut short`, { cause });
  }
  return parts;
}

/** What the names of activations mean in this version of Keras. */
function dialectOf(version: unknown): Dialect {
  const major = Number.parseInt(String(version), 10);
  if (major === 3) return 'keras3';
  return major === 1 || major === 2 ? 'keras2' : 'unknown';
}
