import { Purpose, seedWords } from '../base/draws.js';
import { range } from '../data/random.js';
import type { Address } from '../engine/kernels.js';
import { inLine, panelRows } from '../nn/layout.js';
import type { Network } from '../nn/network.js';
import type { Batch } from './batch.js';
import type { Drawn } from './meters.js';
import { type Selection, selected } from './selection.js';
import type { TargetData } from './targets.js';

/** Sets of up to so many bytes are copied to linear memory for a training: small networks spend as long gathering rows as learning from them. */
const RESIDENT = 8 * 2 ** 20;

/** What a training draws its batches from: the order of the rows and, where they are few enough, the rows, in linear memory. */
export class Feed implements Drawn {
  readonly selection: Selection;
  readonly rows: number;
  readonly #network: Network;
  readonly #batch: Batch;
  readonly #block: Address;
  /** 0 where the rows are taken as they stand. */
  readonly #order: Address;
  /** 0 where the rows stay outside. */
  readonly #x: Address = 0;
  readonly #labels: Address = 0;

  constructor(network: Network, batch: Batch, selection: Selection, shuffled: boolean) {
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
    this.#order = ordered ? this.#block : 0;
    if (resident) {
      this.#x = this.#block + (places[1] as number);
      this.#labels = this.#block + (places[2] as number);
      if (x.data instanceof Uint8Array) engine.bytes.set(x.data, this.#x);
      else engine.floats.set(x.data, this.#x / 4);
      engine.words.set(y.classes, this.#labels / 4);
    }
    this.#reset();
  }

  get y(): TargetData {
    return this.selection.y;
  }

  get weights(): Float32Array | undefined {
    return this.selection.weights;
  }

  /** The row numbers in their order, a view to take late; undefined where they stand in line. */
  get order(): Int32Array | undefined {
    const at = this.#order / 4;
    return at === 0 ? undefined : this.#network.engine.words.subarray(at, at + this.rows);
  }

  /** Draws the order of an epoch. */
  shuffle(seed: number, epoch: number): void {
    this.#reset();
    const { calls } = this.#network.engine;
    calls.shuffle(this.rows, this.#order, ...seedWords(seed), Purpose.shuffle, epoch);
  }

  /** Packs rows and targets of one batch. */
  load(from: number, count: number): void {
    const { x, y, weights } = this.selection;
    this.#batch.loadWeights(weights, weights && this.order, from, count);
    if (this.#x === 0) {
      const { order } = this;
      this.#batch.loadRows(x, order, from, count);
      this.#batch.loadTargets(y, order, from, count);
      return;
    }
    const { calls } = this.#network.engine;
    const { inputs, outputs, input } = this.#network;
    const order = this.#order ? this.#order + from * 4 : 0;
    const skip = this.#order ? 0 : from;
    if (x.data instanceof Uint8Array) {
      calls.packBytes(count, inputs, this.#x + skip * inputs, order, input, panelRows(count));
    } else {
      calls.packFloats(count, inputs, this.#x + skip * inputs * 4, order, input, panelRows(count));
    }
    calls.packClasses(count, outputs, this.#labels + skip * 4, order, this.#batch.target, panelRows(count));
  }

  dispose(): void {
    this.#network.engine.release(this.#block);
  }

  #reset(): void {
    const { order } = this;
    order?.set(this.selection.order ?? range(this.rows));
  }
}
