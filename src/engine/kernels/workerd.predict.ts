// '#kernels/predict' on Cloudflare's workerd: the bundler turns the .wasm into a compiled module.
import module from './simdense.predict.wasm';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}

// A file of its own, so that bundlers leave it out where it is not used.
export { loadQuantized } from './workerd.quantized.js';
