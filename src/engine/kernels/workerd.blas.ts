// '#kernels/blas' on Cloudflare's workerd.
import module from './simdense.blas.wasm';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}
