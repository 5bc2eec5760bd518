import { gather } from '../data/gather.js';
import type { Matrix } from '../data/matrix.js';
import { checkThere } from '../data/rows.js';
import type { Address } from '../engine/kernels.js';
import { inLine, panelRows } from '../nn/layout.js';
import type { Network } from '../nn/network.js';

/** Row-major buffers in linear memory: for rows before they are packed into panels, and for predictions after they are unpacked. */
export class Staging {
  protected readonly network: Network;
  /** Address of rows × outputs numbers, row-major. */
  protected predictions: Address = 0;
  #rows = 0;
  #block: Address = 0;
  #x: Address = 0;

  constructor(network: Network) {
    this.network = network;
  }

  /** Makes room for up to `rows` rows. */
  reserve(rows: number): void {
    if (rows <= this.#rows) return;
    const places = inLine(this.sizes(rows));
    const block = this.network.engine.allocate(places.at(-1) as number);
    this.dispose();
    this.#block = block;
    this.#rows = rows;
    this.place(places.map((place) => block + place));
  }

  /** The sizes in bytes of the buffers for this many rows. */
  protected sizes(rows: number): number[] {
    return [rows * this.network.inputs * 4, rows * this.network.outputs * 4];
  }

  /** Stores the addresses of these buffers. */
  protected place([x, predictions]: readonly Address[]): void {
    this.#x = x as Address;
    this.predictions = predictions as Address;
  }

  /** Packs `count` rows of x as the network's input: the rows order[from], order[from + 1], …, or without `order` the rows from `from` on. */
  loadRows(x: Matrix, order: Int32Array | undefined, from: number, count: number): void {
    this.pack('the rows x', x, order, from, count, this.#x, this.network.input);
  }

  /** Packs `count` rows of flat floats as the network's input. Allocates nothing. */
  loadFloats(x: Float32Array, count: number): void {
    const { engine, inputs, input } = this.network;
    engine.floats.set(x, this.#x / 4);
    engine.calls.packFloats(count, inputs, this.#x, 0, input, panelRows(count));
  }

  /** Unpacks the network's output, `count` × outputs numbers; returns their address in floats. */
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
    // The matrix may be the caller's own buffer, which may have been transferred since it was checked.
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
