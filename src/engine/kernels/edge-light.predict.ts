// '#kernels/predict' on edge runtimes such as Vercel's.
import module from './simdense.predict.wasm?module';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}

// A file of its own, so that bundlers leave it out where it is not used.
export { loadQuantized } from './edge-light.quantized.js';
