import { noMore } from '../base/checks.js';
import type { CreateKernelsOptions } from './custom.js';
import type { Kernels } from './kernels.js';

/**
 * Makes kernels with options: threads, fused multiply-add, 256-bit registers.
 * @param o The options; all have defaults.
 * @returns The kernels, with a memory of their own. Dispose of them to end their threads.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, 'OUT_OF_MEMORY' if the memory cannot be reserved, 'UNSUPPORTED' for threads or relaxed where this runtime does not have them; `wide` is left out where it is not there or does not pay.
 * @example
 * import { createKernels } from 'simdense/kernels';
 *
 * using k = await createKernels({ memory: 2 ** 20 });
 * k.threads; // 1
 */
export async function createKernels(o?: CreateKernelsOptions): Promise<Kernels> {
  noMore('createKernels', arguments, 1);
  const { createCustomKernels } = await import('./custom.js');
  return createCustomKernels(o);
}
