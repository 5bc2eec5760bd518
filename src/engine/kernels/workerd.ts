// '#kernels' on Cloudflare's workerd, which forbids compiling: the bundler turns the .wasm into a compiled module.
import module from './simdense.wasm';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}
