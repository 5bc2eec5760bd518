// '#kernels/blas-relaxed' on Cloudflare's workerd.
import module from './simdense.blas-relaxed.wasm';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}
