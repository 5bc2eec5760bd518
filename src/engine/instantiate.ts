import { SimdenseError } from '../base/errors.js';
import type { Kernels } from './kernels.js';

/** The kernels of a module. Throws SimdenseError 'UNSUPPORTED', in words that help, where it cannot be compiled. */
export function instantiate(load: () => WebAssembly.Module, imports: WebAssembly.Imports = {}): Kernels {
  try {
    return new WebAssembly.Instance(load(), imports).exports as unknown as Kernels;
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const message = /disallowed|Content Security Policy/i.test(text)
      ? `engine: this runtime forbids compiling WebAssembly (${text}). Under a Content-Security-Policy allow 'wasm-unsafe-eval' in script-src`
      : `engine: this runtime has no WebAssembly SIMD (${text}). It is in Node 16.4, Deno 1.9, Bun 1, Chrome 91, Firefox 89, Safari 16.4 and later`;
    throw new SimdenseError('UNSUPPORTED', message, { cause });
  }
}
