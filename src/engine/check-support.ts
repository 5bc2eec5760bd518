import { SimdenseError } from '../base/errors.js';
import { features, workersForbidden } from './features.js';

/** Throws SimdenseError 'UNSUPPORTED' if this runtime lacks relaxed SIMD, or threads, where they are asked for. */
export function checkSupport(where: string, relaxed: boolean, threads: number): void {
  if (!relaxed && threads === 1) return;
  const has = features();
  if (relaxed && !has.relaxed) {
    const message = 'this runtime has no relaxed SIMD. Node 22, Chrome 114, Firefox 145, Deno, Bun and later have it';
    throw new SimdenseError('UNSUPPORTED', `${where}(relaxed): ${message}`);
  }
  if (threads > 1 && !has.threads) {
    const message = workersForbidden()
      ? "Node's permission model forbids workers: start Node with --allow-worker"
      : 'this runtime cannot start threads. Node, Deno and Bun can, and pages that are cross-origin isolated (headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp)';
    throw new SimdenseError('UNSUPPORTED', `${where}(threads): ${message}`);
  }
}
