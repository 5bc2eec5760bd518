// A network's parameters as one vector: what passes between the coordinator and the shards.
import type { WeightSet } from '../../nn/weights.js';
import type { Dataset } from '../dataset.js';

/** All parameters, one after the other in the order of getWeights. */
export function flatten(weights: WeightSet): Float32Array {
  const all = new Float32Array([...weights.values()].reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of weights.values()) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}

/** The parameters of a vector, with the names and shapes of others. */
export function unflatten(all: Float32Array, like: WeightSet): WeightSet {
  let at = 0;
  return new Map(
    Array.from(like, ([name, { shape, data }]) => {
      const from = at;
      at += data.length;
      return [name, { shape, data: all.slice(from, at) }];
    }),
  );
}

/**
 * The vector as a data set of one row: executors share it with threads, and send it to a worker once for all of its jobs.
 */
export const asDataset = (all: Float32Array): Dataset => ({
  task: 'regression',
  x: { data: all, columns: all.length },
  y: { data: new Float32Array(1), columns: 1 },
});
