// A trained model or pipeline as a list of steps on one row: what all targets are printed from.
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { LinearData } from '../data/scalers/linear.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import { type Activation, activationKernel } from '../nn/activations.js';
import type { Layer } from '../nn/layers/index.js';
import { layerNames } from '../nn/names.js';
import type { Sequential } from '../train/sequential.js';
import { type ColumnProgram, cellOf, columnsOf } from './columns.js';
import type { Expression } from './expression.js';
import { expressionOf } from './functions.js';

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

/** A cell of a row: numbers, or what a table has. */
export type Cell = number | boolean | string | null;

export interface Program {
  readonly name: string;
  readonly inputs: number;
  /** The numbers of the network for a row. */
  readonly outputs: number;
  /** How the columns of a table become the network's numbers; undefined for rows of numbers. */
  readonly table: readonly ColumnProgram[] | undefined;
  /** How rows are scaled, in float64; undefined if they are taken as they are. */
  readonly scaler: LinearData | undefined;
  readonly steps: readonly Step[];
  /** How a regression's numbers are scaled back. */
  readonly unscale: LinearData | undefined;
  readonly classes: readonly Label[] | undefined;
  /** The names of the columns of rows. */
  readonly columns: readonly string[] | undefined;
  /** The name of what is predicted. */
  readonly target: string | undefined;
  /** The names of the numbers of a prediction. */
  readonly outputNames: readonly Label[] | undefined;
  /** A row and what the model predicts for it, which are checked where the program is loaded. */
  readonly test: {
    readonly x: readonly Cell[];
    /** What the network takes for it. */
    readonly features: Float32Array;
    readonly y: Float32Array;
  };
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

const isPipeline = (m: object): m is FittedPipeline => 'model' in m;

/** A linear scaler; undefined for one that changes nothing. Throws SimdenseError 'UNSUPPORTED' for quantiles. */
function linearOf(where: string, data: { readonly type: string }): LinearData | undefined {
  if (data.type === 'quantile') {
    const message =
      "columns that are scaled by 'quantile' cannot be compiled; train with another scale, such as 'robust'";
    throw new SimdenseError('UNSUPPORTED', `${where}: ${message}`);
  }
  const linear = data as LinearData;
  return linear.center.length > 0 ? linear : undefined;
}

/** The program of a model or pipeline. Throws SimdenseError 'UNSUPPORTED' for quantiles, dates and texts. */
export function programOf(where: string, m: Sequential | FittedPipeline): Program {
  const pipeline = isPipeline(m) ? m : undefined;
  const model = pipeline ? pipeline.model : (m as Sequential);
  const table = pipeline?.encoder && columnsOf(where, pipeline.encoder.toJSON().columns);
  const scaler = pipeline && !table ? linearOf(where, pipeline.scaler.toJSON()) : undefined;
  const unscale = pipeline && linearOf(where, pipeline.targetScaler.toJSON());
  const x = table ? table.map(cellOf) : testRow(model.inputs, scaler);
  const row = table ? Object.fromEntries(table.map(({ name }, i) => [name, x[i]])) : (x as number[]);
  const y = (pipeline ? pipeline.predictProbabilities([row] as object[]) : model.predict([row as number[]]))
    .data as Float32Array;
  const features = table
    ? (pipeline?.encoder?.encodeRecords([row as object]).data as Float32Array)
    : Float32Array.from(x as number[], (value, c) =>
        scaler ? (value - (scaler.center[c] as number)) / (scaler.scale[c] as number) : value,
      );
  return {
    name: model.name,
    inputs: model.inputs,
    outputs: model.outputs,
    table,
    scaler,
    steps: stepsOf(model),
    unscale,
    classes: pipeline?.classes,
    columns: table ? table.map(({ name }) => name) : pipeline?.columns,
    target: pipeline?.target,
    outputNames: pipeline?.outputNames,
    test: { x, features, y: y.slice() },
  };
}

/** A row that lies where the scaler expects numbers, with few digits. */
function testRow(inputs: number, scaler: LinearData | undefined): number[] {
  return Array.from({ length: inputs }, (_, c) => {
    const value = ((c * 37 + 11) % 64) / 32 - 1;
    const scaled = scaler ? value * (scaler.scale[c] as number) + (scaler.center[c] as number) : value;
    return Number(Math.fround(scaled).toPrecision(6));
  });
}
