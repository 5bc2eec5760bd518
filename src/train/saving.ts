import { isRecord, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { floatsOf } from '../base/typed-arrays.js';
import { written } from '../base/written.js';
import { isCustom } from '../nn/losses.js';
import type { Network } from '../nn/network.js';
import { checkWeights, readBlock, readWeights } from '../nn/weights.js';
import type { CallbackState } from './callbacks.js';
import type { Description, TrainingDescription } from './description.js';
import { encode, type Tensor } from './safetensors.js';
import type { Trainer } from './trainer.js';

/** Writes a model as a file. With `states`, the states of its callbacks, the file also holds the optimizer's state. */
export function saveModel(
  model: Pick<Description, 'name' | 'inputs' | 'seed' | 'layers'>,
  network: Network,
  trainer: Trainer | undefined,
  states: readonly (CallbackState | undefined)[] | undefined,
): Uint8Array {
  const { name, inputs, seed, layers } = model;
  const tensors = new Map<string, Tensor>(readWeights(network));
  let parts: Pick<Description, 'compile' | 'training'> = {};
  if (trainer) {
    const { optimizer, loss, metrics, layerRates } = trainer.compilation;
    const plain = metrics.filter((metric) => !isCustom(metric));
    if (!isCustom(loss)) parts = { compile: { ...trainer.compilation, loss, metrics: plain } };
    if (states) {
      const custom = isCustom(loss) || plain.length < metrics.length;
      for (const state of states) if (state) checkState(network, state);
      parts = {
        ...parts,
        training: {
          ...describeTraining(trainer, states),
          ...(custom && { optimizer, ...(layerRates && { layerRates }) }),
        },
      };
      for (const [i, block] of trainer.moments.entries()) addTo(tensors, `optimizer/${i}/`, readBlock(network, block));
      for (const [i, state] of states.entries())
        for (const [name, set] of Object.entries(state?.weights ?? {})) addTo(tensors, `callbacks/${i}/${name}/`, set);
    }
  }
  const description: Description = { version: 1, name, inputs, seed, layers, ...parts };
  return encode(tensors, { format: 'simdense', ...written, simdense: JSON.stringify(description) });
}

/** Whether a value is unchanged after JSON. The parts of arrays and objects are checked separately. */
function survivesJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value === 'object') return value === null || Array.isArray(value) || isRecord(value);
  return ['string', 'boolean', 'undefined'].includes(typeof value);
}

/** Throws SimdenseError 'ARGUMENT' for a callback's state that JSON cannot hold. Its weights must have the names and shapes of the model's. */
function checkState({ parameters }: Network, { data, weights = {} }: CallbackState): void {
  try {
    JSON.stringify(data, function (this: Record<string, unknown>, key, value) {
      // `value` may be the result of toJSON, so check the original.
      if (!survivesJson(this[key])) throw new TypeError(`${show(this[key])} under ${show(key)}`);
      return value;
    });
  } catch (cause) {
    const message = `save: a callback's getState gives what JSON cannot hold: ${(cause as Error).message}`;
    throw new SimdenseError('ARGUMENT', message, { cause });
  }
  for (const [name, set] of Object.entries(weights))
    checkWeights(`save: getState's weights ${show(name)}`, parameters, set);
}

function addTo(tensors: Map<string, Tensor>, prefix: string, more: ReadonlyMap<string, Tensor>): void {
  // The arrays of a callback may be of a subclass.
  for (const [path, { shape, data }] of more)
    tensors.set(prefix + path, { shape, data: floatsOf(data) as Float32Array });
}

function describeTraining(trainer: Trainer, states: readonly (CallbackState | undefined)[]): TrainingDescription {
  const { iteration, epochs, steps, ownRate, rateFactor, moments } = trainer;
  const known = states.map((state) =>
    state ? { data: state.data, ...(state.weights && { weights: Object.keys(state.weights) }) } : null,
  );
  return {
    iteration,
    epochs,
    steps,
    moments: moments.length,
    ...(ownRate === undefined ? {} : { ownRate }),
    ...(rateFactor === 1 ? {} : { rateFactor }),
    ...(known.some(Boolean) && { callbacks: known }),
  };
}
