// The product of quantized kernels on edge runtimes such as Vercel's, which have no relaxed kernels: see none.ts.
import plain from './simdense.quantized.wasm?module';

export function loadQuantized(): WebAssembly.Module {
  return plain as unknown as WebAssembly.Module;
}
