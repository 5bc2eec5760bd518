// '#kernels/predict' on edge runtimes such as Vercel's.
import module from './simdense.predict.wasm?module';

export function load(): WebAssembly.Module {
  return module as unknown as WebAssembly.Module;
}
