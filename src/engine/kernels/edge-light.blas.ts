// '#kernels/blas' on edge runtimes such as Vercel's.
import module from './simdense.blas.wasm?module';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}
