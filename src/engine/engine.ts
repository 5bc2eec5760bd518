import { load } from '#kernels';
import { boolean, options, positiveInteger } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Address, Kernels } from './kernels.js';
import { TileTuner, tileNames } from './tiles.js';
import { holds, turnOn } from './wide.js';

export interface EngineOptions {
  /** Workers over one shared memory; 1. */
  threads?: number;
  /** Fused multiply-add where the hardware has it; false. */
  relaxed?: boolean;
  /** V8's experimental 256-bit revectorisation, where it holds and pays; the same bits. Turns it on for the whole process in Node. false. */
  wide?: boolean;
  /** Most bytes that the models of this engine may take together; no limit but the runtime's (4 GiB). */
  maxMemory?: number;
}

/** Why a module cannot be compiled, in words that help. */
function explain(cause: unknown): SimdenseError {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/disallowed|Content Security Policy/i.test(text)) {
    const message = `engine: this runtime forbids compiling WebAssembly (${text}). Under a Content-Security-Policy allow 'wasm-unsafe-eval' in script-src`;
    return new SimdenseError('UNSUPPORTED', message, { cause });
  }
  const message = `engine: this runtime has no WebAssembly SIMD (${text}). It is in Node 16.4, Chrome 91, Firefox 89, Safari 16.4 and later`;
  return new SimdenseError('UNSUPPORTED', message, { cause });
}

/** Made of pairs of registers in such numbers that it is the fastest tile where pairs are fused, and the slowest elsewhere. */
const WIDE_TILE = '3x16';

/** Memory and kernels. The default engine is made on first use: one thread, the deterministic kernels. */
export class Engine {
  /** Also where the package has been minified. */
  static readonly name = 'Engine';
  readonly threads: number = 1;
  readonly relaxed: boolean = false;
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

  readonly #askedWide: boolean;

  /** @internal Use createEngine. */
  constructor(maxMemory = Number.POSITIVE_INFINITY, wide = false) {
    this.#maxMemory = maxMemory;
    this.#askedWide = wide;
    try {
      this.calls = new WebAssembly.Instance(load(wide ? 'wide' : ''), {}).exports as unknown as Kernels;
    } catch (cause) {
      throw explain(cause);
    }
    this.tuner = new TileTuner(this.calls);
    this.#renewViews();
  }

  /** Whether 256-bit revectorisation was asked for, holds and pays here. */
  get wide(): boolean {
    return this.#askedWide && tileNames[this.tuner.chosen] === WIDE_TILE;
  }

  /** The tile in use, such as 'simd128 2x16': the fastest here once a training has had the time to find out. */
  get kernels(): string {
    const refused = this.#askedWide && !this.wide ? '; wide does not pay or hold here' : '';
    return `${this.wide ? 'wide' : 'simd128'} ${tileNames[this.tuner.chosen]}${refused}`;
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
    if (this.#floats.length === 0) this.#renewViews();
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
  }

  /** Gives up every model of this engine; later use of them is a SimdenseError 'DISPOSED'. */
  dispose(): void {
    for (const block of [...this.#blocks.keys()]) this.release(block);
    this.#disposed = true;
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

/**
 * An engine of its own, with its memory; it has timed its tiles and uses the fastest. Throws SimdenseError 'UNSUPPORTED' for what this runtime or
 * this version cannot do.
 */
export async function createEngine(o?: EngineOptions): Promise<Engine> {
  const given = options('createEngine', o, ['threads', 'relaxed', 'wide', 'maxMemory']);
  const threads = positiveInteger('createEngine(threads)', given.threads ?? 1);
  const maxMemory =
    given.maxMemory === undefined ? undefined : positiveInteger('createEngine(maxMemory)', given.maxMemory);
  for (const [name, on] of [
    ['threads > 1', threads > 1],
    ['relaxed', boolean('createEngine(relaxed)', given.relaxed ?? false)],
  ] as const) {
    if (on) throw new SimdenseError('UNSUPPORTED', `createEngine: ${name} is not in this version of simdense`);
  }
  const wide = boolean('createEngine(wide)', given.wide ?? false);
  if (wide) turnOn();
  const engine = new Engine(maxMemory, wide);
  while (!engine.tuner.done) {
    engine.tuner.slice();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  if (engine.wide && !(await holds(engine))) engine.tuner.giveUp();
  return engine;
}

/** What this runtime can do. `relaxed` and `threads` are false as long as this version has no kernels for them. */
export function supports(): { simd: boolean; relaxed: boolean; threads: boolean } {
  let simd = true;
  try {
    load();
  } catch {
    simd = false;
  }
  return { simd, relaxed: false, threads: false };
}
