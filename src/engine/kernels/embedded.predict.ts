// '#kernels/predict': only the kernels that prediction calls. simdense/predict uses them instead of the full set. And the product of quantized kernels, in the same
// file, since a file more, or a name more, would cost every cold start; bundlers leave out what is not used.
import text from '../../../dist/simdense.predict.wasm';
import plain from '../../../dist/simdense.quantized.wasm';
import relaxed from '../../../dist/simdense.quantized-relaxed.wasm';
import { loader } from './decode.js';

export const load = /* @__PURE__ */ loader(text);
export const loadQuantized = (isRelaxed: boolean): WebAssembly.Module => loader(isRelaxed ? relaxed : plain)();
