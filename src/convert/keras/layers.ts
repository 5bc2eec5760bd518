// Keras's layers by class, as steps of a network. A setting that changes what a layer gives, and that no layer here can have, is refused by its name.
import { isRecord, show } from '../../base/checks.js';
import type { SimdenseError } from '../../base/errors.js';
import { batchNormalization, dense, dropout, gaussianNoise } from '../../nn/layers/index.js';
import { activated, affine, clipped, normalizedRows, product, rounded, type Step, slopes } from '../../train/steps.js';
import { broken, unsupported } from '../refusals.js';
import { activationSteps, type Dialect } from './activations.js';
import type { KerasLayer } from './topology.js';
import type { Weight, WeightSource } from './weights.js';

/** Settings of all layers, and those that matter only while a model trains. */
const common =
  /^(name|trainable|dtype|batch_input_shape|batch_shape|autocast|activity_regularizer|synchronized|virtual_batch_size|fused|seed|lora_rank|lora_alpha|renorm_clipping|renorm_momentum)$|_(initializer|regularizer|constraint)$/;
const types = ['float32', 'float64', 'mixed_float16', 'mixed_bfloat16'];

/** Where a row is on its way through the layers: its dimensions, and the layer that is read. */
export class Place {
  readonly where: string;
  dims: readonly number[];
  readonly #weights: WeightSource;
  readonly dialect: Dialect;
  #layer: KerasLayer | undefined;

  constructor(where: string, dims: readonly number[], weights: WeightSource, dialect: Dialect) {
    [this.where, this.dims, this.#weights, this.dialect] = [where, dims, weights, dialect];
  }

  /** The place at this layer. */
  of(layer: KerasLayer): this {
    this.#layer = layer;
    const { dtype } = layer.config;
    const isPolicy = isRecord(dtype) && dtype['class_name'] === 'DTypePolicy' && isRecord(dtype['config']);
    const policy = isPolicy ? (dtype['config'] as Record<string, unknown>)['name'] : dtype;
    if (policy !== undefined && policy !== null && !types.includes(policy as string))
      throw this.unsupported(`numbers of type ${show(isRecord(policy) ? policy['class_name'] : policy)}`);
    return this;
  }

  get layer(): KerasLayer {
    return this.#layer as KerasLayer;
  }

  /** The number of columns. */
  get width(): number {
    return this.dims.reduce((product, n) => product * n, 1);
  }

  /** A layer with a setting that is not supported. */
  unsupported(what: string): SimdenseError {
    const { name, type } = this.layer;
    return unsupported(this.where, `layer "${name}" of class ${type} with ${what} is not supported`);
  }

  broken(what: string): SimdenseError {
    const { name, type } = this.layer;
    return broken(this.where, `layer "${name}" of class ${type} has ${what}`);
  }

  /** Checks that the layer has only settings that are known, or left out. */
  knows(...names: string[]): void {
    for (const [key, value] of Object.entries(this.layer.config)) {
      if (names.includes(key) || common.test(key) || value === null || value === false) continue;
      throw this.unsupported(`the setting ${key}`);
    }
  }

  number(key: string, otherwise: number): number {
    const { [key]: value = otherwise } = this.layer.config;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.broken(`${key} ${show(value)}`);
    return value;
  }

  flag(key: string, otherwise: boolean): boolean {
    const { [key]: value = otherwise } = this.layer.config;
    if (typeof value !== 'boolean') throw this.broken(`${key} ${show(value)}`);
    return value;
  }

  /** Checks that a layer that works along an axis works along the columns. */
  alongColumns(): void {
    const { axis = -1 } = this.layer.config;
    const [only, ...others] = Array.isArray(axis) ? axis : [axis];
    const isLast = only === -1 || only === this.dims.length;
    if (!isLast || others.length > 0) throw this.unsupported(`axis ${Array.isArray(axis) ? `[${axis}]` : show(axis)}`);
    this.oneRow();
  }

  /** Checks that the row is one row of columns, and not several. */
  oneRow(): void {
    if (this.dims.slice(0, -1).some((n) => n !== 1)) throw this.unsupported(`an input of shape ${this.dims.join('×')}`);
  }

  /** The weights of the layer, by their names in the order of Keras. */
  weights(names: readonly string[]): readonly Weight[] {
    return this.#weights.of(this.layer, names);
  }

  /** A vector of the layer's weights. */
  vector({ shape, data }: Weight, name: string): Float64Array {
    if (data.length !== this.width) throw this.broken(`${name} of shape ${shape.join('×')} for ${this.width} columns`);
    return Float64Array.from(data);
  }
}

type Reader = (at: Place) => readonly Step[];

const nothing: Reader = (at) => {
  at.knows();
  return [];
};

function denseLayer(at: Place): readonly Step[] {
  at.knows('units', 'activation', 'use_bias', 'input_dim');
  at.oneRow();
  const useBias = at.flag('use_bias', true);
  const units = at.number('units', Number.NaN);
  const [kernel, bias] = at.weights(useBias ? ['kernel', 'bias'] : ['kernel']) as [Weight, Weight?];
  const [inputs, outputs] = kernel.shape;
  if (kernel.shape.length !== 2 || inputs !== at.width || outputs !== units)
    throw at.broken(`a kernel of shape ${kernel.shape.join('×')} for ${at.width} columns and ${units} units`);
  at.dims = [...at.dims.slice(0, -1), units];
  const step = product(inputs, units, kernel.data, bias && at.vector(bias, 'a bias'));
  const steps = activationOf(at);
  const [first, ...more] = steps;
  // An activation that is one here stays with its layer.
  if (first && more.length === 0 && 'layer' in first && first.layer.type === 'activation')
    return [{ ...step, layer: dense({ units, useBias, activation: first.layer.activation }) } as Step];
  return [step, ...steps];
}

/** The activation of a layer: its name, or a layer of its own. */
function activationOf(at: Place): readonly Step[] {
  const { activation = 'linear' } = at.layer.config;
  if (activation === null) return [];
  if (typeof activation === 'string') {
    const steps = activationSteps(activation, at.dialect);
    if (!steps) throw at.unsupported(`activation ${show(activation)}`);
    if (/softmax$/.test(activation)) at.oneRow();
    return steps;
  }
  const { class_name: type, config, module } = isRecord(activation) ? activation : {};
  const isOwn = module === undefined || (typeof module === 'string' && module.startsWith('keras.'));
  if (typeof type !== 'string' || !isRecord(config) || !isOwn || !Object.hasOwn(withoutWeights, type))
    throw at.unsupported(`activation ${show(type ?? activation)}`);
  const { layer } = at;
  const steps = (withoutWeights[type] as Reader)(at.of({ name: layer.name, type, config }));
  at.of(layer);
  return steps;
}

function relu(at: Place): readonly Step[] {
  at.knows('max_value', 'negative_slope', 'threshold');
  const { max_value: most } = at.layer.config;
  if (at.number('threshold', 0) !== 0) throw at.unsupported(`threshold ${at.number('threshold', 0)}`);
  const slope = at.number('negative_slope', 0);
  const below = most === null || most === undefined ? Number.POSITIVE_INFINITY : at.number('max_value', 0);
  if (slope === 0) return clipped(0, below);
  return [...leaky(at, slope), ...clipped(Number.NEGATIVE_INFINITY, below)];
}

const leaky = (at: Place, slope: number): readonly Step[] => {
  if (slope < 0) throw at.unsupported(`slope ${slope}`);
  return [activated({ type: 'leakyRelu', slope: rounded(slope) })];
};

function softmax(at: Place): readonly Step[] {
  at.knows('axis');
  at.alongColumns();
  return [activated('softmax')];
}

/** The activations that are layers, and have no weights. */
const withoutWeights: Readonly<Record<string, Reader>> = {
  ReLU: relu,
  LeakyReLU(at) {
    at.knows('alpha', 'negative_slope');
    return leaky(at, at.number('negative_slope' in at.layer.config ? 'negative_slope' : 'alpha', 0.3));
  },
  ELU(at) {
    at.knows('alpha');
    const alpha = at.number('alpha', 1);
    if (alpha < 0) throw at.unsupported(`alpha ${alpha}`);
    return [activated({ type: 'elu', alpha: rounded(alpha) })];
  },
  Softmax: softmax,
};

function parametric(at: Place): readonly Step[] {
  at.knows('shared_axes');
  const [{ data, shape }] = at.weights(['alpha']) as [Weight];
  if (data.length !== 1 && data.length !== at.width)
    throw at.unsupported(`slopes of shape ${shape.join('×')} for rows of ${at.dims.join('×')}`);
  return [slopes(Float32Array.from({ length: at.width }, (_, c) => data[data.length === 1 ? 0 : c] as number))];
}

/** The factors and terms of a normalization, 1 and 0 where it has none, and its other weights. */
function normalization(at: Place, ...names: string[]): readonly Float64Array[] {
  const own = [...(at.flag('scale', true) ? ['gamma'] : []), ...(at.flag('center', true) ? ['beta'] : []), ...names];
  const found = new Map(at.weights(own).map((weight, i) => [own[i], weight]));
  return ['gamma', 'beta', ...names].map((name) => {
    const weight = found.get(name);
    return weight ? at.vector(weight, name) : new Float64Array(at.width).fill(name === 'gamma' ? 1 : 0);
  });
}

function batchNormalized(at: Place): readonly Step[] {
  at.knows('axis', 'momentum', 'epsilon', 'center', 'scale', 'mode');
  at.alongColumns();
  const [epsilon, momentum] = [at.number('epsilon', 1e-3), at.number('momentum', 0.99)];
  const values = normalization(at, 'moving_mean', 'moving_variance');
  const vectors = values.map((data) => ({ shape: [data.length], data: Float32Array.from(data) }));
  const [gamma, beta, movingMean, movingVariance] = vectors as [Vector, Vector, Vector, Vector];
  if (epsilon > 0 && momentum >= 0 && momentum < 1) {
    const fixed = at.flag('trainable', true) ? {} : { trainable: false };
    const layer = batchNormalization({ epsilon: rounded(epsilon), momentum, ...fixed });
    return [{ layer, weights: { gamma, beta, movingMean, movingVariance } }];
  }
  throw at.unsupported(epsilon > 0 ? `momentum ${momentum}` : `epsilon ${epsilon}`);
}

type Vector = { shape: number[]; data: Float32Array };

function rowsNormalized(at: Place): readonly Step[] {
  at.knows('axis', 'epsilon', 'center', 'scale');
  at.alongColumns();
  const [gamma, beta] = normalization(at) as [Float64Array, Float64Array];
  // One column is its own mean.
  if (at.width === 1) return [affine({ scale: 0, offset: beta })];
  return [normalizedRows(at.number('epsilon', 1e-3), gamma, beta)];
}

/** Numbers of a setting: one, or one of each column. */
function byColumn(at: Place, key: string, otherwise?: number): number | Float64Array {
  const { [key]: value = otherwise } = at.layer.config;
  const numbers = [value].flat(9) as number[];
  if (!numbers.every((n) => typeof n === 'number' && Number.isFinite(n))) throw at.unsupported(`${key} ${show(value)}`);
  if (numbers.length === 1) return numbers[0] as number;
  if (numbers.length !== at.width) throw at.unsupported(`${numbers.length} numbers of ${key} for ${at.width} columns`);
  at.oneRow();
  return Float64Array.from(numbers);
}

/** Keras's epsilon, below which no standard deviation falls. */
const LEAST = 1e-7;

function scaled(at: Place): readonly Step[] {
  at.knows('axis', 'mean', 'variance', 'invert');
  const { axis, mean } = at.layer.config;
  const isOne = axis === null || (Array.isArray(axis) && axis.length === 0);
  if (!isOne) at.alongColumns();
  const isGiven = mean !== null && mean !== undefined;
  const [means, variances] = isGiven
    ? [byColumn(at, 'mean'), byColumn(at, 'variance')]
    : at
        .weights(['mean', 'variance', 'count'])
        .slice(0, 2)
        .map((weight, i) => {
          if (weight.data.length === 1) return weight.data[0] as number;
          return at.vector(weight, i === 0 ? 'a mean' : 'a variance');
        });
  const spread = (values: number | Float64Array) =>
    typeof values === 'number' ? new Float64Array(at.width).fill(values) : values;
  const center = spread(means as number);
  const deviation = spread(variances as number).map((variance) => Math.max(Math.sqrt(variance), LEAST));
  if (at.flag('invert', false)) return [affine({ scale: deviation, offset: center })];
  return [affine({ center, scale: deviation.map((value) => 1 / value) })];
}

function reshaped(at: Place): readonly Step[] {
  at.knows('target_shape');
  const { target_shape: target } = at.layer.config;
  if (!Array.isArray(target) || !target.every(Number.isSafeInteger)) throw at.broken(`target_shape ${show(target)}`);
  const known = (target as number[]).filter((n) => n !== -1).reduce((product, n) => product * n, 1);
  const dims = (target as number[]).map((n) => (n === -1 ? at.width / known : n));
  const isWhole =
    dims.every((n) => Number.isSafeInteger(n) && n > 0) && dims.filter((_, i) => target[i] === -1).length < 2;
  if (!isWhole || dims.length === 0 || dims.reduce((product, n) => product * n, 1) !== at.width)
    throw at.broken(`target_shape [${target}] for rows of ${at.dims.join('×')}`);
  at.dims = dims;
  return [];
}

/** The layers by class. */
export const readers: Readonly<Record<string, Reader>> = {
  ...withoutWeights,
  Dense: denseLayer,
  Activation(at) {
    at.knows('activation');
    return activationOf(at);
  },
  PReLU: parametric,
  BatchNormalization: batchNormalized,
  LayerNormalization: rowsNormalized,
  Dropout(at) {
    at.knows('rate');
    const rate = at.number('rate', 0);
    return rate === 0 ? [] : [{ layer: dropout({ rate }) }];
  },
  GaussianNoise(at) {
    at.knows('stddev');
    const stddev = at.number('stddev', 0);
    return stddev === 0 ? [] : [{ layer: gaussianNoise({ stddev }) }];
  },
  Flatten(at) {
    at.knows('data_format');
    if (at.layer.config['data_format'] === 'channels_first' && at.dims.length > 1)
      throw at.unsupported('channels_first');
    at.dims = [at.width];
    return [];
  },
  Reshape: reshaped,
  Rescaling(at) {
    at.knows('scale', 'offset');
    return [affine({ scale: byColumn(at, 'scale', 1), offset: byColumn(at, 'offset', 0) })];
  },
  Normalization: scaled,
  Identity: nothing,
};
