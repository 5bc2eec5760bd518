// A trained model or pipeline as a list of steps on one row.
import type { Label } from '../data/labels.js';
import { type ScalerData, transformOf } from '../data/scalers/index.js';
import type { LinearData } from '../data/scalers/linear.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import { type Activation, activationKernel } from '../nn/activations.js';
import type { Layer } from '../nn/layers/index.js';
import { layerNames } from '../nn/names.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import type { Sequential } from '../train/sequential.js';
import type { Expression } from './expression.js';
import { exponential, expressionOf, logarithm } from './functions.js';

/** The largest whole number of a row's: 7 bits with a sign. */
export const ROW = 63;
/** Rows whose largest number is below this become zeros: their factor would be beyond float32. */
export const LEAST = 2 ** -100;

/** A product of whole numbers: (Σ q · kernel) · (a · scale) + bias, with q = round(x · 63 / top), a = top / 63, and top the largest |x|. */
export interface QuantizedProduct {
  readonly type: 'quantized';
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs], row-major. */
  readonly kernel: Int8Array;
  /** What one of a unit's whole numbers stands for. */
  readonly scale: Float32Array;
  readonly bias: Float32Array | undefined;
}

/** A step from `inputs` numbers of a row to `outputs`. */
export type Step =
  | {
      readonly type: 'product';
      readonly inputs: number;
      readonly outputs: number;
      /** [inputs, outputs], row-major. */
      readonly kernel: Float32Array;
      readonly bias: Float32Array | undefined;
    }
  | QuantizedProduct
  | { readonly type: 'function'; readonly width: number; readonly name: string; readonly expression: Expression }
  /** With `logs` its logarithm. */
  | { readonly type: 'softmax'; readonly width: number; readonly logs: boolean }
  | { readonly type: 'affine'; readonly width: number; readonly scale: number; readonly offset: number }
  /** (x − mean) · slope + beta, by column. */
  | {
      readonly type: 'columns';
      readonly width: number;
      readonly mean: Float32Array;
      readonly slope: Float32Array;
      readonly beta: Float32Array;
    }
  /** alpha · x below 0, by column. */
  | { readonly type: 'slopes'; readonly width: number; readonly alpha: Float32Array }
  | {
      readonly type: 'rows';
      readonly width: number;
      readonly epsilon: number;
      readonly gamma: Float32Array;
      readonly beta: Float32Array;
    };

/** One network, with how rows become its numbers, and its numbers a prediction. */
export interface Program {
  /** The numbers that the network takes. */
  readonly inputs: number;
  /** The numbers of the network for a row. */
  readonly outputs: number;
  /** How the columns of a table become the network's numbers; undefined for rows of numbers. */
  readonly table: readonly EncoderColumn[] | undefined;
  /** How rows are scaled, in float64; undefined if they are taken as they are. */
  readonly scaler: ScalerData | undefined;
  readonly steps: readonly Step[];
  /** How a regression's numbers are scaled back. */
  readonly unscale: LinearData | undefined;
  readonly classes: readonly Label[] | undefined;
  /** What the network takes for the row that is tried, and what is predicted for it. */
  readonly test: { readonly features: Float32Array; readonly y: Float32Array };
}

/** Numbers of a prediction: a binary classifier's one probability becomes two. */
export const predictedNumbers = ({ outputs, classes }: Pick<Program, 'outputs' | 'classes'>): number =>
  classes && outputs === 1 ? 2 : outputs;

type Weight = (variable: string) => Float32Array | undefined;

const activated = (width: number, activation: Activation): Step[] => {
  const { name, alpha } = activationKernel(activation);
  if (name === 'softmax' || name === 'logSoftmax') return [{ type: 'softmax', width, logs: name === 'logSoftmax' }];
  const expression = expressionOf(name, alpha);
  return expression
    ? [
        {
          type: 'function',
          width,
          name: `${name}${alpha === 1 ? '' : `_${`${alpha}`.replace(/\W/g, '_')}`}`,
          expression,
        },
      ]
    : [];
};

/** The slope of each column, with the roundings of the kernels. */
function slopes(gamma: Float32Array, variance: Float32Array, epsilon: number): Float32Array {
  const added = Math.fround(epsilon);
  return gamma.map((value, c) => value / Math.fround(Math.sqrt(Math.fround((variance[c] as number) + added))));
}

type Reader<L extends Layer> = (layer: L, weight: Weight, width: number) => readonly Step[];
const nothing = (): readonly Step[] => [];

/** Each kind of layer as steps. The compiler requires every kind. */
const readers: { readonly [type in Layer['type']]: Reader<Extract<Layer, { type: type }>> } = {
  dense({ units, activation }, weight, width) {
    const kernel = weight('kernel') as Float32Array;
    return [
      { type: 'product', inputs: width, outputs: units, kernel, bias: weight('bias') },
      ...activated(units, activation),
    ];
  },
  activation: ({ activation }, _, width) => activated(width, activation),
  rescaling: ({ scale, offset }, _, width) => [
    { type: 'affine', width, scale: Math.fround(scale), offset: Math.fround(offset) },
  ],
  batchNormalization({ epsilon }, weight, width) {
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'movingMean', 'movingVariance'].map(weight) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    return [{ type: 'columns', width, mean, slope: slopes(gamma, variance, epsilon), beta }];
  },
  layerNormalization: ({ epsilon }, weight, width) => [
    {
      type: 'rows',
      width,
      epsilon: Math.fround(epsilon),
      gamma: weight('gamma') as Float32Array,
      beta: weight('beta') as Float32Array,
    },
  ],
  prelu: (_, weight, width) => [{ type: 'slopes', width, alpha: weight('alpha') as Float32Array }],
  // These act in training alone.
  dropout: nothing,
  gaussianNoise: nothing,
};

function stepsOf(model: Sequential): Step[] {
  const weights = model.getWeights();
  const names = layerNames(model.layers);
  let width = model.inputs;
  return model.layers.flatMap((layer, i) => {
    const read = readers[layer.type] as Reader<Layer>;
    const own = read(layer, (variable) => weights.get(`${names[i]}/${variable}`)?.data, width);
    for (const step of own) width = 'outputs' in step ? step.outputs : width;
    return own;
  });
}

/** The functions that steps call, by name. */
export function functionsOf(steps: readonly Step[]): ReadonlyMap<string, Expression> {
  const found = new Map<string, Expression>();
  for (const step of steps) {
    if (step.type === 'function') found.set(step.name, step.expression);
    if (step.type === 'softmax') found.set('exp', exponential());
    if (step.type === 'softmax' && step.logs) found.set('log', logarithm());
  }
  return found;
}

/** The kinds of steps, of which a softmax and its logarithm are two. */
export const stepTypesOf = (steps: readonly Step[]): ReadonlySet<Step['type'] | 'logSoftmax'> =>
  new Set(steps.map((step) => (step.type === 'softmax' && step.logs ? 'logSoftmax' : step.type)));

export const isPipeline = (m: object): m is FittedPipeline => 'model' in m;

/** A scaler's data; undefined for one that changes nothing. */
const used = <Data extends ScalerData>(data: Data): Data | undefined => (data.type === 'none' ? undefined : data);

/** The program of a model or pipeline. `row` is the row that is tried: numbers, or an object with a value for each column of a table. */
export function programOf(m: Sequential | FittedPipeline, row: object): Program {
  const pipeline = isPipeline(m) ? m : undefined;
  const model = pipeline ? pipeline.model : (m as Sequential);
  const scaler = pipeline && !pipeline.encoder ? used(pipeline.scaler.toJSON()) : undefined;
  const scaled = scaler ? transformOf(scaler) : (value: number) => value;
  const features = pipeline?.encoder
    ? (pipeline.encoder.encodeRecords([row]).data as Float32Array)
    : Float32Array.from(row as readonly number[], scaled);
  const y = pipeline ? pipeline.predictProbabilities([row]) : model.predict([row as number[]]);
  return {
    inputs: model.inputs,
    outputs: model.outputs,
    table: pipeline?.encoder?.toJSON().columns,
    scaler,
    steps: stepsOf(model),
    unscale: pipeline && used(pipeline.targetScaler.toJSON()),
    classes: pipeline?.classes,
    test: { features, y: (y.data as Float32Array).slice() },
  };
}
