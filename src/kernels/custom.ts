// Makes kernels with options. createKernels loads this file on its first call.

import { boolean, options, positiveUpTo, refuse } from '../base/checks.js';
import { checkSupport } from '../engine/check-support.js';
import type { BlasKernels } from '../engine/generated/blas.js';
import { instantiate } from '../engine/instantiate.js';
import { enableRevectorization, mayBeWide } from '../engine/wide.js';
import type { KernelParts } from './arrays.js';
import { aligned, LINE } from './blocks.js';
import { DEFAULT_BYTES, Kernels, type KernelsOptions, MOST_ARRAY_BYTES, reserve } from './kernels.js';
import { TileChoice } from './tile-choice.js';

export interface CreateKernelsOptions extends KernelsOptions {
  /** Number of threads on one shared memory, the caller's included, at most 64; 1 by default. The bits do not depend on it. */
  threads?: number;
  /** Whether to use fused multiply-add where the hardware has it; false by default. Sums are faster and a little more exact, but the bits depend on the hardware. */
  relaxed?: boolean;
  /**
   * Whether to use V8's experimental 256-bit revectorisation; false by default. It is used from V8 12 on, where its tile is the fastest and the bits are right; `wide` of the
   * kernels tells whether it is. In Node it applies to the whole process.
   */
  wide?: boolean;
}

const MOST_THREADS = 64;
/** An empty custom section, so that the kernels are compiled anew, under the current flags: see engine/custom-engine.ts. */
const WIDE = '\0\x05\x04wide';
/** Bytes of a worker's own memory: for random numbers, and OWN_BYTES of assembly/blas/product.ts. */
const ROOM = LINE + 16 * 257 * LINE + 256 * LINE;
/** Ends the threads of kernels that have been garbage-collected. */
const abandoned = new FinalizationRegistry<() => void>((dismiss) => dismiss());

export async function createCustomKernels(o?: CreateKernelsOptions): Promise<Kernels> {
  const where = 'createKernels';
  if (typeof o === 'string')
    refuse(where, 'options such as { threads: 2 }: `npx simdense bench` tells which pay here', o);
  const given = options(where, o, ['memory', 'threads', 'relaxed', 'wide']);
  const bytes = positiveUpTo(`${where}(memory)`, MOST_ARRAY_BYTES, given.memory ?? DEFAULT_BYTES);
  const threads = positiveUpTo(`${where}(threads)`, MOST_THREADS, given.threads ?? 1);
  const relaxed = boolean(`${where}(relaxed)`, given.relaxed ?? false);
  const wide = boolean(`${where}(wide)`, given.wide ?? false) && mayBeWide();
  checkSupport(where, relaxed, threads);
  const parts = await partsOf(where, bytes, { threads, relaxed, wide });
  const tiles = wide && (await givesKnownBits(parts)) ? await fusedTiles(parts) : undefined;
  const made = new Kernels({ ...parts, wide: tiles !== undefined, tiles });
  if (parts.dismiss) abandoned.register(made, parts.dismiss);
  return made;
}

/** Loads the build that is asked for, on a memory of `bytes` bytes for arrays. */
async function partsOf(
  where: string,
  bytes: number,
  { threads = 1, relaxed = false, wide = false }: CreateKernelsOptions,
): Promise<KernelParts> {
  if (wide) enableRevectorization();
  const { load } = await (threads > 1
    ? relaxed
      ? import('#kernels/blas-relaxed-threads')
      : import('#kernels/blas-threads')
    : relaxed
      ? import('#kernels/blas-relaxed')
      : import('#kernels/blas'));
  const loadVariant = () => load(wide ? WIDE : '');
  const memory = reserve(where, bytes + (threads - 1) * ROOM, threads > 1);
  if (threads > 1) {
    const { startCrew } = await import('../engine/threads/crew.js');
    const crew = await startCrew(loadVariant, { threads, relaxed, wide, where, memory, room: ROOM });
    return { ...crew, calls: crew.calls as unknown as BlasKernels, memory };
  }
  const calls = instantiate(loadVariant, { env: { memory } }) as unknown as BlasKernels;
  return { calls, memory, threads, relaxed, wide };
}

/** Milliseconds after which V8 has optimised the kernels that are checked. */
const WARM_UP = 40;
/** The hashes of `fingerprint`: of plain kernels in every runtime, and with fused multiply-add. */
export const KNOWN_BITS = 266201247;
export const FUSED_BITS = 703938103;

/** Whether the optimised kernels give the expected bits. Takes about 50 ms. */
async function givesKnownBits(parts: KernelParts): Promise<boolean> {
  for (const begin = performance.now(); performance.now() - begin < WARM_UP; ) {
    fingerprint(parts);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const bits = fingerprint(parts);
  return bits === KNOWN_BITS || (parts.relaxed && bits === FUSED_BITS);
}

/** The choice of tiles, if the one that only wins where V8 fuses pairs of registers is the fastest: then V8 does. Takes about 30 ms. */
async function fusedTiles({ calls, relaxed }: KernelParts): Promise<TileChoice | undefined> {
  const tiles = new TileChoice(calls, relaxed);
  while (!tiles.isDone) {
    for (let i = 0; i < 10; i++) tiles.tune();
    // V8 optimises the tiles in the background.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  if (tiles.name === (relaxed ? '6x16' : '3x16')) return tiles;
  calls.setTile(0);
  return undefined;
}

/** The fingerprint of kernels with these options, for tests. */
export async function fingerprintOf(o: CreateKernelsOptions): Promise<number> {
  return fingerprint(await partsOf('fingerprintOf', 65_536, o));
}

/** A hash (FNV-1a, by words) of products by every tile, in float32 and float64, a function, softmax and Adam on fixed numbers. */
function fingerprint({ calls, memory, heapStart }: KernelParts): number {
  const size = 4096;
  const a = aligned(heapStart ?? calls.heapStart());
  const [b, c, end] = [a + size * 4, a + size * 8, a + size * 12] as const;
  calls.fillUniform(size * 3, a, 1, 0, 1, 0, 0, 0, 1);
  for (const tile of [0, 1, 2]) {
    calls.setTile(tile);
    calls.gemm(2, 40, 32, 48, 1, a, 192, false, b, 128, false, 1, c, 128);
  }
  calls.setTile(0);
  calls.map(0, 512, c, c);
  calls.softmaxRows(0, 8, 64, c + 2048, c + 2048);
  calls.adam(1024, b, c, b + 4096, c + 4096, 0.01, 1, 0.9, 0.1, 0.999, 0.001, 1e-8, 1);
  let hash = 0x811c9dc5;
  for (const word of new Int32Array(memory.buffer, a, (end - a) / 4)) hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}
