import { isRecord, noMore, show } from '../base/checks.js';
import type { Activation } from '../nn/activations.js';
import { dense } from '../nn/layers/index.js';
import type { Sequential } from '../train/sequential.js';
import { type Built, modelOf } from '../train/steps.js';
import { broken, jsonOf, listAt, ofFile, recordAt, unsupported } from './refusals.js';

const where = 'fromBrainJs';

export interface BrainJsNetwork {
  /** The network. It is not compiled. */
  readonly model: Sequential;
  /** The names of the columns of x, in order; undefined for a network of plain arrays. */
  readonly inputs: readonly string[] | undefined;
  /** The names of the columns that it predicts, in order; undefined for a network of plain arrays. */
  readonly outputs: readonly string[] | undefined;
}

/**
 * Reads a network from the JSON of brain.js: what `toJSON()` of a NeuralNetwork gives, of versions 1 and 2.
 *
 * brain.js takes and gives objects by name, such as `{ r: 1, g: 0.5 }`; networks here take columns, so the names are given back in the order of the columns. A name that an object lacks is 0 in brain.js.
 * @param json The JSON: its text, or what JSON.parse makes of it.
 * @returns The model with the names of its columns.
 * @throws SimdenseError 'UNSUPPORTED' for recurrent networks, for another activation than sigmoid, relu, leaky-relu and tanh, and for leaky-relu of version 1, whose JSON does not say the slope.
 * @throws SimdenseError 'FORMAT' for what is not such a network, or one that contradicts itself.
 * @throws SimdenseError 'ARGUMENT' for another type.
 * @example
 * import { fromBrainJs } from 'simdense/convert';
 *
 * const json = {
 *   sizes: [2, 1],
 *   layers: [{ r: {}, g: {} }, { dark: { bias: 0, weights: { r: 1, g: 1 } } }],
 *   activation: 'sigmoid',
 * };
 * const { model, inputs, outputs } = fromBrainJs(json);
 * inputs; // ['r', 'g']
 * outputs; // ['dark']
 * model.predict([[1, -1]]).toArrays(); // [[0.5]]
 */
export function fromBrainJs(json: object | string): BrainJsNetwork {
  noMore(where, arguments, 1);
  const net = jsonOf(where, 'json', json);
  checkKind(net);
  const layers = listAt(where, 'the layers', net['layers']);
  const last = layers.at(-1);
  const isByName = isRecord(last) && !Array.isArray(last['weights']);
  const sizes = sizesOf(net['sizes'] ?? (isByName ? layers.map((layer) => Object.keys(Object(layer)).length) : []));
  if (layers.length !== sizes.length) throw broken(where, `${layers.length} layers for ${sizes.length} sizes`);
  const activation = activationOf(net, isByName);
  const { products, inputs, outputs } = isByName ? byName(net, layers, sizes) : byNumber(net, layers, sizes);
  const built = products.map(
    ({ kernel, bias, units }): Built => ({
      layer: dense({ units, activation }),
      weights: {
        kernel: { shape: [kernel.length / units, units], data: kernel },
        bias: { shape: [units], data: bias },
      },
    }),
  );
  return { model: ofFile(where, () => modelOf(built, sizes[0] as number)), inputs, outputs };
}

interface Product {
  readonly units: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}
interface Read {
  readonly products: readonly Product[];
  readonly inputs: readonly string[] | undefined;
  readonly outputs: readonly string[] | undefined;
}

/** Recurrent networks and the others of brain.js have a type of their own, or other parts. */
function checkKind(net: Record<string, unknown>): void {
  const { type } = net;
  if (type !== undefined && type !== 'NeuralNetwork' && type !== 'NeuralNetworkGPU')
    throw unsupported(where, `a network of type ${show(type)} is not supported; NeuralNetwork is`);
  if (net['hiddenLayers'] !== undefined || net['outputConnector'] !== undefined)
    throw unsupported(where, 'a recurrent network is not supported; NeuralNetwork is');
}

/** The units of each layer, the inputs first. */
function sizesOf(value: unknown): readonly number[] {
  const sizes = listAt(where, 'the sizes', value);
  if (sizes.length < 2 || !sizes.every((n) => Number.isSafeInteger(n) && (n as number) > 0))
    throw broken(where, `the sizes are [${sizes.slice(0, 9).map(show).join(', ')}]`);
  return sizes as readonly number[];
}

const activations: Readonly<Record<string, Activation>> = { sigmoid: 'sigmoid', relu: 'relu', tanh: 'tanh' };

function activationOf(net: Record<string, unknown>, isOfVersion1: boolean): Activation {
  const [options, training] = ['options', 'trainOpts'].map((key) => (isRecord(net[key]) ? net[key] : {})) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const name = net['activation'] ?? training['activation'] ?? options['activation'] ?? 'sigmoid';
  if (name === 'leaky-relu') {
    // Version 1 computes alpha · relu(x), with an alpha that its JSON does not have.
    if (isOfVersion1)
      throw unsupported(where, 'leaky-relu of version 1 is not supported: its JSON does not say the slope');
    const slope = training['leakyReluAlpha'] ?? 0.01;
    if (typeof slope !== 'number' || !(slope >= 0 && slope <= 1))
      throw unsupported(where, `leakyReluAlpha ${show(slope)} is not supported`);
    return { type: 'leakyRelu', slope };
  }
  if (typeof name === 'string' && Object.hasOwn(activations, name)) return activations[name] as Activation;
  throw unsupported(where, `the activation ${show(name)} is not supported; sigmoid, relu, leaky-relu and tanh are`);
}

const numberAt = (what: () => string, value: unknown): number => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw broken(where, `${what()} is ${show(value)}`);
};

/** The layers of version 1: neurons by name or number, each with its bias and weights by the names of the layer before. */
function byName(net: Record<string, unknown>, layers: readonly unknown[], sizes: readonly number[]): Read {
  const named = layers.map((layer, l) => {
    const neurons = recordAt(where, `layer ${l}`, layer);
    const names = Object.keys(neurons);
    if (names.length !== sizes[l])
      throw broken(where, `layer ${l} has ${names.length} neurons, its size is ${sizes[l]}`);
    return { neurons, names };
  });
  const products = named.slice(1).map(({ neurons, names }, i): Product => {
    const before = (named[i] as (typeof named)[number]).names;
    const places = new Map(before.map((name, place) => [name, place]));
    const units = names.length;
    const kernel = new Float32Array(before.length * units);
    const bias = new Float32Array(units);
    for (const [u, name] of names.entries()) {
      const what = `neuron ${show(name)} of layer ${i + 1}`;
      const neuron = recordAt(where, what, neurons[name]);
      const weights = Object.entries(recordAt(where, `the weights of ${what}`, neuron['weights']));
      if (weights.length !== before.length)
        throw broken(where, `${what} has ${weights.length} weights, the layer before it ${before.length} neurons`);
      for (const [from, value] of weights) {
        const place = places.get(from);
        if (place === undefined) throw broken(where, `${what} has a weight for ${show(from)}, which is not there`);
        kernel[place * units + u] = numberAt(() => `a weight of ${what}`, value);
      }
      bias[u] = numberAt(() => `the bias of ${what}`, neuron['bias']);
    }
    return { units, kernel, bias };
  });
  const of = (key: string, l: number) => (isNamed(net[key], named[l]?.names ?? []) ? named[l]?.names : undefined);
  return { products, inputs: of('inputLookup', 0), outputs: of('outputLookup', named.length - 1) };
}

/** Whether neurons have names: where the JSON does not say so, they have if these are no numbers. */
function isNamed(lookup: unknown, names: readonly string[]): boolean {
  return typeof lookup === 'boolean' ? lookup : isRecord(lookup) || names.some((name, i) => name !== String(i));
}

/** The layers of version 2: lists of biases, and of weights for each neuron. */
function byNumber(net: Record<string, unknown>, layers: readonly unknown[], sizes: readonly number[]): Read {
  const products = layers.slice(1).map((value, i): Product => {
    const what = `layer ${i + 1}`;
    const layer = recordAt(where, what, value);
    const [inputs, units] = [sizes[i] as number, sizes[i + 1] as number];
    const weights = listAt(where, `the weights of ${what}`, layer['weights']);
    const biases = listAt(where, `the biases of ${what}`, layer['biases']);
    if (weights.length !== units || biases.length !== units)
      throw broken(
        where,
        `${what} has ${weights.length} rows of weights and ${biases.length} biases, its size is ${units}`,
      );
    const rows = weights.map((row, u) => {
      const own = listAt(where, `the weights of neuron ${u} of ${what}`, row);
      if (own.length === inputs) return own;
      throw broken(where, `neuron ${u} of ${what} has ${own.length} weights, the layer before it ${inputs} neurons`);
    });
    const kernel = new Float32Array(inputs * units);
    for (const [u, row] of rows.entries())
      for (const [k, weight] of row.entries()) kernel[k * units + u] = numberAt(() => `a weight of ${what}`, weight);
    return { units, kernel, bias: Float32Array.from(biases, (bias) => numberAt(() => `a bias of ${what}`, bias)) };
  });
  const lookup = (key: string, size: number) => namesOf(key, net[key], size);
  return {
    products,
    inputs: lookup('inputLookup', sizes[0] as number),
    outputs: lookup('outputLookup', sizes.at(-1) as number),
  };
}

/** The names of columns by their places, in order. */
function namesOf(key: string, value: unknown, size: number): readonly string[] | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  const places = Object.entries(recordAt(where, `the ${key}`, value));
  const names: string[] = [];
  for (const [name, place] of places) {
    if (
      !Number.isSafeInteger(place) ||
      (place as number) < 0 ||
      (place as number) >= size ||
      names[place as number] !== undefined
    )
      throw broken(where, `the ${key} has ${show(name)} at ${show(place)}`);
    names[place as number] = name;
  }
  if (places.length !== size) throw broken(where, `the ${key} has ${places.length} names for ${size} columns`);
  return names;
}
