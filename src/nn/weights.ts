import { isA } from '../base/checks.js';
import { type ErrorCode, SimdenseError } from '../base/errors.js';
import { floatsOf } from '../base/typed-arrays.js';
import type { Address } from '../engine/kernels.js';
import { vectorFloats } from './layout.js';
import { type Network, type Parameter, rateOf } from './network.js';

/** Weights by 'layer/variable', such as 'dense/kernel'. They are row-major; a kernel has shape [inputs, units]. */
export type WeightSet = ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>;

const dimensions = ({ shape }: Parameter): [number, number] =>
  shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]];

/** Copies of all parameters. */
export function readWeights(network: Network): WeightSet {
  return readTensors(network, network.values, network.parameters);
}

/** Copies of a block that has the layout of the trained parameters, such as an optimizer's moment. */
export function readBlock(network: Network, block: Address): WeightSet {
  return readTensors(network, block, trainedOf(network));
}

function readTensors(network: Network, block: Address, parameters: readonly Parameter[]): WeightSet {
  const { engine } = network;
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  const most = parameters.reduce((size, { shape }) => Math.max(size, sizeOf(shape)), 0);
  const copy = engine.allocate(most * 4);
  for (const parameter of parameters) {
    const [rows, columns] = dimensions(parameter);
    engine.calls.unpackFloats(rows, columns, block + parameter.offset * 4, rows, copy);
    const data = engine.floats.slice(copy / 4, copy / 4 + rows * columns);
    tensors.set(parameter.path, { shape: [...parameter.shape], data });
  }
  engine.release(copy);
  return tensors;
}

/** The parameters that have gradients and moments: those that could be trained, frozen ones included. */
export const trainedOf = ({ parameters }: Network): Parameter[] =>
  parameters.filter((parameter) => rateOf(parameter) > 0);

/** Replaces all parameters, or none: names, shapes and numbers are checked first. `code` is the error for a number that is not finite. */
export function writeWeights(where: string, network: Network, weights: WeightSet, code: ErrorCode = 'DATA'): void {
  checkWeights(where, network.parameters, weights);
  writeTensors(where, code, network, network.values, network.parameters, weights, '');
}

/** Fills a block that has the layout of the trained parameters, from tensors whose names begin with `prefix`. */
export function writeBlock(where: string, network: Network, block: Address, tensors: WeightSet, prefix: string): void {
  writeTensors(where, 'FORMAT', network, block, trainedOf(network), tensors, prefix);
}

function writeTensors(
  where: string,
  code: ErrorCode,
  network: Network,
  block: Address,
  parameters: readonly Parameter[],
  tensors: WeightSet,
  prefix: string,
): void {
  const { engine } = network;
  let end = 0;
  const staged = parameters.map((parameter) => {
    const count = sizeOf(parameter.shape);
    const data = floatsOf(tensors.get(prefix + parameter.path)?.data);
    // Check the length again: a getter may return another array the second time.
    if (data?.length !== count)
      throw new SimdenseError(code, `${where}: "${parameter.path}" changed while it was read`);
    const from = end;
    end += vectorFloats(data.length);
    return { parameter, data, from };
  });
  network.check();
  const copy = engine.allocate(end * 4);
  for (const { data, from } of staged) engine.floats.set(data, copy / 4 + from);
  // Check by a kernel: a loop over all numbers in JavaScript takes longer than loading them.
  const finite = engine.calls.allFinite(end, copy);
  for (const { parameter, from } of finite ? staged : []) {
    const [rows, columns] = dimensions(parameter);
    engine.calls.packFloats(rows, columns, copy + from * 4, 0, block + parameter.offset * 4, rows);
  }
  engine.release(copy);
  for (const { parameter, data } of finite ? [] : staged) {
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new SimdenseError(code, `${where}: "${prefix}${parameter.path}"[${bad}] is ${data[bad]}`);
  }
}

/** The number of elements of a shape. */
export const sizeOf = ([rows, columns = 1]: readonly [number, number?]): number => rows * columns;

/** Refuses names, shapes or types of arrays that differ from the parameters', and variances below 0. `code` replaces the error code for weights that come from a file. */
export function checkWeights(
  where: string,
  parameters: readonly Pick<Parameter, 'path' | 'shape' | 'plan'>[],
  weights: WeightSet,
  code?: ErrorCode,
): void {
  if (!isA(weights, 'Map'))
    throw new SimdenseError('ARGUMENT', `${where}: expected a Map by name, as getWeights returns`);
  const refuse = (otherwise: ErrorCode, message: string): never => {
    throw new SimdenseError(code ?? otherwise, `${where}: ${message}`);
  };
  // Most files have what the model has: a set of the names is made for an error.
  if (weights.size > parameters.length || !parameters.every(({ path }) => weights.has(path))) {
    const paths = new Set(parameters.map(({ path }) => path));
    for (const name of weights.keys())
      if (!paths.has(name)) refuse('ARGUMENT', `the model has no "${name}"; it has ${[...paths].join(', ')}`);
  }
  for (const { path, shape, plan } of parameters) {
    const { shape: given, data } = weights.get(path) ?? refuse('ARGUMENT', `"${path}" is missing`);
    if (given?.length !== shape.length || !shape.every((size, i) => given[i] === size))
      refuse('SHAPE', `"${path}" is ${given?.join('×')}, the model's is ${shape.join('×')}`);
    const count = sizeOf(shape);
    const floats = floatsOf(data);
    if (floats?.length !== count)
      refuse('SHAPE', `"${path}" needs a Float32Array of ${count} numbers, got ${data?.length}`);
    if (plan.variance && floats?.some((value) => value < 0)) refuse('DATA', `"${path}" has numbers below 0`);
  }
}
