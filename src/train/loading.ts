import { positiveInteger } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import { checkLayer, planLayer } from '../nn/layers/index.js';
import type { Network } from '../nn/network.js';
import type { Layer } from '../nn/plan.js';
import { writeBlock, writeWeights } from '../nn/weights.js';
import { decode, isRecord, type Tensor } from './safetensors.js';
import type { Description } from './saving.js';
import { Sequential } from './sequential.js';
import type { Trainer } from './trainer.js';

/**
 * A model from what `save` gave, compiled as it was unless its loss was a custom one. Throws SimdenseError 'FORMAT' for anything else, and
 * 'ARGUMENT' for a description that cannot be built; what a file claims is checked against its bytes before anything is allocated.
 */
export function loadModel(bytes: Uint8Array, o?: { engine?: Engine }): Sequential {
  if (!(bytes instanceof Uint8Array)) throw new SimdenseError('ARGUMENT', 'loadModel(bytes): expected a Uint8Array');
  const { tensors, metadata } = decode(bytes);
  const { name, inputs, seed, layers, compile, training } = parseDescription(metadata['simdense']);
  checkSize(inputs, layers, bytes.length);
  const model = new Sequential({ name, inputs, seed, layers, ...(o?.engine ? { engine: o.engine } : {}) });
  try {
    if (compile) model.compile(compile);
    model.restore((network, trainer) => {
      const ownWeights = [...tensors].filter(([path]) => !path.startsWith('optimizer/'));
      writeWeights('loadModel', network, new Map(ownWeights));
      if (trainer && training) restoreTraining(network, trainer, training, tensors);
    });
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function parseDescription(text: string | undefined): Description {
  if (text === undefined)
    throw new SimdenseError('FORMAT', 'loadModel: the file has no description of a simdense model');
  try {
    const description: unknown = JSON.parse(text);
    if (isRecord(description) && description['version'] === 1 && Array.isArray(description['layers'])) {
      return description as unknown as Description;
    }
  } catch {
    // Answered below.
  }
  throw new SimdenseError('FORMAT', 'loadModel: the description of the model is not one of this version');
}

/** Refuses a description whose parameters the file cannot hold, before their memory is taken. */
function checkSize(inputs: number, layers: readonly Layer[], bytes: number): void {
  let columns = positiveInteger('loadModel: inputs', inputs);
  let numbers = 0;
  for (const [i, given] of layers.entries()) {
    for (const { parameters, outputs } of planLayer(checkLayer(`loadModel: layers[${i}]`, given), columns)) {
      for (const { shape } of parameters) numbers += shape.reduce((product: number, n) => product * n, 1);
      columns = outputs;
    }
  }
  if (numbers * 4 > bytes) {
    throw new SimdenseError('FORMAT', `loadModel: ${numbers} parameters do not fit in a file of ${bytes} bytes`);
  }
}

function restoreTraining(
  network: Network,
  trainer: Trainer,
  { iteration, moments, ownRate }: NonNullable<Description['training']>,
  tensors: ReadonlyMap<string, Tensor>,
): void {
  if (!Number.isSafeInteger(iteration) || iteration < 0)
    throw new SimdenseError('FORMAT', `loadModel: ${iteration} updates`);
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
    writeBlock(network, trainer.moments[i] as number, (path) => (tensors.get(`optimizer/${i}/${path}`) as Tensor).data);
  }
  trainer.iteration = iteration;
  if (ownRate !== undefined) trainer.ownRate = ownRate;
}
