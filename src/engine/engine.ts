import { load } from '#kernels';
import { SimdenseError } from '../base/errors.js';
import { instantiate } from './instantiate.js';
import type { Address, Kernels } from './kernels.js';
import { type Tiles, TileTuner, tilesOf } from './tiles.js';

export interface EngineOptions {
  /** Threads over one shared memory, at most 64, the caller's included: workers take parts of each product and pass. The same bits. 1. */
  threads?: number;
  /** Fused multiply-add where the hardware has it: faster, and equal only on like hardware; false. */
  relaxed?: boolean;
  /** V8's experimental 256-bit revectorisation, where it holds and pays; the same bits. Turns it on for the whole process in Node. false. */
  wide?: boolean;
  /**
   * The kernels, ready: this version's simdense/simdense.wasm, compiled by the host, for runtimes that let nothing else compile. Not with threads,
   * relaxed or wide, which have kernels of their own.
   */
  module?: WebAssembly.Module;
  /** Most bytes that the models of this engine may take together; no limit but the runtime's (4 GiB). */
  maxMemory?: number;
}

/** Kernels, and what goes with them: the default ones, or those that createEngine has made. */
export interface Build {
  readonly calls: Kernels;
  readonly threads: number;
  readonly relaxed: boolean;
  readonly wide: boolean;
  /** Throws where a thread has been lost. */
  check?(): void;
  /** Ends the threads. */
  dismiss?(): void;
}

/** Memory and kernels. The default engine is made on first use: one thread, the deterministic kernels. */
export class Engine {
  /** Also where the package has been minified. */
  static readonly name = 'Engine';
  /** Threads that share the work, the caller's included. */
  readonly threads: number;
  /** Whether multiply-add is fused where the hardware has it. */
  readonly relaxed: boolean;
  /** @internal */
  readonly calls: Kernels;
  /** @internal */
  readonly tuner: TileTuner;
  readonly #maxMemory: number;
  readonly #blocks = new Map<Address, number>();
  #bytesInUse = 0;
  #disposed = false;
  #floats = new Float32Array(0);
  #bytes = new Uint8Array(0);
  #words = new Int32Array(0);

  readonly #build: Build;
  readonly #tiles: Tiles;

  /** @internal Use createEngine. */
  constructor(maxMemory = Number.POSITIVE_INFINITY, build?: Build) {
    this.#maxMemory = maxMemory;
    this.#build = build ?? { calls: instantiate(load), threads: 1, relaxed: false, wide: false };
    this.calls = this.#build.calls;
    this.threads = this.#build.threads;
    this.relaxed = this.#build.relaxed;
    this.#tiles = tilesOf(this);
    this.tuner = new TileTuner(this.calls, this.#tiles);
    this.#renewViews();
  }

  /** Whether 256-bit revectorisation was asked for, holds and pays here. */
  get wide(): boolean {
    return this.#build.wide && this.#tile === this.#tiles.wide;
  }

  /** The kernels in use and their tile, such as 'simd128 2x16' or 'wide relaxed 6x16, 2 threads': the fastest here once they have been timed. */
  get kernels(): string {
    const { relaxed, threads } = this;
    const names = [this.wide && 'wide', relaxed && 'relaxed'].filter(Boolean).join(' ') || 'simd128';
    const crew = threads > 1 ? `, ${threads} threads` : '';
    const refused = this.#build.wide && !this.wide ? '; wide does not pay or hold here' : '';
    return `${names} ${this.#tile}${crew}${refused}`;
  }

  get #tile(): string {
    return this.#tiles.rows[this.tuner.chosen] as string;
  }

  /** Bytes of linear memory that models hold now. */
  get bytesInUse(): number {
    return this.#bytesInUse;
  }

  /** Bytes of linear memory taken from the system; it never shrinks. */
  get bytesReserved(): number {
    return this.calls.memory.buffer.byteLength;
  }

  /** @internal The whole memory as float32. Take it late: it is a new one after every allocation that grew the memory. */
  get floats(): Float32Array {
    return this.#floats;
  }

  /** @internal The whole memory as bytes. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** @internal The whole memory as int32. */
  get words(): Int32Array {
    return this.#words;
  }

  /** @internal Address of `bytes` zeroed bytes, 64-byte aligned. */
  allocate(bytes: number): Address {
    this.check();
    if (this.#bytesInUse + bytes > this.#maxMemory) throw this.#exhausted(bytes, `maxMemory is ${this.#maxMemory}`);
    // 4 GiB is all that 32-bit addresses reach; the allocator's own words need some of it.
    if (bytes > 0xffff_0000) throw this.#exhausted(bytes, 'WebAssembly memory ends at 4 GiB');
    let block: Address;
    try {
      block = this.calls.allocate(bytes) >>> 0;
    } catch (cause) {
      throw this.#exhausted(bytes, 'the runtime gives no more', cause);
    }
    this.#blocks.set(block, bytes);
    this.#bytesInUse += bytes;
    // Old views of a memory that has grown have no length, or, where it is shared, the old one.
    if (this.#floats.buffer !== this.calls.memory.buffer) this.#renewViews();
    return block;
  }

  /** @internal Gives a block back; nothing where it is not one (any more). */
  release(block: Address): void {
    const bytes = this.#blocks.get(block);
    if (bytes === undefined) return;
    this.#blocks.delete(block);
    this.#bytesInUse -= bytes;
    this.calls.release(block);
  }

  /** @internal */
  check(): void {
    if (this.#disposed) throw new SimdenseError('DISPOSED', 'engine: used after dispose');
    this.#build.check?.();
  }

  /** Gives up every model of this engine; later use of them is a SimdenseError 'DISPOSED'. */
  dispose(): void {
    for (const block of [...this.#blocks.keys()]) this.release(block);
    this.#disposed = true;
    this.#build.dismiss?.();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #exhausted(bytes: number, reason: string, cause?: unknown): SimdenseError {
    const message = `engine: cannot take ${bytes} bytes beside the ${this.#bytesInUse} in use: ${reason}`;
    return new SimdenseError('OUT_OF_MEMORY', message, { cause });
  }

  #renewViews(): void {
    const { buffer } = this.calls.memory;
    this.#floats = new Float32Array(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
  }
}

let shared: Engine | undefined;

/** The engine of every model that names none. */
export function defaultEngine(): Engine {
  shared ??= new Engine();
  return shared;
}
