// Measures a training run after a step, from the layers' outputs, gradients and parameters in memory.
import { argmax } from '../base/extremes.js';
import type { Layer, LayerType } from '../nn/layers/index.js';
import { cellAt, LINE, panelRows, parameterFloats } from '../nn/layout.js';
import { type Parameter, rateOf } from '../nn/network.js';
import type { Sequential } from '../train/sequential.js';
import { SATURATED_WITHIN } from './thresholds.js';

/** Numbers of a kernel whose updates are measured: enough for a mean within ten percent. */
const SAMPLE = 256;
/** The most rows of a batch whose inputs and units are read. */
const ROWS = 32;

export type Bound = Sequential['bound'];

/** A kernel of the network, with its bias, if any, and the name of its layer. */
export interface Kernel {
  readonly layer: string;
  readonly parameter: Parameter;
  readonly bias: Parameter | undefined;
  /** Number of weights, without padding. */
  readonly count: number;
  /** The names of its figures in the trace. They are made once, since a new string would be looked up again each time. */
  readonly gradient: string;
  readonly update: string;
}

/** The parameters that are trained: frozen layers have no gradients, and no updates that could be too small. */
export const learning = ({ network, trainer }: Bound): Parameter[] =>
  network.parameters.filter((parameter) => rateOf(parameter, trainer?.layerRates) > 0);

/** The kernels that are trained. */
export function kernelsOf(bound: Bound): Kernel[] {
  const biases = new Map(
    bound.network.parameters.filter(({ plan }) => plan.name === 'bias').map((bias) => [bias.layer, bias]),
  );
  return learning(bound)
    .filter(({ plan }) => plan.name === 'kernel')
    .map((parameter) => {
      const { layer } = parameter;
      const [inputs, units] = parameter.shape as readonly [number, number];
      return {
        layer,
        parameter,
        bias: biases.get(layer),
        count: inputs * units,
        gradient: `gradient/${layer}`,
        update: `update/${layer}`,
      };
    });
}

/** Copies evenly spaced numbers of a kernel, into `out` if it is given. */
export function sample({ network }: Bound, { parameter }: Kernel, out?: Float32Array): Float32Array {
  const count = parameterFloats(parameter.shape);
  const step = Math.max(1, Math.floor(count / SAMPLE));
  const numbers = out ?? new Float32Array(Math.floor(count / step));
  const { floats } = network.engine;
  let at = network.values / 4 + parameter.offset;
  for (let i = 0; i < numbers.length; i++, at += step) numbers[i] = floats[at] as number;
  return numbers;
}

/** ‖now − before‖ ÷ ‖now‖ of a sample; 0 if all numbers were 0 before, since any update would count as large then. */
export function updateRatio({ network }: Bound, { parameter }: Kernel, before: Float32Array): number {
  const count = parameterFloats(parameter.shape);
  const step = Math.max(1, Math.floor(count / SAMPLE));
  const { floats } = network.engine;
  let at = network.values / 4 + parameter.offset;
  let change = 0;
  let size = 0;
  let old = 0;
  for (let i = 0; i < before.length; i++, at += step) {
    const value = floats[at] as number;
    const previous = before[i] as number;
    const difference = value - previous;
    change += difference * difference;
    size += value * value;
    old += previous * previous;
  }
  return size > 0 && old > 0 ? Math.sqrt(change / size) : 0;
}

/** The sum of squares of a parameter's gradient. */
export function gradientSquares({ network }: Bound, { offset, shape }: Parameter): number {
  return network.engine.calls.sumOfSquares(parameterFloats(shape), network.gradients + offset * 4);
}

/** A hidden layer whose activation can die or saturate. */
export interface Unit {
  readonly layer: string;
  readonly index: number;
  readonly columns: number;
  readonly kind: 'relu' | 'sigmoid' | 'tanh';
  /** The name of its figure in the trace. */
  readonly figure: string;
}

/** The hidden layers with relu, sigmoid or tanh, but not those behind a frozen layer, which this training cannot change. */
export function unitsOf(model: Sequential): Unit[] {
  const { network } = model.bound;
  const trained = new Set(learning(model.bound).map(({ layer }) => layer));
  let columns = model.inputs;
  let learns = true;
  return model.layers.slice(0, -1).flatMap((layer, index) => {
    const name = network.names[index] as string;
    columns = (layer as { units?: number }).units ?? columns;
    if (hasParameters[layer.type]) learns = trained.has(name);
    const { activation } = layer as { activation?: string };
    if (!learns || (activation !== 'relu' && activation !== 'sigmoid' && activation !== 'tanh')) return [];
    const figure = `${activation === 'relu' ? 'dead' : 'saturated'}/${name}`;
    return [{ layer: name, index, columns, kind: activation, figure }];
  });
}

/** Returns a function for the index of a column's first row, in a batch in panels. Its rows are LINE apart. */
export function columnsOf({ network }: Bound, address: number): (column: number) => number {
  const apart = panelRows(network.rows);
  return (column) => address / 4 + cellAt(apart, 0, column);
}

/** Updates, for each unit of a relu layer, the number of consecutive rows in which it is inactive. */
export function countSilent(model: Sequential, unit: Unit, silent: Uint32Array): void {
  const { bound } = model;
  const { rows, engine } = bound.network;
  const { floats } = engine;
  const first = bound.network.outputOf(unit.index) / 4;
  const apart = panelRows(rows);
  for (let column = 0; column < unit.columns; column++) {
    const from = first + cellAt(apart, 0, column);
    const end = from + rows * LINE;
    let at = from;
    while (at < end && (floats[at] as number) <= 0) at += LINE;
    silent[column] = at >= end ? (silent[column] as number) + rows : 0;
  }
}

/** The share of the outputs of a sigmoid or tanh layer that are saturated. */
export function saturatedShare(model: Sequential, unit: Unit): number {
  const { bound } = model;
  const { floats } = bound.network.engine;
  const start = columnsOf(bound, bound.network.outputOf(unit.index));
  const rows = Math.min(ROWS, bound.network.rows);
  const low = unit.kind === 'sigmoid' ? SATURATED_WITHIN : SATURATED_WITHIN - 1;
  let count = 0;
  for (let column = 0; column < unit.columns; column++) {
    const from = start(column);
    for (let row = 0; row < rows; row++) {
      const value = floats[from + row * LINE] as number;
      if (value < low || value > 1 - SATURATED_WITHIN) count++;
    }
  }
  return count / (rows * unit.columns);
}

/** Whether all units of a kernel have the same weights and biases; 'zero' if all weights are 0. */
export function sameUnits({ network }: Bound, { parameter, bias }: Kernel): 'same' | 'zero' | undefined {
  const [rows, units] = parameter.shape as readonly [number, number];
  const { floats } = network.engine;
  const kernel = network.values / 4 + parameter.offset;
  let zero = true;
  for (let unit = 0; unit < units; unit++) {
    if (bias) {
      const at = network.values / 4 + bias.offset;
      if (floats[at + unit] !== floats[at]) return undefined;
    }
    const from = kernel + cellAt(rows, 0, unit);
    for (let row = 0; row < rows; row++) {
      const value = floats[from + row * LINE];
      if (value !== floats[kernel + row * LINE]) return undefined;
      if (value !== 0) zero = false;
    }
  }
  return zero ? 'zero' : 'same';
}

/** Whether a layer of this type has parameters. */
const hasParameters: Readonly<Record<LayerType, boolean>> = {
  dense: true,
  activation: false,
  rescaling: false,
  batchNormalization: true,
  layerNormalization: true,
  prelu: true,
  dropout: false,
  gaussianNoise: false,
};

/** The index of the first layer with parameters; −1 if there is none. */
export const firstWithParameters = (layers: readonly Layer[]): number =>
  layers.findIndex(({ type }) => hasParameters[type]);

/** Statistics of the input of the first layer with parameters: the size of each column, and the columns that do not vary. */
export class InputColumns {
  readonly sizes: Float64Array;
  /** The largest magnitude of a value in any column. */
  peak = 0;
  /** Number of rows that are summed in `sizes`. */
  rows = 0;
  /** Number of rows that have been searched for constant columns. */
  compared = 0;
  /** The columns that have had a single value so far, and that value. */
  readonly constant = new Map<number, number>();
  /** The columns that have had at most two values so far; the second is NaN if there was only one. */
  readonly #pairs = new Map<number, [number, number]>();
  #zeros = 0;
  #cells = 0;
  readonly #model: Sequential;
  /** Index of the layer before the first one with parameters; −1 for the input itself. */
  readonly #layer: number;

  constructor(model: Sequential) {
    this.#model = model;
    this.#layer = firstWithParameters(model.layers) - 1;
    this.sizes = new Float64Array(model.inputs);
  }

  /** The share of zeros among the cells of columns that vary. */
  get zeros(): number {
    return this.#cells > 0 ? this.#zeros / this.#cells : 0;
  }

  /** The share of columns with two values, such as one-hot categories, among the columns that vary. */
  get pairs(): number {
    const varying = this.sizes.length - this.constant.size;
    let pairs = 0;
    for (const column of this.#pairs.keys()) if (!this.constant.has(column)) pairs++;
    return varying > 0 ? pairs / varying : 0;
  }

  /** Adds the magnitudes of some rows of this batch. */
  look(): void {
    const { start, floats } = this.#panels();
    const rows = Math.min(ROWS, this.#model.bound.network.rows);
    if (this.rows === 0) {
      for (let c = 0; c < this.sizes.length; c++) this.#pairs.set(c, [floats[start(c)] as number, Number.NaN]);
    }
    this.rows += rows;
    for (let column = 0; column < this.sizes.length; column++) {
      let sum = 0;
      let zeros = 0;
      const from = start(column);
      for (let row = 0; row < rows; row++) {
        const value = floats[from + row * LINE] as number;
        if (value === 0) zeros++;
        const size = Math.abs(value);
        sum += size;
        if (size > this.peak) this.peak = size;
      }
      (this.sizes[column] as number) += sum;
      if (zeros === rows && this.constant.get(column) === 0) continue;
      this.#zeros += zeros;
      this.#cells += rows;
    }
    this.#dropPairs(rows);
  }

  /** Removes the columns that have a third value in this batch. */
  #dropPairs(rows: number): void {
    const { start, floats } = this.#panels();
    for (const [column, pair] of this.#pairs) {
      const from = start(column);
      for (let at = from; at < from + rows * LINE; at += LINE) {
        const value = floats[at] as number;
        if (value === pair[0] || value === pair[1]) continue;
        if (Number.isNaN(pair[1])) pair[1] = value;
        else {
          this.#pairs.delete(column);
          break;
        }
      }
    }
  }

  /** Removes the columns that vary in this batch. */
  compare(): void {
    const { start, floats } = this.#panels();
    const { rows } = this.#model.bound.network;
    if (this.compared === 0) {
      for (let column = 0; column < this.sizes.length; column++)
        this.constant.set(column, floats[start(column)] as number);
    }
    this.compared += rows;
    for (const [column, value] of this.constant) {
      let at = start(column);
      const end = at + rows * LINE;
      while (at < end && floats[at] === value) at += LINE;
      if (at < end) this.constant.delete(column);
    }
  }

  #panels(): { start: (column: number) => number; floats: Float32Array } {
    const { bound } = this.#model;
    const address = this.#layer < 0 ? bound.network.input : bound.network.outputOf(this.#layer);
    return { start: columnsOf(bound, address), floats: bound.network.engine.floats };
  }
}

/** Counts the predicted and the target classes of the last batch. */
export function countClasses({ network, batch }: Bound, predicted: Float64Array, wanted: Float64Array): void {
  const { rows, outputs, output } = network;
  const count = (address: number, counts: Float64Array): void => {
    const values = batch.read(rows, address);
    for (let row = 0; row < rows; row++) {
      const of = outputs === 1 ? Number((values[row] as number) > 0.5) : argmax(values, row * outputs, outputs);
      (counts[of] as number)++;
    }
  };
  count(output, predicted);
  count(batch.target, wanted);
}
