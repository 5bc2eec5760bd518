import { Purpose, seedWords } from '../base/draws.js';
import { range } from '../data/random.js';
import type { Address } from '../engine/kernels.js';
import { inLine, panelRows } from '../nn/layout.js';
import type { TrainableNetwork } from '../nn/trainable-network.js';
import type { Batch } from './batch.js';
import type { Logs } from './history.js';
import type { Drawn, Meters } from './meters.js';
import { type Selection, selected } from './selection.js';
import type { TargetData } from './targets.js';

/** Data sets of up to this many bytes are copied to linear memory for a run: a small network spends as much time gathering rows as learning from them. */
const RESIDENT = 8 * 2 ** 20;

/** Trains on many batches in one call: see replay.ts. */
export interface Replaying {
  /** The learning rate of the last step, and what its logs are. */
  readonly rate: number;
  readonly logs: Logs;
  /** Trains on up to `most` batches of `rows` rows each, from row `from` of the epoch on. Returns on how many; of the next one nothing is done. */
  train(from: number, rows: number, most: number, meters: Meters): number;
  dispose(): void;
}

/** The source of a run's batches: the order of the rows in linear memory and, if the data set is small, the rows themselves. */
export class Feed implements Drawn {
  readonly selection: Selection;
  readonly rows: number;
  readonly #network: TrainableNetwork;
  readonly #batch: Batch;
  readonly #block: Address;
  /** Address of the rows' order; 0 if the rows are taken in the order of the data set. */
  readonly orderAt: Address;
  /** Addresses of the rows and their classes; 0 if they are not copied to linear memory. */
  readonly xAt: Address = 0;
  readonly labelsAt: Address = 0;
  /** Trains on many batches in one call, in a run of many. */
  replay: Replaying | undefined;

  constructor(network: TrainableNetwork, batch: Batch, selection: Selection, shuffled: boolean) {
    const { engine } = network;
    const { x, y } = selection;
    this.selection = selection;
    this.rows = selected(selection);
    this.#network = network;
    this.#batch = batch;
    const ordered = shuffled || selection.order !== undefined;
    const resident = y.classes !== undefined && x.data.byteLength <= RESIDENT;
    const places = inLine([ordered ? this.rows * 4 : 0, ...(resident ? [x.data.byteLength, x.rows * 4] : [])]);
    this.#block = engine.allocate(places.at(-1) as number);
    this.orderAt = ordered ? this.#block : 0;
    if (resident) {
      this.xAt = this.#block + (places[1] as number);
      this.labelsAt = this.#block + (places[2] as number);
      if (x.data instanceof Uint8Array) engine.bytes.set(x.data, this.xAt);
      else engine.floats.set(x.data, this.xAt / 4);
      engine.words.set(y.classes, this.labelsAt / 4);
    }
    this.#reset();
  }

  get y(): TargetData {
    return this.selection.y;
  }

  get weights(): Float32Array | undefined {
    return this.selection.weights;
  }

  /** The row indices in their order, a view; undefined for the order of the data set. Read it anew after an allocation, which may replace the view. */
  get order(): Int32Array | undefined {
    const at = this.orderAt / 4;
    return at === 0 ? undefined : this.#network.engine.words.subarray(at, at + this.rows);
  }

  /** Draws the order of the rows for an epoch. */
  shuffle(seed: number, epoch: number): void {
    this.#reset();
    const { calls } = this.#network.engine;
    calls.shuffle(this.rows, this.orderAt, ...seedWords(seed), Purpose.shuffle, epoch);
  }

  /** Packs the rows, targets and weights of one batch. */
  load(from: number, count: number): void {
    const { x, y, weights } = this.selection;
    this.#batch.loadWeights(weights, weights && this.order, from, count);
    if (this.xAt === 0) {
      const { order } = this;
      this.#batch.loadRows(x, order, from, count);
      this.#batch.loadTargets(y, order, from, count);
      return;
    }
    const { calls } = this.#network.engine;
    const { inputs, outputs, input } = this.#network;
    const order = this.orderAt ? this.orderAt + from * 4 : 0;
    const skip = this.orderAt ? 0 : from;
    if (x.data instanceof Uint8Array) {
      calls.packBytes(count, inputs, this.xAt + skip * inputs, order, input, panelRows(count));
    } else {
      calls.packFloats(count, inputs, this.xAt + skip * inputs * 4, order, input, panelRows(count));
    }
    calls.packClasses(count, outputs, this.labelsAt + skip * 4, order, this.#batch.target, panelRows(count));
  }

  dispose(): void {
    this.#network.engine.release(this.#block);
    this.replay?.dispose();
  }

  #reset(): void {
    const { order } = this;
    order?.set(this.selection.order ?? range(this.rows));
  }
}
