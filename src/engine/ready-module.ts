import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

/** Throws SimdenseError 'ARGUMENT' unless the exports and imports are those of this version's plain kernels. */
export function checkModule(where: string, module: unknown): void {
  const { names, imports } = contentsOf(where, module);
  if (imports > 0 || !['denseBackward', 'heapStart'].every((name) => names.includes(name))) {
    throw new SimdenseError('ARGUMENT', `${where}: expected this version's simdense/simdense.wasm`);
  }
}

/** The names of a module's exports, and its number of imports. Does not use instanceof, since the module may come from another realm. */
function contentsOf(where: string, module: unknown): { names: string[]; imports: number } {
  const { exports, imports } = WebAssembly.Module;
  try {
    const names = exports(module as WebAssembly.Module).map(({ name }) => name);
    return { names, imports: imports(module as WebAssembly.Module).length };
  } catch {
    return refuse(where, 'a WebAssembly.Module', module);
  }
}
