// '#kernels' on Cloudflare's workerd, which forbids compiling: the bundler hands the .wasm over as a ready module.
import module from './simdense.wasm';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}
