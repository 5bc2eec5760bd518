import { load } from '#kernels';
import { noMore } from '../base/checks.js';

/** A module of one function with one f32x4.relaxed_madd. */
const RELAXED =
  '\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x02\x01\0\n\x14\x01\x12\0A\0\xfd\x11A\0\xfd\x11A\0\xfd\x11\xfd\x85\x02\x1a\v';

type Host = {
  process?: { getBuiltinModule?(name: string): unknown; permission?: { has(scope: string): boolean } };
  navigator?: { userAgent?: string };
  crossOriginIsolated?: boolean;
  EdgeRuntime?: string;
  Worker?: unknown;
};

/**
 * What this runtime can do: simd is what everything needs; relaxed and threads are options of createEngine. A page has threads where it is
 * cross-origin isolated, Node where its permission model, if it is on, allows workers. Memory is another matter: where none can be had, making an engine
 * throws SimdenseError 'OUT_OF_MEMORY'.
 */
export function supports(): { simd: boolean; relaxed: boolean; threads: boolean } {
  noMore('supports', arguments, 0);
  let simd = true;
  try {
    load();
  } catch {
    simd = false;
  }
  const bytes = Uint8Array.from(RELAXED, (character) => character.charCodeAt(0));
  // Edge hosts are given one build only: see kernels/none.ts.
  const others = simd && !(globalThis as Host).EdgeRuntime;
  return { simd, relaxed: others && WebAssembly.validate(bytes), threads: others && hasThreads() };
}

/** Whether Node's permission model forbids workers. */
export function workersForbidden(): boolean {
  return (globalThis as Host).process?.permission?.has('worker') === false;
}

function hasThreads(): boolean {
  const { process, navigator, crossOriginIsolated, Worker } = globalThis as Host;
  // Cloudflare's has the module, but no worker can be made.
  if (navigator?.userAgent === 'Cloudflare-Workers' || workersForbidden()) return false;
  if (process?.getBuiltinModule?.('node:worker_threads')) return true;
  return crossOriginIsolated === true && typeof Worker === 'function';
}
