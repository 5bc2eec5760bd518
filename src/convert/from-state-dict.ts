import { noMore, refuse, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import {
  activation,
  batchNormalization,
  dense,
  dropout,
  gaussianNoise,
  type Layer,
  type LayerType,
  layerNormalization,
  prelu,
  rescaling,
} from '../nn/layers/index.js';
import type { Sequential } from '../train/sequential.js';
import { type Built, modelOf } from '../train/steps.js';
import { matched } from './pytorch/match.js';
import { type Module, modulesOf } from './pytorch/modules.js';
import { refusePickle } from './pytorch/saved.js';
import { ofFile } from './refusals.js';

const where = 'fromStateDict';

/**
 * Reads the weights of a dense network of PyTorch: its `state_dict()` as a safetensors file, for the layers that are listed here, since the file has none.
 *
 * Save it by `safetensors.torch.save_file(model.state_dict(), 'model.safetensors')`. A Linear is dense, its weight [units, inputs] is the kernel [inputs, units] transposed; a BatchNorm1d is batchNormalization, a
 * LayerNorm layerNormalization, with PyTorch's epsilon by default, and a PReLU prelu: of one parameter, the same for each column. Modules go to layers in the natural order of their names (fc2 before fc10) and by their shapes, and those that torch.nn.Sequential has numbered in rising order; a layer that has a name takes the module of that name.
 * @param safetensors The bytes of the file. Numbers of type F64, F16 and BF16 are rounded to float32.
 * @param layers The layers, from input to output, with activations, dropout and whatever else has no weights.
 * @returns A model of these layers with the weights of the file. It is not compiled.
 * @throws SimdenseError 'UNSUPPORTED' for modules that are no such layers, or do not fit the layers, are numbered in another order, or could go to more than one of them; the message has names and shapes.
 * @throws SimdenseError 'FORMAT' for bytes that are not a safetensors file.
 * @throws SimdenseError 'ARGUMENT' for layers that cannot be built.
 * @example
 * import { dense } from 'simdense';
 * import { fromStateDict } from 'simdense/convert';
 *
 * const header = JSON.stringify({
 *   'fc.weight': { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
 *   'fc.bias': { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
 * });
 * const file = new Blob([BigUint64Array.of(BigInt(header.length)), header, Float32Array.of(1, 10, 5)]);
 * const model = fromStateDict(new Uint8Array(await file.arrayBuffer()), [dense({ units: 1 })]);
 * model.predict([[1, 2]]).toArrays(); // [[26]]
 */
export function fromStateDict(safetensors: Uint8Array, layers: readonly Layer[]): Sequential {
  noMore(where, arguments, 2);
  const bytes = toBytes(`${where}(safetensors)`, safetensors);
  if (!Array.isArray(layers) || layers.length === 0)
    refuse(`${where}(layers)`, 'an array of at least one layer', layers);
  const own = Array.from(layers as readonly unknown[], (layer, i) => checked(layer, i));
  refusePickle(where, bytes);
  const { inputs, modules } = matched(modulesOf(bytes), own);
  let width = inputs;
  const built = own.map((layer): Built => {
    const module = modules.get(layer);
    if (layer.type === 'dense') width = layer.units;
    return module ? { layer, weights: weightsOf(layer, module, width) } : { layer };
  });
  return ofFile(where, () => modelOf(built, inputs));
}

/** What makes a checked copy of a layer, by its type: the core's functions. */
const makers: { readonly [type in LayerType]: (layer: Extract<Layer, { type: type }>) => Layer } = {
  dense,
  activation: (layer) => activation(layer.activation),
  rescaling,
  batchNormalization,
  layerNormalization,
  prelu,
  dropout,
  gaussianNoise,
};

function checked(layer: unknown, i: number): Layer {
  const type = (layer as Layer | undefined | null)?.type;
  if (typeof type !== 'string' || !Object.hasOwn(makers, type))
    return refuse(`${where}(layers[${i}])`, 'a layer such as dense({ units: 10 })', type ?? layer);
  return (makers[type] as (layer: unknown) => Layer)(layer);
}

type Vector = { shape: readonly number[]; data: Float32Array };

/** The weights of a layer that gives so many columns, in the order of its parameters. */
function weightsOf({ type }: Layer, module: Module, columns: number): Record<string, Vector> {
  const { weight, bias, running_mean: mean, running_var: variance } = module.parts;
  if (type === 'dense' && weight) return { kernel: transposed(weight), ...(bias && { bias }) };
  if (type === 'prelu' && weight)
    return {
      alpha: {
        shape: [columns],
        data: Float32Array.from({ length: columns }, (_, c) => weight.data[c % weight.data.length] as number),
      },
    };
  const width = (weight ?? mean)?.data.length ?? 0;
  const filled = (value: number): Vector => ({ shape: [width], data: new Float32Array(width).fill(value) });
  const [gamma, beta] = [weight ?? filled(1), bias ?? filled(0)];
  if (type === 'layerNormalization') return { gamma, beta };
  if (!mean || !variance) throw new SimdenseError('FORMAT', `${where}: "${module.name}" has no running statistics`);
  return { gamma, beta, movingMean: mean, movingVariance: variance };
}

function transposed({ shape, data }: Vector): Vector {
  const [units, inputs] = shape as [number, number];
  const kernel = new Float32Array(data.length);
  for (let u = 0; u < units; u++)
    for (let k = 0; k < inputs; k++) kernel[k * units + u] = data[u * inputs + k] as number;
  return { shape: [inputs, units], data: kernel };
}
