import { gather } from '../data/gather.js';
import type { Matrix } from '../data/matrix.js';
import { checkThere } from '../data/rows.js';
import type { Address } from '../engine/kernels.js';
import type { Network } from '../nn/network.js';
import { activationBytes, inLine } from '../nn/plan.js';
import type { TargetData } from './targets.js';

/** Row-major staging in linear memory for one batch: rows and targets on their way in, predictions on their way out. */
export class Batch {
  readonly #network: Network;
  #rows = 0;
  #block: Address = 0;
  #x: Address = 0;
  #y: Address = 0;
  #predictions: Address = 0;
  /** TargetData in panels. */
  target: Address = 0;
  /** One loss a row. */
  rowLosses: Address = 0;
  /** One weight a row, or 0 where all weigh the same. */
  weights: Address = 0;
  #ownWeights: Address = 0;

  constructor(network: Network) {
    this.#network = network;
  }

  /** Room for up to `rows` rows. */
  reserve(rows: number): void {
    if (rows <= this.#rows) return;
    const { engine, inputs, outputs } = this.#network;
    const [rowBytes, targetBytes] = [rows * inputs * 4, rows * outputs * 4];
    const places = inLine([rowBytes, targetBytes, targetBytes, activationBytes(rows, outputs), rows * 4, rows * 4]);
    const block = engine.allocate(places[6] as number);
    if (this.#block) engine.release(this.#block);
    const at = places.map((place) => block + place) as [number, number, number, number, number, number];
    [this.#x, this.#y, this.#predictions, this.target, this.rowLosses, this.#ownWeights] = at;
    this.#block = block;
    this.#rows = rows;
  }

  /** Packs `count` rows of x as the network's input: those that `order` names from `from` on, or as they stand. */
  loadRows(x: Matrix, order: Int32Array | undefined, from: number, count: number): void {
    // Numbers are read where they lie.
    checkThere('the rows x', x);
    const { calls, bytes, floats } = this.#network.engine;
    const { inputs, input } = this.#network;
    if (x.data instanceof Uint8Array) {
      gather(x.data, inputs, order, from, count, bytes, this.#x);
      calls.packBytes(count, inputs, this.#x, 0, input, count | 1);
    } else {
      gather(x.data, inputs, order, from, count, floats, this.#x / 4);
      calls.packFloats(count, inputs, this.#x, 0, input, count | 1);
    }
  }

  /** Packs flat floats as the network's input, without allocating. */
  loadFloats(x: Float32Array, count: number): void {
    const { engine, inputs, input } = this.#network;
    engine.floats.set(x, this.#x / 4);
    engine.calls.packFloats(count, inputs, this.#x, 0, input, count | 1);
  }

  /** Packs the targets of the same rows. */
  loadTargets(y: TargetData, order: Int32Array | undefined, from: number, count: number): void {
    const { calls, floats, bytes, words } = this.#network.engine;
    const { outputs } = this.#network;
    if (y.classes) {
      gather(y.classes, 1, order, from, count, words, this.#y / 4);
      calls.packClasses(count, outputs, this.#y, 0, this.target, count | 1);
      return;
    }
    checkThere('the targets y', y.numbers);
    if (y.numbers.data instanceof Uint8Array) {
      gather(y.numbers.data, outputs, order, from, count, bytes, this.#y);
      calls.packBytes(count, outputs, this.#y, 0, this.target, count | 1);
    } else {
      gather(y.numbers.data, outputs, order, from, count, floats, this.#y / 4);
      calls.packFloats(count, outputs, this.#y, 0, this.target, count | 1);
    }
  }

  /** Sets the weights of the same rows; without any, all weigh the same. */
  loadWeights(weights: Float32Array | undefined, order: Int32Array | undefined, from: number, count: number): void {
    this.weights = weights ? this.#ownWeights : 0;
    if (weights) gather(weights, 1, order, from, count, this.#network.engine.floats, this.#ownWeights / 4);
  }

  /** A copy of `count` × outputs numbers in panels, row-major. */
  read(count: number, panels: Address): Float32Array {
    const { engine, outputs } = this.#network;
    engine.calls.unpackFloats(count, outputs, panels, count | 1, this.#predictions);
    return engine.floats.slice(this.#predictions / 4, this.#predictions / 4 + count * outputs);
  }

  /** A copy of what the rows weigh; nothing where all weigh the same. */
  readWeights(count: number): Float32Array | undefined {
    return this.weights ? this.#network.engine.floats.slice(this.weights / 4, this.weights / 4 + count) : undefined;
  }

  /** Packs row-major numbers of `count` × outputs. */
  write(count: number, values: Float32Array, panels: Address): void {
    const { engine, outputs } = this.#network;
    engine.floats.set(values, this.#predictions / 4);
    engine.calls.packFloats(count, outputs, this.#predictions, 0, panels, count | 1);
  }

  /** Unpacks the network's output; address in floats of `count` × outputs numbers. */
  unloadPredictions(count: number): number {
    const { engine, outputs, output } = this.#network;
    engine.calls.unpackFloats(count, outputs, output, count | 1, this.#predictions);
    return this.#predictions / 4;
  }

  dispose(): void {
    if (this.#block) this.#network.engine.release(this.#block);
    this.#block = 0;
    this.#rows = 0;
  }
}
