// '#kernels' on edge runtimes such as Vercel's: as on workerd, by the query that Next's bundlers take.
import module from './simdense.wasm?module';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}
