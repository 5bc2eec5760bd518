import { noMore, options, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { ScalerData, ScalerType } from '../data/scalers/index.js';
import type { LinearData } from '../data/scalers/linear.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import { type Activation, type ActivationName, activationKernel } from '../nn/activations.js';
import type { Layer, LayerType } from '../nn/layers/index.js';
import { layerNames } from '../nn/names.js';
import type { Sequential } from '../train/sequential.js';
import { type Attribute, FLOAT, type Node, type Tensor } from './graph.js';
import { writeEncoder } from './write-encoder.js';
import { writeModel } from './write-proto.js';

export interface ToOnnxOptions {
  /** Version of the operators, from 13 (onnxruntime 1.7 and later) to 22; 13 by default. */
  opset?: number;
}

const OPSETS = { least: 13, most: 22 };

/**
 * Writes a model or a pipeline as an ONNX file.
 *
 * The graph goes from `input`, float32 [batch, inputs], to `output`, float32 [batch, outputs]. The scalers of a pipeline are part of the graph; the names of its
 * columns and classes are in the metadata, as JSON. Dropout and noise are left out, since they only act in training. Of a pipeline that was fitted on a table, `input` is
 * float32 [batch, columns]: the numbers of its columns as they are, booleans as 0 and 1, and NaN for a missing cell.
 * @param m A model, or a fitted pipeline.
 * @param o The options; all have defaults.
 * @returns The bytes of the file.
 * @throws SimdenseError 'ARGUMENT' for anything but a model or pipeline, or an opset out of range.
 * @throws SimdenseError 'UNSUPPORTED' for a pipeline whose columns are scaled by 'quantile', or are no numbers; it names them.
 * @throws SimdenseError 'DISPOSED' for a disposed model.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { toOnnx } from 'simdense/onnx';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 3, activation: 'softmax' })] });
 * const bytes = toOnnx(model, { opset: 17 });
 * console.log(bytes.length > 100); // true
 */
export function toOnnx(m: Sequential | FittedPipeline, o?: ToOnnxOptions): Uint8Array {
  noMore('toOnnx', arguments, 2);
  const { opset = OPSETS.least } = options('toOnnx', o, ['opset']);
  if (!Number.isInteger(opset) || opset < OPSETS.least || opset > OPSETS.most)
    refuse('toOnnx(opset)', `a whole number from ${OPSETS.least} to ${OPSETS.most}`, opset);
  const pipeline = m && 'model' in Object(m) ? (m as FittedPipeline) : undefined;
  const model = pipeline ? pipeline.model : (m as Sequential);
  if (typeof model?.getWeights !== 'function') refuse('toOnnx(model)', 'a model or a pipeline', m);
  const writer = new Writer(opset);
  if (pipeline?.encoder) writeEncoder(writer, pipeline.encoder.toJSON().columns);
  else if (pipeline) writer.scale(pipeline.scaler.toJSON());
  const weights = model.getWeights();
  const names = layerNames(model.layers);
  for (const [i, layer] of model.layers.entries())
    writer.layer(layer, (variable) => weights.get(`${names[i]}/${variable}`));
  if (pipeline) writer.unscale(pipeline.targetScaler.toJSON());
  const { classes, columns, target } = pipeline ?? {};
  const known = Object.entries({ classes, columns, target }).filter(([, value]) => value !== undefined);
  return writeModel({
    opset,
    graph: {
      name: model.name,
      ...writer.finish(),
      inputs: [{ name: 'input', type: FLOAT, dims: [0, pipeline?.encoder?.columns.length ?? model.inputs] }],
      outputs: [{ name: 'output', type: FLOAT, dims: [0, model.outputs] }],
    },
    metadata: Object.fromEntries(known.map(([name, value]) => [name, JSON.stringify(value)])),
  });
}

/** Returns a variable of a layer, if the layer has it. */
type Weight = (variable: string) => { shape: readonly number[]; data: Float32Array } | undefined;
/** Writes a layer. `tensors` writes the named variables that the layer has, and returns their names in the file. */
type LayerWriter<L extends Layer> = (
  writer: Writer,
  layer: L,
  tensors: (...variables: string[]) => readonly string[],
) => void;

/** Writes nothing, for layers that only act in training. */
const nothing = (): void => {};

/** Writes each kind of layer. The compiler requires every kind. */
const layers: { readonly [type in LayerType]: LayerWriter<Extract<Layer, { type: type }>> } = {
  dense(writer, { activation }, tensors) {
    writer.apply('Gemm', tensors('kernel', 'bias'));
    writer.activation(activation);
  },
  activation: (writer, { activation }) => writer.activation(activation),
  rescaling(writer, { scale, offset }) {
    writer.apply('Mul', [writer.constant([scale])]);
    if (offset) writer.apply('Add', [writer.constant([offset])]);
  },
  batchNormalization: (writer, { epsilon }, tensors) =>
    writer.apply('BatchNormalization', tensors('gamma', 'beta', 'movingMean', 'movingVariance'), { epsilon }),
  layerNormalization: (writer, { epsilon }, tensors) => writer.normalizeRows(epsilon, tensors('gamma', 'beta')),
  prelu: (writer, _, tensors) => writer.apply('PRelu', tensors('alpha')),
  dropout: nothing,
  gaussianNoise: nothing,
};

/** Writes each activation. */
const activations: Readonly<Record<ActivationName, (writer: Writer, alpha: number) => void>> = {
  linear: nothing,
  sigmoid: (writer) => writer.apply('Sigmoid'),
  tanh: (writer) => writer.apply('Tanh'),
  relu: (writer) => writer.apply('Relu'),
  leakyRelu: (writer, alpha) => writer.apply('LeakyRelu', [], { alpha }),
  elu: (writer, alpha) => writer.apply('Elu', [], { alpha }),
  softplus: (writer) => writer.apply('Softplus'),
  silu(writer) {
    const x = writer.last;
    writer.apply('Sigmoid');
    writer.apply('Mul', [x]);
  },
  gelu(writer) {
    const x = writer.last;
    // ½·x·(1 + erf(x/√2)). Gelu is an operator only since opset 20.
    writer.apply('Mul', [writer.constant([Math.SQRT1_2])]);
    writer.apply('Erf');
    writer.apply('Add', [writer.constant([1])]);
    writer.apply('Mul', [x]);
    writer.apply('Mul', [writer.constant([0.5])]);
  },
  mish(writer) {
    if (writer.opset >= 18) return writer.apply('Mish');
    const x = writer.last;
    writer.apply('Softplus');
    writer.apply('Tanh');
    writer.apply('Mul', [x]);
  },
  softsign: (writer) => writer.apply('Softsign'),
  hardSwish(writer) {
    if (writer.opset >= 14) return writer.apply('HardSwish');
    const x = writer.last;
    writer.apply('HardSigmoid', [], { alpha: 1 / 6, beta: 0.5 });
    writer.apply('Mul', [x]);
  },
  tanhShrink(writer) {
    const x = writer.last;
    writer.apply('Tanh');
    const shrunk = writer.last;
    writer.goOnFrom(x);
    writer.apply('Sub', [shrunk]);
  },
  softmax: (writer) => writer.apply('Softmax', [], { axis: 1 }),
  logSoftmax: (writer) => writer.apply('LogSoftmax', [], { axis: 1 }),
};

type ScalerWriter<Data extends ScalerData> = (writer: Writer, data: Data) => void;

const linear = (writer: Writer, { center, scale }: LinearData): void => {
  writer.apply('Sub', [writer.constant(center)]);
  // Subtract the rounding error of the center as well if it matters: for example in a column of years, or of Unix seconds.
  const rest = center.map((value) => value - Math.fround(value));
  if (rest.some((value, c) => Math.abs(value) > 1e-7 * (scale[c] as number)))
    writer.apply('Sub', [writer.constant(rest)]);
  writer.apply('Div', [writer.constant(scale)]);
};

/** Writes each kind of scaler. */
const scalers: { readonly [Type in ScalerType]: ScalerWriter<Extract<ScalerData, { type: Type }>> } = {
  standard: linear,
  minMax: linear,
  robust: linear,
  quantile() {
    const message =
      "columns that are scaled by 'quantile' cannot be written; train with another scale, such as 'robust'";
    throw new SimdenseError('UNSUPPORTED', `toOnnx: ${message}`);
  },
  none() {},
};

class Writer {
  readonly #nodes: Node[] = [];
  readonly #tensors: Tensor[] = [];
  #last = 'input';

  /** `opset` decides which operators there are. */
  constructor(readonly opset: number) {}

  scale(data: ScalerData): void {
    (scalers[data.type] as ScalerWriter<ScalerData>)(this, data);
  }

  /** Converts scaled targets back to their own units. */
  unscale({ center, scale }: LinearData): void {
    if (center.length === 0) return;
    this.apply('Mul', [this.constant(scale)]);
    this.apply('Add', [this.constant(center)]);
  }

  layer(layer: Layer, weight: Weight): void {
    (layers[layer.type] as LayerWriter<Layer>)(this, layer, (...variables) =>
      variables.flatMap((variable) => {
        const found = weight(variable);
        return found ? [this.#tensor(found.shape, found.data)] : [];
      }),
    );
  }

  activation(given: Activation): void {
    const { name, alpha } = activationKernel(given);
    activations[name](this, alpha);
  }

  /** Layer normalization, which is an operator only since opset 17. */
  normalizeRows(epsilon: number, tensors: readonly string[]): void {
    if (this.opset >= 17) {
      this.apply('LayerNormalization', tensors, { axis: 1, epsilon });
      return;
    }
    const x = this.last;
    this.apply('ReduceMean', [], { axes: [1] });
    const mean = this.last;
    this.#last = x;
    this.apply('Sub', [mean]);
    const centered = this.last;
    this.apply('Mul', [centered]);
    this.apply('ReduceMean', [], { axes: [1] });
    this.apply('Add', [this.constant([epsilon])]);
    this.apply('Sqrt');
    const root = this.last;
    this.#last = centered;
    this.apply('Div', [root]);
    for (const [i, op] of ['Mul', 'Add'].entries()) this.apply(op, [tensors[i] as string]);
  }

  /** Goes on from an earlier value. */
  goOnFrom(name: string): void {
    this.#last = name;
  }

  linear(data: Pick<LinearData, 'center' | 'scale'>): void {
    linear(this, data as LinearData);
  }

  matrix(rows: number, columns: number, values: Float32Array): string {
    return this.#tensor([rows, columns], values);
  }

  /** The name of the last value. */
  get last(): string {
    return this.#last;
  }

  /** Applies one more operator to the last value. */
  apply(op: string, inputs: readonly string[] = [], attributes: Readonly<Record<string, Attribute>> = {}): void {
    const name = `${op}_${this.#nodes.length}`;
    this.#nodes.push({ op, name, domain: '', inputs: [this.#last, ...inputs], outputs: [name], attributes });
    this.#last = name;
  }

  constant(values: readonly number[]): string {
    return this.#tensor([values.length], Float32Array.from(values));
  }

  #tensor(dims: readonly number[], data: Float32Array): string {
    const name = `weight_${this.#tensors.length}`;
    this.#tensors.push({ name, type: FLOAT, dims, data });
    return name;
  }

  finish(): { nodes: readonly Node[]; initializers: readonly Tensor[] } {
    const node: Node = {
      op: 'Identity',
      name: 'end',
      domain: '',
      inputs: [this.#last],
      outputs: ['output'],
      attributes: {},
    };
    return { nodes: [...this.#nodes, node], initializers: this.#tensors };
  }
}
