import { gather } from '../data/gather.js';
import type { Matrix } from '../data/matrix.js';
import { checkThere } from '../data/rows.js';
import type { Address } from '../engine/kernels.js';
import { inLine, panelRows } from '../nn/layout.js';
import type { Network } from '../nn/network.js';

/** Row-major staging in linear memory: rows on their way in, predictions on their way out. */
export class Staging {
  protected readonly network: Network;
  /** Row-major numbers of rows × outputs. */
  protected predictions: Address = 0;
  #rows = 0;
  #block: Address = 0;
  #x: Address = 0;

  constructor(network: Network) {
    this.network = network;
  }

  /** Room for up to `rows` rows. */
  reserve(rows: number): void {
    if (rows <= this.#rows) return;
    const places = inLine(this.sizes(rows));
    const block = this.network.engine.allocate(places.at(-1) as number);
    this.dispose();
    this.#block = block;
    this.#rows = rows;
    this.place(places.map((place) => block + place));
  }

  /** Bytes of what is staged for so many rows, one after the other. */
  protected sizes(rows: number): number[] {
    return [rows * this.network.inputs * 4, rows * this.network.outputs * 4];
  }

  /** Takes the addresses of these. */
  protected place([x, predictions]: readonly Address[]): void {
    this.#x = x as Address;
    this.predictions = predictions as Address;
  }

  /** Packs `count` rows of x as the network's input: those that `order` names from `from` on, or as they stand. */
  loadRows(x: Matrix, order: Int32Array | undefined, from: number, count: number): void {
    this.pack('the rows x', x, order, from, count, this.#x, this.network.input);
  }

  /** Packs flat floats as the network's input, without allocating. */
  loadFloats(x: Float32Array, count: number): void {
    const { engine, inputs, input } = this.network;
    engine.floats.set(x, this.#x / 4);
    engine.calls.packFloats(count, inputs, this.#x, 0, input, panelRows(count));
  }

  /** Unpacks the network's output; address in floats of `count` × outputs numbers. */
  unloadPredictions(count: number): number {
    const { engine, outputs, output } = this.network;
    engine.calls.unpackFloats(count, outputs, output, panelRows(count), this.predictions);
    return this.predictions / 4;
  }

  dispose(): void {
    if (this.#block) this.network.engine.release(this.#block);
    this.#block = 0;
    this.#rows = 0;
  }

  /** Gathers rows at `staged`, and packs them at `panels`. */
  protected pack(
    where: string,
    given: Matrix,
    order: Int32Array | undefined,
    from: number,
    count: number,
    staged: Address,
    panels: Address,
  ): void {
    // Numbers are read where they lie.
    checkThere(where, given);
    const { calls, bytes, floats } = this.network.engine;
    const { data, columns } = given;
    if (data instanceof Uint8Array) {
      gather(data, columns, order, from, count, bytes, staged);
      calls.packBytes(count, columns, staged, 0, panels, panelRows(count));
    } else {
      gather(data, columns, order, from, count, floats, staged / 4);
      calls.packFloats(count, columns, staged, 0, panels, panelRows(count));
    }
  }
}
