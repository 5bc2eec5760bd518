import { SimdenseError } from '../base/errors.js';
import type { Kernels } from './kernels.js';

/** Instantiates a module of kernels. Throws SimdenseError 'UNSUPPORTED' if it cannot be compiled, 'OUT_OF_MEMORY' if its memory cannot be reserved. */
export function instantiate(load: () => WebAssembly.Module, imports: WebAssembly.Imports = {}): Kernels {
  try {
    return new WebAssembly.Instance(load(), imports).exports as unknown as Kernels;
  } catch (cause) {
    throw reasonOf('engine', cause);
  }
}

/** An error that explains why the runtime did not compile the kernels or reserve their memory. */
export function reasonOf(where: string, cause: unknown): SimdenseError {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof RangeError || /out of memory|(could not|cannot) allocate/i.test(text)) {
    const message = `${where}: the runtime cannot reserve memory for WebAssembly (${text}). Node reserves 10 GB of addresses for each engine: raise ulimit -v`;
    return new SimdenseError('OUT_OF_MEMORY', message, { cause });
  }
  const message =
    typeof WebAssembly === 'undefined'
      ? `${where}: this runtime has no WebAssembly (${text}). Node has none with --jitless, Safari none in lockdown mode`
      : /disallowed|Content Security Policy/i.test(text)
        ? `${where}: this runtime forbids compiling WebAssembly (${text}). If the page has a Content-Security-Policy, allow 'wasm-unsafe-eval' in script-src`
        : `${where}: this runtime has no WebAssembly SIMD (${text}). Node 16.4, Chrome 91, Firefox 89, Safari 16.4 and later have it`;
  return new SimdenseError('UNSUPPORTED', message, { cause });
}
