import { gather } from '../data/gather.js';
import type { Address } from '../engine/kernels.js';
import { activationBytes, panelRows } from '../nn/layout.js';
import { Staging } from './staging.js';
import type { TargetData } from './targets.js';

/** Staging for training and evaluation: in addition to the rows, the targets, weights and losses of a batch. */
export class Batch extends Staging {
  /** The targets, in panels. */
  target: Address = 0;
  /** The loss of each row. */
  rowLosses: Address = 0;
  /** The weight of each row; 0 if all rows weigh the same. */
  weights: Address = 0;
  #y: Address = 0;
  #ownWeights: Address = 0;

  protected override sizes(rows: number): number[] {
    const { outputs } = this.network;
    return [...super.sizes(rows), rows * outputs * 4, activationBytes(rows, outputs), rows * 4, rows * 4];
  }

  protected override place(at: readonly Address[]): void {
    super.place(at);
    [this.#y, this.target, this.rowLosses, this.#ownWeights] = at.slice(2) as [Address, Address, Address, Address];
  }

  /** Packs the targets of the loaded rows. */
  loadTargets({ classes, numbers }: TargetData, order: Int32Array | undefined, from: number, count: number): void {
    if (!classes) {
      this.pack('the targets y', numbers, order, from, count, this.#y, this.target);
      return;
    }
    const { calls, words } = this.network.engine;
    gather(classes, 1, order, from, count, words, this.#y / 4);
    calls.packClasses(count, this.network.outputs, this.#y, 0, this.target, panelRows(count));
  }

  /** Sets the weights of the loaded rows; without weights, all rows weigh the same. */
  loadWeights(weights: Float32Array | undefined, order: Int32Array | undefined, from: number, count: number): void {
    this.weights = weights ? this.#ownWeights : 0;
    if (weights) gather(weights, 1, order, from, count, this.network.engine.floats, this.#ownWeights / 4);
  }

  /** Unpacks panels of `count` × outputs numbers into a row-major copy. */
  read(count: number, panels: Address): Float32Array {
    const { engine, outputs } = this.network;
    engine.calls.unpackFloats(count, outputs, panels, panelRows(count), this.predictions);
    return engine.floats.slice(this.predictions / 4, this.predictions / 4 + count * outputs);
  }

  /** A copy of the rows' weights; undefined if all rows weigh the same. */
  readWeights(count: number): Float32Array | undefined {
    return this.weights ? this.network.engine.floats.slice(this.weights / 4, this.weights / 4 + count) : undefined;
  }

  /** Packs `count` × outputs row-major numbers into panels. */
  write(count: number, values: Float32Array, panels: Address): void {
    const { engine, outputs } = this.network;
    engine.floats.set(values, this.predictions / 4);
    engine.calls.packFloats(count, outputs, this.predictions, 0, panels, panelRows(count));
  }
}
