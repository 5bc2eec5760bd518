// The product of quantized kernels on Cloudflare's workerd.
import plain from './simdense.quantized.wasm';
import relaxed from './simdense.quantized-relaxed.wasm';

export function loadQuantized(isRelaxed: boolean): WebAssembly.Module {
  return (isRelaxed ? relaxed : plain) as unknown as WebAssembly.Module;
}
