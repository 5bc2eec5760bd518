// What this runtime has, besides SIMD.

/** The bytes of a module with one function, which uses f32x4.relaxed_madd. */
const RELAXED =
  '\0asm\x01\0\0\0\x01\x04\x01`\0\0\x03\x02\x01\0\n\x14\x01\x12\0A\0\xfd\x11A\0\xfd\x11A\0\xfd\x11\xfd\x85\x02\x1a\v';

type Host = {
  process?: { getBuiltinModule?(name: string): unknown; permission?: { has(scope: string): boolean } };
  navigator?: { userAgent?: string };
  crossOriginIsolated?: boolean;
  EdgeRuntime?: string;
  Worker?: unknown;
};

/** Whether relaxed SIMD and threads can be used. */
export function features(): { relaxed: boolean; threads: boolean } {
  const bytes = Uint8Array.from(RELAXED, (character) => character.charCodeAt(0));
  // Edge hosts get only one build: see kernels/none.ts.
  const others = !(globalThis as Host).EdgeRuntime;
  return { relaxed: others && WebAssembly.validate(bytes), threads: others && hasThreads() };
}

/** Whether Node's permission model forbids workers. */
export function workersForbidden(): boolean {
  return (globalThis as Host).process?.permission?.has('worker') === false;
}

function hasThreads(): boolean {
  const { process, navigator, crossOriginIsolated, Worker } = globalThis as Host;
  // Cloudflare has the module node:worker_threads, but cannot start workers.
  if (navigator?.userAgent === 'Cloudflare-Workers' || workersForbidden()) return false;
  if (process?.getBuiltinModule?.('node:worker_threads')) return true;
  return crossOriginIsolated === true && typeof Worker === 'function';
}
