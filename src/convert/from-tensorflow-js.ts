import { noMore, refuse, show, toBytes } from '../base/checks.js';
import { bytesOf } from '../base/typed-arrays.js';
import type { Sequential } from '../train/sequential.js';
import { networkOf } from './keras/network.js';
import { topologyOf } from './keras/topology.js';
import { broken, jsonOf, recordAt, unsupported } from './refusals.js';
import { TfjsWeights } from './tfjs-weights.js';

const where = 'fromTensorFlowJs';

/**
 * Reads a dense network from a layers model of TensorFlow.js: its model.json, and the files of weights that it names.
 *
 * Supported are Sequential models, and functional ones that are a chain, of the layers InputLayer, Dense, Activation, ReLU, LeakyReLU, ELU, PReLU, Softmax, BatchNormalization, LayerNormalization,
 * Dropout, GaussianNoise, Flatten, Reshape, Rescaling and Normalization; weights as float32, and packed into uint8, uint16 or float16. Initializers, regularizers and how the model was compiled are left out.
 * @param modelJson The content of model.json: its text, its bytes, or what JSON.parse makes of it.
 * @param shards The bytes of the files of weights, by their paths as model.json has them: `{ 'group1-shard1of1.bin': bytes }`.
 * @returns A model with these weights. It is not compiled.
 * @throws SimdenseError 'UNSUPPORTED' for another layer, activation or setting; the message names the layer. Also for graph models.
 * @throws SimdenseError 'FORMAT' for what is not such a model, or one that contradicts itself or lacks a shard.
 * @throws SimdenseError 'ARGUMENT' for arguments of other types.
 * @example
 * import { fromTensorFlowJs } from 'simdense/convert';
 *
 * const layer = { class_name: 'Dense', config: { name: 'd', units: 1, activation: 'relu', batch_input_shape: [null, 2] } };
 * const modelJson = {
 *   format: 'layers-model',
 *   modelTopology: { class_name: 'Sequential', config: { layers: [layer] } },
 *   weightsManifest: [
 *     {
 *       paths: ['group1-shard1of1.bin'],
 *       weights: [
 *         { name: 'd/kernel', shape: [2, 1], dtype: 'float32' },
 *         { name: 'd/bias', shape: [1], dtype: 'float32' },
 *       ],
 *     },
 *   ],
 * };
 * const shards = { 'group1-shard1of1.bin': new Uint8Array(Float32Array.of(1, 10, 5).buffer) };
 * const model = fromTensorFlowJs(modelJson, shards);
 * model.predict([[1, 2]]).toArrays(); // [[26]]
 */
export function fromTensorFlowJs(
  modelJson: object | string | Uint8Array,
  shards: Readonly<Record<string, Uint8Array>>,
): Sequential {
  noMore(where, arguments, 2);
  const json = jsonOf(where, 'modelJson', modelJson);
  const files = checkedShards(shards);
  const { format, modelTopology } = json;
  if (format === 'graph-model')
    throw unsupported(
      where,
      'a graph model is not supported; convert the original with --output_format tfjs_layers_model',
    );
  if (format !== undefined && format !== 'layers-model') throw broken(where, `the format is ${show(format)}`);
  const whole = recordAt(where, 'the modelTopology', modelTopology);
  // The converter of Keras's files writes a model_config around it.
  const topology = recordAt(where, 'the model_config', whole['model_config'] ?? whole);
  return networkOf(where, topologyOf(where, topology), new TfjsWeights(json['weightsManifest'], files), 'tfjs');
}

function checkedShards(shards: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
  if (typeof shards !== 'object' || shards === null || Array.isArray(shards) || bytesOf(shards))
    refuse(`${where}(shards)`, "bytes by the paths of files: { 'group1-shard1of1.bin': bytes }", shards);
  return Object.fromEntries(
    Object.entries(shards).map(([path, value]) => [path, toBytes(`${where}(shards: ${show(path)})`, value)]),
  );
}
