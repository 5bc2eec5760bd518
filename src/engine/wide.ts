// V8's revectorisation turns pairs of 128-bit operations into 256-bit ones, with the same lanes and order. It is experimental, so its results are
// compared with known bits.
import type { Engine } from './engine.js';

const FLAG = '--experimental-wasm-revectorize';

type Host = {
  process?: {
    versions?: { v8?: string; bun?: string };
    getBuiltinModule?(name: 'node:v8'): { setFlagsFromString(flags: string): void };
  };
};

/**
 * Turns revectorisation on for everything that is compiled from now on, in the whole process. Does nothing if the host has no such flag (V8 before 12).
 * It stays on, since functions are optimised later.
 */
export function enableRevectorization(): void {
  setFlag(FLAG, true);
}

/** Turns it off again, for everything that is compiled from now on. */
export function disableRevectorization(): void {
  setFlag(FLAG.replace('--', '--no-'), false);
}

/** Whether this file has turned it on. */
export const isRevectorizing = (): boolean => isOn;

/** Whether the host may have revectorisation: V8 from 12 on, with flags that can be set. Bun names a version of V8 that it does not have. */
export function mayBeWide(): boolean {
  const { process } = globalThis as Host;
  const { v8 = '', bun } = process?.versions ?? {};
  return Number.parseInt(v8, 10) >= 12 && bun === undefined && process?.getBuiltinModule !== undefined;
}

let isOn = false;

function setFlag(flag: string, on: boolean): void {
  if (!mayBeWide()) return;
  try {
    (globalThis as Host).process?.getBuiltinModule?.('node:v8').setFlagsFromString(flag);
    isOn = on;
  } catch {
    // The host reports this version of V8 but does not have it. The tiles are then timed without revectorisation.
  }
}

/** Milliseconds after which V8 has optimised the kernels that are checked. */
const WARM_UP = 40;
/** The expected hashes of `fingerprint`: of plain kernels in every runtime, and with fused multiply-add. */
export const KNOWN_BITS = -57621013;
export const FUSED_BITS = -706915934;

/** Whether the optimised kernels give the expected bits. Takes about 50 ms. */
export async function givesKnownBits(engine: Engine): Promise<boolean> {
  for (const begin = performance.now(); performance.now() - begin < WARM_UP; ) {
    fingerprint(engine);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const bits = fingerprint(engine);
  return bits === KNOWN_BITS || (engine.relaxed && bits === FUSED_BITS);
}

/** A hash (FNV-1a, by words) of the results of the products, an activation, softmax and Adam on fixed numbers. */
export function fingerprint(engine: Engine): number {
  const { calls } = engine;
  const [rows, inputs, units, size] = [20, 64, 48, 4096];
  const a = engine.allocate(size * 4 * 4);
  const [b, c, d] = [a + size * 4, a + size * 8, a + size * 12] as const;
  calls.fillUniform(size * 4, a, 1, 0, 1, 0, 0, 0, 1);
  calls.denseForward(rows, inputs, units, a, b, 0, c);
  calls.activationForward(7, 1008, c, c, 0);
  calls.denseKernelGradient(rows, inputs, units, a, c, d);
  calls.adam(3072, b, d, b, d, 0.01, 1, 0.9, 0.1, 0.999, 0.001, 1e-8, 1);
  calls.denseInputGradient(rows, inputs, units, c, b, d, a);
  calls.softmaxForward(rows, units, c, c);
  let hash = 0x811c9dc5;
  for (const word of engine.words.subarray(a / 4, a / 4 + size * 4)) hash = Math.imul(hash ^ word, 0x01000193);
  engine.release(a);
  return hash;
}
