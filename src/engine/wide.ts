// V8's revectorisation turns pairs of 128-bit operations into 256-bit ones, with the same lanes and order. It is experimental, so its results are
// compared with known bits.
import type { Engine } from './engine.js';

const FLAG = 'experimental-wasm-revectorize';

type Host = {
  process?: {
    execArgv?: readonly string[];
    versions?: { v8?: string; node?: string; bun?: string; deno?: string };
    getBuiltinModule?(name: 'node:v8'): { setFlagsFromString(flags: string): void };
  };
};

/**
 * Whether revectorisation is to stay on in this process. It is a property of globalThis since the flag holds for the process, and several bundles have a copy of
 * this file.
 */
const WANTED = Symbol.for('simdense.revectorization');
const state = globalThis as { [WANTED]?: boolean };

/**
 * Turns revectorisation on for everything that is optimised from now on, in the whole process. Does nothing if the host has no such flag (V8 before 12).
 * It stays on, since functions are optimised later.
 */
export function enableRevectorization(): void {
  state[WANTED] = true;
  setRevectorization(true);
}

/** Turns it on or off for a while, to measure with and without it. End with `restoreRevectorization`. */
export function setRevectorization(on: boolean): void {
  if (!mayBeWide()) return;
  try {
    (globalThis as Host).process?.getBuiltinModule?.('node:v8').setFlagsFromString(on ? `--${FLAG}` : `--no-${FLAG}`);
  } catch {
    // The host reports this version of V8 but does not have it. The tiles are then timed without revectorisation.
  }
}

/** Turns it on if a caller or the command line of Node has asked for it, else off. */
export const restoreRevectorization = (): void => setRevectorization(isRevectorizing());

/** Whether a caller or the command line of Node has turned it on. */
export function isRevectorizing(): boolean {
  const { execArgv = [] } = (globalThis as Host).process ?? {};
  return state[WANTED] === true || execArgv.some((flag) => flag.replaceAll('_', '-') === `--${FLAG}`);
}

/**
 * Whether the host can turn revectorisation on: V8 from 12 on, with flags that can be set. Bun names a version of V8 that it does not have, and Deno takes flags
 * only at its start: later ones are ignored without an error.
 */
export function mayBeWide(): boolean {
  const { process } = globalThis as Host;
  const { v8 = '', bun, deno } = process?.versions ?? {};
  const settable = bun === undefined && deno === undefined && process?.getBuiltinModule !== undefined;
  return settable && Number.parseInt(v8, 10) >= 12;
}

/** Why an engine is not wide although that was asked for. */
export function whyNotWide(): string {
  const { node, bun, deno } = (globalThis as Host).process?.versions ?? {};
  if (mayBeWide()) return 'wide is slower or incorrect here';
  if (bun !== undefined || (node !== undefined && deno === undefined)) return 'this runtime has no wide kernels';
  return `wide is slower or incorrect here, or V8 was started without --${FLAG}`;
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
  calls.softmaxForward(rows, units, c, c, false);
  let hash = 0x811c9dc5;
  for (const word of engine.words.subarray(a / 4, a / 4 + size * 4)) hash = Math.imul(hash ^ word, 0x01000193);
  engine.release(a);
  return hash;
}
