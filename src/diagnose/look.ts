// What one look at a training finds, from what its last step has left in memory: outputs of the layers, gradients, parameters.
import type { Parameter } from '../nn/network.js';
import { parameterFloats } from '../nn/plan.js';
import type { Sequential } from '../train/sequential.js';
import { SATURATED_WITHIN } from './thresholds.js';

/** Numbers of a kernel of which updates are measured: as many as make the mean firm within ten percent. */
const SAMPLE = 256;
/** Rows of which the inputs and the units are looked at. */
const ROWS = 32;

type Bound = Sequential['bound'];

/** A kernel of the network, and its layer's name. */
export interface Kernel {
  readonly layer: string;
  readonly parameter: Parameter;
}

export function kernelsOf({ network }: Bound): Kernel[] {
  return network.parameters
    .filter(({ path }) => path.endsWith('/kernel'))
    .map((parameter) => ({ layer: parameter.path.slice(0, -'/kernel'.length), parameter }));
}

/** Evenly spaced numbers of a kernel. */
export function sample({ network }: Bound, { parameter }: Kernel): Float32Array {
  const count = parameterFloats(parameter.shape);
  const step = Math.max(1, Math.floor(count / SAMPLE));
  const at = network.values / 4 + parameter.offset;
  const { floats } = network.engine;
  const out = new Float32Array(Math.floor(count / step));
  for (let i = 0; i < out.length; i++) out[i] = floats[at + i * step] as number;
  return out;
}

/** ‖now − before‖ ÷ ‖now‖ of two samples. */
export function updateRatio(before: Float32Array, now: Float32Array): number {
  let change = 0;
  let size = 0;
  for (let i = 0; i < now.length; i++) {
    const value = now[i] as number;
    change += (value - (before[i] as number)) ** 2;
    size += value * value;
  }
  return size > 0 ? Math.sqrt(change / size) : 0;
}

/** Root mean square of the loss's derivatives by a kernel. */
export function gradientSize({ network }: Bound, { parameter }: Kernel): number {
  const at = network.gradients + parameter.offset * 4;
  const sum = network.engine.calls.sumOfSquares(parameterFloats(parameter.shape), at);
  return Math.sqrt(sum / parameter.shape.reduce((product: number, n) => product * n, 1));
}

/** Norm of all gradients together. */
export function gradientNorm({ network }: Bound): number {
  return Math.sqrt(network.engine.calls.sumOfSquares(network.trainedFloats, network.gradients));
}

/** A layer whose activation can die or saturate, not the last one. */
export interface Unit {
  readonly layer: string;
  readonly index: number;
  readonly columns: number;
  readonly kind: 'relu' | 'sigmoid' | 'tanh';
}

/** The hidden layers of these kinds. */
export function unitsOf(model: Sequential): Unit[] {
  const { network } = model.bound;
  let columns = model.inputs;
  return model.layers.slice(0, -1).flatMap((layer, index) => {
    columns = (layer as { units?: number }).units ?? columns;
    const { activation } = layer as { activation?: string };
    if (activation !== 'relu' && activation !== 'sigmoid' && activation !== 'tanh') return [];
    return [{ layer: network.names[index] as string, index, columns, kind: activation }];
  });
}

/** Numbers in panels of a batch: where a column begins, whose rows are 16 apart. */
function columnsOf({ network }: Bound, address: number): (column: number) => number {
  const stride = (network.rows | 1) * 16;
  return (column) => address / 4 + (column >> 4) * stride + (column & 15);
}

/** Counts on, for each unit of a relu layer, the rows in a row for which it is off. */
export function countSilent(model: Sequential, unit: Unit, silent: Uint32Array): void {
  const { bound } = model;
  const { rows, engine } = bound.network;
  const { floats } = engine;
  const start = columnsOf(bound, bound.network.outputOf(unit.index));
  for (let column = 0; column < unit.columns; column++) {
    const from = start(column);
    const end = from + rows * 16;
    let at = from;
    while (at < end && (floats[at] as number) <= 0) at += 16;
    silent[column] = at >= end ? (silent[column] as number) + rows : 0;
  }
}

/** Share of the outputs of a sigmoid or tanh layer that are at their limits. */
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
      const value = floats[from + row * 16] as number;
      if (value < low || value > 1 - SATURATED_WITHIN) count++;
    }
  }
  return count / (rows * unit.columns);
}

/** What has been seen of the columns that go into the first layer with parameters. */
export class InputColumns {
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  readonly squares: Float64Array;
  rows = 0;
  readonly #model: Sequential;
  /** The layer before the first with parameters; −1 for the input itself. */
  readonly #layer: number;

  constructor(model: Sequential) {
    this.#model = model;
    this.#layer = model.layers.findIndex(({ type }) => type === 'dense' || type === 'batchNormalization') - 1;
    this.lowest = new Float64Array(model.inputs).fill(Number.POSITIVE_INFINITY);
    this.highest = new Float64Array(model.inputs).fill(Number.NEGATIVE_INFINITY);
    this.squares = new Float64Array(model.inputs);
  }

  look(): void {
    const { bound, inputs } = this.#model;
    const address = this.#layer < 0 ? bound.network.input : bound.network.outputOf(this.#layer);
    const { floats } = bound.network.engine;
    const start = columnsOf(bound, address);
    const rows = Math.min(ROWS, bound.network.rows);
    this.rows += rows;
    for (let column = 0; column < inputs; column++) {
      let low = this.lowest[column] as number;
      let high = this.highest[column] as number;
      let squares = 0;
      const from = start(column);
      for (let row = 0; row < rows; row++) {
        const value = floats[from + row * 16] as number;
        if (value < low) low = value;
        if (value > high) high = value;
        squares += value * value;
      }
      this.lowest[column] = low;
      this.highest[column] = high;
      (this.squares[column] as number) += squares;
    }
  }
}

/** Counts of the classes predicted and wanted in the last batch. */
export function countClasses({ network, batch }: Bound, predicted: Float64Array, wanted: Float64Array): void {
  const { rows, outputs, output } = network;
  const count = (address: number, counts: Float64Array): void => {
    const values = batch.read(rows, address);
    for (let row = 0; row < rows; row++) {
      const of = outputs === 1 ? Number((values[row] as number) > 0.5) : indexOfLargest(values, row * outputs, outputs);
      (counts[of] as number)++;
    }
  };
  count(output, predicted);
  count(batch.target, wanted);
}

function indexOfLargest(values: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if ((values[from + i] as number) > (values[from + best] as number)) best = i;
  return best;
}
