import { SimdenseError } from '../base/errors.js';
import type { Network, Parameter } from './network.js';

/** Weights by 'layer/variable', row-major; a kernel is [inputs, units]. */
export type WeightSet = ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>;

const dimensions = ({ shape }: Parameter): [number, number] =>
  shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]];

/** Copies of all parameters. */
export function readWeights(network: Network): WeightSet {
  const { engine } = network;
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const parameter of network.parameters) {
    const [rows, columns] = dimensions(parameter);
    const copy = engine.allocate(rows * columns * 4);
    engine.calls.unpackFloats(rows, columns, network.values + parameter.offset * 4, rows, copy);
    const data = engine.floats.slice(copy / 4, copy / 4 + rows * columns);
    engine.release(copy);
    weights.set(parameter.path, { shape: [...parameter.shape], data });
  }
  return weights;
}

/** Replaces all parameters, or none: names, shapes and finiteness are checked first. */
export function writeWeights(network: Network, weights: WeightSet): void {
  checkWeights(network, weights);
  const { engine } = network;
  const largest = Math.max(0, ...network.parameters.map((p) => dimensions(p)[0] * dimensions(p)[1]));
  const copy = engine.allocate(largest * 4);
  for (const parameter of network.parameters) {
    const [rows, columns] = dimensions(parameter);
    engine.floats.set((weights.get(parameter.path) as { data: Float32Array }).data, copy / 4);
    engine.calls.packFloats(rows, columns, copy, 0, network.values + parameter.offset * 4, rows);
  }
  engine.release(copy);
}

function checkWeights(network: Network, weights: WeightSet): void {
  if (!(weights instanceof Map))
    throw new SimdenseError('ARGUMENT', 'setWeights: expected a Map by name, as getWeights returns');
  for (const name of weights.keys()) {
    if (network.parameters.every(({ path }) => path !== name)) {
      const known = network.parameters.map(({ path }) => path).join(', ');
      throw new SimdenseError('ARGUMENT', `setWeights: the model has no "${name}"; it has ${known}`);
    }
  }
  for (const { path, shape } of network.parameters) {
    const given = weights.get(path);
    if (!given) throw new SimdenseError('ARGUMENT', `setWeights: "${path}" is missing`);
    const expected = shape.join('×');
    if (given.shape?.join('×') !== expected) {
      throw new SimdenseError(
        'SHAPE',
        `setWeights: "${path}" is ${given.shape?.join('×')}, the model's is ${expected}`,
      );
    }
    const count = shape.reduce((product: number, size: number) => product * size, 1);
    if (!(given.data instanceof Float32Array) || given.data.length !== count) {
      throw new SimdenseError(
        'SHAPE',
        `setWeights: "${path}" needs a Float32Array of ${count} numbers, got ${given.data?.length}`,
      );
    }
    const bad = given.data.findIndex((value: number) => !Number.isFinite(value));
    if (bad >= 0) throw new SimdenseError('DATA', `setWeights: "${path}"[${bad}] is ${given.data[bad]}`);
  }
}
