import { load } from '#kernels';
import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Heap, MOST_BYTES } from './heap.js';
import { instantiate } from './instantiate.js';
import type { Address, Kernels } from './kernels.js';
import { type Owner, Owners } from './owners.js';
import { type Tiles, TileTuner, tilesOf } from './tiles.js';

export interface EngineOptions {
  /** Number of threads on one shared memory, the caller's included, at most 64; 1 by default. The bits do not depend on it. */
  threads?: number;
  /** Whether to use fused multiply-add where the hardware has it; false by default. It is faster, but the bits depend on the hardware. */
  relaxed?: boolean;
  /** Whether to use V8's experimental 256-bit revectorisation where it is correct and faster; false by default. The bits stay the same. In Node it applies to the whole process. */
  wide?: boolean;
  /**
   * The compiled kernels, this version's simdense/simdense.wasm, for runtimes where only the host may compile. It cannot be combined with threads,
   * relaxed or wide, which need other kernels.
   */
  module?: WebAssembly.Module;
  /** The most bytes that all models of this engine may use together; by default the runtime's limit (4 GiB). */
  maxMemory?: number;
}

/** A set of kernels and its properties: the default set, or one made by createEngine. */
export interface KernelInstance {
  readonly calls: Kernels;
  readonly threads: number;
  readonly relaxed: boolean;
  readonly wide: boolean;
  /** Start of the free memory, if it is not directly after the kernels' own data. */
  readonly heapStart?: Address;
  /** Describes the kernels and their tile for people. `wide` tells whether the wide tile is in use. Absent for the default kernels. */
  describe?(tile: string, wide: boolean): string;
  /** Throws if a thread was lost. */
  check?(): void;
  /** Ends the threads. */
  dismiss?(): void;
}

/**
 * Kernels and the memory that they work on. Models that name no engine share the default one, which is made on first use: it has one thread and
 * the deterministic kernels.
 *
 * @example
 * import { createEngine } from 'simdense';
 *
 * using engine = await createEngine();
 * console.log(engine.kernels); // such as 'simd128 2x16'
 */
export class Engine {
  /** Keeps the name when the package is minified. */
  static readonly name = 'Engine';
  /** Number of threads that share the work, the caller's included. */
  readonly threads: number;
  /** Whether fused multiply-add is used where the hardware has it. */
  readonly relaxed: boolean;
  /** @internal */
  readonly calls: Kernels;
  /** @internal */
  readonly tuner: TileTuner;
  readonly #maxMemory: number;
  readonly #heap: Heap;
  /** The models and predictors that use this engine's memory. */
  readonly #owners = new Owners();
  /** The size in bytes of each allocated block. */
  readonly #blocks = new Map<Address, number>();
  #bytesInUse = 0;
  #disposed = false;
  /** Functions to call on dispose, which end the running fits. */
  readonly #disposeListeners = new Set<() => void>();
  #floats = new Float32Array(0);
  #bytes = new Uint8Array(0);
  #words = new Int32Array(0);

  readonly #instance: KernelInstance;
  readonly #tiles: Tiles;

  /** @internal Use createEngine. */
  constructor(maxMemory = Number.POSITIVE_INFINITY, instance?: KernelInstance) {
    this.#maxMemory = maxMemory;
    this.#instance = instance ?? { calls: instantiate(load), threads: 1, relaxed: false, wide: false };
    // A copy, whose functions train/replay.ts replaces while it records their calls. It is also faster: a module's exports are a dictionary.
    this.calls = { ...this.#instance.calls };
    this.threads = this.#instance.threads;
    this.relaxed = this.#instance.relaxed;
    this.#heap = new Heap(this.calls.memory, this.#instance.heapStart ?? this.calls.heapStart());
    this.#tiles = tilesOf(this);
    this.tuner = new TileTuner(this.calls, this.#tiles);
    this.#renewViews();
  }

  /** Whether 256-bit revectorisation is in use: it was requested, and is correct and faster here. */
  get wide(): boolean {
    return this.#instance.wide && this.#tile === this.#tiles.wide;
  }

  /** The kernels in use and their tile, such as 'simd128 2x16' or 'wide relaxed 6x16, 2 threads'. The tile is the fastest one, once all have been timed. */
  get kernels(): string {
    const tile = this.#tile;
    return this.#instance.describe?.(tile, this.wide) ?? `simd128 ${tile}`;
  }

  get #tile(): string {
    return this.#tiles.rows[this.tuner.chosen] as string;
  }

  /** Bytes of linear memory that models use now. */
  get bytesInUse(): number {
    return this.#bytesInUse;
  }

  /** Bytes of linear memory reserved from the system, which never shrink. */
  get bytesReserved(): number {
    return this.calls.memory.buffer.byteLength;
  }

  /** @internal The whole memory as float32. Read this property anew after each allocation, which may replace the view. */
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

  /** @internal Allocates `bytes` zeroed bytes, 64-byte aligned. Before it throws 'OUT_OF_MEMORY' it frees the memory of collected models. */
  allocate(bytes: number): Address {
    this.check();
    const block = this.#take(bytes) ?? (this.#owners.reclaim() ? this.#take(bytes) : undefined);
    if (block === undefined) throw this.#exhausted(bytes);
    this.#blocks.set(block, bytes);
    this.#bytesInUse += bytes;
    // When the memory has grown, old views have no length, or, if it is shared, the old length.
    if (this.#floats.buffer !== this.calls.memory.buffer) this.#renewViews();
    return block;
  }

  /**
   * @internal Calls `release` once the owner's token has been collected: soon after, and at the latest before an allocation fails. `release` must not
   * refer to the owner.
   */
  own(release: () => void): Owner {
    return this.#owners.own(release);
  }

  /** @internal Frees a block; does nothing if it is not allocated. */
  release(block: Address): void {
    const bytes = this.#blocks.get(block);
    if (bytes === undefined) return;
    this.#blocks.delete(block);
    this.#bytesInUse -= bytes;
    this.#heap.give(block);
  }

  /** @internal Calls `tell` when the engine is disposed. The returned function cancels that. */
  whenDisposed(tell: () => void): () => void {
    this.#disposeListeners.add(tell);
    return () => this.#disposeListeners.delete(tell);
  }

  /** @internal */
  check(): void {
    if (this.#disposed) throw new SimdenseError('DISPOSED', 'engine: used after dispose');
    this.#instance.check?.();
  }

  /**
   * Frees the memory of every model of this engine and ends its threads. Later use of the engine or its models throws SimdenseError 'DISPOSED'.
   *
   * @example
   * import { createEngine, dense, sequential } from 'simdense';
   *
   * const engine = await createEngine();
   * const model = sequential({ inputs: 2, layers: [dense({ units: 1 })], engine });
   * engine.dispose();
   * try {
   *   model.predict([[1, 2]]);
   * } catch (error) {
   *   console.log((error as { code: string }).code); // 'DISPOSED'
   * }
   */
  dispose(): void {
    noMore('dispose', arguments, 0);
    for (const block of [...this.#blocks.keys()]) this.release(block);
    this.#disposed = true;
    for (const tell of this.#disposeListeners) tell();
    this.#instance.dismiss?.();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #take(bytes: number): Address | undefined {
    return this.#bytesInUse + bytes > this.#maxMemory ? undefined : this.#heap.take(bytes);
  }

  /** The error for `bytes` bytes that cannot be allocated: the reason, and what to do. */
  #exhausted(bytes: number): SimdenseError {
    const { longest } = this.#heap;
    const reason =
      this.#bytesInUse + bytes > this.#maxMemory
        ? `maxMemory is ${this.#maxMemory}`
        : this.#bytesInUse + bytes > MOST_BYTES
          ? 'WebAssembly memory ends at 4 GiB'
          : `the runtime gives no more than ${this.bytesReserved} bytes; the longest free block has ${longest}`;
    const advice =
      this.#owners.count === 0
        ? ''
        : `. ${this.#owners.count} models and predictors have memory: dispose() those that you no longer need; the event loop frees forgotten ones`;
    return new SimdenseError(
      'OUT_OF_MEMORY',
      `engine: cannot allocate ${bytes} bytes; ${this.#bytesInUse} are in use: ${reason}${advice}`,
    );
  }

  #renewViews(): void {
    const { buffer } = this.calls.memory;
    this.#floats = new Float32Array(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
  }
}

let shared: Engine | undefined;

/** The engine of models that name none. */
export function defaultEngine(): Engine {
  shared ??= new Engine();
  return shared;
}
