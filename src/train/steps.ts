// What a network is built of: layers with their weights, and fixed arithmetic by column between them.
import { refuse } from '../base/checks.js';
import type { Activation } from '../nn/activations.js';
import type { Layer } from '../nn/layers/index.js';
import { activation, batchNormalization, dense, layerNormalization, prelu, rescaling } from '../nn/layers/index.js';
import { type Sequential, sequential } from './sequential.js';

/** Weights by variable. */
type Weights = Readonly<Record<string, { shape: readonly number[]; data: Float32Array }>>;

/** Numbers by column, or one for all. */
export type ByColumn = number | Float64Array;

/** y = scale · (x − center) + offset, by column. */
export interface Affine {
  readonly center: ByColumn;
  readonly scale: ByColumn;
  readonly offset: ByColumn;
}

export interface Built {
  readonly layer: Layer;
  readonly weights?: Weights;
}
/** A layer, which may be one with a product before it; or arithmetic. */
export type Step = (Built & { readonly joins?: true }) | { readonly affine: Affine };

/** Undoes the rounding to float32 for people: 0.01 instead of 0.009999999776. */
export const rounded = (value: number): number => Number(value.toPrecision(7));

export const affine = ({ center = 0, scale = 1, offset = 0 }: Partial<Affine>): Step => ({
  affine: { center, scale, offset },
});

export const activated = (a: Activation): Step => ({ layer: activation(a) });

/** A dense layer with the kernel [inputs, units], row-major. */
export function product(inputs: number, units: number, kernel: ArrayLike<number>, bias?: ArrayLike<number>): Step {
  return {
    layer: dense({ units, useBias: bias !== undefined }),
    weights: {
      kernel: { shape: [inputs, units], data: Float32Array.from(kernel) },
      ...(bias && { bias: { shape: [units], data: Float32Array.from(bias) } }),
    },
  };
}

const vector = (data: ArrayLike<number>) => ({ shape: [data.length], data: Float32Array.from(data) });

export function normalizedColumns(
  epsilon: number,
  [gamma, beta, mean, variance]: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>, ArrayLike<number>],
  o?: { trainable: false },
): Built {
  return {
    layer: batchNormalization({ epsilon: rounded(epsilon), ...o }),
    weights: { gamma: vector(gamma), beta: vector(beta), movingMean: vector(mean), movingVariance: vector(variance) },
  };
}

export function normalizedRows(epsilon: number, gamma: ArrayLike<number>, beta: ArrayLike<number>): Step {
  return {
    layer: layerNormalization({ epsilon: rounded(epsilon) }),
    weights: { gamma: vector(gamma), beta: vector(beta) },
  };
}

/** max(x, least): relu(x − least) + least. */
const atLeast = (least: ByColumn): Step[] =>
  least === 0 ? [activated('relu')] : [affine({ center: least }), activated('relu'), affine({ offset: least })];

/** min(x, most): most − relu(most − x). */
const atMost = (most: ByColumn): Step[] => [
  affine({ scale: -1, offset: most }),
  activated('relu'),
  affine({ scale: -1, offset: most }),
];

/** Beyond these, a bound and what is added to it lose more digits than 1e-5. */
const MOST_BOUND = 64;
/** Float32's largest numbers bound nothing. */
const NONE = 3.4e38;

/** min(max(x, least), most), by bounds that are added and taken away; infinite bounds are none. Throws SimdenseError 'ARGUMENT' for bounds so large that digits would be lost. */
export function clipped(least: ByColumn, most: ByColumn): Step[] {
  const isNone = (bound: ByColumn, sign: number): boolean => typeof bound === 'number' && bound * sign >= NONE;
  const isFar = (bound: ByColumn): boolean =>
    typeof bound === 'number'
      ? !(Math.abs(bound) <= MOST_BOUND)
      : !bound.every((value) => Math.abs(value) <= MOST_BOUND);
  const [below, above] = [isNone(least, -1), isNone(most, 1)];
  for (const bound of [...(below ? [] : [least]), ...(above ? [] : [most])])
    if (isFar(bound))
      refuse(
        'bound',
        `a number from −${MOST_BOUND} to ${MOST_BOUND}, since float32 would lose digits`,
        typeof bound === 'number' ? bound : bound.find((value) => !(Math.abs(value) <= MOST_BOUND)),
      );
  return [...(below ? [] : atLeast(least)), ...(above ? [] : atMost(most))];
}

/** x, and slope · x below 0, by column. */
export const slopes = (slope: ArrayLike<number>): Step => ({ layer: prelu(), weights: { alpha: vector(slope) } });

const isAll = (values: ByColumn, value: number): boolean =>
  typeof values === 'number' ? values === value : values.every((each) => each === value);

/** A number of each column. */
export const spread = (values: ByColumn, columns: number): Float64Array =>
  typeof values === 'number' ? new Float64Array(columns).fill(values) : values;

/** The width behind a step; what it was where it does not change. */
export const widthAfter = (step: Step, width: number): number =>
  'layer' in step && step.layer.type === 'dense' ? step.layer.units : width;

/** The steps as layers: a term after a product is its bias, and other arithmetic is a layer of its own. `columns` is the width of the input. */
export function layersOf(steps: readonly Step[], columns: number): Built[] {
  const built: Built[] = [];
  let width = columns;
  for (const step of merged(steps)) {
    const last = built.at(-1);
    const joined = last && ('layer' in step ? joinedTo(last, step) : absorbed(last, step.affine, width));
    if (joined) built[built.length - 1] = joined;
    else if ('layer' in step) built.push(step);
    else if (!isNothing(step.affine)) built.push(fixed(step.affine, width));
    width = widthAfter(step, width);
  }
  return built;
}

const isNothing = ({ center, scale, offset }: Affine): boolean =>
  isAll(center, 0) && isAll(scale, 1) && isAll(offset, 0);

/** Factors that follow each other, as one, and scalings by column within the product that follows: it computes the same, and there is nothing beside it that training would change. */
function merged(steps: readonly Step[]): Step[] {
  const out: Step[] = [];
  for (const step of steps) {
    const last = out.at(-1);
    const before = last && 'affine' in last ? last.affine : undefined;
    const scaled = before && 'layer' in step ? scaledProduct(before, step) : undefined;
    if (before && 'affine' in step && isFactor(before) && isFactor(step.affine))
      out[out.length - 1] = affine({ scale: (before.scale as number) * (step.affine.scale as number) });
    else if (scaled) out[out.length - 1] = scaled;
    else out.push(step);
  }
  return out;
}

const isFactor = ({ center, scale, offset }: Affine): boolean =>
  isAll(center, 0) && isAll(offset, 0) && typeof scale === 'number';

/** Terms beyond this many scales lose digits where they become part of a bias. */
const FAR = 50;

/** The product behind a scaling by column, of the columns as they were. Undefined for what is no such pair, and for columns far from 0, of which float32 would lose digits. */
function scaledProduct({ center, scale, offset }: Affine, { layer, weights }: Built): Step | undefined {
  if (layer.type !== 'dense' || (typeof scale === 'number' && isAll(center, 0))) return undefined;
  const { kernel, bias } = weights as Weights & { kernel: { shape: [number, number]; data: Float32Array } };
  const [inputs, units] = kernel.shape;
  const [taken, factors, terms] = [spread(center, inputs), spread(scale, inputs), spread(offset, inputs)];
  const shift = terms.map((value, c) => value - (factors[c] as number) * (taken[c] as number));
  if (!shift.every((value) => Math.abs(value) <= FAR)) return undefined;
  const sums = Float64Array.from({ length: units }, (_, u) => bias?.data[u] ?? 0);
  const own = kernel.data.map((value, i) => {
    const [c, u] = [Math.floor(i / units), i % units];
    sums[u] = (sums[u] as number) + (shift[c] as number) * value;
    return value * (factors[c] as number);
  });
  const made = product(inputs, units, own, sums) as Built;
  return { ...made, layer: dense({ units, activation: layer.activation }) };
}

/** A product of one column that goes on into a product which is to be joined to it. */
function joinedTo(last: Built, step: Built & { readonly joins?: true }): Built | undefined {
  if (!step.joins || last.layer.type !== 'dense' || last.layer.activation !== 'linear') return undefined;
  const { kernel, bias } = last.weights as Weights & { kernel: { shape: [number, number]; data: Float32Array } };
  const { kernel: factors } = step.weights as Weights & { kernel: { data: Float32Array } };
  const [inputs, units] = kernel.shape;
  if (units !== 1) return undefined;
  const both = Array.from(kernel.data).flatMap((value) => Array.from(factors.data, (factor) => value * factor));
  const terms = bias && factors.data.map((factor) => (bias.data[0] as number) * factor);
  return product(inputs, factors.data.length, both, terms) as Built;
}

/** A layer that takes arithmetic in: a product its bias, and a normalization of rows its factors and terms. */
function absorbed(last: Built, { center, scale, offset }: Affine, width: number): Built | undefined {
  const { layer, weights } = last;
  const [taken, factors, terms] = [spread(center, width), spread(scale, width), spread(offset, width)];
  const term = terms.map((value, c) => value - (factors[c] as number) * (taken[c] as number));
  if (layer.type === 'dense' && layer.activation === 'linear' && isAll(scale, 1)) {
    const { kernel, bias } = weights as Weights & { kernel: { shape: [number, number]; data: Float32Array } };
    const [inputs, units] = kernel.shape;
    const terms = term.map((value, u) => value + (bias?.data[u] ?? 0));
    return product(inputs, units, kernel.data, terms) as Built;
  }
  if (layer.type !== 'layerNormalization' || !weights) return undefined;
  const { gamma, beta } = weights as Weights & Record<'gamma' | 'beta', { data: Float32Array }>;
  if (!isAll(Float64Array.from(gamma.data), 1) || !isAll(Float64Array.from(beta.data), 0)) return undefined;
  return { layer, weights: { gamma: vector(factors), beta: vector(term) } };
}

/** A power of two, so that its sum with a variance of 1 − epsilon is exactly 1. */
const EPSILON = 2 ** -10;

/** Arithmetic by column as a layer, which training leaves as it is. */
function fixed({ center, scale, offset }: Affine, width: number): Built {
  if (typeof scale === 'number' && typeof offset === 'number' && center === 0 && scale !== 0)
    return { layer: rescaling({ scale, offset }) };
  const [mean, gamma, beta] = [spread(center, width), spread(scale, width), spread(offset, width)];
  const variance = new Float64Array(width).fill(1 - EPSILON);
  return normalizedColumns(EPSILON, [gamma, beta, mean, variance], { trainable: false });
}

/** The model of built layers, with their weights. What nothing changes is a model that changes nothing. */
export function modelOf(layers: readonly Built[], columns: number): Sequential {
  const own = layers.length > 0 ? layers.map(({ layer }) => layer) : [activation('linear')];
  const model = sequential({ inputs: columns, layers: own });
  try {
    const given = layers.flatMap(({ weights }) => Object.values(weights ?? {}));
    const paths = [...model.getWeights().keys()];
    model.setWeights(new Map(given.map((tensor, i) => [paths[i] as string, tensor])));
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
