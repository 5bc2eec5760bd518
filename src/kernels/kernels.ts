import { load } from '#kernels/blas';
import { noMore, options, positiveUpTo } from '../base/checks.js';
import type { BlasKernels } from '../engine/generated/blas.js';
import { instantiate, reasonOf } from '../engine/instantiate.js';
import { Draws } from './draws.js';

/**
 * Arithmetic on arrays: BLAS, elementwise functions, reductions, sorting, losses, optimizer steps and random draws, in WebAssembly SIMD. Made by `kernels`, and with
 * options by `createKernels`.
 *
 * @example
 * import { kernels } from 'simdense/kernels';
 *
 * using k = kernels();
 * const x = k.float32([1, 2, 3]);
 * k.sum(k.multiply(x, x)); // 14
 */
export class Kernels extends Draws {
  /** Keeps the name when the package is minified. */
  static override readonly name = 'Kernels';
}

export interface KernelsOptions {
  /** Bytes for arrays, at most 4 GiB less 4 MiB; 64 MiB by default. They are reserved once, and the memory never grows; the system gives it pages as they are used. */
  memory?: number;
}

const PAGE = 65_536;
/** Memory for arrays by default. */
export const DEFAULT_BYTES = 64 * 1024 * 1024;
export const MOST_ARRAY_BYTES = 2 ** 32 - 64 * PAGE;
/** Pages of the kernels' own data and workspace: `--initialMemory` in scripts/build.mjs. */
export const OWN_PAGES = 24;

/** Makes a memory of a fixed size: it can not grow, so its buffer is never detached. */
export function reserve(where: string, bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = OWN_PAGES + Math.ceil(bytes / PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (cause) {
    throw reasonOf(where, cause);
  }
}

/**
 * Makes kernels on one thread. The bits of their results are the same in every runtime.
 *
 * Compiling takes about a millisecond, once a call: make them once and keep them.
 * @param o How much memory there is for arrays.
 * @returns The kernels, with a memory of their own.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, 'OUT_OF_MEMORY' if the memory cannot be reserved, 'UNSUPPORTED' where the runtime has no WebAssembly SIMD.
 * @example
 * import { kernels } from 'simdense/kernels';
 *
 * using k = kernels({ memory: 2 ** 20 });
 * k.gemm(1, 1, 2, k.float32([1, 2]), k.float32([3, 4]), k.float32(1)); // [11]
 */
export function kernels(o?: KernelsOptions): Kernels {
  noMore('kernels', arguments, 1);
  const given = options('kernels', o, ['memory']);
  const bytes = positiveUpTo('kernels(memory)', MOST_ARRAY_BYTES, given.memory ?? DEFAULT_BYTES);
  const memory = reserve('kernels', bytes, false);
  const calls = instantiate(load, { env: { memory } }) as unknown as BlasKernels;
  return new Kernels({ calls, memory, threads: 1, relaxed: false, wide: false });
}
