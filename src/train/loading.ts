import { boolean, isRecord, noMore, options } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../nn/network.js';
import { trainedOf, type WeightSet, writeBlock, writeWeights } from '../nn/weights.js';
import type { CallbackState } from './callbacks.js';
import { checkWhole, MOST_EPOCHS, readModel, type SavedModel, type TrainingDescription } from './description.js';
import { isCount, type Tensor } from './safetensors.js';
import { Sequential } from './sequential.js';
import type { Trainer } from './trainer.js';

/**
 * Loads a model that `save` has written, compiled as it was.
 *
 * A file cannot hold custom losses and metrics, since they are JavaScript. A model with a custom loss is not compiled; a custom metric is left out. The
 * next compile that gives them again, with the same optimizer, continues the run of a `save({ optimizer: true })`. The description is checked
 * against the file's size before anything is allocated.
 * @param bytes The bytes of the file.
 * @param o The options.
 * @param o.engine The engine; by default the shared one.
 * @param o.networkOnly Whether to load only the network of a pipeline's file, without its scalers and classes; false by default. `loadPipeline` loads
 * the whole pipeline.
 * @returns The model.
 * @throws SimdenseError 'FORMAT' for anything but the file of a model.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, or a description that cannot be built.
 * @throws SimdenseError 'OUT_OF_MEMORY' if its memory cannot be reserved.
 * @example
 * import { dense, loadModel, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 1 })], seed: 1 });
 * const again = loadModel(model.save());
 * model.predict([[1, 2]]).data[0] === again.predict([[1, 2]]).data[0]; // true
 */
export function loadModel(bytes: Uint8Array, o?: { engine?: Engine; networkOnly?: boolean }): Sequential {
  noMore('loadModel', arguments, 2);
  const { engine, networkOnly = false } = options('loadModel', o, ['engine', 'networkOnly']);
  boolean('loadModel(networkOnly)', networkOnly);
  const { name, inputs, seed, layers, compile, training, weights, gathered, metadata } = readModel('loadModel', bytes);
  if (metadata['pipeline'] !== undefined && !networkOnly) {
    const message =
      'the file holds a pipeline: use loadPipeline, or { networkOnly: true } for its network without scalers';
    throw new SimdenseError('FORMAT', `loadModel: ${message}`);
  }
  const model = new Sequential({ name, inputs, seed, layers, ...(engine === undefined ? {} : { engine }) }, false);
  try {
    if (compile) model.recompile(compile);
    const { network, trainer } = model.bound;
    if (trainer) {
      checkWhole('loadModel', 'compile', compile, trainer.compilation);
    }
    writeWeights('loadModel', network, weights, 'FORMAT');
    if (training) {
      checkTraining(training);
      const states = callbackStates(network, training, gathered);
      const restore = (own: Trainer): void => {
        restoreTraining(network, own, training, gathered);
        model.resume(states);
      };
      if (trainer) restore(trainer);
      if (training.optimizer) model.resumeWhenCompiled(training, restore);
    }
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

const isEpoch = (value: unknown): boolean => isCount(value) && value <= MOST_EPOCHS;
const isRate = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;

const isState = (value: unknown): boolean =>
  isRecord(value) &&
  (value['weights'] === undefined ||
    (Array.isArray(value['weights']) && value['weights'].every((name) => typeof name === 'string')));

/** Throws SimdenseError 'FORMAT' if a part of the description has an invalid value. */
function checkTraining(training: TrainingDescription): void {
  const refuse = (name: string): never => {
    throw new SimdenseError('FORMAT', `loadModel: the description's training has no valid ${name}`);
  };
  const { iteration, moments, epochs = 0, steps = 0, ownRate = 1, rateFactor = 1, callbacks = [] } = training;
  for (const [name, count] of Object.entries({ iteration, moments, steps })) if (!isCount(count)) refuse(name);
  if (!isEpoch(epochs)) refuse('epochs');
  for (const [name, rate] of Object.entries({ ownRate, rateFactor })) if (!isRate(rate)) refuse(name);
  if (!Array.isArray(callbacks) || !callbacks.every((state) => state === null || isState(state))) refuse('callbacks');
}

function restoreTraining(
  network: Network,
  trainer: Trainer,
  { iteration, moments, epochs = 0, steps = iteration, ownRate, rateFactor = 1 }: TrainingDescription,
  tensors: SavedModel['gathered'],
): void {
  Object.assign(trainer, { iteration, epochs, steps, ownRate, rateFactor });
  // Without parameters there is nothing to restore, and reserve would trust a width that nothing in the file proves.
  if (network.trainedFloats === 0) return;
  trainer.reserve(1, true);
  // A run without an update has no moments.
  if (moments !== 0 && moments !== trainer.moments.length) {
    throw new SimdenseError('FORMAT', `loadModel: ${moments} moments, the optimizer has ${trainer.moments.length}`);
  }
  for (let i = 0; i < moments; i++) {
    checkTensors(trainedOf(network), tensors, `optimizer/${i}/`);
    writeBlock('loadModel', network, trainer.moments[i] as number, tensors, `optimizer/${i}/`);
  }
}

/** The states of the callbacks. Throws SimdenseError 'FORMAT' if their weights do not have the names and shapes of the model's. */
function callbackStates(
  { parameters }: Network,
  { callbacks = [] }: TrainingDescription,
  tensors: SavedModel['gathered'],
): (CallbackState | undefined)[] {
  return callbacks.map((state, i) => {
    if (!state) return undefined;
    if (!state.weights) return { data: state.data };
    const sets = state.weights.map((name): [string, WeightSet] => {
      const prefix = `callbacks/${i}/${name}/`;
      checkTensors(parameters, tensors, prefix);
      return [name, new Map(parameters.map(({ path }) => [path, tensors.get(prefix + path) as Tensor]))];
    });
    return { data: state.data, weights: Object.fromEntries(sets) };
  });
}

function checkTensors(
  parameters: readonly { readonly path: string; readonly shape: readonly number[] }[],
  tensors: SavedModel['gathered'],
  prefix: string,
): void {
  for (const { path, shape } of parameters) {
    if (tensors.get(prefix + path)?.shape.join() !== shape.join())
      throw new SimdenseError('FORMAT', `loadModel: "${prefix}${path}" is missing, or of another shape`);
  }
}
