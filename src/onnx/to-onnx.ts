import { noMore, options, refuse } from '../base/checks.js';
import type { ScalerData } from '../data/scalers.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import type { Activation } from '../nn/activations.js';
import type { Layer } from '../nn/plan.js';
import type { WeightSet } from '../nn/weights.js';
import type { Sequential } from '../train/sequential.js';
import { type Attribute, type Node, type Tensor, writeModel } from './proto.js';

export interface ToOnnxOptions {
  /** The operators' version, 13 (onnxruntime 1.7 and later) to 22; 13. */
  opset?: number;
}

const OPSETS = { least: 13, most: 22 };

/**
 * A model or pipeline as an ONNX file: from `input`, float32 of batch × inputs, to `output`, batch × outputs. A pipeline's scalers are part of it; what its columns and
 * classes are called is in the metadata, as JSON. Dropout and noise are for training alone, and left out. Throws SimdenseError 'ARGUMENT' for another opset.
 */
export function toOnnx(m: Sequential | FittedPipeline, o?: ToOnnxOptions): Uint8Array {
  noMore('toOnnx', arguments, 2);
  const { opset = OPSETS.least } = options('toOnnx', o, ['opset']);
  if (!Number.isInteger(opset) || opset < OPSETS.least || opset > OPSETS.most)
    refuse('toOnnx(opset)', `a whole number from ${OPSETS.least} to ${OPSETS.most}`, opset);
  const pipeline = m && 'model' in Object(m) ? (m as FittedPipeline) : undefined;
  const model = pipeline ? pipeline.model : (m as Sequential);
  if (typeof model?.getWeights !== 'function') refuse('toOnnx(model)', 'a model or a pipeline', m);
  const writer = new Writer();
  if (pipeline) writer.scale(pipeline.scaler.toJSON());
  const weights = model.getWeights();
  const names = layerPaths(weights);
  let next = 0;
  for (const layer of model.layers) {
    const own = layer.type === 'dense' || layer.type === 'batchNormalization' ? names[next++] : undefined;
    writer.layer(layer, (variable) => weights.get(`${own}/${variable}`));
  }
  if (pipeline) writer.unscale(pipeline.targetScaler.toJSON());
  const { classes, columns, target } = pipeline ?? {};
  const known = Object.entries({ classes, columns, target }).filter(([, value]) => value !== undefined);
  return writeModel({
    opset,
    graph: {
      name: model.name,
      ...writer.finish(),
      inputs: [{ name: 'input', dims: [0, model.inputs] }],
      outputs: [{ name: 'output', dims: [0, model.outputs] }],
    },
    metadata: Object.fromEntries(known.map(([name, value]) => [name, JSON.stringify(value)])),
  });
}

/** Names of the layers that have weights, in their order. */
function layerPaths(weights: WeightSet): string[] {
  return [...new Set(Array.from(weights.keys(), (path) => path.slice(0, path.lastIndexOf('/'))))];
}

class Writer {
  readonly #nodes: Node[] = [];
  readonly #tensors: Tensor[] = [];
  #last = 'input';

  scale({ type, center, scale }: ScalerData): void {
    if (type === 'none') return;
    this.#apply('Sub', [this.#constant(center)]);
    // What float32 does not hold of a center, where it counts: a column of years, or of Unix seconds.
    const rest = center.map((value) => value - Math.fround(value));
    if (rest.some((value, c) => Math.abs(value) > 1e-7 * (scale[c] as number)))
      this.#apply('Sub', [this.#constant(rest)]);
    this.#apply('Div', [this.#constant(scale)]);
  }

  /** Scaled targets back in their own units. */
  unscale({ type, center, scale }: ScalerData): void {
    if (type === 'none') return;
    this.#apply('Mul', [this.#constant(scale)]);
    this.#apply('Add', [this.#constant(center)]);
  }

  layer(
    layer: Layer,
    weight: (variable: string) => { shape: readonly number[]; data: Float32Array } | undefined,
  ): void {
    const tensor = (variable: string): string[] => {
      const found = weight(variable);
      return found ? [this.#tensor(found.shape, found.data)] : [];
    };
    const { activation, scale, offset, epsilon } = layer as Layer & {
      activation?: Activation;
      scale: number;
      offset?: number;
      epsilon: number;
    };
    if (layer.type === 'dense') this.#apply('Gemm', [...tensor('kernel'), ...tensor('bias')]);
    else if (layer.type === 'batchNormalization')
      this.#apply('BatchNormalization', ['gamma', 'beta', 'movingMean', 'movingVariance'].flatMap(tensor), { epsilon });
    else if (layer.type === 'rescaling') {
      this.#apply('Mul', [this.#constant([scale])]);
      if (offset) this.#apply('Add', [this.#constant([offset])]);
    }
    if (activation !== undefined) this.#activation(activation);
  }

  #activation(given: Activation): void {
    const {
      type,
      slope = 0.01,
      alpha = 1,
    } = (typeof given === 'string' ? { type: given } : given) as { type: string; slope?: number; alpha?: number };
    const x = this.#last;
    switch (type) {
      case 'linear':
        return;
      case 'softmax':
        this.#apply('Softmax', [], { axis: 1 });
        return;
      case 'leakyRelu':
        this.#apply('LeakyRelu', [], { alpha: slope });
        return;
      case 'elu':
        this.#apply('Elu', [], { alpha });
        return;
      case 'silu':
        this.#apply('Sigmoid');
        this.#apply('Mul', [x]);
        return;
      case 'gelu':
        // ½·x·(1 + erf(x/√2)): an operator of its own only from opset 20 on.
        this.#apply('Mul', [this.#constant([Math.SQRT1_2])]);
        this.#apply('Erf');
        this.#apply('Add', [this.#constant([1])]);
        this.#apply('Mul', [x]);
        this.#apply('Mul', [this.#constant([0.5])]);
        return;
      default:
        this.#apply({ sigmoid: 'Sigmoid', tanh: 'Tanh', relu: 'Relu', softplus: 'Softplus' }[type] as string);
    }
  }

  /** The last value, through one more operator. */
  #apply(op: string, inputs: readonly string[] = [], attributes: Readonly<Record<string, Attribute>> = {}): void {
    const name = `${op}_${this.#nodes.length}`;
    this.#nodes.push({ op, name, domain: '', inputs: [this.#last, ...inputs], outputs: [name], attributes });
    this.#last = name;
  }

  #constant(values: readonly number[]): string {
    return this.#tensor([values.length], Float32Array.from(values));
  }

  #tensor(dims: readonly number[], data: Float32Array): string {
    const name = `weight_${this.#tensors.length}`;
    this.#tensors.push({ name, dims, data });
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
