import type { Sequential } from '../index.js';

/** The facts of a model's summary, for JSON output. */
export function modelData(model: Sequential): Record<string, unknown> {
  const { name, inputs, outputs, layers, seed, parameterCount } = model;
  const weights = Array.from(model.getWeights(), ([path, { shape, data }]) => ({ path, shape, size: data.length }));
  const byLayer = new Map<string, number>();
  for (const { path, size } of weights) {
    const layer = path.slice(0, path.lastIndexOf('/'));
    byLayer.set(layer, (byLayer.get(layer) ?? 0) + size);
  }
  const numbers = weights.reduce((sum, { size }) => sum + size, 0);
  return {
    name,
    inputs,
    outputs,
    parameters: parameterCount,
    nonTrainable: numbers - parameterCount,
    memoryBytes: 4 * numbers,
    layers,
    sizeByLayer: Object.fromEntries(byLayer),
    weights,
    seed,
  };
}
