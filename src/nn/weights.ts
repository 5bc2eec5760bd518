import { SimdenseError } from '../base/errors.js';
import type { Address } from '../engine/kernels.js';
import type { Network, Parameter } from './network.js';

/** Weights by 'layer/variable', row-major; a kernel is [inputs, units]. */
export type WeightSet = ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>;

const dimensions = ({ shape }: Parameter): [number, number] =>
  shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]];

/** Copies of all parameters. */
export function readWeights(network: Network): WeightSet {
  return readTensors(network, network.values, network.parameters);
}

/** Copies of a block of the trained parameters' layout, such as an optimizer's moment. */
export function readBlock(network: Network, block: Address): WeightSet {
  return readTensors(network, block, trainedOf(network));
}

function readTensors(network: Network, block: Address, parameters: readonly Parameter[]): WeightSet {
  const { engine } = network;
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const parameter of parameters) {
    const [rows, columns] = dimensions(parameter);
    const copy = engine.allocate(rows * columns * 4);
    engine.calls.unpackFloats(rows, columns, block + parameter.offset * 4, rows, copy);
    const data = engine.floats.slice(copy / 4, copy / 4 + rows * columns);
    engine.release(copy);
    tensors.set(parameter.path, { shape: [...parameter.shape], data });
  }
  return tensors;
}

const trainedOf = ({ parameters }: Network): Parameter[] => parameters.filter(({ plan }) => plan.trained !== false);

/** Replaces all parameters, or none: names, shapes and finiteness are checked first. */
export function writeWeights(where: string, network: Network, weights: WeightSet): void {
  checkWeights(where, network, weights);
  writeTensors(
    network,
    network.values,
    network.parameters,
    (path) => (weights.get(path) as { data: Float32Array }).data,
  );
}

/** Fills a block of the trained parameters' layout. */
export function writeBlock(network: Network, block: Address, data: (path: string) => Float32Array): void {
  writeTensors(network, block, trainedOf(network), data);
}

function writeTensors(
  network: Network,
  block: Address,
  parameters: readonly Parameter[],
  data: (path: string) => Float32Array,
): void {
  const { engine } = network;
  const largest = Math.max(0, ...parameters.map((p) => dimensions(p)[0] * dimensions(p)[1]));
  const copy = engine.allocate(largest * 4);
  for (const parameter of parameters) {
    const [rows, columns] = dimensions(parameter);
    engine.floats.set(data(parameter.path), copy / 4);
    engine.calls.packFloats(rows, columns, copy, 0, block + parameter.offset * 4, rows);
  }
  engine.release(copy);
}

function checkWeights(where: string, network: Network, weights: WeightSet): void {
  if (!(weights instanceof Map))
    throw new SimdenseError('ARGUMENT', `${where}: expected a Map by name, as getWeights returns`);
  for (const name of weights.keys()) {
    if (network.parameters.every(({ path }) => path !== name)) {
      const known = network.parameters.map(({ path }) => path).join(', ');
      throw new SimdenseError('ARGUMENT', `${where}: the model has no "${name}"; it has ${known}`);
    }
  }
  for (const { path, shape } of network.parameters) {
    const given = weights.get(path);
    if (!given) throw new SimdenseError('ARGUMENT', `${where}: "${path}" is missing`);
    const expected = shape.join('×');
    if (given.shape?.join('×') !== expected) {
      throw new SimdenseError('SHAPE', `${where}: "${path}" is ${given.shape?.join('×')}, the model's is ${expected}`);
    }
    const count = shape.reduce((product: number, size: number) => product * size, 1);
    if (!(given.data instanceof Float32Array) || given.data.length !== count) {
      throw new SimdenseError(
        'SHAPE',
        `${where}: "${path}" needs a Float32Array of ${count} numbers, got ${given.data?.length}`,
      );
    }
    const bad = given.data.findIndex((value: number) => !Number.isFinite(value));
    if (bad >= 0) throw new SimdenseError('DATA', `${where}: "${path}"[${bad}] is ${given.data[bad]}`);
  }
}
