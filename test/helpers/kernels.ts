// The kernels that only tests call: see assembly/test.
import { readFileSync } from 'node:fs';

export const testKernels = new WebAssembly.Instance(
  new WebAssembly.Module(readFileSync(new URL('../../build/test/kernels.wasm', import.meta.url))),
).exports as unknown as {
  memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  release(block: number): void;
  /** out[i] = f(x[i]): 0 exp, 1 log, 2 log1p, 3 tanh, 4 sigmoid, 5 softplus, 6 erf. */
  mapMath(f: number, count: number, x: number, out: number): void;
  /** The sixteen words of four counters from this one on. */
  philox(seed0: number, seed1: number, index: number, step: number, purpose: number, last: number, out: number): void;
};
