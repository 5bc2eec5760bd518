import { load } from '#kernels';
import { noMore } from '../base/checks.js';
import { features } from './features.js';

/**
 * Tells which features this runtime has.
 *
 * `simd` is required for everything. `relaxed` and `threads` are options of `createEngine`. A page has threads if it is cross-origin isolated;
 * Node has them unless its permission model forbids workers. Memory is not checked: if none can be reserved, making an engine throws
 * SimdenseError 'OUT_OF_MEMORY'.
 * @returns For each feature, whether it works here.
 * @example
 * import { createEngine, supports } from 'simdense';
 *
 * const { simd, threads } = supports();
 * console.log(simd); // true
 * const engine = await createEngine(threads ? { threads: 2 } : {});
 * engine.dispose();
 */
export function supports(): { simd: boolean; relaxed: boolean; threads: boolean } {
  noMore('supports', arguments, 0);
  let simd = true;
  try {
    load();
  } catch {
    simd = false;
  }
  if (!simd) return { simd, relaxed: false, threads: false };
  return { simd, ...features() };
}
