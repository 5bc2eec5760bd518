import { load } from '#kernels';
import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { collectGarbage } from './garbage.js';
import { Heap, MOST_BYTES } from './heap.js';
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
  /** Where memory is free, if something lies behind what the kernels keep. */
  readonly heapStart?: Address;
  /** Throws where a thread has been lost. */
  check?(): void;
  /** Ends the threads. */
  dismiss?(): void;
}

/** A model or a predictor, whose memory the engine takes back when nobody holds it any more. */
export interface Owner {
  /** What is collected with its holder, who alone holds it. */
  readonly token: object;
  /** It is in use until the running code has ended: the call that allocates may be its holder's last use. */
  use(): void;
  /** It gives its memory back itself. */
  end(): void;
}

/**
 * Owners that nobody holds any more give their memory back when the event loop turns after they were collected. Older edge hosts have none (workerd
 * before May 2025): there only dispose gives memory back.
 */
const collected =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry<() => void>((release) => release()) : undefined;

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
  readonly #heap: Heap;
  /** What frees the memory of each holder that is still there. */
  readonly #owners = new Map<WeakRef<object>, () => void>();
  readonly #inUse = new Set<WeakRef<object>>();
  readonly #blocks = new Map<Address, number>();
  #bytesInUse = 0;
  #disposed = false;
  /** Runs that wait for something, and end when the engine does. */
  readonly #told = new Set<() => void>();
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
    this.#heap = new Heap(this.calls.memory, this.#build.heapStart ?? this.calls.heapStart());
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

  /** @internal Address of `bytes` zeroed bytes, 64-byte aligned. Before it throws 'OUT_OF_MEMORY' it takes back what nobody holds any more. */
  allocate(bytes: number): Address {
    this.check();
    const block = this.#take(bytes) ?? (this.#reclaim() ? this.#take(bytes) : undefined);
    if (block === undefined) throw this.#exhausted(bytes);
    this.#blocks.set(block, bytes);
    this.#bytesInUse += bytes;
    // Old views of a memory that has grown have no length, or, where it is shared, the old one.
    if (this.#floats.buffer !== this.calls.memory.buffer) this.#renewViews();
    return block;
  }

  /**
   * @internal Calls `release`, which must not hold the owner, once nobody holds the owner any more: soon after it has been collected, at the latest before
   * memory is refused.
   */
  own(release: () => void): Owner {
    const token = {};
    if (!collected) return { token, use() {}, end() {} };
    // A WeakRef keeps what it is of until the running job ends: so it is of a token, and not of a model that a loop has disposed of.
    const weak = new WeakRef(token);
    const owners = this.#owners;
    const inUse = this.#inUse;
    const free = (): void => {
      if (owners.delete(weak)) release();
    };
    owners.set(weak, free);
    collected.register(token, free, weak);
    return {
      token,
      use() {
        if (inUse.has(weak)) return;
        // Not by queueMicrotask, which tests mock with their timers.
        if (inUse.size === 0) void Promise.resolve().then(() => inUse.clear());
        inUse.add(weak);
      },
      end() {
        owners.delete(weak);
        collected.unregister(weak);
      },
    };
  }

  /** @internal Gives a block back; nothing where it is not one (any more). */
  release(block: Address): void {
    const bytes = this.#blocks.get(block);
    if (bytes === undefined) return;
    this.#blocks.delete(block);
    this.#bytesInUse -= bytes;
    this.#heap.give(block);
  }

  /** @internal Calls `tell` when the engine is disposed of, until what is returned is called. */
  whenDisposed(tell: () => void): () => void {
    this.#told.add(tell);
    return () => this.#told.delete(tell);
  }

  /** @internal */
  check(): void {
    if (this.#disposed) throw new SimdenseError('DISPOSED', 'engine: used after dispose');
    this.#build.check?.();
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
    for (const tell of this.#told) tell();
    this.#build.dismiss?.();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #take(bytes: number): Address | undefined {
    return this.#bytesInUse + bytes > this.#maxMemory ? undefined : this.#heap.take(bytes);
  }

  /** Takes back what nobody holds any more; whether there was any. What was held in the running job cannot be known to be dropped. */
  #reclaim(): boolean {
    if (this.#owners.size === 0) return false;
    collectGarbage();
    const before = this.#owners.size;
    for (const [weak, free] of this.#owners) if (!this.#inUse.has(weak) && !weak.deref()) free();
    return this.#owners.size < before;
  }

  #exhausted(bytes: number): SimdenseError {
    const { longest } = this.#heap;
    const reason =
      this.#bytesInUse + bytes > this.#maxMemory
        ? `maxMemory is ${this.#maxMemory}`
        : this.#bytesInUse + bytes > MOST_BYTES
          ? 'WebAssembly memory ends at 4 GiB'
          : `the runtime gives no more than its ${this.bytesReserved}, of which the longest free piece has ${longest}`;
    const advice =
      this.#owners.size === 0
        ? ''
        : `. ${this.#owners.size} models and predictors have memory: dispose() those that you no longer need; dropped ones give theirs back when the event loop turns`;
    return new SimdenseError(
      'OUT_OF_MEMORY',
      `engine: cannot take ${bytes} bytes beside the ${this.#bytesInUse} in use: ${reason}${advice}`,
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

/** The engine of every model that names none. */
export function defaultEngine(): Engine {
  shared ??= new Engine();
  return shared;
}
