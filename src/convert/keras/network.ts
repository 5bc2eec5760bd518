// A Keras model's layers and weights as a network.
import type { Sequential } from '../../train/sequential.js';
import { layersOf, modelOf, type Step } from '../../train/steps.js';
import { blamed, unsupported } from '../refusals.js';
import type { Dialect } from './activations.js';
import { Place, readers } from './layers.js';
import type { KerasLayer, Topology } from './topology.js';
import type { WeightSource } from './weights.js';

/** The most columns of an input. */
const MOST_COLUMNS = 2 ** 22;

/** The network of a model. Its weights are there, and have the shapes that the layers say. */
export function networkOf(where: string, topology: Topology, weights: WeightSource, dialect: Dialect): Sequential {
  const dims = topology.input ?? firstDims(where, topology.chain, weights);
  const columns = dims.reduce((product, n) => product * n, 1);
  if (columns > MOST_COLUMNS) throw unsupported(where, `an input of ${columns} columns is too wide`);
  const steps: Step[] = [];
  const place = new Place(where, dims, weights, dialect);
  for (const layer of topology.chain) {
    const reader = Object.hasOwn(readers, layer.type) ? readers[layer.type] : undefined;
    if (!reader) throw unsupported(where, `layer "${layer.name}" of class ${layer.type} is not supported`);
    try {
      for (const step of reader(place.of(layer))) steps.push(step);
    } catch (cause) {
      throw blamed(where, cause);
    }
  }
  if (place.dims.length !== 1)
    throw unsupported(
      where,
      `an output of shape ${place.dims.join('×')} is not supported; networks here give rows of numbers`,
    );
  weights.checkAllUsed?.();
  try {
    return modelOf(layersOf(steps, columns), columns);
  } catch (cause) {
    throw blamed(where, cause);
  }
}

/** The width that the first weights take, where the model does not say it. */
function firstDims(where: string, chain: readonly KerasLayer[], weights: WeightSource): readonly number[] {
  for (const layer of chain) {
    if (layer.type === 'Dense') {
      const names = layer.config['use_bias'] === false ? ['kernel'] : ['kernel', 'bias'];
      const [kernel] = weights.of(layer, names);
      if (kernel?.shape.length === 2) return [kernel.shape[0] as number];
    }
    if (!['Activation', 'Dropout', 'GaussianNoise', 'ReLU', 'LeakyReLU', 'ELU'].includes(layer.type)) break;
  }
  throw unsupported(where, 'a model that does not say how many columns it takes is not supported');
}
