// '#kernels' on edge runtimes such as Vercel's: as on workerd, with the query that Next's bundlers need.
import module from './simdense.wasm?module';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}
